"""What is late, by division and by who commands there: what nobody answered in time, and what was promised aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from alongside.agencies.models import Agency, Member, User
from alongside.followthrough.models import Concern, Promise
from alongside.people.queries import commanders
from alongside.places.models import Area
from alongside.places.queries import divisions_of


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
    count: int

    @property
    def more(self) -> int:
        """So many are late, too, and stand on no line: of very many only those whose day is longest past do."""
        return self.count - sum(each.count for each in self.divisions)


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
    aloud = list(promises.listed().soonest()[:MOST])
    lie_in = _divisions_of(agency, aloud)
    for promise in aloud:
        _in(found, lie_in.get(promise.area_id), leads).promises.append(promise)
    return Late(_in_order(found.values()), concerns.count() + promises.count())


def _divisions_of(agency: Agency, promises: Iterable[Promise]) -> dict[int | None, Area]:
    """The division in which most of the area of each lies: a neighborhood lies in one, too."""
    lie_in = divisions_of(agency, (promise.area_id for promise in promises))
    areas = Area.objects.of(agency).defer("geometry").in_bulk(set(lie_in.values()))
    return {area: areas[number] for area, number in lie_in.items() if isinstance(area, int)}


def _in(found: dict[int | None, Division], area: Area | None, leads: dict[int, Member]) -> Division:
    key = area.pk if area is not None else None
    if key not in found:
        found[key] = Division(area, leads.get(key) if key is not None else None)
    return found[key]


def _in_order(divisions: Iterable[Division]) -> list[Division]:
    return sorted(divisions, key=lambda each: (each.area is None, each.area.name if each.area else ""))
