"""What somebody who leaves a post hands on: promises, walks ahead, who comes with them, and what was said there.

Where trust programs failed, officers and leaders rotated and nobody followed up (Blair and others, 2021). A new
commander owes what the last one promised.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies.models import Agency, Member, User
from alongside.cadence.models import Pause
from alongside.core.tables import Head, Table
from alongside.followthrough.models import Concern, Promise
from alongside.followthrough.triage import handing_over
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, Status
from alongside.hotspots.models import FocusArea, Petition
from alongside.people.models import Partner
from alongside.people.queries import commander_of
from alongside.places.models import Area, AreaKind, labels_of
from alongside.places.queries import areas, division_of
from alongside.rosters.models import Post, UsualArea

HALF_A_YEAR, EIGHT_WEEKS = timedelta(weeks=26), timedelta(weeks=8)


@dataclass(frozen=True)
class Pack:
    """One person's desk on one day. Without a division of theirs it holds the whole agency's."""

    member: Member
    on: date
    divisions: list[Area]
    promises: list[Concern]
    aloud: list[Promise]
    coming: list[Gathering]
    posts: list[Post]
    past: list[Gathering]
    partners: list[Partner]
    officers: list[UsualArea]
    focus: list[FocusArea]
    petitions: list[Petition]
    pauses: list[Pause]

    @property
    def late(self) -> int:
        return sum(each.is_late for each in self.promises) + sum(each.is_late for each in self.aloud)

    @property
    def owned(self) -> int:
        """How many of the promises are this person's own: those are handed over."""
        owners = [each.owner_id for each in self.promises] + [each.owner_id for each in self.aloud]
        return owners.count(self.member.pk)

    @property
    def walked(self) -> Table:
        """How often we walked in each neighborhood in half a year, and when last."""
        counted = Counter(walk.neighborhood.name for walk in self.past if walk.neighborhood)
        last = {walk.neighborhood.name: walk.on for walk in reversed(self.past) if walk.neighborhood}
        heads = [
            Head(labels_of(self.member.agency)[AreaKind.NEIGHBORHOOD][0]),
            Head(_("Walks"), number=True),
            Head(pgettext("walk", "Last one")),
        ]
        rows = [[name, counted[name], last[name]] for name in sorted(counted)]
        return Table(_("Where we walked in the last half year"), heads, rows)


def pack(member: Member, *, reader: User) -> Pack:
    """Everything to hand on, as far as the reader may see it."""
    agency, today = member.agency, member.agency.today()
    divisions = _commanded(member, today)
    homes = _homes_in(agency, divisions)
    here = Gathering.objects.visible_to(reader, at=agency).with_places()
    if divisions:
        here = here.filter(neighborhood__in=homes)
    ahead = Gathering.objects.of(agency).coming().exclude(status=Status.CANCELLED)
    return Pack(
        member=member,
        on=today,
        divisions=divisions,
        promises=list(_promises(member, divisions, reader)),
        aloud=_aloud(member, [*divisions, *homes], reader),
        coming=list(here.coming().on_days(None, today + EIGHT_WEEKS)[:60]),
        posts=list(
            Post.objects.belonging_to(member=member).filter(gathering__in=ahead).standing().with_people()
        ),
        past=list(
            here.filter(kind=WALK.name)
            .on_days(today - HALF_A_YEAR, None)
            .past()
            .exclude(status__in=[Status.CANCELLED, Status.DRAFT])
        ),
        partners=_partners(agency, [*divisions, *homes], reader),
        officers=_officers(agency, [*divisions, *homes], reader),
        focus=_focus(agency, divisions, reader),
        petitions=_petitions(agency, divisions, homes, reader),
        pauses=list(Pause.objects.visible_to(reader, at=agency).touching(today, today + HALF_A_YEAR)),
    )


def _commanded(member: Member, today: date) -> list[Area]:
    commands = member.commands.on(today).select_related("division")
    return [command.division for command in commands]


def _homes_in(agency: Agency, divisions: list[Area]) -> list[Area]:
    """The neighborhoods that lie mostly in these divisions."""
    if not divisions:
        return []
    wanted = {division.pk for division in divisions}
    homes = areas(agency, AreaKind.NEIGHBORHOOD)
    return [home for home in homes if (division := division_of(agency, home.shape)) and division.pk in wanted]


def _promises(member: Member, divisions: list[Area], reader: User) -> list[Concern]:
    shown = Concern.objects.visible_to(reader, at=member.agency).open()
    return list(shown.filter(Q(owner=member) | Q(division__in=divisions)).listed().soonest())


def _aloud(member: Member, here: list[Area], reader: User) -> list[Promise]:
    """What was promised from a stage or on a walk, by this person or for what they command."""
    shown = Promise.objects.visible_to(reader, at=member.agency).open().filter(concern=None)
    return list(shown.filter(Q(owner=member) | Q(area__in=here)).listed().soonest())


def _partners(agency: Agency, here: list[Area], reader: User) -> list[Partner]:
    shown = Partner.objects.visible_to(reader, at=agency).active()
    return list(shown.near(here) if here else shown)


def _officers(agency: Agency, here: list[Area], reader: User) -> list[UsualArea]:
    shown = UsualArea.objects.visible_to(reader, at=agency).filter(member__active=True)
    shown = shown.filter(area__in=here) if here else shown
    return list(
        shown.select_related("member__rank", "area").defer("area__geometry").order_by("member__name")[:200]
    )


def _focus(agency: Agency, divisions: list[Area], reader: User) -> list[FocusArea]:
    shown = FocusArea.objects.visible_to(reader, at=agency).of_latest_published().walkable().listed()
    return list(shown.filter(division__in=divisions) if divisions else shown)


def _petitions(agency: Agency, divisions: list[Area], homes: list[Area], reader: User) -> list[Petition]:
    shown = Petition.objects.visible_to(reader, at=agency).waiting().listed()
    return list((shown.filter(neighborhood__in=homes) if divisions else shown)[:60])


def successor(member: Member) -> Member | None:
    """Who commands the division now, if the member did and somebody else does."""
    today = member.agency.today()
    for command in member.commands.exclude(until=None).select_related("division").order_by("-until"):
        now = commander_of(command.division, on=today)
        if now is not None and now.pk != member.pk:
            return now
    return None


def hand_over(member: Member, *, to: Member, by: User) -> int:
    """Each open concern and promise gets its new owner and keeps its day; whoever asked is told. Returns how many."""
    return handing_over.hand_over(member, to=to, by=by)
