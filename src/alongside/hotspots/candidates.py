"""Who should be next? Each focus area by each criterion, and what the published weights make of it.

The answer is a proposal with its reasons. A person decides (actions.choose), and may decide otherwise. A season's plan
is made of the same claims: need, requests and waiting mean one thing, that of rules 2 and 3 of docs/methods/season.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, Q

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, GatheringQuerySet, Status
from alongside.hotspots.models import Band, Choice, Criteria, Criterion, FocusArea, Petition, PetitionKind
from alongside.methods import scheduling
from alongside.places.models import Area

YEAR = timedelta(days=365)
FEWEST_PEOPLE = 100  # below it, one walk would look like a hundred


@dataclass(frozen=True)
class Past:
    """What happened in each neighborhood until a day, and what is to come, by its row's number.

    requests  petitions of the last year that no walk has answered yet, one a device for each neighborhood
    asked     every neighborhood that residents asked for in the last year, answered or not
    began     the day of the first walk that was kept here, none loaded from before: since then all wait
    planned   the next walk that is planned there, a draft or published
    chosen    who decided last that we walk there, where no walk was planned since
    """

    last_walk: Mapping[int | None, date]
    walks: Mapping[int | None, int]
    requests: Mapping[int | None, int]
    asked: frozenset[int] = frozenset()
    began: date | None = None
    planned: Mapping[int | None, Gathering] = field(default_factory=dict)
    chosen: Mapping[int | None, Choice] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """What speaks for a walk in one place.

    `area` is its focus area; None for a neighborhood that no data speaks for, but residents do.

    need      its band, as a share of the highest: no rank within a band decides anything
    requests  how many asked, and have had no walk since
    share     of the most requests that any place has
    last      the day of the last walk there; None where there was never one
    """

    area: FocusArea | None
    home: Area | None
    need: float
    requests: int
    share: float
    last: date | None

    @property
    def name(self) -> str:
        return str(self.area or self.home)


@dataclass(frozen=True)
class Candidate:
    """One place with its claim, the words for it, and the points that each criterion gives it."""

    claim: Claim
    weeks_since: int | None
    walks: int
    points: Mapping[str, float]
    planned: Gathering | None = None
    chosen: Choice | None = None

    @property
    def name(self) -> str:
        return self.claim.name

    @property
    def area(self) -> FocusArea | None:
        return self.claim.area

    @property
    def home(self) -> Area | None:
        return self.claim.home

    @property
    def requests(self) -> int:
        return self.claim.requests

    @property
    def score(self) -> float:
        return sum(self.points.values())


def past(agency: Agency, *, until: date | None = None) -> Past:
    """Walks and what residents asked for, as it will stand on a day, or today. Five queries, however many areas."""
    since, days = agency.today() - YEAR, _first_and_last(agency, until)
    last = {home: until for home, (_first, until) in days.items()}
    asked = list(
        Petition.objects.of(agency)
        .filter(kind=PetitionKind.WALK, counts=True, neighborhood__isnull=False, received_at__date__gte=since)
        .values_list("neighborhood", "received_at")
    )
    return Past(
        last_walk=last,
        walks=Counter(_walks(agency).on_days(since, None).values_list("neighborhood", flat=True)),
        requests=Counter(
            home for home, received in asked if home not in last or agency.local(received).date() > last[home]
        ),
        asked=frozenset(home for home, _received in asked if home is not None),
        began=min((first for first, _last in days.values() if first is not None), default=None),
        planned=_planned(agency),
        chosen={
            each.neighborhood_id: each
            for each in Choice.objects.of(agency).not_walked().listed().order_by("decided_at", "pk")
        },
    )


def _planned(agency: Agency) -> dict[int | None, Gathering]:
    """Neighborhood's number → the next walk there, as far as anybody has planned one."""
    ahead = Gathering.objects.of(agency).with_places().coming()
    walks = ahead.filter(kind=WALK.name, status__in=[Status.DRAFT, Status.PUBLISHED])
    return {each.neighborhood_id: each for each in reversed(walks)}


def last_walks(agency: Agency, *, until: date | None = None) -> dict[int | None, date]:
    """Neighborhood's number → the day of the last walk there, one that is to come before `until` included."""
    return {home: last for home, (_first, last) in _first_and_last(agency, until).items()}


def last_that_counts(last: date | None, history: Past) -> date | None:
    """The last walk, as waits count it: nobody had promised anything when those of before took place."""
    return last if last is not None and history.began is not None and last >= history.began else None


