"""What the records officer's pages show: a hold, a line of the schedule, a certificate, in the reader's language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alongside.agencies import retention
from alongside.agencies.holds import KINDS, THINGS
from alongside.agencies.models import Agency, Disposal, Hold
from alongside.core.manifest import RecordKind, record_kinds
from alongside.core.origins import Origin

TABS: tuple[tuple[str, str | Promise], ...] = (
    ("records:requests", pgettext_lazy("records", "Requests")),
    ("records:person", gettext_lazy("Somebody’s own data")),
    ("records:holds", gettext_lazy("Holds")),
    ("records:schedule", pgettext_lazy("records", "Schedule")),
    ("records:certificates", pgettext_lazy("records", "Disposals")),
    ("records:log", pgettext_lazy("records", "Releases")),
)


def tabs(agency: Agency, here: str) -> list[dict[str, Any]]:
    addresses = [reverse(view, args=[agency.slug]) for view, _label in TABS]
    below = max((url for url in addresses if here.startswith(url)), key=len, default="")
    return [
        {"label": label, "url": url, "current": url == here, "below": url == below}
        for url, (_view, label) in zip(addresses, TABS, strict=True)
    ]


@dataclass(frozen=True)
class HoldInWords:
    hold: Hold
    covers: str


def in_words(hold: Hold) -> HoldInWords:
    """What a hold keeps, as it is called."""
    if hold.kind:
        return HoldInWords(hold, capfirst(str(KINDS.get(hold.kind, hold.kind))))
    key = Origin.of(hold.key)
    return HoldInWords(hold, f"{capfirst(str(THINGS.get(key.kind, key.kind)))} {key.public_id}")


@dataclass(frozen=True)
class Line:
    """How long one kind is kept at an agency, and by whose word."""

    kind: RecordKind
    days: float
    authority: str
    by: str
    on: date | None
    is_set: bool

    @property
    def says(self) -> str:
        if not self.kind.clock:
            return _("Kept. Nothing disposes of it.")
        if not self.kind.by_days:
            return _("By a clock of its own: see What we keep.")
        if math.isinf(self.days):
            return _("Kept until a day is set.")
        return _("%(days)s days from %(what)s") % {"days": int(self.days), "what": self.kind.counted}

    @property
    def days_typed(self) -> int | None:
        return None if math.isinf(self.days) else int(self.days)


def schedule(agency: Agency) -> list[Line]:
    return [_line(agency, kind) for kind in record_kinds().values()]


def _line(agency: Agency, kind: RecordKind) -> Line:
    said = agency.schedule.get(kind.name, {})
    on = date.fromisoformat(said["on"]) if said.get("on") else None
    days = retention.days_of(agency, kind)
    return Line(kind, days, said.get("authority", ""), said.get("by", ""), on, bool(said))


@dataclass(frozen=True)
class Certificate:
    disposal: Disposal
    label: str | Promise
    rule: str


def certificate(disposal: Disposal) -> Certificate:
    known = record_kinds().get(disposal.kind)
    label = known.label if known else disposal.kind
    if disposal.days is None:
        return Certificate(disposal, label, _("By its own clock"))
    counted = known.counted if known else ""
    rule = _("%(days)s days from %(what)s") % {"days": disposal.days, "what": counted}
    return Certificate(disposal, label, rule)
