"""Alongside: walks, forums and follow-through, for a police agency and the people it serves."""
