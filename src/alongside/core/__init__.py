"""Core: shell, components, tokens, clock, ids, the outbox of a page, care with what people say.

It has no models and knows no room.
"""
