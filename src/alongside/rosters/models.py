"""Rosters: who comes on our side, members of staff and partners, and who stands in."""
