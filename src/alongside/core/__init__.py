"""Core: shell, components, clock, ids, the outbox of a page; languages, authored and said words, care, keys and tokens.

It has no models and knows no room.
"""
