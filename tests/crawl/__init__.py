"""One crawler of the running product: every page, in every role and language, in a real browser."""
