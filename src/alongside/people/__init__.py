"""People: partners, commanders, consent and contacts."""
