"""Core: shell, components, clock, ids, the outbox of a page; languages, authored and said words, care, keys and tokens.

What a room says of itself (manifest), what waits for a person (needs), how people write a day, an hour or a number
(typed), and why something was not done, said where it was asked for (doing).

It has no models and knows no room.
"""
