"""How long records are kept, and that they went: an agency's schedule, and a certificate for each run of a clock."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, Disposal, User
from alongside.core.errors import Refusal
from alongside.core.manifest import RecordKind, record_kinds, records_of
from alongside.core.said import told_of
from alongside.core.text import line


class NotInBounds(Refusal):
    """No such kind, or as many days as nobody may set for it."""


# -- the schedule -----------------------------------------------------------------------------------
@transaction.atomic
def schedule(agency: Agency, kind: str, *, days: int | None, authority: str, by: User | None) -> None:
    """Keep a kind of record for so many days (None: until a law sets some), by this authority. Raises NotInBounds."""
    known = record_kinds().get(kind)
    if known is None:
        raise NotInBounds(_("There is no kind of record “%(kind)s”.") % {"kind": kind})
    if days is not None and not known.least <= days <= known.most:
        raise NotInBounds(
            _("%(kind)s: choose between %(least)d and %(most)d days.")
            % {"kind": known.label, "least": known.least, "most": known.most}
        )
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    before = agency.schedule.get(kind, {})
    said = {"days": days, "authority": line(authority, 200)}
    if {name: before.get(name) for name in said} == said and before:
        return
    agency.schedule[kind] = said | {"by": audit.name_of(by, agency), "on": agency.today().isoformat()}
    agency.save(update_fields=["schedule"])
    audit.record(
        agency=agency,
        by=by,
        verb="scheduled records of",
        thing=agency,
        detail={"held kind": kind, "days": days},
    )


@transaction.atomic
def unschedule(agency: Agency, kind: str, *, by: User | None) -> None:
    """As our own settings have it again. Twice is once."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if agency.schedule.pop(kind, None) is not None:
        agency.save(update_fields=["schedule"])
        audit.record(
            agency=agency, by=by, verb="unscheduled records of", thing=agency, detail={"held kind": kind}
        )


def days_of(agency: Agency, kind: RecordKind) -> float:
    """In how many days its clock disposes of a kind; without end where no day is set, or something else decides."""
    if not kind.is_by_days:
        return math.inf
    return agency.days_kept(_setting(kind), apps.get_model(kind.rows[0].model))


def _setting(kind: RecordKind) -> str:
    """The setting that its rows end by where no schedule says otherwise: as their fields have it (core.said)."""
    ours = {rows.model for rows in kind.rows}
    return next(
        (
            keeping.ends.days
            for model, _name, keeping in told_of()
            if keeping.ends.days and model._meta.label in ours
        ),
        "words_retention_days",
    )


# -- disposal ---------------------------------------------------------------------------------------
@transaction.atomic
def empty(rows: models.QuerySet[Any], **blank: Any) -> int:
    """Empty these columns of rows whose time is up, and write that they went. Returns how many."""
    certify(rows)
    return rows.update(**blank)


def certify(rows: models.QuerySet[Any]) -> None:
    """Write down, agency by agency, what a clock is about to dispose of: in its transaction, and never what it says."""
    known = records_of(rows.model._meta.label)
    if known is None:
        raise LookupError(f"{rows.model._meta.label} is no record of any kind: say so in its room's manifest")
    kind, columns = known
    span = {"oldest_gone": Min(columns.since), "newest_gone": Max(columns.since)} if columns.since else {}
    counted = rows.order_by().values(columns.agency).annotate(count_gone=Count("pk", distinct=True), **span)
    gone = [each for each in counted if each[columns.agency] is not None]
    agencies = Agency.objects.in_bulk([each[columns.agency] for each in gone])
    Disposal.objects.bulk_create(_certificate(kind, agencies[each[columns.agency]], each) for each in gone)


def _certificate(kind: RecordKind, agency: Agency, gone: dict[str, Any]) -> Disposal:
    days = days_of(agency, kind)
    return Disposal(
        agency=agency,
        kind=kind.name,
        count=gone["count_gone"],
        first=_day(gone.get("oldest_gone"), agency),
        last=_day(gone.get("newest_gone"), agency),
        days=None if math.isinf(days) else days,
        authority=agency.schedule.get(kind.name, {}).get("authority", ""),
        eraser=kind.clock,
    )


def _day(moment: date | datetime | None, agency: Agency) -> date | None:
    return agency.local(moment).date() if isinstance(moment, datetime) else moment
