"""From a row as it was written to a gathering that can be: what it says, what is odd about it, or why it cannot be."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from alongside.agencies.models import Agency
from alongside.core import clock, languages, spoken
from alongside.core.text import line
from alongside.gatherings import walltime
from alongside.gatherings.importing import kinds
from alongside.gatherings.importing.rows import NEEDS_A_PERSON, Aside, FileRow, Odd
from alongside.places.models import Area, Venue

AN_HOUR, A_DAY, SHORTEST = 60, 1440, 5
NO_PLACE_NEEDED = {Odd.NO_PLACE, Odd.STRETCH, Odd.AT_NIGHT}
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_PLACE = 140, 2000, 160
NIGHT = (time(0), time(5))
LAST_MINUTE = time(23, 59)

TAGS = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]{0,200}>", re.I), re.compile(r"</?[a-z!][^<>]{0,500}>", re.I)
CANCELLED = re.compile(r"(?<!not )\bcancel(?:l?ed|lation)\b|\bcancelad[oa]\b", re.I)
# What repeats is tried once from where it begins: a pattern that tries it from each of its marks never ends.
AROUND_CANCELLED = re.compile(
    r"(?<![\s*!:()\[\]–—-])[\s*!:()\[\]–—-]*+(?<!not )\b(?:cancell?ed|cancelad[oa])\b[\s*!:()\[\]–—-]*",
    re.I,
)
POSTPONED = re.compile(r"\b(postponed|rescheduled|pospuest[oa])\b|^no\b(?! \d)(?=.*\bmeeting\b)", re.I)
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}|\[e-?mail\]", re.I)
PHONE = re.compile(
    r"(?<![\d-])(?:\+?1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]{1,2}\d{3}[ .-]\d{4}(?!\d)|(?:\d\.)?\[phone\]", re.I
)
SHORT_PHONE = re.compile(r"\b(call|phone|tel|text|contact|ph)\b([^\d\n]{0,30})\d{3}[-.]\d{4}\b", re.I)
LEFT_OUT = "[…]"

NOWHERE = re.compile(
    r"\bt\.?b\.?[ad]\b|\bto be (announced|determined|decided|confirmed)|\bvarious\b|\bmultiple (sites|places)\b"
    r"|\blocations\b|\bsee (details|below|flyer|description)|^\W*$|^\W*(n/?a|none|unknown|test|location|varies)\W*$",
    re.I,
)
STRETCH = re.compile(r"\W\bto\b\W+\S|\bdown to\b", re.I)


@dataclass
class Event:
    """A row that can be kept, in one language. `lines` are all the rows that speak of it."""

    name: str
    row: str
    version: str
    words: dict[str, Any]
    odd: set[str]
    language: str
    cancelled: str = ""
    # It is over, and the file says that it took place: how many came, and in which neighborhood.
    is_held: bool = False
    came: int | None = None
    area: Area | None = None
    venue: Venue | None = None
    lines: list[int] = field(default_factory=list)

    @property
    def needs_a_person(self) -> bool:
        """What took place needs no place to go to any more."""
        return bool(self.odd & (NEEDS_A_PERSON - NO_PLACE_NEEDED if self.is_held else NEEDS_A_PERSON))


@dataclass(frozen=True)
class Trouble:
    """A row that cannot be kept, and the one reason why."""

    line: int
    reason: str
    title: str = ""


class Reader:
    """Judges rows for one agency: its clock, its venues, its today."""

    def __init__(self, agency: Agency, venues: Iterable[Venue], areas: Iterable[Area] = ()) -> None:
        self.areas = {_key(area.name): area for area in areas}
        self.agency, self.zone, self.today = agency, agency.zone, agency.today()
        self.venues = [(_key(venue.name), _key(venue.address), venue) for venue in venues]

    def judge(self, said: FileRow) -> Event | Trouble:
        odd = set(said.notes)
        title, cancelled = self._title(said, odd)
        if reason := self._trouble(said, title):
            return Trouble(said.line, reason, title)
        on, at, minutes = self._when(said, odd)
        if not walltime.exists(on, at, self.agency.timezone):
            return Trouble(said.line, Aside.SKIPPED_HOUR, title)
        place, venue, extra = self._place(said.place, odd)
        summary = self._summary(said, extra, odd, cancelled=bool(cancelled))
        row = _digest(title.casefold(), on, at, _key(said.place))
        words = {
            "title": title,
            "summary": summary,
            "on": on,
            "at": at,
            "minutes": minutes,
            "meeting_point": "" if venue else place,
            "kind": kinds.known(said.kind) or kinds.guess(title),
        }
        name = _digest("uid", said.uid) if said.uid else row
        language = languages.among(
            [spoken.code_of(said.language).casefold().partition("-")[0], self.agency.language]
        )[0]
        event = Event(
            name, row, said.version, words, odd, language, cancelled, venue=venue, lines=[said.line]
        )
        self._what_was(event, said)
        return event

    def _what_was(self, event: Event, said: FileRow) -> None:
        """Of what is over: whether the file says that it took place, how many came, and where."""
        event.area = self.areas.get(_key(said.area))
        if said.area and event.area is None:
            event.odd.add(Odd.AREA)
        says_so = said.is_held or said.came is not None
        if says_so and event.words["on"] < self.today and not event.cancelled:
            event.is_held, event.came = True, said.came
            event.odd.add(Odd.HELD)

    def _trouble(self, said: FileRow, title: str) -> str:
        if said.trouble:
            return said.trouble
        if not title:
            return Aside.NO_TITLE
        if said.begins is None:
            return Aside.NO_DATE
        if not clock.EARLIEST.year <= said.begins.year or _day(said.begins) > self.today + clock.FARTHEST:
            return Aside.FAR
        if said.ends is not None and self._naive(said.ends) < self._naive(said.begins):
            return Aside.BACKWARDS
        return ""

    # -- words -------------------------------------------------------------------------------------
    def _title(self, said: FileRow, odd: set[str]) -> tuple[str, str]:
        """The title without its shouting, and the public reason if it says that all is off."""
        title = _plain(said.title, odd)
        title = _without_contacts(title, odd)
        off = said.is_cancelled or bool(CANCELLED.search(title))
        if off:
            odd.add(Odd.CANCELLED)
            title = AROUND_CANCELLED.sub(" ", title)
        elif POSTPONED.search(title):
            odd.add(Odd.MAYBE_CANCELLED)
        title = line(title, 1000).strip(" *")
        return _cut(title, LONGEST_TITLE, odd), self._reason(said, odd) if off else ""

    def _reason(self, said: FileRow, odd: set[str]) -> str:
        details = line(_without_contacts(_plain(said.details, odd), odd), 400)
        if CANCELLED.search(details) or POSTPONED.search(details):
            return details
        return "The calendar it came from says that it is cancelled."

    def _summary(self, said: FileRow, extra: str, odd: set[str], *, cancelled: bool) -> str:
        details = _without_contacts(_plain(said.details, odd), odd)
        if not cancelled and (CANCELLED.search(details) or POSTPONED.search(details)):
            odd.add(Odd.MAYBE_CANCELLED)
        lines = [line(each, LONGEST_SUMMARY) for each in details.splitlines()]
        return _cut("\n".join(each for each in [*lines, extra] if each), LONGEST_SUMMARY, odd)

    # -- when --------------------------------------------------------------------------------------
    def _when(self, said: FileRow, odd: set[str]) -> tuple[date, time, int]:
        """The day, the hour and the minutes by the agency's clock."""
        assert said.begins is not None
        self._mind_the_zone(said, odd)
        begins = self._naive(said.begins)
        ends = None if said.ends is None else self._naive(said.ends)
        if begins.second or begins.microsecond:
            odd.add(Odd.SECONDS)
        if not isinstance(said.begins, datetime) or _is_whole_day(begins, ends):
            odd.add(Odd.ALL_DAY)
            if ends is not None and _lasts_days(said.begins, begins, ends):
                odd.add(Odd.OVER_A_DAY)
            return begins.date(), time(0), A_DAY
        if NIGHT[0] <= begins.time() < NIGHT[1]:
            odd.add(Odd.AT_NIGHT)
        return begins.date(), begins.time().replace(second=0, microsecond=0), self._minutes(begins, ends, odd)

    def _minutes(self, begins: datetime, ends: datetime | None, odd: set[str]) -> int:
        if ends is None:
            odd.add(Odd.NO_END)
            return AN_HOUR
        minutes = round((ends - begins).total_seconds() / 60)
        if minutes < SHORTEST:
            odd.add(Odd.NO_LENGTH)
            return AN_HOUR
        if minutes > A_DAY:
            odd.add(Odd.OVER_A_DAY)
            same_day = datetime.combine(begins.date(), ends.time())
            minutes = round((same_day - begins).total_seconds() / 60)
            return minutes if minutes >= SHORTEST else AN_HOUR
        return minutes

    def _mind_the_zone(self, said: FileRow, odd: set[str]) -> None:
        """Whether the file's clock shows another hour than ours. UTC is how programs write any hour."""
        begins = said.begins
        if not isinstance(begins, datetime) or begins.tzinfo is None or begins.tzname() in {"UTC", "Z"}:
            return
        if begins.utcoffset() != begins.astimezone(self.zone).utcoffset():
            odd.add(Odd.ZONE)

    def _naive(self, moment: date | datetime) -> datetime:
        """By the agency's clock on the wall."""
        if not isinstance(moment, datetime):
            return datetime.combine(moment, time(0))
        if moment.tzinfo is None:
            return moment
        try:
            return moment.astimezone(self.zone).replace(tzinfo=None)
        except OverflowError:
            return moment.replace(tzinfo=None)

    # -- where -------------------------------------------------------------------------------------
    def _place(self, said: str, odd: set[str]) -> tuple[str, Venue | None, str]:
        """The meeting point, the venue where we know it, and words for the summary where there is no one place."""
        text = _without_contacts(_plain(said, odd), odd)
        place = line(re.sub(r"\s*[\r\n\t]+\s*", ", ", text.replace(LEFT_OUT, "").strip()), 1000).strip(" ,")
        says_more = len(_key(NOWHERE.sub("", place))) > 5
        where = f"Place, as given: {_cut(place, LONGEST_SUMMARY // 2, odd)}" if says_more else ""
        if CANCELLED.search(place):
            odd.update({Odd.NO_PLACE, Odd.MAYBE_CANCELLED})
            return "", None, where
        if NOWHERE.search(place):
            odd.add(Odd.NO_PLACE)
            return "", None, where
        if STRETCH.search(place) or len(place) > LONGEST_PLACE:
            odd.add(Odd.STRETCH)
            return "", None, where
        return place, self._venue(place), ""

    def _venue(self, place: str) -> Venue | None:
        """The venue that the words name, or whose address they give."""
        said = _key(place)
        named = [
            (len(name), venue)
            for name, address, venue in self.venues
            if (len(name) > 7 and name in said) or (len(address) > 7 and address in said)
        ]
        return max(named, key=lambda pair: pair[0])[1] if named else None


