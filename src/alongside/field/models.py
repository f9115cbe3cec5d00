"""The field: what was heard and counted on the day, and the recap of it."""
