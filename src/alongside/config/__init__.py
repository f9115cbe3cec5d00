"""Config: settings, urls and the application's doors."""
