"""Name commanders, keep the directory of partners, and keep contact details no longer than promised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.agencies import actions as agencies
from alongside.agencies import audit, bearers, holds, retention
from alongside.agencies.models import Agency, Bearer, Member, Rank, Role, User
from alongside.core import clock, formats
from alongside.core.errors import Refusal
from alongside.core.news import News
from alongside.people.models import Commander, Partner, PartnerKind
from alongside.people.tables import PeopleRead, StaffRow
from alongside.places.models import Area, AreaKind
from alongside.places.sheets import Trouble

LINK = "partner"
LINK_DAYS = 90


class CommandRefused(Refusal):
    """A command of a division that cannot be."""


class PartnerRefused(Refusal):
    """A partner cannot be kept as described."""


@dataclass(frozen=True)
class LetGo:
    """A partner left, or took its address back: nothing more is written to it."""

    partner: Partner
    email: str


on_let_go: News[LetGo] = News("people.on_let_go")


# -- commanders -----------------------------------------------------------------------------------
@transaction.atomic
def give_command(division: Area, *, to: Member, since: date, by: User | None) -> Commander:
    """`to` commands the division from that day on; whoever did ends the day before."""
    if not clock.EARLIEST <= since <= division.agency.today() + clock.FARTHEST:
        raise CommandRefused(
            _("%(day)s is too far away. Please check the year.") % {"day": formats.day(since)}
        )
    if division.kind != AreaKind.DIVISION or division.agency_id != to.agency_id or not to.active:
        raise CommandRefused(_("Choose a division and an active member of staff of this agency."))
    Agency.objects.select_for_update(no_key=True).get(pk=division.agency_id)
    now = Commander.objects.filter(division=division, until=None).first()
    if now is not None and now.member_id == to.pk:
        return now
    later = Commander.objects.filter(division=division, since__gt=since).select_related("member").first()
    if later is not None:
        raise CommandRefused(
            _("%(member)s takes command on %(since)s: choose a later day.")
            % {"member": later.member, "since": later.since}
        )
    # Named and corrected on one day: the first name never commanded.
    Commander.objects.filter(division=division, since=since).delete()
    Commander.objects.filter(Q(until=None) | Q(until__gte=since), division=division).update(
        until=since - timedelta(days=1)
    )
    command = Commander.objects.create(agency=division.agency, division=division, member=to, since=since)
    audit.record(
        agency=division.agency, by=by, verb="gave command of", thing=division, detail={"to": str(to)}
    )
    return command


# -- partners -------------------------------------------------------------------------------------
@transaction.atomic
def save_partner(partner: Partner, *, areas: Iterable[Area], by: User | None) -> Partner:
    """Keep a partner as a person described it. Where it is active no more, its links end, and for good."""
    chosen = list(areas)
    if any(area.agency_id != partner.agency_id for area in chosen):
        raise PartnerRefused(_("Choose areas of this agency."))
    _refuse_twin(partner)
    new, reached = partner.pk is None, _reached(partner)
    if partner.email.lower() != reached.lower():
        partner.email_by_link = False
    if not partner.active:
        partner.contact_name = partner.email = partner.phone = ""
    partner.save()
    partner.areas.set(chosen)
    _let_go(partner, reached)
    ended = (
        0 if partner.active else bearers.end_all(bearers.of_person(partner.key, agency=partner.agency), by=by)
    )
    audit.record(
        agency=partner.agency,
        by=by,
        verb="added" if new else "changed",
        thing=partner,
        detail={"ended": ended} if ended else None,
    )
    return partner


def _reached(partner: Partner) -> str:
    """The address that we have of a partner until now."""
    return Partner.objects.filter(pk=partner.pk).values_list("email", flat=True).first() or ""


def _let_go(partner: Partner, reached: str) -> None:
    if reached and not partner.email:
        on_let_go.tell(LetGo(partner, reached))


def _refuse_twin(partner: Partner) -> None:
    Agency.objects.select_for_update(no_key=True).get(pk=partner.agency_id)
    twins = Partner.objects.filter(
        agency=partner.agency, kind=partner.kind, name__iexact=partner.name
    ).exclude(pk=partner.pk)
    if twins.exists():
        raise PartnerRefused(_("There is a partner of this kind and name already."))


@transaction.atomic
def link_partner(partner: Partner, *, by: User | None) -> str:
    """A link by which the partner keeps its own entry. It is shown once; a new one makes the old useless."""
    earlier = bearers.opening(partner.key, agency=partner.agency, purpose=LINK)
    bearers.end_all(earlier, by=by)
    ends_at = clock.now() + timedelta(days=LINK_DAYS)
    token, _bearer = bearers.issue(
        LINK, partner.key, agency=partner.agency, to=partner.key, ends_at=ends_at, by=by
    )
    audit.record(agency=partner.agency, by=by, verb="made a link for", thing=partner)
    return token


def partner_behind(token: str, *, at: Agency) -> Partner:
    """The partner a link belongs to. Raises bearers.Useless."""
    partner: Partner = bearers.opened_by(LINK, token, at=at).thing
    return partner


def behind_entries(rows: Sequence[Bearer]) -> bearers.Asked:
    """A partner's own entry, while it is active."""
    known = Partner.objects.everywhere().select_related("agency")
    return {number: _behind(partner) for number, partner in bearers.things_of(rows, known).items()}


