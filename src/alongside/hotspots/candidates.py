"""Who should be next? Each focus area by each criterion, and what the published weights make of it.

The answer is a proposal with its reasons. A person decides (actions.choose), and may decide otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet

from alongside.agencies.models import Agency
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, Status
from alongside.hotspots.models import Band, Criteria, Criterion, FocusArea, Petition, PetitionKind
from alongside.places.models import Area

YEAR = timedelta(days=365)
LONG_AGO_WEEKS = 26
FEWEST_PEOPLE = 100  # below it, one walk would look like a hundred


@dataclass(frozen=True)
class Past:
    """What happened in each neighborhood so far, by its row's number."""

    last_walk: Mapping[int | None, date]
    walks: Mapping[int | None, int]
    requests: Mapping[int | None, int]


@dataclass(frozen=True)
class Candidate:
    """One place, each criterion between 0 and 1, and the words for each.

    `area` is its focus area; None for a neighborhood that no data speaks for, but residents do.
    """

    area: FocusArea | None
    home: Area | None
    weeks_since: int | None
    walks: int
    requests: int
    scores: Mapping[str, float]
    score: float

    @property
    def name(self) -> str:
        return str(self.area or self.home)


def past(agency: Agency) -> Past:
    """Walks that were held, and what residents asked for, in the last year. Three queries, however many areas."""
    since = agency.today() - YEAR
    return Past(
        last_walk=last_walks(agency),
        walks=Counter(_walks(agency).filter(on__gte=since).values_list("neighborhood", flat=True)),
        requests=Counter(
            Petition.objects.of(agency)
            .filter(kind=PetitionKind.WALK, neighborhood__isnull=False, received_at__date__gte=since)
            .values_list("neighborhood", flat=True)
        ),
    )


def last_walks(agency: Agency) -> dict[int | None, date]:
    """Neighborhood's number → the day of the last walk there."""
    rows = _walks(agency).values("neighborhood").annotate(last=Max("on"))
    return dict(rows.values_list("neighborhood", "last"))


def _walks(agency: Agency) -> QuerySet[Gathering]:
    """Walks that took place, as far as we know: held, or published for a day gone by."""
    return (
        Gathering.objects.of(agency)
        .filter(
            Q(status=Status.HELD) | Q(status=Status.PUBLISHED, on__lt=agency.today()),
            kind=WALK.name,
            neighborhood__isnull=False,
        )
        .order_by()
    )


def candidates(
    areas: Sequence[FocusArea],
    history: Past,
    criteria: Criteria,
    *,
    today: date,
    asked_for: Sequence[Area] = (),
) -> list[Candidate]:
    """Every place with its scores, the highest first; those alike in the order of their names.

    asked_for  neighborhoods that residents asked for: one without a focus area is a candidate, too
    """
    known = {area.neighborhood_id for area in areas}
    places: list[tuple[FocusArea | None, Area | None]] = [
        *((area, area.neighborhood) for area in areas),
        *((None, home) for home in asked_for if home.pk not in known),
    ]
    scale = _Scale(
        most_requests=max(history.requests.values(), default=0),
        most_walks=max((walks_for_residents(*place, history) for place in places), default=0.0),
    )
    scored = [_candidate(area, home, history, criteria, today, scale) for area, home in places]
    return sorted(scored, key=lambda each: (-each.score, each.name))


@dataclass(frozen=True)
class _Scale:
    """What counts as the whole of a criterion: the most that any place has."""

    most_requests: int
    most_walks: float


def _candidate(
    area: FocusArea | None, home: Area | None, history: Past, criteria: Criteria, today: date, scale: _Scale
) -> Candidate:
    number = home.pk if home else None
    weeks = weeks_since(history.last_walk.get(number), today)
    requests = history.requests.get(number, 0)
    each = walks_for_residents(area, home, history)
    scores = {
        Criterion.INVOLVEMENT.value: ((area.band if area else None) or 0) / max(Band.values),
        Criterion.REQUESTS.value: requests / scale.most_requests if scale.most_requests else 0.0,
        Criterion.WAITING.value: 1.0 if weeks is None else min(weeks / LONG_AGO_WEEKS, 1.0),
        Criterion.FAIRNESS.value: 1.0 - each / scale.most_walks if scale.most_walks else 1.0,
    }
    return Candidate(
        area, home, weeks, history.walks.get(number, 0), requests, scores, weighed(scores, criteria.weights)
    )


def weighed(scores: Mapping[str, float], weights: Mapping[str, int]) -> float:
    """The mean of the scores, each as heavy as it was published to be."""
    return sum(weights[name] * score for name, score in scores.items()) / sum(weights.values())


def weeks_since(day: date | None, today: date) -> int | None:
    """Whole weeks; None where there was never a walk."""
    return None if day is None else max(0, (today - day).days // 7)


def walks_for_residents(area: FocusArea | None, home: Area | None, history: Past) -> float:
    """Walks of the last year for each thousand residents of the neighborhood; of the area, where that is unknown."""
    people = (home.population if home else None) or (area.population if area else None)
    walks = history.walks.get(home.pk if home else None, 0)
    return walks / max(people, FEWEST_PEOPLE) * 1000 if people else float(walks)
