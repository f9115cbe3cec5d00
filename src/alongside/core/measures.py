"""Lengths and areas in the units of an agency: miles and feet, or kilometers and meters. Never both.

What is kept, computed and given away as data is in meters; people read it here. Weather is in the units of the service
that forecasts it, degrees Fahrenheit and miles an hour, whatever the agency measures by: its warnings are quoted.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.core.errors import Phrase, phrase
from alongside.core.tables import number

METRES_A_MILE = 1609.344
FEET_A_METRE = 3.28084
KM2_A_SQUARE_MILE = 2.589988
# Below a fifth of a mile, and below a kilometer, people count smaller units, in tens.
SMALLEST_IN_MILES = 0.19 * METRES_A_MILE
SMALLEST_IN_KILOMETERS = 995.0
MANY = 100  # from here on a tenth is idle


class Units(models.TextChoices):
    MILES = "miles", gettext_lazy("Miles and feet")
    KILOMETERS = "kilometers", gettext_lazy("Kilometers and meters")


def distance(metres: float, units: str) -> str:
    """As people here say it: feet for a block, miles beyond; or meters, then kilometers."""
    if units == Units.KILOMETERS:
        if metres < SMALLEST_IN_KILOMETERS:
            return _("%(meters)s m") % {"meters": _in_tens(metres)}
        return _("%(kilometers)s km") % {"kilometers": _counted(metres / 1000)}
    if metres < SMALLEST_IN_MILES:
        return _("%(feet)s ft") % {"feet": _in_tens(metres * FEET_A_METRE)}
    return _("%(miles)s mi") % {"miles": _counted(metres / METRES_A_MILE)}


def area(km2: float, units: str) -> str:
    """Square miles, or square kilometers."""
    if units == Units.KILOMETERS:
        return _("%(area)s km²") % {"area": _counted(km2)}
    return _("%(area)s sq mi") % {"area": _counted(km2 / KM2_A_SQUARE_MILE)}


def degrees(fahrenheit: float) -> Phrase:
    """95 °F, whoever reads it."""
    return phrase("%(degrees)s °F", degrees=round(fahrenheit))


def wind(mph: float) -> Phrase:
    """25 mph, whoever reads it."""
    return phrase("%(speed)s mph", speed=round(mph))


def _in_tens(length: float) -> str:
    return number(max(10, round(length / 10) * 10))


def _counted(length: float) -> str:
    return number(length, 0 if length >= MANY else 1 if length >= 0.1 or not length else 2)
