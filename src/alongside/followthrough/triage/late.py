"""What is late, by division and by who commands there: what nobody answered in time, and what was promised aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from alongside.agencies.models import Agency, Member, User
from alongside.followthrough.models import Concern, Promise
from alongside.people.queries import commanders
from alongside.places.models import Area


@dataclass
class Division:
    """What is late in one division; None for what lies in none."""

    area: Area | None
    commander: Member | None
    concerns: list[Concern] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.concerns) + len(self.promises)


@dataclass(frozen=True)
class Late:
    """All of it, the divisions by name and what lies in none last."""

    divisions: list[Division]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.divisions)


MOST = 500


def by_commander(agency: Agency, reader: User) -> Late:
    """As far as the reader may see it. A promise about a concern is late with that, and stands there once."""
    today = agency.today()
    concerns = Concern.objects.visible_to(reader, at=agency).late(today)
    promises = Promise.objects.visible_to(reader, at=agency).late(today).filter(concern=None)
    leads = commanders(agency, on=today)
    found: dict[int | None, Division] = {}
    for concern in concerns.listed().select_related("division").defer("division__geometry").soonest()[:MOST]:
        _in(found, concern.division, leads).concerns.append(concern)
    for promise in promises.listed().soonest()[:MOST]:
        area = promise.area if promise.area is not None and promise.area.kind == "division" else None
        _in(found, area, leads).promises.append(promise)
    return Late(_in_order(found.values()))


def _in(found: dict[int | None, Division], area: Area | None, leads: dict[int, Member]) -> Division:
    key = area.pk if area is not None else None
    if key not in found:
        found[key] = Division(area, leads.get(key) if key is not None else None)
    return found[key]


def _in_order(divisions: Iterable[Division]) -> list[Division]:
    return sorted(divisions, key=lambda each: (each.area is None, each.area.name if each.area else ""))
