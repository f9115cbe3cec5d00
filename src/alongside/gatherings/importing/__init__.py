"""Gatherings from another calendar: an .ics file, a CSV table, or a list in JSON.

`reading.read()` says of each row whether it can be kept, and what is odd about it; `keeping.keep()` writes them down.
Each row that was read is kept, merged with another, or set aside for one named reason. None is lost in between.
"""
