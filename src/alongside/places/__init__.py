"""Places: areas, venues and streets."""
