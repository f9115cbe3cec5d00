"""Who came, as far as people chose to say it, against who lives there: only in sums, and only large ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency
from alongside.core.calendar import next_quarter, quarter_of
from alongside.gatherings.models import (
    ASKS_FOR,
    Gathering,
    HeadsCorrected,
    Question,
    Status,
    Tally,
    ToldQuarters,
)
from alongside.gatherings.telling import Together, count_in_words
from alongside.methods.disclosure import Rule
from alongside.outreach import refusals
from alongside.places.models import Area, AreaKind

# Fewer people than the floor are nobody's business.
RULE = Rule(floor=10, step=5, delay=ASKS_FOR)

ELSEWHERE, OUTSIDE = "elsewhere", "outside"
ELSEWHERES: list[tuple[str, Any]] = [
    (ELSEWHERE, _("Somewhere else in the city")),
    (OUTSIDE, _("Outside the city")),
]

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
    Question.BEFORE: [
        ("first", _("No, it was the first time")),
        ("once", _("Once before")),
        ("often", _("Several times")),
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
    """What was published of a stretch of time: who came to its gatherings, as far as they chose to say.

    `came` counts the residents where somebody counted. A question without an answer that may be shown is not in
    `asked`. `left_out`: gatherings with more answers than people, which are not believed.
    """

    first: date
    last: date
    gatherings: int
    came: Together
    left_out: int
    asked: list[Asked]
    corrections: list[HeadsCorrected]


def home_answers(agency: Agency) -> list[tuple[str, Any]]:
    """Where somebody may live: the agency's neighborhoods, and two words for all the rest."""
    return [*((str(home.public_id), home.name) for home in _homes(agency)), *ELSEWHERES]


def _homes(agency: Agency) -> QuerySet[Area]:
    homes = Area.objects.of(agency).filter(kind=AreaKind.NEIGHBORHOOD, active=True).listed()
    return homes.defer("geometry").order_by("name")


def answers_to(agency: Agency) -> dict[Question, list[tuple[str, Any]]]:
    """What may be answered to each question, in the order in which it is asked."""
    every = ANSWERS | {Question.HOME: home_answers(agency)}
    return {question: every[question] for question in Question}


def drawn(agency: Agency, *, since: date, until: date) -> dict[str, Any]:
    """What is to be published of these days, for `ToldQuarters`: none of it tells a small number."""
    held = _held(agency, since, until)
    believed, left_out = _believed(held)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for tally in (
        Tally.objects.belonging_to(gathering__in=believed)
        .values("question", "answer")
        .annotate(n=Sum("people"))
    ):
        counts[tally["question"]][tally["answer"]] += tally["n"]
    together = Together.of(gathering.came for gathering in held)
    return {
        "gatherings": len(held),
        "came": together.people,
        "few": together.few,
        "left_out": left_out,
        "asked": {
            question.value: RULE.coarse({name: counts[question].get(name, 0) for name, _label in answers})
            for question, answers in answers_to(agency).items()
        },
        "homes": {
            str(home.public_id): {"name": home.name, "residents": home.population} for home in _homes(agency)
        },
    }


def who_came(told: ToldQuarters) -> WhoCame:
    """As it was published, in the words of whoever reads it."""
    facts = told.facts
    asked = [
        _asked(question, facts["asked"].get(question.value, {}), facts["homes"]) for question in Question
    ]
    return WhoCame(
        told.first_day,
        told.last_day,
        facts["gatherings"],
        Together(facts["came"], facts["few"]),
        facts["left_out"],
        [each for each in asked if each.shown],
        [each for each in told.corrections.all() if each.gathering.is_held],
    )


def _held(agency: Agency, since: date, until: date) -> list[Gathering]:
    dates = Gathering.objects.of(agency).on_days(since, until)
    return list(dates.run_here().filter(status__in=[Status.PUBLISHED, Status.HELD]))


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


def answered(gathering: Gathering) -> int:
    """How many people have answered there."""
    return _answered([gathering]).get(gathering.pk, 0)


def _asked(question: Question, shown: dict[str, int | None], homes: dict[str, dict[str, Any]]) -> Asked:
    """One question as it was published. What an answer is called today, a neighborhood as it was called then."""
    labels = dict(ELSEWHERES if question == Question.HOME else ANSWERS[question])
    said = sum(people for people in shown.values() if people)
    lives = _shares_of_residents(shown, homes) if question == Question.HOME else {}
    several = sum(people is not None for people in shown.values()) > 1  # of one alone, the share says nothing
    cells = [
        Cell(
            homes[name]["name"] if name in homes else str(labels[name]),
            people,
            people / said if people and several else None,
            lives.get(name),
        )
        for name, people in shown.items()
    ]
    return Asked(question, str(question.label), cells)


def _shares_of_residents(shown: dict[str, int | None], homes: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Which share of the residents of the places shown lives in each; nothing where one of them was not counted."""
    people = {name: homes[name]["residents"] for name, count in shown.items() if count and name in homes}
    counted = {name: number for name, number in people.items() if number is not None}
    total = sum(counted.values())
    if not total or counted != people or len(counted) < 2:
        return {}
    return {name: number / total for name, number in counted.items()}


# -- which days may be published ----------------------------------------------------------------------
def due(agency: Agency) -> list[tuple[date, date]]:
    """Whole quarters that are to be published, pooled until enough people have answered.

    They begin after the last that was published, so that none overlap. Only quarters that are complete: whoever came on
    the last day has had the time to answer.
    """
    complete: list[tuple[date, date]] = []
    last = ToldQuarters.objects.of(agency).order_by("last_day").last()
    answered = _answered_by_quarter(agency, after=last.last_day if last else None)
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
    """What was published last, or None where too few have answered yet."""
    told = ToldQuarters.objects.of(agency).with_corrections().first()
    return who_came(told) if told else None


def told_of(gathering: Gathering) -> ToldQuarters | None:
    """What was published of the quarter of a gathering, if anything was."""
    return ToldQuarters.objects.of(gathering.agency_id).on(gathering.on)


def corrects(gathering: Gathering, came: int | None) -> bool:
    """Whether everybody has read another number of how many came."""
    return heads_are_told(gathering) and count_in_words(came) != count_in_words(gathering.came)


def heads_are_told(gathering: Gathering) -> bool:
    """Whether how many came is published: with its recap, or in its quarter."""
    return gathering.heads_told_on is not None or told_of(gathering) is not None


def _answered_by_quarter(agency: Agency, *, after: date | None) -> dict[date, int]:
    first = after + timedelta(days=1) if after else None
    asked = Gathering.objects.of(agency).on_days(first, None).filter(tallies__isnull=False)
    believed, _odd = _believed(list(asked.distinct()))
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