def _plain(text: str, odd: set[str]) -> str:
    """Words without the marks of a web page."""
    try:
        plain = html.unescape(html.unescape(text)) if "&" in text else text
    except ValueError:  # no letter has a number of thousands of digits
        plain = text
    if "<" in plain:
        plain = TAGS[1].sub("", TAGS[0].sub("\n", plain))
    if plain != text:
        odd.add(Odd.MARKUP)
    return plain.replace("\xa0", " ")


def _without_contacts(text: str, odd: set[str]) -> str:
    """Words without anybody's telephone or address: who put them there was not asked by us."""
    plain = SHORT_PHONE.sub(rf"\1\2{LEFT_OUT}", PHONE.sub(LEFT_OUT, EMAIL.sub(LEFT_OUT, text)))
    if plain != text:
        odd.add(Odd.CONTACTS)
    return plain


def _cut(text: str, longest: int, odd: set[str]) -> str:
    if len(text) <= longest:
        return text
    odd.add(Odd.CUT)
    return text[: longest - 1].rstrip() + "…"


def _is_whole_day(begins: datetime, ends: datetime | None) -> bool:
    """From midnight to midnight, on one day or on several. Where it ends as it begins, the day is meant."""
    if begins.time() != time(0) or ends is None:
        return False
    to_midnight = ends.time() == time(0) or ends.time() >= LAST_MINUTE
    return ends == begins or (to_midnight and ends - begins >= timedelta(hours=23, minutes=59))


def _lasts_days(said: date | datetime, begins: datetime, ends: datetime) -> bool:
    """Of whole days, whether they are several: the last is written as itself, and as its midnight with an hour."""
    if not isinstance(said, datetime):
        return ends > begins
    return ends - begins > timedelta(days=1)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()
