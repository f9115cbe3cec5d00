"""Read a file of gatherings: which format it is, what each row means, which rows are one, and the account of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from alongside.agencies.models import Agency
from alongside.gatherings.importing.events import Event, Reader, Trouble
from alongside.gatherings.importing.files import GATHERINGS, FileRows
from alongside.gatherings.importing.rows import ASIDE_WORDS, ODD_WORDS
from alongside.outside.texts import Content
from alongside.places.models import Area, AreaKind, Venue


@dataclass
class Read:
    """A file, understood and not yet kept. `rows` = `kept` + `merged` + `set_aside`, always."""

    file_name: str
    format: str
    rows: int
    events: list[Event] = field(default_factory=list)
    set_aside: list[Trouble] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return len(self.events)

    @property
    def merged(self) -> int:
        """Rows that spoke of a gathering again."""
        return sum(len(event.lines) - 1 for event in self.events)

    @property
    def reasons(self) -> Counter[str]:
        return Counter(trouble.reason for trouble in self.set_aside)

    @property
    def odd(self) -> Counter[str]:
        return Counter(each for event in self.events for each in event.odd)

    @property
    def kinds(self) -> Counter[str]:
        return Counter(str(event.words["kind"]) for event in self.events)

    @property
    def adds_up(self) -> bool:
        return self.rows == self.kept + self.merged + len(self.set_aside)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file_name,
            "format": self.format,
            "read": self.rows,
            "kept": self.kept,
            "merged": self.merged,
            "set_aside": len(self.set_aside),
            "why_set_aside": _counted(self.reasons),
            "odd": _counted(self.odd),
            "kinds": _counted(self.kinds),
            "rows_set_aside": [{"line": each.line, "reason": each.reason} for each in self.set_aside],
        }


def read(agency: Agency, content: Content, *, file_name: str) -> Read:
    """What a file says, row by row. Nothing is written. Raises UnreadableFile or another Refusal, in one line."""
    return judged(agency, GATHERINGS.read(content, today=agency.today()), file_name=file_name)


def judged(agency: Agency, file: FileRows, *, file_name: str) -> Read:
    """What each row of a file is here."""
    homes = Area.objects.of(agency).active().of_kind(AreaKind.NEIGHBORHOOD).listed()
    reader = Reader(agency, Venue.objects.of(agency).filter(active=True).order_by("name", "pk"), homes)
    result = Read(file_name, file.format, len(file.rows))
    names: dict[str, Event] = {}
    for said in file.rows:
        judged = reader.judge(said)
        if isinstance(judged, Trouble):
            result.set_aside.append(judged)
            continue
        twin = names.get(judged.name) or names.get(judged.row)
        event = judged if twin is None else _one_of(twin, judged)
        if twin is None:
            result.events.append(event)
        names[judged.name] = names[judged.row] = event
    result.events.sort(key=lambda event: (event.words["on"], event.words["at"], event.lines[0]))
    return result


def _one_of(first: Event, second: Event) -> Event:
    """Two rows of one gathering become the newer of them. Where neither is newer, a cancellation is believed."""
    if second.version > first.version or (
        second.version == first.version and second.cancelled and not first.cancelled
    ):
        for name in ("version", "words", "odd", "cancelled", "venue", "row", "is_held", "came", "area"):
            setattr(first, name, getattr(second, name))
    first.lines.extend(second.lines)
    return first


def _counted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def words_for(counts: Counter[str], words: dict[str, Any]) -> list[tuple[str, int]]:
    """Counts with the sentence for each, the most frequent first."""
    return [(words[name], count) for name, count in _counted(counts).items()]


def why_aside(result: Read) -> list[tuple[str, int]]:
    return words_for(result.reasons, ASIDE_WORDS)


def first_why_aside(result: Read) -> object:
    """Why the first row that was set aside was; nothing, where none was."""
    return next((ASIDE_WORDS[each.reason] for each in result.set_aside), "")


def what_is_odd(result: Read) -> list[tuple[str, int]]:
    return words_for(result.odd, ODD_WORDS)
