"""Whole stories: a season of a city that does not exist, lived through its pages in a real browser."""
