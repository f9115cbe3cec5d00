"""Boundary files: from what a city hands over to clean, named outlines with every repair reported.

Offers: reading.read(), people_of.read_counts(), outlines.outlines().
Leans on: shapely, pyproj. No database.
"""
