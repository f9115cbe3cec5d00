"""What other rooms ask: who comes on our side, who is free, who met these people before, what stands in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies.models import Agency, Member, Rank, Role
from alongside.core import formats
from alongside.core.authored import Words
from alongside.core.origins import Origin
from alongside.gatherings.models import Gathering, Status, leaders_for
from alongside.people.models import Commander, Partner
from alongside.rosters.models import (
    ORDER_OF_PARTS,
    STANDING,
    Away,
    Hosting,
    Part,
    PartnerInvitation,
    Post,
    PublicBody,
    State,
    Training,
    UsualArea,
)

LEADING = frozenset({Part.HOST, Part.DEPUTY, Part.LEADER, Part.OFFICER})

HIGHEST_RANKS = 2
"""How many ranks from the top may host a gathering without being named for a series."""


# -- who comes ------------------------------------------------------------------------------------
def roster_of(gathering: Gathering) -> list[Post]:
    """Who is on the roster, host first, each with their member and rank. Whoever declined is not on it any more."""
    return in_order(Post.objects.belonging_to(gathering=gathering).standing().with_people())


def scribes_of(opens: Origin, agency: Agency) -> list[Member]:
    """Who writes down what is heard at a gathering, as its roster says."""
    posts = Post.objects.of(agency).filter(gathering__public_id=opens.public_id, part=Part.SCRIBE)
    return [post.member for post in posts.standing().still_ours().with_people()]


def in_order(posts: Iterable[Post]) -> list[Post]:
    """By part, then by rank and name, as one would read them out."""
    return sorted(posts, key=lambda post: (ORDER_OF_PARTS[Part(post.part)], *_standing_of(post.member)))


def _standing_of(member: Member) -> tuple[int, str, int]:
    return (member.rank.level if member.rank else 999, member.name, member.pk)


def invited_partners(gathering: Gathering) -> list[PartnerInvitation]:
    """Every partner proposed or asked, with where they stand; those who come first."""
    rows = PartnerInvitation.objects.belonging_to(gathering=gathering).select_related("partner")
    return sorted(rows, key=lambda each: (not each.said_yes, each.partner.name, each.pk))


def topics(gathering: Gathering) -> list[PartnerInvitation]:
    """What the partners who come would like to be talked about, for the walk plan."""
    return [each for each in invited_partners(gathering) if each.said_yes and each.topics.strip()]


def posts_of(member: Member) -> QuerySet[Post]:
    """A member's own posts: everybody may see what they themselves are asked to, once they are asked."""
    return (
        Post.objects.belonging_to(member=member)
        .exclude(state__in=[State.PROPOSED, State.RELEASED])
        .select_related("gathering__agency", "gathering__venue")
    )


def ahead_of(member: Member) -> list[Post]:
    """What a member is asked to and that is not over, soonest first."""
    coming = Gathering.objects.of(member.agency_id).coming()
    return list(posts_of(member).filter(gathering__in=coming).order_by("gathering__starts_at", "pk"))


# -- how many -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Planned:
    """How many said that they come: residents who answered, and groups that partners bring, kept apart."""

    residents: int
    partners: int

    @property
    def people(self) -> int:
        return self.residents + self.partners


def planned(gathering: Gathering) -> Planned:
    groups = (
        PartnerInvitation.objects.belonging_to(gathering=gathering).coming().aggregate(n=Sum("party"))["n"]
    )
    return Planned(gathering.numbers.going, groups or 0)


def more_leaders(gathering: Gathering, posts: list[Post]) -> str:
    """Outdoors nobody is turned away: above the band the roster asks for more people who lead, or says nothing."""
    people = planned(gathering).people
    if not gathering.is_a_crowd(people):
        return ""
    lead = [post for post in posts if post.part in LEADING]
    missing = leaders_for(people) - len(lead)
    if missing < 1:
        return ""
    return ngettext(
        "%(people)d people come, and it works best with up to %(high)d. Ask one more to lead, so that people "
        "can walk in small groups.",
        "%(people)d people come, and it works best with up to %(high)d. Ask %(missing)d more to lead, so that "
        "people can walk in small groups.",
        missing,
    ) % {"people": people, "high": gathering.guide_high, "missing": missing}


