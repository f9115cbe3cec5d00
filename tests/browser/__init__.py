"""Pages in a real browser: a pinned Chromium, a phone and a desk, light and dark."""
