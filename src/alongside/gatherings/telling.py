"""What everybody may read of how many people come, and of how many came: coarse, late, and never one answer.

Staff read exact numbers. The promise and its rules: docs/methods/places.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median_low
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.methods.disclosure import Rule

PLACES = Rule(floor=5)
"""Fewer places left than this are few."""
HEADS = Rule(floor=5)
"""Fewer residents at a gathering than this are told as fewer."""
LOOKED_AT = time(6)
"""Once a day, by the clock there, it is looked at how many places are taken."""


class Room(models.TextChoices):
    """What a resident needs to know of the places before they answer. Once they answer, they learn what is so now."""

    OPEN = "open", gettext_lazy("Nobody is turned away.")
    ENOUGH = "enough", gettext_lazy("Room for more.")
    FEW = "few", gettext_lazy("Few places left.")
    FULL = "full", gettext_lazy("All places taken: there is a waiting list.")

    @property
    def is_limited(self) -> bool:
        return self is not Room.OPEN

    @property
    def is_full(self) -> bool:
        return self is Room.FULL

    @classmethod
    def of(cls, capacity: int | None, taken: int) -> Room:
        """What is said where so many places are taken."""
        if capacity is None:
            return cls.OPEN
        left = max(0, capacity - taken)
        if left == 0:
            return cls.FULL
        return cls.ENOUGH if PLACES.enough(left) else cls.FEW


def last_look(now: datetime, zone: str) -> datetime:
    """The moment of which the public is told now: the last time that it was six in the morning there."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() >= LOOKED_AT else local.date() - timedelta(days=1)
    return datetime.combine(day, LOOKED_AT, tzinfo=ZoneInfo(zone))


# -- how many came ----------------------------------------------------------------------------------
def count_in_words(came: int | None) -> str:
    """For a cell or a line: a number, or that it was fewer than the floor; nothing where nobody counted."""
    if came is None:
        return ""
    return str(came) if HEADS.enough(came) else _("fewer than %(n)d") % {"n": HEADS.floor}


def share_in_words(share: float | None) -> str:
    """“12 %”, and a dash where it is not known."""
    return "–" if share is None else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def came_in_words(came: int | None) -> str:
    """A sentence of its own."""
    if came is None:
        return ""
    if not HEADS.enough(came):
        return _("Fewer than %(n)d residents came.") % {"n": HEADS.floor}
    return ngettext("%(n)d resident came.", "%(n)d residents came.", came) % {"n": came}


@dataclass(frozen=True)
class Together:
    """Several gatherings' residents: how many where each may be told, and how many gatherings had fewer.

    The sum holds none of those under the floor, since it stands beside the others, and could be subtracted from.
    """

    people: int = 0
    few: int = 0

    @classmethod
    def of(cls, counted: Iterable[int | None]) -> Together:
        known = [count for count in counted if count is not None]
        told = [count for count in known if HEADS.enough(count)]
        return cls(sum(told), len(known) - len(told))

    def __str__(self) -> str:
        if not self.few:
            return str(self.people)
        if not self.people:
            return _("fewer than %(n)d") % {"n": HEADS.floor * self.few}
        return _("at least %(n)d") % {"n": self.people}


def usual(counted: list[int]) -> tuple[str, str, str]:
    """The least, the middle and the most, in words. The middle is one of the numbers: between two lies a small one."""
    low, middle, high = min(counted), median_low(counted), max(counted)
    return count_in_words(low), count_in_words(middle), count_in_words(high)
