"""What this room shows on pages composed of every room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alongside.agencies.models import Agency, Role, User
from alongside.core import formats
from alongside.outreach.models import Mail
from alongside.outside import circuits, smtp
from alongside.outside.models import Circuit

# Of whoever can see that it is mended, or who has to tell people otherwise.
TOLD = (Role.COORDINATOR, Role.INFORMATION_OFFICER)


@dataclass(frozen=True)
class Down:
    """A server outside that does not answer: since when, and how much mail waits for it; None where it is another."""

    circuit: Circuit
    since: str
    waits: int | None


def down(user: User, agency: Agency) -> dict[str, Any] | None:
    """Who does not answer. Nothing to show where all do, or where it is no business of theirs."""
    member = user.membership_at(agency)
    if member is None or not member.holds(TOLD):
        return None
    silent = what_is_down(agency)
    return {"silent": silent} if silent else None


def what_is_down(agency: Agency) -> list[Down]:
    server = smtp.server()
    found = []
    for circuit in circuits.down():
        is_mail = server is not None and circuit.server == server.name
        waits = Mail.objects.of(agency).waiting().count() if is_mail else None
        found.append(Down(circuit, _since(circuit, agency), waits))
    return found


def _since(circuit: Circuit, agency: Agency) -> str:
    assert circuit.down_since is not None
    at = circuit.down_since.astimezone(agency.zone)
    return formats.hour(at) if at.date() == agency.today() else formats.moment(at)
