"""Who should come: the host of the series, who stands in, the commander of the place, and officers people know.

Nothing here writes. A proposal is a suggestion with its reason; people decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Member, Role
from alongside.gatherings.models import Gathering, Status, leaders_for
from alongside.people import queries as people
from alongside.places.models import Area, AreaKind
from alongside.rosters import queries
from alongside.rosters.models import STANDING, Away, Because, Hosting, Part, Post, UsualArea

FEWEST_OFFICERS, MOST_OFFICERS = 2, 5
USUAL_CROWD = 30
LATELY = timedelta(weeks=8)
# How near somebody's usual area is: the very neighborhood or its beat, or only the division around it.
NEAREST, AROUND = 2, 1


@dataclass(frozen=True)
class Proposal:
    """A member for a part, and why."""

    member: Member
    part: Part
    because: Because
    because_area: str = ""


def proposals(gathering: Gathering) -> list[Proposal]:
    """Whom the roster of a gathering still lacks, host first. Nobody who is away, elsewhere, or said no to it."""
    return list(_Bench(gathering).proposals())


def next_for(gathering: Gathering, part: str) -> Proposal | None:
    """Who could take over this part: the next in line."""
    return next_in_line(gathering, [part]).get(part)


def next_in_line(gathering: Gathering, parts: Iterable[str]) -> dict[str, Proposal]:
    """For each part who could take it over; one look at the bench for all of them."""
    bench = _Bench(gathering)
    best = {part: next(bench.candidates(Part(part)), None) for part in dict.fromkeys(parts)}
    return {part: proposal for part, proposal in best.items() if proposal is not None}


def officers_wanted(expected: int) -> int:
    """As many as should lead so many people, and neither one alone nor a parade."""
    return min(max(leaders_for(expected), FEWEST_OFFICERS), MOST_OFFICERS)


class _Bench:
    """Everybody who could come to one gathering, read once."""

    def __init__(self, gathering: Gathering) -> None:
        self.gathering = gathering
        self.agency = gathering.agency
        self.taken = {post.member_id for post in self.posts}

    # -- what is known, each asked of the database once ------------------------------------------
    @cached_property
    def posts(self) -> list[Post]:
        """Every post there ever was: whoever declined is not asked again by a program."""
        return list(Post.objects.belonging_to(gathering=self.gathering).with_people())

    @cached_property
    def free(self) -> list[Member]:
        """Employees who are neither away nor elsewhere at this hour, highest rank first."""
        gone = set(Away.objects.of(self.agency).on(self.gathering.on).values_list("member", flat=True))
        busy = set(
            Post.objects.belonging_to(gathering__in=queries.at_once(self.gathering))
            .filter(state__in=STANDING)
            .values_list("member", flat=True)
        )
        members = (
            Member.objects.of(self.agency)
            .filter(active=True, employee=True)
            .select_related("rank")
            .prefetch_related("duties")
        )
        return sorted(
            (each for each in members if each.pk not in gone | busy),
            key=lambda each: (each.rank.level if each.rank else 999, each.name, each.pk),
        )

    @cached_property
    def hosting(self) -> Hosting | None:
        if self.gathering.series_id is None:
            return None
        return Hosting.objects.belonging_to(series=self.gathering.series_id).first()

    @cached_property
    def where(self) -> BaseGeometry | None:
        return shape_of(self.gathering)

    @cached_property
    def usual(self) -> dict[int, tuple[int, str]]:
        return usual_here(self.gathering, self.where)

    @cached_property
    def met(self) -> dict[int, int]:
        return queries.familiar(self.gathering)

    @cached_property
    def leading(self) -> set[int]:
        return {each.pk for each in queries.leaders(self.agency)}

    @cached_property
    def walked(self) -> Counter[int]:
        """How often each was on a roster of late, or is soon: turns should be fair."""
        day = self.gathering.on
        around = Gathering.objects.of(self.agency).on_days(day - LATELY, day + LATELY)
        return Counter(
            Post.objects.of(self.agency)
            .filter(state__in=STANDING, gathering__in=around.exclude(status=Status.CANCELLED))
            .exclude(gathering=self.gathering)
            .values_list("member", flat=True)
        )

    # -- who is lacking -------------------------------------------------------------------------
    def proposals(self) -> Iterator[Proposal]:
        held = Counter(post.part for post in self.posts if post.stands)
        for part in (Part.HOST, Part.DEPUTY, Part.LEADER):
            if not held[part] and (proposal := next(self.candidates(part), None)):
                yield self._take(proposal)
        expected = max(queries.planned(self.gathering).people, self.gathering.guide_high or USUAL_CROWD)
        for _place in range(officers_wanted(expected) - held[Part.OFFICER]):
            if (proposal := next(self.candidates(Part.OFFICER), None)) is None:
                return
            yield self._take(proposal)

    def _take(self, proposal: Proposal) -> Proposal:
        self.taken.add(proposal.member.pk)
        return proposal

    def candidates(self, part: Part) -> Iterator[Proposal]:
        """Who could take a part, the best first."""
        ways = {Part.HOST: self._hosts, Part.DEPUTY: self._deputies, Part.LEADER: self._leaders}
        for proposal in ways.get(part, self._officers)(part):
            if proposal.member.pk not in self.taken:
                yield proposal

    def _hosts(self, part: Part) -> Iterator[Proposal]:
        """Whom the page names, whom the series names, then down the ranks: a chief who is away has a deputy."""
        if self._is_a_guest(self.gathering.typed_host):
            return
        yield from self._people(self._named(self.gathering.typed_host, among=self.free), part, Because.NAMED)
        if self.hosting is not None:
            yield from self._people(self._of(self.hosting.host_id), part, Because.SERIES)
            yield from self._people(self._of(self.hosting.deputy_id), part, Because.SERIES)
        yield from self._by_rank(part)

    def _deputies(self, part: Part) -> Iterator[Proposal]:
        if self._is_a_guest(self.gathering.typed_deputy):
            return
        yield from self._people(
            self._named(self.gathering.typed_deputy, among=self.free), part, Because.NAMED
        )
        if self.hosting is not None:
            yield from self._people(self._of(self.hosting.deputy_id), part, Because.SERIES)
        yield from self._by_rank(part)

    def _leaders(self, part: Part) -> Iterator[Proposal]:
        """The commander of the division in which most of the place lies."""
        if self.where is None:
            return
        division, commander = people.commander_for(self.agency, self.where, on=self.gathering.on)
        if division is not None and commander is not None:
            for member in self._of(commander.pk):
                yield Proposal(member, part, Because.COMMAND, division.name)

    def _officers(self, part: Part) -> Iterator[Proposal]:
        """First those who normally work here, then those who met people here, then who walked least of late."""
        pool = [
            each
            for each in self.free
            if each.pk not in self.leading and (Role.OFFICER in each.roles or each.pk in self.usual)
        ]
        for member in sorted(pool, key=self._how_good):
            near, area = self.usual.get(member.pk, (0, ""))
            because = Because.USUAL if near else Because.KNOWN if self.met.get(member.pk) else Because.TURN
            yield Proposal(member, part, because, area)

    def _how_good(self, member: Member) -> tuple[int, int, int, str, int]:
        near, _area = self.usual.get(member.pk, (0, ""))
        return (-near, -self.met.get(member.pk, 0), self.walked[member.pk], member.name, member.pk)

    # -- small things ---------------------------------------------------------------------------
    @cached_property
    def _everybody(self) -> list[Member]:
        return list(Member.objects.of(self.agency).filter(employee=True).select_related("rank"))

    def _is_a_guest(self, said: str) -> bool:
        """The mayor's office hosts, or a pastor: nobody of ours is put in their place."""
        return bool(said) and not self._named(said, among=self._everybody)

    def _by_rank(self, part: Part) -> Iterator[Proposal]:
        """Those who may lead, highest rank first."""
        yield from self._people([each for each in self.free if each.pk in self.leading], part, Because.RANK)

    def _people(self, members: Iterable[Member], part: Part, because: Because) -> Iterator[Proposal]:
        for member in members:
            yield Proposal(member, part, because)

    def _of(self, pk: int | None) -> list[Member]:
        return [each for each in self.free if each.pk == pk]

    @staticmethod
    def _named(said: str, *, among: list[Member]) -> list[Member]:
        """Members whom a text names, with or without their rank."""
        wanted = said.strip().casefold()
        return [each for each in among if wanted and wanted in {str(each).casefold(), each.name.casefold()}]


