"""Who should be next? Each focus area by each criterion, and what the published weights make of it.

The answer is a proposal with its reasons. A person decides (actions.choose), and may decide otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q

from alongside.agencies.models import Agency
from alongside.gatherings.models import Gathering, Kind, Status
from alongside.hotspots.models import Band, Criteria, Criterion, FocusArea, Petition, PetitionKind
from alongside.places.models import Area

YEAR = timedelta(days=365)
LONG_AGO_WEEKS = 26


@dataclass(frozen=True)
class Past:
    """What happened in each neighborhood so far, by its row's number."""

    last_walk: Mapping[int, date]
    walks: Mapping[int, int]
    requests: Mapping[int, int]


@dataclass(frozen=True)
class Candidate:
    """One focus area, each criterion between 0 and 1, and the words for each."""

    area: FocusArea
    weeks_since: int | None
    walks: int
    requests: int
    scores: Mapping[str, float]
    score: float


def past(agency: Agency) -> Past:
    """Walks that were held, and what residents asked for, in the last year. Three queries, however many areas."""
    since = agency.today() - YEAR
    walks = Gathering.objects.filter(
        Q(status=Status.HELD) | Q(status=Status.PUBLISHED, on__lt=agency.today()),
        agency=agency,
        kind=Kind.WALK,
        neighborhood__isnull=False,
    )
    rows = walks.values("neighborhood").annotate(last=Max("on")).values_list("neighborhood", "last")
    return Past(
        last_walk=dict(rows),
        walks=Counter(walks.filter(on__gte=since).values_list("neighborhood", flat=True)),
        requests=Counter(
            Petition.objects.filter(
                agency=agency,
                kind=PetitionKind.WALK,
                neighborhood__isnull=False,
                received_at__date__gte=since,
            ).values_list("neighborhood", flat=True)
        ),
    )


def candidates(areas: list[FocusArea], history: Past, criteria: Criteria, *, today: date) -> list[Candidate]:
    """Every area with its scores, the highest first; those alike in the order of their names."""
    most_requests = max(history.requests.values(), default=0)
    walks_each = {area.pk: _walks_for_residents(area, history) for area in areas}
    most_walks = max(walks_each.values(), default=0.0)
    found = [
        _candidate(area, history, criteria, today, most_requests, walks_each[area.pk], most_walks)
        for area in areas
    ]
    return sorted(found, key=lambda each: (-each.score, each.area.name))


def _candidate(
    area: FocusArea,
    history: Past,
    criteria: Criteria,
    today: date,
    most_requests: int,
    walks_each: float,
    most_walks: float,
) -> Candidate:
    home = area.neighborhood_id
    weeks = weeks_since(history.last_walk.get(home), today)
    requests = history.requests.get(home, 0)
    scores = {
        Criterion.INVOLVEMENT.value: (area.band or 0) / max(Band.values),
        Criterion.REQUESTS.value: requests / most_requests if most_requests else 0.0,
        Criterion.WAITING.value: 1.0 if weeks is None else min(weeks / LONG_AGO_WEEKS, 1.0),
        Criterion.FAIRNESS.value: 1.0 - walks_each / most_walks if most_walks else 1.0,
    }
    weights = criteria.weights
    total = sum(weights[name] * score for name, score in scores.items()) / sum(weights.values())
    return Candidate(area, weeks, history.walks.get(home, 0), requests, scores, total)


def weeks_since(day: date | None, today: date) -> int | None:
    """Whole weeks; None where there was never a walk."""
    return None if day is None else max(0, (today - day).days // 7)


def _walks_for_residents(area: FocusArea, history: Past) -> float:
    """Walks of the last year for each thousand residents of the neighborhood; of the area, where that is unknown."""
    home: Area | None = area.neighborhood
    people = (home.population if home else None) or area.population
    walks = history.walks.get(area.neighborhood_id, 0)
    return walks / max(people, 100) * 1000 if people else float(walks)
