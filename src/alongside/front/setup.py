"""First run: who may set up this install, and what an agency has set up so far."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, Member, Rank, User
from alongside.core import keys
from alongside.gatherings.models import Gathering
from alongside.places.models import Area


def is_open() -> bool:
    """Only an install that nobody administers can be set up by whoever holds the code."""
    return not User.objects.exists()


def code() -> str:
    """What proves that somebody can read the data folder or the terminal."""
    return keys.load(settings.DATA, "setup").hex()[:8]


@dataclass(frozen=True)
class Step:
    """One thing to set up: done or not, and where."""

    title: str
    why: str
    view: str
    done: bool
    needed: bool = True


def steps(agency: Agency) -> list[Step]:
    """What there is to set up, read from what is there: nothing to tick off by hand."""
    return [
        Step(
            _("Your own words"),
            _("Ranks as your agency has them, and how long residents’ contact details are kept."),
            "front:settings",
            Rank.objects.of(agency).exists(),
        ),
        Step(
            _("People"),
            _("Invite a coordinator. One person can hold every role."),
            "front:members",
            Member.objects.of(agency).filter(active=True).count() > 1,
            needed=False,
        ),
        Step(
            _("Boundaries"),
            _("Upload neighborhoods and divisions, or draw them. A first walk works without."),
            "places:areas",
            Area.objects.of(agency).exists(),
            needed=False,
        ),
        Step(
            _("A first walk"),
            _("A place, a day and an hour are enough. Incident data can come later, or never."),
            "walks:plan",
            Gathering.objects.of(agency).exists(),
        ),
    ]
