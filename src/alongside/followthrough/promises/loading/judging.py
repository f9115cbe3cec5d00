"""From a row as it was written to what it can be, a promise or a concern: what is odd about it, or why it cannot be."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import cached_property

from alongside.agencies.models import Agency, Member
from alongside.core import clock
from alongside.core.care import patterns
from alongside.core.errors import phrase
from alongside.core.text import line, lines
from alongside.followthrough.models import LONGEST_OUTCOME, LONGEST_SUMMARY, Category
from alongside.followthrough.promises.loading.rows import (
    ASIDE_WORDS,
    COLUMNS,
    MOST_ROWS,
    NOTHING,
    ODD_WORDS,
    OPEN,
    STATES,
    Aside,
    Odd,
    UnreadableTable,
)
from alongside.followthrough.promises.models import ITEM, LONGEST_PROMISE, Promise
from alongside.followthrough.writing import FARTHEST
from alongside.outside import times
from alongside.places.models import Area, AreaKind
from alongside.places.sheets import Row, Sheet, guess

DATES = ("made_on", "due", "closed_on")
LONGEST_WHO, LONGEST_PLACE, LONGEST_LINK = 160, 160, 200
# Days as spreadsheets count them, from 1954 to 2064; a year stands in no such column alone.
SERIAL, SERIAL_FROM = re.compile(r"[2-5]\d{4}"), date(1899, 12, 30)
FORMULA = re.compile(r"[=+@]\s*\w+\s*[(|!]")
BARE_ITEM = re.compile(r"\d+(?:\.\d+){1,2}")


@dataclass
class Entry:
    """A row that can be kept. `lines` are all the rows that say the same."""

    name: str
    lines: list[int]
    what: str = ""
    who: str = ""
    member: Member | None = None
    made_on: date = date.min
    due: date | None = None
    state: str = OPEN
    outcome: str = ""
    closed_on: date | None = None
    area: Area | None = None
    place: str = ""
    link: str = ""
    item: str = ""
    asked: str = ""
    topic: str = Category.OTHER
    odd: set[str] = field(default_factory=set)

    @cached_property
    def words(self) -> str:
        """Everything of it that the public would read."""
        return "\n".join(filter(None, (self.what, self.asked, self.outcome, self.place, self.who)))

    @cached_property
    def signs(self) -> list[patterns.Sign]:
        """What a person should look at before anybody reads it."""
        return patterns.seen_in("\n".join(filter(None, (self.what, self.asked, self.outcome, self.place))))

    @property
    def has_ended(self) -> bool:
        return self.state != OPEN


@dataclass(frozen=True)
class Trouble:
    """A row that cannot be kept, and the one reason why."""

    line: int
    reason: str
    said: str = ""


@dataclass
class Read:
    """A table, understood and not yet kept. `rows` = `kept` + `merged` + `set_aside`, always."""

    file_name: str
    columns: list[str]
    mapping: dict[str, str]
    rows: int
    entries: list[Entry] = field(default_factory=list)
    set_aside: list[Trouble] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return len(self.entries)

    @property
    def merged(self) -> int:
        """Rows that say once more what another says."""
        return sum(len(entry.lines) - 1 for entry in self.entries)

    @property
    def reasons(self) -> Counter[str]:
        return Counter(trouble.reason for trouble in self.set_aside)

    @property
    def odd(self) -> Counter[str]:
        return Counter(each for entry in self.entries for each in entry.odd)

    @property
    def adds_up(self) -> bool:
        return self.rows == self.kept + self.merged + len(self.set_aside)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file_name,
            "columns": self.mapping,
            "read": self.rows,
            "kept": self.kept,
            "merged": self.merged,
            "set_aside": len(self.set_aside),
            "why_set_aside": _counted(self.reasons),
            "odd": _counted(self.odd),
            "rows_set_aside": [{"line": each.line, "reason": each.reason} for each in self.set_aside],
        }


def judged(agency: Agency, sheet: Sheet, *, file_name: str, mapping: Mapping[str, str] | None = None) -> Read:
    """What each row would become. Nothing is written. Raises UnreadableTable."""
    chosen = _chosen(sheet, mapping)
    judge = Judge(agency, sheet, chosen)
    result = Read(file_name, sheet.columns, chosen, len(sheet.rows))
    names: dict[str, Entry] = {}
    for row in sheet.rows:
        found = judge.judge(row)
        twin = names.get(found.name) if isinstance(found, Entry) else None
        if isinstance(found, Trouble):
            result.set_aside.append(found)
        elif twin is None:
            result.entries.append(found)
            names[found.name] = found
        elif _same(twin, found):
            twin.lines += found.lines
        else:
            result.set_aside.append(Trouble(row.line, Aside.TWICE, found.what or found.asked))
    return result


def _chosen(sheet: Sheet, mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Which column holds what: as a person said, else as guessed."""
    if len(sheet.rows) > MOST_ROWS:
        raise UnreadableTable(
            phrase("the table has more than %(most)s rows: cut it down first.", most=f"{MOST_ROWS:,}")
        )
    chosen = guess(sheet.columns, COLUMNS) if mapping is None else dict(mapping)
    unknown = [column for column in chosen.values() if column not in sheet.columns]
    if unknown:
        raise UnreadableTable(
            phrase(
                "there is no column “%(column)s”: the table has %(columns)s.",
                column=unknown[0],
                columns=", ".join(sheet.columns[:20]),
            )
        )
    return chosen


