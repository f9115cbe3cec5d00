"""What speaks against a walk as it is planned: found in the rows each time, and gone when it is mended.

Nothing here stops anybody. It is said on the plan, and whoever confirms the plan has seen it; from then on it waits for
nobody, until something else is the matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alongside.agencies.models import Agency
from alongside.core.errors import Phrase, phrase
from alongside.core.needs import Where
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.needs import where_is
from alongside.methods.sun import sunset
from alongside.people.models import Commander
from alongside.places import queries as places
from alongside.rosters.models import STANDING, Part, Post
from alongside.walks.models import Walk, barely_touches
from alongside.weather.queries import is_outdoors

APART = timedelta(days=2)
"""Two gatherings in one neighborhood within so many days ask the same people twice."""


@dataclass(frozen=True)
class Caution:
    """One thing: its name, in a sentence, and a value by which one can tell whether it is the same as before."""

    name: str
    says: Phrase
    value: str


def of_one(walk: Walk) -> list[Caution]:
    """What speaks against one walk."""
    return of_walks(walk.agency, [walk])[walk.pk]


def of_walks(agency: Agency, walks: Sequence[Walk]) -> dict[int, list[Caution]]:
    """What speaks against each walk, by its number; a few questions for all of them."""
    found: dict[int, list[Caution]] = {walk.pk: [] for walk in walks}
    if not walks:
        return found
    others, posts, commands = _others(agency, walks), _posts(walks), _Commands.of(agency, walks)
    for walk in walks:
        gathering = walk.gathering
        found[walk.pk] = [
            *_few(walk),
            *_after_dark(walk),
            *_clashes(gathering, others[gathering.neighborhood_id]),
            *_hosts(gathering, posts[gathering.pk]),
            *commands.cautions(gathering),
        ]
    return found


def _few(walk: Walk) -> Iterable[Caution]:
    if barely_touches(walk.route_of_better):
        yield Caution("few", phrase("Its route barely touches the area."), f"{walk.route_of_better:.2f}")


def _after_dark(walk: Walk) -> Iterable[Caution]:
    """Under the open sky, where one knows where: the walk ends after the sun has set."""
    gathering = walk.gathering
    if not is_outdoors(gathering):
        return
    if gathering.venue is not None:
        lat, lon = gathering.venue.lat, gathering.venue.lon
    elif walk.shape is not None:
        lat, lon = walk.shape.centroid.y, walk.shape.centroid.x
    else:
        return
    sets = sunset(lat, lon, gathering.on)
    if sets is None or gathering.ends <= sets:
        return
    ends, dark = (gathering.agency.local(moment).time() for moment in (gathering.ends, sets))
    says = phrase("It ends at %(end)s, after sunset at %(sunset)s.", end=ends, sunset=dark)
    yield Caution("dark", says, gathering.ends.isoformat())


def _others(agency: Agency, walks: Sequence[Walk]) -> dict[int | None, list[Gathering]]:
    """What takes place in the same neighborhoods around these days, by neighborhood."""
    days = [walk.gathering.on for walk in walks]
    homes = {walk.gathering.neighborhood_id for walk in walks} - {None}
    near = Gathering.objects.of(agency).on_days(min(days) - APART, max(days) + APART)
    rows: dict[int | None, list[Gathering]] = defaultdict(list)
    for each in (
        near.filter(neighborhood__in=homes).exclude(status=Status.CANCELLED).order_by("on", "at", "pk")
    ):
        rows[each.neighborhood_id].append(each)
    return rows


def _clashes(gathering: Gathering, others: Sequence[Gathering]) -> Iterable[Caution]:
    for other in others:
        if other.pk != gathering.pk and abs(other.on - gathering.on) <= APART:
            says = phrase(
                "“%(title)s” takes place in the same neighborhood on %(day)s.",
                title=other.title,
                day=other.on,
            )
            yield Caution(f"clash-{other.public_id}", says, other.on.isoformat())


def _posts(walks: Sequence[Walk]) -> dict[int, list[Post]]:
    """Whoever was asked to these walks, those among them who said no."""
    rows: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.belonging_to(gathering__in=[walk.gathering for walk in walks]).with_people():
        rows[post.gathering_id].append(post)
    return rows


def _hosts(gathering: Gathering, posts: Sequence[Post]) -> Iterable[Caution]:
    """The plan names a host and a deputy; the roster says what else they do that day, or that they do not come."""
    host, deputy = gathering.host, gathering.deputy_host
    if host and _same(host, deputy):
        yield Caution("host-twice", phrase("%(name)s is named as host and as deputy.", name=host), host)
    for part, named in ((Part.HOST, gathering.typed_host), (Part.DEPUTY, gathering.typed_deputy)):
        for post in posts:
            if not _same(named, str(post.member)) and not _same(named, post.member.name):
                continue
            if post.state not in STANDING:
                says = phrase("%(name)s is named to host it or to stand in, and does not come.", name=named)
            elif post.part != part:
                says = phrase(
                    "%(name)s is named to host it or to stand in; on the roster they have another part: %(part)s.",
                    name=named,
                    part=post.get_part_display(),
                )
            else:
                continue
            yield Caution(f"{part}-on-roster", says, f"{post.part} {post.state}")


def _same(one: str, other: str) -> bool:
    return bool(one) and one.casefold().split() == other.casefold().split()


@dataclass(frozen=True)
class _Commands:
    """Who commands which division, and in which division each place lies."""

    rows: Sequence[Commander]
    division: dict[Where, int]

    @classmethod
    def of(cls, agency: Agency, walks: Sequence[Walk]) -> _Commands:
        hosted = [walk for walk in walks if walk.gathering.host]
        rows = (
            Commander.objects.of(agency)
            .filter(member__active=True)
            .select_related("member__rank", "division")
        )
        listed = list(rows) if hosted else []
        where = places.divisions_of(agency, {where_is(walk.gathering) for walk in hosted}) if listed else {}
        return cls(listed, where)

    def cautions(self, gathering: Gathering) -> Iterable[Caution]:
        """Whoever hosts it commands a division, and another one."""
        here = self.division.get(where_is(gathering))
        day = gathering.on
        theirs = [
            each
            for each in self.rows
            if each.since <= day
            and (each.until is None or each.until >= day)
            and (each.member_id == gathering.host_member_id or _same(gathering.typed_host, str(each.member)))
        ]
        if here is None or not theirs or here in {each.division_id for each in theirs}:
            return
        says = phrase(
            "%(name)s, who hosts it, commands another division: %(division)s.",
            name=gathering.host,
            division=theirs[0].division.name,
        )
        yield Caution("division", says, f"{theirs[0].division_id} {here}")
