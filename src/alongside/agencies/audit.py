"""The audit trail: who did what to which thing, when."""

from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_noop

from alongside.agencies.models import Agency, AuditEntry, User
from alongside.core.errors import Phrase

COMMAND_LINE = gettext_noop("command line")


def record(
    *, agency: Agency, by: User | None, verb: str, thing: models.Model, detail: dict[str, Any] | None = None
) -> None:
    """Write down a deed, in the transaction that does it. `by` is None for the command line and for jobs.

    `detail` holds counts and choices, never what a resident said or their contact details.
    Verbs and kinds are kept as the catalogs know them, and what a thing is called as `called` says: each is said in
    the language of whoever reads the trail.
    """
    with translation.override(None):
        _write(agency, by, verb, thing, detail or {})


def deed(words: str) -> str:
    """Marks what a deed is called, where it does not stand at `verb=`, for whoever gathers words to translate."""
    return words


def name_of(by: User | None, agency: Agency) -> str:
    """The name under which somebody signs at an agency: rank and name, else their address."""
    return str((by.membership_at(agency) or by) if by is not None else COMMAND_LINE)[:160]


def called(thing: models.Model) -> Phrase:
    """What something is called: a phrase, where the product made its name; else its name as it stands."""
    said = getattr(thing, "called", None)
    return said if isinstance(said, Phrase) else Phrase(str(thing)[:200])


def _write(agency: Agency, by: User | None, verb: str, thing: models.Model, detail: dict[str, Any]) -> None:
    AuditEntry.objects.create(
        agency=agency,
        actor=by,
        actor_name=name_of(by, agency),
        verb=verb,
        thing_kind=str(thing._meta.verbose_name)[:60],
        thing_id=str(getattr(thing, "public_id", thing.pk))[:40],
        thing_name=called(thing),
        detail=detail,
    )