def _same(one: Entry, other: Entry) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("what", "who", "made_on", "due", "state", "outcome", "closed_on", "asked", "place")
    )


class Unfit(Exception):
    """A row is set aside, for one reason."""


class Judge:
    """Judges rows for one agency: its members, its neighborhoods, what it promised already, its today."""

    def __init__(self, agency: Agency, sheet: Sheet, chosen: Mapping[str, str]) -> None:
        self.agency, self.today, self.chosen = agency, agency.today(), chosen
        dated = [chosen[name] for name in DATES if name in chosen]
        self.day_first = times.is_day_first(
            row.cells.get(column, "") for row in sheet.rows for column in dated
        )
        self.members = _members(agency)
        self.areas = _areas(agency)
        self.topics = {
            _plain(text): value for value, label in Category.choices for text in (value, str(label))
        }
        here = Promise.objects.of(agency).filter(loaded_at=None).only("what", "made_on")
        self.here = {(_plain(each.what.original), each.made_on) for each in here}

    def judge(self, row: Row) -> Entry | Trouble:
        cells = {name: self._cell(row, name) for name in COLUMNS}
        try:
            return self._entry(row, cells)
        except Unfit as reason:
            return Trouble(row.line, str(reason), line(cells["what"] or cells["asked"], 80))

    def _cell(self, row: Row, name: str) -> str:
        said = row.cells.get(self.chosen.get(name, ""), "")
        return "" if said.casefold() in NOTHING else said

    def _entry(self, row: Row, cells: dict[str, str]) -> Entry:
        odd: set[str] = set()
        entry = Entry(
            "",
            [row.line],
            what=_short(line(cells["what"], 10_000), LONGEST_PROMISE),
            who=_short(line(cells["who"], 10_000), LONGEST_WHO),
            outcome=_short(lines(cells["outcome"]), LONGEST_OUTCOME),
            place=_short(line(cells["place"], 10_000), LONGEST_PLACE),
            asked=_short(lines(cells["asked"]), LONGEST_SUMMARY),
            odd=odd,
        )
        if not entry.what and not entry.asked:
            raise Unfit(Aside.NO_WHAT)
        if entry.what and not entry.who:
            raise Unfit(Aside.NO_WHO)
        self._days(entry, cells, odd)
        self._of_ours(entry, cells, odd)
        self._marks(entry, cells, odd)
        if entry.what and (_plain(entry.what), entry.made_on) in self.here:
            raise Unfit(Aside.HERE)
        entry.name = _name(cells["uid"], entry)
        return entry

    # -- when --------------------------------------------------------------------------------------
    def _days(self, entry: Entry, cells: dict[str, str], odd: set[str]) -> None:
        """The three days and the state, in an order that can be: promised, then its day and its end."""
        made_on, entry.due, entry.closed_on = (self._day(cells[name]) for name in DATES)
        if made_on is None:
            raise Unfit(Aside.NO_DAY)
        entry.made_on = made_on
        if made_on > self.today or (entry.closed_on or made_on) > self.today:
            raise Unfit(Aside.FUTURE)
        if entry.due is not None and entry.due > self.today + FARTHEST:
            raise Unfit(Aside.FAR)
        if entry.due is not None and entry.due < made_on:
            raise Unfit(Aside.BACKWARDS)
        if entry.closed_on is not None and entry.closed_on < made_on:
            raise Unfit(Aside.ENDED_BEFORE)
        entry.state = self._state(cells["state"], entry)
        if entry.state == OPEN:
            self._open(entry, odd)
        else:
            odd |= {Odd.NO_DUE} if entry.due is None else set()
            odd |= {Odd.NO_END} if entry.closed_on is None else set()
            odd |= set() if entry.outcome else {Odd.NO_WORDS}

    def _open(self, entry: Entry, odd: set[str]) -> None:
        if entry.closed_on is not None:
            raise Unfit(Aside.OPEN_AND_ENDED)
        if entry.due is None and entry.what:
            raise Unfit(Aside.NO_DUE)
        if entry.due is not None and entry.due < self.today:
            odd.add(Odd.LATE)

    def _state(self, said: str, entry: Entry) -> str:
        if not said:
            if entry.closed_on is not None:
                raise Unfit(Aside.NO_STATE)
            return OPEN
        state = STATES.get(_plain(said))
        if state is None:
            raise Unfit(Aside.STATE)
        return state

    def _day(self, cell: str) -> date | None:
        if not cell:
            return None
        said: date | None = SERIAL_FROM + timedelta(days=int(cell)) if SERIAL.fullmatch(cell) else None
        said = said or times.moment(cell, day_first=self.day_first)
        if said is None:
            raise Unfit(Aside.BAD_DAY)
        day = said.date() if isinstance(said, datetime) else said
        if day < clock.EARLIEST:
            raise Unfit(Aside.FAR)
        return day

    # -- whose and where ---------------------------------------------------------------------------
    def _of_ours(self, entry: Entry, cells: dict[str, str], odd: set[str]) -> None:
        entry.member = self.members.get(_plain(entry.who))
        if entry.who and entry.member is None:
            odd.add(Odd.NAMED)
        entry.area = self.areas.get(_plain(cells["area"]))
        if cells["area"] and entry.area is None:
            odd.add(Odd.AREA)
        entry.topic = self.topics.get(_plain(cells["topic"]), Category.OTHER)
        if cells["topic"] and _plain(cells["topic"]) not in self.topics:
            odd.add(Odd.TOPIC)

    def _marks(self, entry: Entry, cells: dict[str, str], odd: set[str]) -> None:
        entry.link, entry.item = cells["link"], _item(cells["item"])
        if entry.link and not _is_page(entry.link):
            entry.link = ""
            odd.add(Odd.LINK)
        if cells["item"] and not entry.item:
            odd.add(Odd.ITEM)
        if any(FORMULA.match(text) for text in entry.words.splitlines()):
            odd.add(Odd.FORMULA)
        if entry.signs:
            odd.add(Odd.SIGNS)