# -- who is free ----------------------------------------------------------------------------------
def away(member: Member, day: date) -> bool:
    """Whether a member said that they cannot come on that day."""
    return Away.objects.belonging_to(member=member).on(day).exists()


def days_away(agency: Agency, *, of: Member | None, since: date | None = None) -> QuerySet[Away]:
    """Times away, soonest first: one member's own, or with None everybody's."""
    rows = Away.objects.of(agency).select_related("member__rank")
    if of is not None:
        rows = rows.filter(member=of)
    return rows.filter(last__gte=since) if since else rows


def usual_of_members() -> Prefetch[Any]:
    """Usual areas for a list of members, without the outlines."""
    rows = (
        UsualArea.objects.everywhere().select_related("area").defer("area__geometry").order_by("area__name")
    )
    return Prefetch("usual_areas", queryset=rows)


def leaders(agency: Agency) -> list[Member]:
    """Those who can lead a gathering: hosts of a series, commanders of divisions, the two highest ranks."""
    today = agency.today()
    hosting = Hosting.objects.of(agency)
    commanding = Commander.objects.of(agency).on(today)
    highest = Rank.objects.of(agency).order_by("level").values_list("pk", flat=True)
    members = (
        Member.objects.of(agency)
        .filter(active=True, employee=True)
        .filter(
            Q(pk__in=hosting.values("host"))
            | Q(pk__in=hosting.exclude(deputy=None).values("deputy"))
            | Q(pk__in=commanding.values("member"))
            | Q(rank__in=list(highest[:HIGHEST_RANKS]))
            | Q(duties__role=Role.COMMANDER)
        )
    )
    return sorted(members.select_related("rank").distinct(), key=_standing_of)


def leaders_free(agency: Agency, days: Iterable[date]) -> dict[date, list[Member]]:
    """For each day the leaders who are not away on it, highest rank first."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    known = leaders(agency)
    gone: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Away.objects.of(agency).between(wanted[0], wanted[-1])
    for member, first, last in rows.values_list("member", "first", "last"):
        gone[member].append((first, last))
    return {
        day: [each for each in known if not any(first <= day <= last for first, last in gone[each.pk])]
        for day in wanted
    }


# -- who met these people before ------------------------------------------------------------------
def familiar(gathering: Gathering) -> dict[int, int]:
    """How often each member came to an earlier gathering in the same neighborhood, by the member's number.

    Only what somebody marked as “came” counts: to be on a list is not to have met anybody.
    """
    if gathering.neighborhood_id is None:
        return {}
    before = Gathering.objects.of(gathering.agency_id).begun_before(gathering.starts)
    earlier = Post.objects.of(gathering.agency_id).filter(
        state=State.CAME, gathering__in=before.filter(neighborhood=gathering.neighborhood_id)
    )
    return dict(earlier.values_list("member").annotate(n=Count("pk")).order_by())


# -- what stands in the way -----------------------------------------------------------------------
def at_once(gathering: Gathering) -> list[Gathering]:
    """The agency's other gatherings whose hours touch this one's. What was cancelled takes nobody's time."""
    here = Gathering.objects.of(gathering.agency_id).at_the_hours_of(gathering)
    return list(here.exclude(pk=gathering.pk).exclude(status=Status.CANCELLED))


def conflicts(gathering: Gathering) -> list[str]:
    """Who is on the roster and cannot be there: away, at two gatherings at once, not working here any more."""
    posts = roster_of(gathering)
    members = [post.member_id for post in posts]
    gone = set(
        Away.objects.belonging_to(member__in=members).on(gathering.on).values_list("member", flat=True)
    )
    twice: dict[int, Words] = dict(
        Post.objects.belonging_to(member__in=members)
        .filter(gathering__in=at_once(gathering), state__in=STANDING)
        .values_list("member", "gathering__title")
    )
    problems = []
    for post in posts:
        if post.member_id in gone:
            problems.append(_("%(name)s is away on this day.") % {"name": post.member})
        if post.member_id in twice:
            problems.append(
                _("%(name)s is also on the roster of “%(other)s” at the same time.")
                % {"name": post.member, "other": twice[post.member_id]}
            )
        if not post.member.active:
            problems.append(_("%(name)s does not work here any more.") % {"name": post.member})
    if posts and not gathering.host:
        problems.append(_("Nobody hosts it."))
    return problems