# -- where a gathering is, and who works there ------------------------------------------------------
def shape_of(gathering: Gathering) -> BaseGeometry | None:
    """The neighborhood of a gathering, or the point where it meets; None where only words are known."""
    if gathering.neighborhood_id is not None:
        home = Area.objects.of(gathering.agency_id).filter(pk=gathering.neighborhood_id).first()
        return home.shape if home else None
    venue = gathering.venue
    return None if venue is None else shapely.Point(venue.lon, venue.lat)


def usual_here(gathering: Gathering, where: BaseGeometry | None) -> dict[int, tuple[int, str]]:
    """By member: how near their usual area is, and what it is called. Those who work elsewhere are left out."""
    rows = UsualArea.objects.of(gathering.agency_id).filter(area__active=True)
    if where is None:
        return {}
    west, south, east, north = where.bounds
    near = rows.filter(
        area__west__lte=east, area__east__gte=west, area__south__lte=north, area__north__gte=south
    )
    members: dict[Area, list[int]] = defaultdict(list)
    for row in near.select_related("area"):
        members[row.area].append(row.member_id)
    nearest: dict[int, tuple[int, str]] = {}
    for area, who in members.items():
        if closeness := _closeness(area, where):
            for member in who:
                nearest[member] = max(nearest.get(member, (0, "")), (closeness, area.name))
    return nearest


def _closeness(area: Area, where: BaseGeometry) -> int:
    """Two areas that only touch at a border are not the same place."""
    if not people.share_ground(area.shape, where):
        return 0
    return AROUND if area.kind in {AreaKind.DIVISION, AreaKind.DISTRICT} else NEAREST