def _first_and_last(agency: Agency, until: date | None) -> dict[int | None, tuple[date | None, date]]:
    """The first that was kept here, and the last of all."""
    here = Min("on", filter=Q(loaded_at=None))
    rows = _walks(agency, until).values("neighborhood").annotate(first=here, last=Max("on"))
    return {home: (first, last) for home, first, last in rows.values_list("neighborhood", "first", "last")}


def _walks(agency: Agency, until: date | None = None) -> GatheringQuerySet:
    """Walks that took place, as far as we know, or will have: held, or published and begun by now, or by that day."""
    moment = clock.now() if until is None else datetime.combine(until, time(), tzinfo=agency.zone)
    walks = Gathering.objects.of(agency).filter(kind=WALK.name, neighborhood__isnull=False)
    return (walks.filter(status=Status.HELD) | walks.published().begun_before(moment)).order_by()


def claims(places: Sequence[tuple[FocusArea | None, Area | None]], history: Past) -> list[Claim]:
    """What speaks for each of these places, in their order."""
    asked = [history.requests.get(home.pk if home else None, 0) for _area, home in places]
    most = max(asked, default=0)
    return [
        Claim(
            area,
            home,
            need=((area.band if area else None) or 0) / max(Band.values),
            requests=requests,
            share=requests / most if most else 0.0,
            last=history.last_walk.get(home.pk if home else None),
        )
        for (area, home), requests in zip(places, asked, strict=True)
    ]


def candidates(
    areas: Sequence[FocusArea],
    history: Past,
    criteria: Criteria,
    *,
    today: date,
    asked_for: Sequence[Area] = (),
) -> list[Candidate]:
    """Every place with its points, the most first; those alike in the order of their names.

    asked_for  neighborhoods that residents asked for: one without a focus area is a candidate, too
    """
    known = {area.neighborhood_id for area in areas}
    places: list[tuple[FocusArea | None, Area | None]] = [
        *((area, area.neighborhood) for area in areas),
        *((None, home) for home in asked_for if home.pk not in known),
    ]
    each_walked = [walks_for_residents(*place, history) for place in places]
    most = max(each_walked, default=0.0)
    weighed = [
        _weighed(claim, history, criteria, today, 1.0 - walked / most if most else 1.0)
        for claim, walked in zip(claims(places, history), each_walked, strict=True)
    ]
    return sorted(weighed, key=lambda each: (-each.score, each.name))


def _weighed(claim: Claim, history: Past, criteria: Criteria, today: date, spared: float) -> Candidate:
    """What a claim is worth today. `spared`: 0 to 1, how few walks its residents have had beside the others."""
    weights = weights_of(criteria)
    last = last_that_counts(claim.last, history)
    weeks = math.inf if last is None else max(0, (today - last).days) / 7.0
    waits = max(0, (today - history.began).days) / 7.0 if history.began else 0.0
    speaks = scheduling.claim(claim.need, claim.share, weeks, weights, waits=waits)
    return Candidate(
        claim,
        weeks_since(claim.last, today),
        history.walks.get(claim.home.pk if claim.home else None, 0),
        {
            Criterion.INVOLVEMENT.value: speaks["need"],
            Criterion.REQUESTS.value: speaks["requests"],
            Criterion.WAITING.value: speaks["waiting"],
            Criterion.FAIRNESS.value: weights.fairness * spared,
        },
        history.planned.get(claim.home.pk) if claim.home else None,
        history.chosen.get(claim.home.pk) if claim.home else None,
    )


def weights_of(criteria: Criteria) -> scheduling.Weights:
    """The published weights as shares of one; in a season, the roof and the commander weigh little beside them."""
    total = sum(criteria.weights.values())
    return scheduling.Weights(
        need=criteria.involvement / total,
        requests=criteria.requests / total,
        waiting=criteria.waiting / total,
        fairness=criteria.fairness / total,
    )


def weeks_since(day: date | None, today: date) -> int | None:
    """Whole weeks; None where there was never a walk."""
    return None if day is None else max(0, (today - day).days // 7)


def walks_for_residents(area: FocusArea | None, home: Area | None, history: Past) -> float:
    """Walks of the last year for each thousand residents of the neighborhood; of the area, where that is unknown."""
    people = (home.population if home else None) or (area.population if area else None)
    walks = history.walks.get(home.pk if home else None, 0)
    return walks / max(people, FEWEST_PEOPLE) * 1000 if people else float(walks)
