"""What public pages say in the agency's name: a promise is a person's to make, and none stands before one has made it.

A room names its statements in its manifest. They are kept with the agency, so that a page asks no question more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.core.manifest import Statement, follow, manifests


class NotBorne(Refusal):
    """The agency has nothing yet that bears the sentence."""


class NoSuchStatement(Refusal):
    """Somebody accepted a sentence that no page says."""


@dataclass(frozen=True)
class Stands:
    """A statement as it stands with one agency."""

    statement: Statement
    borne: bool
    accepted_by: str = ""
    accepted_at: datetime | None = None


def known() -> dict[str, Statement]:
    """Every statement there is, by name, in the order of the rooms."""
    return {each.name: each for room in manifests().values() for each in room.statements}


def accepted(agency: Agency, name: str) -> bool:
    """Whether a person has accepted it. A page says it where its own facts bear it, too."""
    return name in agency.statements


def of(agency: Agency) -> list[Stands]:
    """Each statement: whether it is borne, and who accepted it when."""
    return [_stands(agency, each) for each in known().values()]


def all_are_settled(agency: Agency) -> bool:
    """Whether a person has accepted whatever could be said. What is accepted is not looked into again."""
    open_ones = (each for each in known().values() if not _accepted_by(agency, each.name))
    return not any(_is_borne(each, agency) for each in open_ones)


@transaction.atomic
def accept(agency: Agency, name: str, *, by: User) -> None:
    """From now on the public page says it, or goes on saying what nobody was asked about. Raises NotBorne.

    Accepted twice is accepted once.
    """
    statement = _named(name)
    if not _is_borne(statement, agency):
        raise NotBorne(str(statement.lacks))
    fresh = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not _accepted_by(fresh, name):
        said_by = str(by.membership_at(agency) or by)
        _keep(fresh, fresh.statements | {name: {"by": said_by, "at": clock.now().isoformat()}})
        audit.record(
            agency=agency, by=by, verb="accepted a statement of", thing=fresh, detail={"statement": name}
        )
    agency.statements = fresh.statements


@transaction.atomic
def take_back(agency: Agency, name: str, *, by: User) -> None:
    """The public page no longer says it."""
    _named(name)
    fresh = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if name in fresh.statements:
        _keep(fresh, {other: said for other, said in fresh.statements.items() if other != name})
        audit.record(
            agency=agency, by=by, verb="took back a statement of", thing=fresh, detail={"statement": name}
        )
    agency.statements = fresh.statements


def _keep(agency: Agency, statements: dict[str, dict[str, str]]) -> None:
    agency.statements = statements
    agency.save(update_fields=["statements"])


def _named(name: str) -> Statement:
    statement = known().get(name)
    if statement is None:
        raise NoSuchStatement(_("No page says this. Reload the page and choose again."))
    return statement


def _is_borne(statement: Statement, agency: Agency) -> bool:
    return bool(follow(statement.bears)(agency))


def _accepted_by(agency: Agency, name: str) -> str:
    """Who accepted it; nobody where it is said since before anybody was asked."""
    return str(agency.statements.get(name, {}).get("by", ""))


def _stands(agency: Agency, statement: Statement) -> Stands:
    said = agency.statements.get(statement.name)
    return Stands(
        statement,
        borne=_is_borne(statement, agency),
        accepted_by=_accepted_by(agency, statement.name),
        accepted_at=datetime.fromisoformat(said["at"]) if said else None,
    )
