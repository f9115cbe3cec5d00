"""What people can count on at a place, and what of that is another now than they were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.core.forms import label_of
from alongside.places.models import Known, Venue

# What pages and letters say of a place, in their order.
FACTS = ("step_free", "toilets", "parking")


def facts_of(venue: Venue | None) -> dict[str, str]:
    """What is known of each; where there is no venue, nothing is."""
    return {name: str(getattr(venue, name)) if venue else Known.UNKNOWN.value for name in FACTS}


@dataclass(frozen=True)
class AccessChange:
    """One fact that is another now."""

    name: str
    was: str
    now: str

    @property
    def label(self) -> str:
        return str(label_of(Venue, self.name))

    @property
    def before(self) -> str:
        return str(Known(self.was).label)

    @property
    def after(self) -> str:
        return str(Known(self.now).label)

    def __str__(self) -> str:
        return _("%(fact)s: before: %(before)s; now: %(after)s") % {
            "fact": self.label,
            "before": self.before,
            "after": self.after,
        }


def changes(was: Mapping[str, str], now: Mapping[str, str]) -> list[AccessChange]:
    """What is another now than it was said to be. What nobody has said before is no change."""
    return [
        AccessChange(name, was[name], now[name]) for name in FACTS if was.get(name, now[name]) != now[name]
    ]
