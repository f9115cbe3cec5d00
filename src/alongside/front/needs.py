"""What waits for a member: found by every room, sorted by when, each with its button. Nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from alongside.agencies.models import Agency, Member, Role
from alongside.core import clock
from alongside.core.manifest import NeedKind, follow, manifests
from alongside.core.needs import Need
from alongside.people.queries import commanders


@dataclass(frozen=True)
class Waiting:
    """A need of a kind, and the moment by which it is to be done."""

    kind: NeedKind
    need: Need
    until: datetime | None

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until <= clock.now()


def kinds() -> list[NeedKind]:
    """All that rooms say may wait for a person."""
    return [kind for room in manifests().values() for kind in room.needs]


def waiting_at(agency: Agency) -> list[Waiting]:
    """Everything that waits at an agency, the late first, then by its day, then what has none."""
    found = [
        Waiting(kind, need, _until(need.by, agency))
        for kind in kinds()
        for need in follow(kind.found_by)(agency)
    ]
    return sorted(found, key=lambda each: (each.until is None, each.until or clock.now()))


def _until(by: date | datetime | None, agency: Agency) -> datetime | None:
    """A day is over when it is over there."""
    if by is None or isinstance(by, datetime):
        return by
    return datetime.combine(by + timedelta(days=1), time.min, agency.zone)


def waiting_for(member: Member) -> list[Waiting]:
    """What waits for one member."""
    agency = member.agency
    command = commanders(agency, on=agency.today())
    mine = {division for division, commander in command.items() if commander == member}
    return [each for each in waiting_at(agency) if _is_of(member, each, mine)]


def _is_of(member: Member, waiting: Waiting, commanding: set[int]) -> bool:
    """Whether a need is this member's: by name, by a role they hold, or since it lies where they command."""
    need, roles = waiting.need, set(waiting.kind.roles)
    if need.people:
        return member.user_id in need.people
    if (member.roles - {Role.COMMANDER}) & roles:
        return True
    return Role.COMMANDER in (member.roles & roles) and need.division in {None, *commanding}