# -- open meetings --------------------------------------------------------------------------------
def quorum_warnings(gathering: Gathering) -> list[str]:
    """Public bodies that have a quorum, or one short of it, among those who said yes to gatherings at this hour."""
    bodies = list(PublicBody.objects.of(gathering.agency_id))
    if not bodies:
        return []
    here_or_near = [gathering, *at_once(gathering)]
    said_yes = PartnerInvitation.objects.belonging_to(gathering__in=here_or_near).coming()
    seats = said_yes.values_list("partner__seats__body", "partner").order_by().distinct()
    here = Counter(body for body, _partner in seats)
    return [text for body in bodies if (text := _quorum(body, here[body.pk]))]


def _quorum(body: PublicBody, coming: int) -> str:
    facts = {"body": body.name, "coming": coming, "quorum": body.quorum}
    if coming >= body.quorum:
        return (
            _(
                "%(coming)d members of %(body)s come: that is a quorum (%(quorum)d). This may count as a meeting."
            )
            + " "
            + _("Ask your counsel about public notice before you go on.")
        ) % facts
    if coming and coming == body.quorum - 1:
        return (
            _("%(coming)d members of %(body)s come: one more makes a quorum (%(quorum)d).")
            + " "
            + _("Ask your counsel about public notice before you invite another.")
        ) % facts
    return ""


# -- what training ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Trained:
    """What a member learned, on a day: what is still valid and what has run out."""

    valid: list[Training]
    expired: list[Training]


def training_of(members: Iterable[int], on: date) -> dict[int, Trained]:
    """By member. Shown beside a name, so that people can ask for a course; nobody is barred for want of one."""
    wanted = list(members)
    by_member = {member: Trained([], []) for member in wanted}
    for each in Training.objects.belonging_to(member__in=wanted).order_by("name"):
        of = by_member[each.member_id]
        (of.valid if each.is_valid(on) else of.expired).append(each)
    return by_member


# -- what the public reads --------------------------------------------------------------------------
@dataclass(frozen=True)
class WhoComes:
    """Whom residents will meet: sentences about officers, and the partners who come, by name and kind."""

    officers: list[str]
    partners: list[Partner]

    def __bool__(self) -> bool:
        return bool(self.officers or self.partners)


NOBODY = WhoComes([], [])


def who_comes(gathering: Gathering) -> WhoComes:
    """For a public page. Only who said yes, and only who may be named; of partners only those who are listed."""
    if gathering.status not in {Status.PUBLISHED, Status.HELD}:
        return NOBODY
    met = familiar(gathering)
    said_yes = (
        Post.objects.belonging_to(gathering=gathering)
        .filter(named=True)
        .coming()
        .select_related("member__rank")
    )
    partners = (
        PartnerInvitation.objects.belonging_to(gathering=gathering)
        .filter(partner__listed=True, partner__active=True)
        .coming()
        .select_related("partner")
        .order_by("partner__name")
    )
    return WhoComes(
        [_sentence(gathering, post, met.get(post.member_id, 0)) for post in in_order(said_yes)],
        [each.partner for each in partners],
    )


def _sentence(gathering: Gathering, post: Post, times: int) -> str:
    """“Officer Whitaker has walked here 4 times.” Of others only the name: our records may not be all there is."""
    if not times:
        return str(post.member)
    known = {"name": post.member, "times": formats.times(times)}
    if gathering.is_of.on_foot:
        return _("%(name)s has walked here %(times)s.") % known
    return _("%(name)s has been here %(times)s.") % known