def _members(agency: Agency) -> dict[str, Member]:
    """By exact name, with the rank or without; a name of two is nobody's."""
    found: dict[str, Member | None] = {}
    for member in Member.objects.of(agency).active().select_related("rank"):
        for name in {_plain(member.name), _plain(str(member))}:
            found[name] = None if name in found else member
    return {name: member for name, member in found.items() if member is not None}


def _areas(agency: Agency) -> dict[str, Area]:
    """By name: a neighborhood before whatever else is called so."""
    rows = Area.objects.of(agency).active().listed()
    ordered = sorted(rows, key=lambda area: (area.kind == AreaKind.NEIGHBORHOOD, area.pk))
    return {_plain(area.name): area for area in ordered}


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Unfit(Aside.LONG)
    return text


def _item(said: str) -> str:
    """“4.5.1” is of the Task Force, as such tables write it."""
    item = f"tf:{said}" if BARE_ITEM.fullmatch(said) else said.casefold()
    try:
        ITEM(item)
    except ValidationError:
        return ""
    return item


def _is_page(said: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(said)
    except ValidationError:
        return False
    return len(said) <= LONGEST_LINK


def _name(uid: str, entry: Entry) -> str:
    """By which the same row is known again: its number, else what was said, by whom, when and where."""
    parts = (
        ("uid", uid)
        if uid
        else (_plain(entry.what), _plain(entry.asked), entry.made_on, _plain(entry.who), _plain(entry.place))
    )
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


def _counted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def why_aside(result: Read) -> list[tuple[Any, int]]:
    return [(ASIDE_WORDS[name], count) for name, count in _counted(result.reasons).items()]


def what_is_odd(result: Read) -> list[tuple[Any, int]]:
    return [(ODD_WORDS[name], count) for name, count in _counted(result.odd).items()]


def first_why_aside(troubles: Iterable[Trouble]) -> object:
    """Why the first row that was set aside was; nothing, where none was."""
    return next((ASIDE_WORDS[each.reason] for each in troubles), "")
