"""Usual areas and trainings from a table: what each row means, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, Member
from alongside.core.errors import Refusal
from alongside.gatherings.importing import calendar_file
from alongside.gatherings.importing.rows import UnreadableFile
from alongside.outside import texts
from alongside.outside.readers import Reader
from alongside.places.models import Area, AreaKind
from alongside.places.sheets import Row, Sheet, Trouble, guess

USUAL_COLUMNS = {
    "name": ("member", "officer", "fullname"),
    "areas": ("area", "beat", "beats", "neighborhood", "neighborhoods", "division", "usualarea"),
}
TRAINING_COLUMNS = {
    "name": ("member", "officer", "fullname"),
    "training": ("course", "class", "certificate"),
    "done": ("doneon", "date", "completed", "completedon"),
    "expires": ("expireson", "validuntil", "until", "expiry"),
}
# A beat is the nearest to where somebody works; a division the farthest.
NEAREST_FIRST = (AreaKind.BEAT, AreaKind.NEIGHBORHOOD, AreaKind.DIVISION, AreaKind.DISTRICT)
MOST_DAYS_SHOWN = 60
WAYS_TO_WRITE_A_DAY = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y")


class ColumnsMissing(Refusal):
    """Nobody can say which column holds what."""


@dataclass(frozen=True)
class UsualRow:
    member: Member
    areas: list[Area]


@dataclass(frozen=True)
class TrainingRow:
    member: Member
    name: str
    done_on: date
    expires_on: date | None


@dataclass
class Read:
    """A table, understood and not yet kept."""

    rows: int
    usual: list[UsualRow] = field(default_factory=list)
    trainings: list[TrainingRow] = field(default_factory=list)
    set_aside: list[Trouble] = field(default_factory=list)

    @property
    def understood(self) -> int:
        return len(self.usual) + len(self.trainings)


def understand_usual(agency: Agency, sheet: Sheet) -> Read:
    """Usual areas by member; several rows of one member are one list. Raises ColumnsMissing."""
    chosen = _chosen(sheet, USUAL_COLUMNS, needed=("name", "areas"))
    people, areas = people_known(agency), areas_known(agency)
    read, by_member = Read(len(sheet.rows)), dict[int, UsualRow]()
    for row in sheet.rows:
        member = people.get(_cell(row, chosen, "name").casefold())
        names = [part.strip() for part in _cell(row, chosen, "areas").split(";") if part.strip()]
        unknown = [name for name in names if name.casefold() not in areas]
        if member is None:
            read.set_aside.append(Trouble(row.line, "nobody here has this name, or two have it"))
        elif not names or unknown:
            read.set_aside.append(Trouble(row.line, "no area is called so" if names else "no area"))
        else:
            kept = by_member.setdefault(member.pk, UsualRow(member, []))
            kept.areas.extend(_nearest(areas[name.casefold()]) for name in names)
    read.usual = list(by_member.values())
    return read


def _nearest(areas: list[Area]) -> Area:
    order = {kind: place for place, kind in enumerate(NEAREST_FIRST)}
    return min(areas, key=lambda area: (order.get(AreaKind(area.kind), len(order)), area.pk))


def understand_trainings(agency: Agency, sheet: Sheet) -> Read:
    """Courses by member. Raises ColumnsMissing."""
    chosen = _chosen(sheet, TRAINING_COLUMNS, needed=("name", "training", "done"))
    people = people_known(agency)
    read = Read(len(sheet.rows))
    for row in sheet.rows:
        member = people.get(_cell(row, chosen, "name").casefold())
        name, expires = _cell(row, chosen, "training"), _cell(row, chosen, "expires")
        done_on, expires_on = day_of(_cell(row, chosen, "done")), day_of(expires)
        if member is None:
            trouble = "nobody here has this name, or two have it"
        elif not name:
            trouble = "no training is named"
        elif done_on is None or (expires and expires_on is None):
            trouble = "a day that cannot be read: write 2026-03-31"
        elif done_on > agency.today():
            trouble = "it was not done yet"
        elif expires_on is not None and expires_on < done_on:
            trouble = "it would run out before it was done"
        else:
            read.trainings.append(TrainingRow(member, name, done_on, expires_on))
            continue
        read.set_aside.append(Trouble(row.line, trouble))
    return read


def day_of(text: str) -> date | None:
    """A day as tables write it; none where it cannot be read."""
    for way in WAYS_TO_WRITE_A_DAY:
        try:
            day = datetime.strptime(text.strip(), way).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        return day if 1970 <= day.year <= 2100 else None
    return None


@dataclass(frozen=True)
class WholeDays:
    """Days that a calendar blocks, and what it calls them: shown to whoever chose the file, and not kept."""

    first: date
    last: date
    name: str

    @property
    def value(self) -> str:
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@dataclass(frozen=True)
class DaysFound:
    """The whole days of a calendar, and of how many of its entries nobody can tell on which days they are."""

    days: list[WholeDays]
    unread: int


def whole_days(content: texts.Content, *, today: date) -> DaysFound:
    """The whole days of somebody's own calendar, from today on. Raises UnreadableFile."""
    days, unread = set(), 0
    for said in calendar_file.rows(content, today=today):
        first, last = said.begins, said.ends or said.begins
        unread += first is None
        if said.is_cancelled or first is None or last is None or isinstance(first, datetime):
            continue  # an hour at the dentist is not a day away
        if not isinstance(last, datetime) and first <= last and last >= today:
            days.add(WholeDays(max(first, today), last, said.title[:80]))
    found = sorted(days, key=lambda each: (each.first, each.last, each.name))
    return DaysFound(found[:MOST_DAYS_SHOWN], unread)


WHOLE_DAYS = Reader(whole_days, seconds=8, megabytes=500, refused=UnreadableFile)


def days_of(value: str) -> tuple[date, date] | None:
    """A first and a last day as the preview wrote them; none for anything else."""
    try:
        first, last = (date.fromisoformat(part) for part in value.split("/"))
    except ValueError:
        return None
    return first, last


def _chosen(
    sheet: Sheet, columns: Mapping[str, tuple[str, ...]], *, needed: tuple[str, ...]
) -> dict[str, str]:
    chosen = guess(sheet.columns, columns)
    missing = [name for name in needed if name not in chosen]
    if missing:
        raise ColumnsMissing(
            _("no column “%(missing)s”: the table has %(columns)s.")
            % {"missing": missing[0], "columns": ", ".join(sheet.columns[:20])}
        )
    return chosen


def _cell(row: Row, chosen: dict[str, str], name: str) -> str:
    return re.sub(r"\s+", " ", row.cells.get(chosen.get(name, ""), "")).strip()


def people_known(agency: Agency) -> dict[str, Member]:
    """Members by name, with and without their rank; a name that two share names nobody."""
    known: dict[str, list[Member]] = {}
    for member in Member.objects.of(agency).filter(active=True).select_related("rank"):
        for name in {member.name.casefold(), str(member).casefold()}:
            known.setdefault(name, []).append(member)
    return {name: members[0] for name, members in known.items() if len(members) == 1}


def areas_known(agency: Agency) -> dict[str, list[Area]]:
    """Areas by name; a neighborhood and a beat may share one."""
    known: dict[str, list[Area]] = {}
    for area in Area.objects.of(agency).filter(active=True).listed():
        known.setdefault(area.name.casefold(), []).append(area)
    return known
