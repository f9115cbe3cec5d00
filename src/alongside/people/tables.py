"""Partners and staff from a table: what each row means, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from alongside.agencies.models import Role
from alongside.core import spoken
from alongside.core.errors import Refusal
from alongside.core.typed import is_address
from alongside.people.models import PartnerKind
from alongside.places.boundaries.outlines import plain_name
from alongside.places.sheets import Row, Sheet, Trouble, guess
from alongside.places.venue_file import YES_WORDS

PARTNER_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("organization", "organisation", "partner"),
    "kind": ("type", "category"),
    "areas": ("area", "neighborhoods", "neighborhood"),
    "contact_name": ("contact", "contactperson", "person"),
    "email": ("mail", "emailaddress"),
    "phone": ("telephone", "tel"),
    "language": ("languages", "lang"),
    "listed": ("public", "publiclisting"),
}
STAFF_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("member", "fullname"),
    "rank": ("title",),
    "roles": ("role",),
    "division": ("command",),
}
KIND_WORDS = {
    PartnerKind.COUNCIL: r"council (member|office|district)|alder",
    PartnerKind.MAYOR: r"mayor",
    PartnerKind.WATCH: r"watch",
    PartnerKind.ASSOCIATION: r"association|\bhoa\b",
    PartnerKind.CLERGY: r"clergy|church|congregation|mosque|synagogue|faith|parish",
    PartnerKind.YOUTH: r"youth",
    PartnerKind.SCHOOL: r"school|college|academy",
    PartnerKind.BUSINESS: r"business|merchant|chamber|shop",
    PartnerKind.SERVICE_PROVIDER: r"service|health|social",
    PartnerKind.CIVIC: r"librar|civic",
    PartnerKind.COMMUNITY_GROUP: r"community|group|union|center",
}


class ColumnsMissing(Refusal):
    """Nobody can say which column holds the name."""


@dataclass(frozen=True)
class PartnerRow:
    values: dict[str, Any]
    areas: list[str]
    line: int


@dataclass(frozen=True)
class StaffRow:
    name: str
    rank: str
    roles: list[Role]
    division: str
    line: int


@dataclass
class PeopleRead:
    """A table, understood and not yet kept."""

    rows: int
    partners: list[PartnerRow] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)
    set_aside: list[Trouble] = field(default_factory=list)


def understand_partners(sheet: Sheet) -> PeopleRead:
    """Partners by row. Raises ColumnsMissing."""
    chosen = _chosen(sheet, PARTNER_COLUMNS)
    read, seen = PeopleRead(len(sheet.rows)), set()
    for row in sheet.rows:
        partner, trouble = _partner(row, chosen)
        if (
            partner is not None
            and (key := (partner.values["kind"], partner.values["name"].casefold())) in seen
        ):
            partner, trouble = None, "named twice in the table"
        if partner is None:
            read.set_aside.append(Trouble(row.line, trouble))
            continue
        seen.add(key)
        read.partners.append(partner)
    return read


def _chosen(sheet: Sheet, columns: dict[str, tuple[str, ...]]) -> dict[str, str]:
    chosen = guess(sheet.columns, columns)
    if "name" not in chosen:
        raise ColumnsMissing(
            _("no column “name”: the table has %(columns)s.") % {"columns": ", ".join(sheet.columns[:20])}
        )
    return chosen


def _partner(row: Row, chosen: dict[str, str]) -> tuple[PartnerRow | None, str]:
    said = {name: row.cells.get(column, "") for name, column in chosen.items()}
    name = plain_name(said["name"])
    kind = partner_kind(said.get("kind", "")) or partner_kind(name)
    email = said.get("email", "").strip().lower()
    if not name:
        return None, "no name"
    if not kind:
        return None, "its kind cannot be told"
    if email and not is_address(email):
        return None, "an e-mail address that cannot be right"
    values: dict[str, Any] = {"name": name, "kind": kind}
    for text, longest in (("contact_name", 120), ("phone", 30)):
        if text in said:
            values[text] = said[text][:longest]
    if "email" in said:
        values["email"] = email
    if said.get("language"):
        values["language"] = _language(said["language"])
    if "listed" in said:
        values["listed"] = said["listed"].strip().casefold() in YES_WORDS
    return PartnerRow(values, _several(said.get("areas", "")), row.line), ""


def _language(typed: str) -> str:
    """The first of those that somebody typed: “Spanish, English”, “es en”."""
    first = re.split(r"[,;]", typed)[0].strip()
    code = spoken.code_of(first)
    return (code if code in spoken.NAMES else spoken.code_of(first.split()[0]))[:10].lower() if first else ""


def understand_staff(sheet: Sheet) -> PeopleRead:
    """Members of staff by row. Raises ColumnsMissing."""
    chosen = _chosen(sheet, STAFF_COLUMNS)
    read = PeopleRead(len(sheet.rows))
    for row in sheet.rows:
        said = {name: row.cells.get(column, "") for name, column in chosen.items()}
        name = plain_name(said["name"])
        words = [word for word in re.split(r"[\s,;]+", said.get("roles", "").strip().lower()) if word]
        strange = [word for word in words if word not in Role.values]
        if not name or strange:
            reason = "no name" if not name else f"no role is called {strange[0][:24]}"
            read.set_aside.append(Trouble(row.line, reason))
            continue
        read.staff.append(
            StaffRow(
                name,
                plain_name(said.get("rank", ""))[:60],
                [Role(word) for word in dict.fromkeys(words)],
                plain_name(said.get("division", "")),
                row.line,
            )
        )
    return read


def partner_kind(text: str) -> str:
    """The kind of partner that a word or a name speaks of, or nothing."""
    plain = text.strip().casefold()
    if plain.replace(" ", "_") in PartnerKind.values:
        return plain.replace(" ", "_")
    for kind, pattern in KIND_WORDS.items():
        if re.search(pattern, plain):
            return str(kind)
    return ""


def _several(text: str) -> list[str]:
    return [plain_name(part) for part in text.split(";") if plain_name(part)]
