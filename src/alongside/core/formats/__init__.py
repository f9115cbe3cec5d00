"""How dates, hours and numbers are written, where a language's own habit is not that of its readers here."""