def _behind(partner: Partner) -> bearers.Behind:
    return bearers.Behind(partner, what=_("Their own entry"), person=partner.name, stands=partner.active)


@transaction.atomic
def stop_invitations(partner: Partner, *, by: User | None) -> None:
    """A partner wants no invitations any more. It stays in the directory, and can switch them on again."""
    if partner.invited:
        partner.invited = False
        partner.save(update_fields=["invited"])
        audit.record(agency=partner.agency, by=by, verb="stopped invitations to", thing=partner)


@dataclass(frozen=True)
class Entry:
    """What a partner says of itself: what it is called, where it is at home, whom to ask, and what we may do."""

    name: str
    areas: Iterable[Area]
    listed: bool
    invited: bool
    contact_name: str = ""
    email: str = ""
    phone: str = ""


@transaction.atomic
def correct_partner(token: str, entry: Entry, *, at: Agency) -> Partner:
    """A partner puts its own entry right, by its link. Raises bearers.Useless, PartnerRefused."""
    opened = bearers.opened_by(LINK, token, at=at)
    partner: Partner = opened.thing
    chosen = list(entry.areas)
    if not entry.name.strip():
        raise PartnerRefused(_("Say what your organization is called."))
    if any(area.agency_id != at.pk for area in chosen):
        raise PartnerRefused(_("Choose areas of this agency."))
    reached = partner.email
    partner.name, partner.listed, partner.invited = entry.name.strip()[:120], entry.listed, entry.invited
    partner.contact_name, partner.email, partner.phone = entry.contact_name, entry.email, entry.phone
    if partner.email.lower() != reached.lower():
        partner.email_by_link = True
    _refuse_twin(partner)
    kept = ["name", "listed", "invited", "contact_name", "email", "email_by_link", "phone"]
    partner.save(update_fields=kept)
    partner.areas.set(chosen)
    _let_go(partner, reached)
    bearers.was_used(opened.bearer)
    audit.record(agency=at, by=None, verb="put its own entry right", thing=partner)
    return partner


# -- forgetting -----------------------------------------------------------------------------------
@transaction.atomic
def forget_contact(partner: Partner, *, by: User | None) -> Partner:
    """Delete whom one asks for at a partner, at their wish. Raises OnHold."""
    holds.refuse_if_held(partner)
    reached = partner.email
    partner.contact_name = partner.email = partner.phone = ""
    partner.save(update_fields=["contact_name", "email", "phone"])
    _let_go(partner, reached)
    audit.record(agency=partner.agency, by=by, verb="erased the contact of", thing=partner)
    return partner


def forget_contacts() -> int:
    """Delete whom one asked for at partners who left. Returns how many."""
    reached = Partner.objects.everywhere().out_of_keeping().exclude(contact_name="", email="", phone="")
    return retention.empty(reached, contact_name="", email="", phone="")


