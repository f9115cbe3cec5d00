"""Core: shell, components, tokens, clock, ids. It has no models and knows no room."""
