"""Gatherings: series, dates, RSVP, waiting list, notices and calendars."""
