"""Who came, as far as people chose to say it, against who lives there: only in sums, and only large ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency
from alongside.core.calendar import next_quarter, quarter_of
from alongside.gatherings.models import ASKS_FOR, Gathering, Question, Status, Tally
from alongside.methods.disclosure import Rule
from alongside.outreach import refusals
from alongside.places.models import Area, AreaKind

# Fewer people than the floor are nobody's business.
RULE = Rule(floor=10, step=5, delay=ASKS_FOR)

ELSEWHERE, OUTSIDE = "elsewhere", "outside"

ANSWERS: dict[Question, list[tuple[str, Any]]] = {
    Question.TIE: [
        ("lives", _("I live there")),
        ("works", _("I work or study there")),
        ("visits", _("I visit")),
    ],
    Question.AGE: [
        ("under-18", _("Under 18")),
        ("18-29", _("18 to 29")),
        ("30-44", _("30 to 44")),
        ("45-59", _("45 to 59")),
        ("60-up", _("60 or more")),
    ],
    Question.YEARS: [
        ("under-1", _("Less than a year")),
        ("1-4", _("1 to 4 years")),
        ("5-19", _("5 to 19 years")),
        ("20-up", _("20 years or more")),
        ("not", _("I do not live in the city")),
    ],
}


@dataclass(frozen=True)
class Cell:
    """One answer: how many gave it, rounded down; None where that is kept back.

    `share` is among the answers that are shown; `residents` the share of those who live there, among the same places.
    """

    label: str
    people: int | None
    share: float | None = None
    residents: float | None = None


@dataclass(frozen=True)
class Asked:
    """One question and its answers. How many answered in all is said nowhere: small numbers could be worked out."""

    question: Question
    label: str
    cells: list[Cell]

    @property
    def shown(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.people is not None]


@dataclass(frozen=True)
class WhoCame:
    """A stretch of time: who came to its gatherings, as far as they chose to say.

    `came` counts the residents at those gatherings where somebody counted. A question without an answer that may be
    shown is not in `asked`. `left_out`: gatherings with more answers than people, which are not believed.
    """

    first: date
    last: date
    gatherings: int
    came: int
    left_out: int
    asked: list[Asked]


def home_answers(agency: Agency) -> list[tuple[str, Any]]:
    """Where somebody may live: the agency's neighborhoods, and two words for all the rest."""
    homes = Area.objects.of(agency).filter(kind=AreaKind.NEIGHBORHOOD, active=True).listed().order_by("name")
    return [
        *((str(area.public_id), area.name) for area in homes),
        (ELSEWHERE, _("Somewhere else in the city")),
        (OUTSIDE, _("Outside the city")),
    ]


def answers_to(agency: Agency) -> dict[Question, list[tuple[str, Any]]]:
    """What may be answered to each question, in the order in which it is asked."""
    every = ANSWERS | {Question.HOME: home_answers(agency)}
    return {question: every[question] for question in Question}


def who_came(agency: Agency, *, since: date, until: date) -> WhoCame:
    """The sums of some days. To be published for `periods` only: two that overlap would tell what lies between."""
    held = _held(agency, since, until)
    believed, left_out = _believed(held)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for tally in (
        Tally.objects.belonging_to(gathering__in=believed)
        .values("question", "answer")
        .annotate(n=Sum("people"))
    ):
        counts[tally["question"]][tally["answer"]] += tally["n"]
    asked = [
        _asked(agency, question, answers, counts[question])
        for question, answers in answers_to(agency).items()
    ]
    came = sum(gathering.came or 0 for gathering in held)
    return WhoCame(since, until, len(held), came, left_out, [each for each in asked if each.shown])


def _held(agency: Agency, since: date, until: date) -> list[Gathering]:
    dates = Gathering.objects.of(agency).on_days(since, until)
    return list(dates.filter(status__in=[Status.PUBLISHED, Status.HELD]))


def _believed(gatherings: list[Gathering]) -> tuple[list[Gathering], int]:
    """Gatherings without those that have more answers than people: somebody answered there more than once."""
    answered = _answered(gatherings)
    odd = [each for each in gatherings if each.came is not None and answered.get(each.pk, 0) > each.came]
    return [each for each in gatherings if each not in odd], len(odd)


def _answered(gatherings: list[Gathering]) -> dict[int, int]:
    """How many people answered at each: as many as answered the question that most did."""
    sums = (
        Tally.objects.belonging_to(gathering__in=gatherings)
        .values("gathering", "question")
        .annotate(n=Sum("people"))
    )
    most: dict[int, int] = {}
    for each in sums:
        most[each["gathering"]] = max(most.get(each["gathering"], 0), each["n"])
    return most


def _asked(
    agency: Agency, question: Question, answers: list[tuple[str, Any]], counts: dict[str, int]
) -> Asked:
    every = {name: counts.get(name, 0) for name, _label in answers}
    shown = RULE.coarse(every)
    said = sum(people for people in shown.values() if people)
    lives = _shares_of_residents(agency, shown) if question == Question.HOME else {}
    several = sum(people is not None for people in shown.values()) > 1  # of one alone, the share says nothing
    cells = [
        Cell(str(label), people, people / said if people and several else None, lives.get(name))
        for (name, label), people in zip(answers, shown.values(), strict=True)
    ]
    return Asked(question, str(question.label), cells)


def _shares_of_residents(agency: Agency, shown: dict[str, int | None]) -> dict[str, float]:
    """Which share of the residents of the places shown lives in each; nothing where one of them was not counted."""
    homes = Area.objects.of(agency).filter(kind=AreaKind.NEIGHBORHOOD, active=True).defer("geometry")
    people = {str(home.public_id): home.population for home in homes if shown.get(str(home.public_id))}
    counted = {name: number for name, number in people.items() if number is not None}
    total = sum(counted.values())
    if not total or counted != people or len(counted) < 2:
        return {}
    return {name: number / total for name, number in counted.items()}


# -- which days may be published ----------------------------------------------------------------------
def periods(agency: Agency) -> list[tuple[date, date]]:
    """Whole quarters, pooled until enough people have answered, the latest last. They never overlap and never change.

    Only quarters that are complete: whoever came on the last day has had the time to answer.
    """
    complete: list[tuple[date, date]] = []
    answered = _answered_by_quarter(agency)
    first: date | None = None
    people = 0
    for quarter in sorted(answered):
        first = first or quarter
        people += answered[quarter]
        if agency.today() < RULE.due(next_quarter(quarter)):
            break
        if RULE.enough(people):
            complete.append((first, _last_day(quarter)))
            first, people = None, 0
    return complete


def latest(agency: Agency) -> WhoCame | None:
    """The last period that may be published, or None where too few have answered yet."""
    known = periods(agency)
    return who_came(agency, since=known[-1][0], until=known[-1][1]) if known else None


def _answered_by_quarter(agency: Agency) -> dict[date, int]:
    believed, _odd = _believed(list(Gathering.objects.of(agency).filter(tallies__isnull=False).distinct()))
    answered = _answered(believed)
    sums: dict[date, int] = defaultdict(int)
    for each in believed:
        sums[quarter_of(each.on)] += answered.get(each.pk, 0)
    return sums


def _last_day(quarter: date) -> date:
    return next_quarter(quarter) - timedelta(days=1)


def unreached(gathering: Gathering) -> list[refusals.Unreached]:
    """Of those who are in and left an address: whom no mail reaches there."""
    reached = gathering.rsvps.still_in().reachable()
    return refusals.unreached(gathering.agency, {rsvp.key: rsvp.name for rsvp in reached})