# -- tables ---------------------------------------------------------------------------------------
@dataclass
class PeopleImported:
    """What a table of partners or staff changed."""

    rows: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    areas_not_known: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def keep_partners(agency: Agency, read: PeopleRead, *, by: User | None) -> PeopleImported:
    """Add the partners of a table, and bring those known by kind and name up to it."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    done = PeopleImported(rows=read.rows, set_aside=[asdict(each) for each in read.set_aside])
    areas = {area.name.casefold(): area for area in _named_areas(agency)}
    there = {
        (each.kind, each.name.casefold()): each
        for each in Partner.objects.filter(agency=agency).prefetch_related("areas")
    }
    unknown: set[str] = set()
    for row in read.partners:
        chosen = [areas[name.casefold()] for name in row.areas if name.casefold() in areas]
        unknown |= {name for name in row.areas if name.casefold() not in areas}
        partner = there.get((PartnerKind(row.values["kind"]), row.values["name"].casefold()))
        if partner is None:
            partner = Partner.objects.create(agency=agency, **row.values)
            partner.areas.set(chosen)
            there[(PartnerKind(partner.kind), partner.name.casefold())] = partner
            done.added += 1
        elif _differs(partner, row.values) or {area.pk for area in partner.areas.all()} != {
            area.pk for area in chosen
        }:
            if row.values.get("email", partner.email).lower() != partner.email.lower():
                partner.email_by_link = False
            for name, value in row.values.items():
                setattr(partner, name, value)
            partner.save()
            partner.areas.set(chosen)
            done.changed += 1
        else:
            done.unchanged += 1
    done.areas_not_known = sorted(unknown)
    audit.record(
        agency=agency, by=by, verb="imported partners of", thing=agency, detail={"added": done.added}
    )
    return done


def _named_areas(agency: Agency) -> Iterable[Area]:
    """Every area by name; where a neighborhood and a beat are called the same, the neighborhood."""
    rows = Area.objects.filter(agency=agency, active=True).listed()
    return sorted(rows, key=lambda area: area.kind == AreaKind.NEIGHBORHOOD)


def _differs(thing: Any, values: dict[str, Any]) -> bool:
    return any(getattr(thing, name) != value for name, value in values.items())


@transaction.atomic
def keep_staff(agency: Agency, read: PeopleRead, *, by: User | None) -> PeopleImported:
    """Add members of staff by name, with rank and roles, and who commands which division.

    Somebody known by name keeps account and roles; a table never takes a role away. By a file as by a page, only
    an administrator gives roles.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    done = PeopleImported(rows=read.rows, set_aside=[asdict(each) for each in read.set_aside])
    ranks = _ranks(agency, read.staff, by=by)
    divisions = {
        area.name.casefold(): area
        for area in Area.objects.filter(agency=agency, kind=AreaKind.DIVISION, active=True).listed()
    }
    there = {member.name.casefold(): member for member in Member.objects.filter(agency=agency)}
    unknown: set[str] = set()
    may_give_roles = by is None or _administers(by, agency)
    for row in read.staff:
        member = there.get(row.name.casefold())
        held = member.roles if member else set[Role]()
        if not may_give_roles and set(row.roles) - held:
            done.set_aside.append(asdict(Trouble(row.line, "only an administrator gives roles")))
            continue
        if member is None:
            member = agencies.add_member(
                agency,
                name=row.name,
                roles=row.roles,
                rank=ranks.get(row.rank),
                employee=bool(row.rank),
                by=by,
            )
            there[row.name.casefold()] = member
            done.added += 1
        else:
            done.unchanged += 1
        if row.division and row.division.casefold() not in divisions:
            unknown.add(row.division)
        elif row.division and Role.COMMANDER in row.roles:
            give_command(divisions[row.division.casefold()], to=member, since=agency.today(), by=by)
    done.areas_not_known = sorted(unknown)
    return done


def _administers(user: User, agency: Agency) -> bool:
    member = user.membership_at(agency)
    return member is not None and member.holds([])


def _ranks(agency: Agency, rows: list[StaffRow], *, by: User | None) -> dict[str, Rank]:
    """The agency's ranks by name. An agency that has set its ladder keeps it, with new ranks below."""
    have = list(Rank.objects.filter(agency=agency).values_list("name", flat=True))
    new = dict.fromkeys(row.rank for row in rows if row.rank and row.rank not in have)
    if new:
        agencies.set_ranks(agency, names=[*have, *sorted(new, key=_usual_place)], by=by)
    return {rank.name: rank for rank in Rank.objects.filter(agency=agency)}


LADDER = (
    "chief|sheriff|commissioner",
    "assistant|deputy|undersheriff",
    "colonel|commander|inspector",
    "major",
    "captain",
    "lieutenant",
    "sergeant",
    "corporal|detective",
    "officer|patrol|trooper",
    "civilian",
)
"""Where a rank usually stands; a table names them in no order. People put it right on the settings page."""


def _usual_place(rank: str) -> int:
    """The place on the usual ladder: an assistant chief stands below the chief."""
    word = rank.casefold()
    places = [place for place, words in enumerate(LADDER) if re.search(words, word)]
    if not places:
        return len(LADDER)
    return max(places) if places[0] == 0 and len(places) > 1 else places[0]
