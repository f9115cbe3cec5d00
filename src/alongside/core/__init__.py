"""Core: shell, components, tokens, clock, ids, the outbox of a page. It has no models and knows no room."""
