"""Promises: what one of us said would be done, by whom and by when, and whether it was."""
