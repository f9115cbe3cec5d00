"""Words, a place and a day for rows that tests make up."""

from datetime import timedelta

import shapely

from alongside.core import clock

SECRET = "Quillonquay"
SQUARE = shapely.box(-85.70, 38.20, -85.69, 38.21)
TOMORROW = clock.now().date() + timedelta(days=1)
