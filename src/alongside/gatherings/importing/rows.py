"""One row of a file, as the file gives it, before anybody judges it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from alongside.core.errors import Refusal

LARGEST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
# More of a row's words is not even looked at: what is kept of them is less by far.
LONGEST = {
    "area": 200,
    "title": 1_000,
    "place": 2_000,
    "details": 20_000,
    "kind": 100,
    "language": 40,
    "version": 60,
}


class UnreadableFile(Refusal):
    """A file of gatherings cannot be read. Says what to do."""


@dataclass(frozen=True)
class FileRow:
    """A row: its number in the file, its words, and when. A date without an hour means all day."""

    line: int
    title: str
    begins: datetime | date | None
    ends: datetime | date | None = None
    details: str = ""
    place: str = ""
    kind: str = ""
    # In which language its words are, where the file says it.
    language: str = ""
    # What the other calendar calls it; the same for each version of one date.
    uid: str = ""
    # How new this version is: compared as it stands, so written with leading zeros. Empty: not said.
    version: str = ""
    is_cancelled: bool = False
    # Of what is over: that it took place, as the file says; how many residents came; and the neighborhood, by name.
    is_held: bool = False
    came: int | None = None
    area: str = ""
    notes: frozenset[str] = field(default_factory=frozenset)
    trouble: str = ""

    def __post_init__(self) -> None:
        for name, longest in LONGEST.items():
            object.__setattr__(self, name, getattr(self, name)[:longest])


class Odd:
    """What is odd about a row that is kept. The first few need a person before the public may see it."""

    NO_PLACE = "no_place"
    STRETCH = "stretch"
    ALL_DAY = "all_day"
    AT_NIGHT = "at_night"
    OVER_A_DAY = "over_a_day"
    MAYBE_CANCELLED = "maybe_cancelled"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"
    NO_END = "no_end"
    NO_LENGTH = "no_length"
    CONTACTS = "contacts"
    PEOPLE = "people"
    MARKUP = "markup"
    CUT = "cut"
    ZONE = "zone"
    ZONE_UNKNOWN = "zone_unknown"
    SECONDS = "seconds"
    REPEATS = "repeats"
    HELD = "held"
    AREA = "area"


ODD_WORDS = {
    Odd.NO_PLACE: _("no place that one can go to (“various”, “TBD”, or nothing)"),
    Odd.STRETCH: _("a stretch from one place to another, without a place to meet"),
    Odd.ALL_DAY: _("all day: no hour is given"),
    Odd.AT_NIGHT: _("begins between midnight and five: check the hour"),
    Odd.OVER_A_DAY: _("said to last over a day: only the hours of its first day are kept"),
    Odd.MAYBE_CANCELLED: _("its words speak of a cancellation: check"),
    Odd.TENTATIVE: _("not certain yet in the other calendar: publish it when it is"),
    Odd.CANCELLED: _("cancelled in the other calendar: kept as cancelled"),
    Odd.NO_END: _("no end is given: taken for an hour"),
    Odd.NO_LENGTH: _("ends when it begins: taken for an hour"),
    Odd.CONTACTS: _("phone numbers and e-mail addresses are left out"),
    Odd.PEOPLE: _("names of people invited are left out"),
    Odd.MARKUP: _("marks of a web page are taken out of its words"),
    Odd.CUT: _("longer than we keep: cut"),
    Odd.ZONE: _("given by another zone’s clock: turned into ours"),
    Odd.ZONE_UNKNOWN: _("in a time zone nobody knows: read by our clock"),
    Odd.SECONDS: _("seconds are left out"),
    Odd.REPEATS: _("one date of a series"),
    Odd.HELD: _("took place before it came here: loaded later"),
    Odd.AREA: _("no neighborhood of ours is called so: kept without"),
}
NEEDS_A_PERSON = {
    Odd.NO_PLACE,
    Odd.STRETCH,
    Odd.ALL_DAY,
    Odd.AT_NIGHT,
    Odd.OVER_A_DAY,
    Odd.MAYBE_CANCELLED,
    Odd.TENTATIVE,
}


class Aside:
    """Why a row cannot be kept: one reason each."""

    NO_TITLE = "no_title"
    NO_DATE = "no_date"
    BACKWARDS = "backwards"
    FAR = "far"
    SKIPPED_HOUR = "skipped_hour"
    BROKEN = "broken"
    TOO_OFTEN = "too_often"
    ENDLESS = "endless"
    PRIVATE = "private"
    MOVED_IN_PUBLIC = "moved_in_public"
    REFUSED = "refused"


ASIDE_WORDS = {
    Aside.NO_TITLE: _("no title"),
    Aside.NO_DATE: _("no date that can be read"),
    Aside.BACKWARDS: _("ends before it begins"),
    Aside.FAR: _("a year that cannot be right"),
    Aside.SKIPPED_HOUR: _("an hour that the clocks skip on that day"),
    Aside.BROKEN: _("broken: the calendar’s own rules do not allow it"),
    Aside.TOO_OFTEN: _("repeats more than once a day"),
    Aside.ENDLESS: _("repeats in a way that would take too long to follow"),
    Aside.PRIVATE: _("private in the other calendar: it stays there"),
    Aside.MOVED_IN_PUBLIC: _(
        "public here already, with another time or place: move it by hand, so that people are told"
    ),
    Aside.REFUSED: _("cannot be kept as it is"),
}
