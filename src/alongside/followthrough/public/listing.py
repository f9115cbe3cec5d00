"""The public list: what people told us and what was promised aloud, late first; sifted, counted, a page at a time.

Both are put in order by indexes that hold all that this needs (Concern.Meta): a page costs as much as it shows, and
some milliseconds more in the middle of a long list. The counting grows with the list by some milliseconds for each ten
thousand, and is kept while nothing happens. What is found by its words is not much, and is put in order here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency
from alongside.followthrough.models import (
    CLOSED,
    Concern,
    ConcernKind,
    ConcernQuerySet,
    State,
)
from alongside.followthrough.promises.models import Kept, Promise, PromiseQuerySet
from alongside.followthrough.public import finding, kept, rules
from alongside.places.models import Area

A_PAGE = 20
LATE, OPEN_STILL, KEPT, NOT_KEPT, PASSED = "late", "open", "kept", "not-kept", "passed"
STATES = {
    LATE: pgettext_lazy("promises", "Late"),
    OPEN_STILL: pgettext_lazy("promises", "Open, not late"),
    KEPT: pgettext_lazy("promises", "Done"),
    NOT_KEPT: pgettext_lazy("promises", "Not done, with the reason"),
    PASSED: pgettext_lazy("promises", "Passed to another body"),
}
ORDER = [[LATE], [OPEN_STILL], [KEPT, NOT_KEPT, PASSED]]
OF_STATE = {State.DONE: KEPT, State.DECLINED: NOT_KEPT, State.PASSED: PASSED}
OF_KEPT = {Kept.KEPT: KEPT, Kept.NOT_KEPT: NOT_KEPT, Kept.PASSED_ON: PASSED}
PRIVATE = ("words", "place", "salt", "key", "neighborhood__geometry")
"""What no public page has any use for is not even read."""


@dataclass(frozen=True)
class Asked:
    """What somebody looks for on the list."""

    state: str = ""
    neighborhood: Area | None = None
    category: str = ""
    came: str = ""
    in_front: bool = False
    words: str = ""

    @property
    def of_concerns_only(self) -> bool:
        """What a promise that no concern has does not know."""
        return bool(self.category or self.came or self.in_front)


@dataclass(frozen=True)
class Counts:
    """How many there are of each, in the order in which they are told."""

    of: dict[str, int]

    def __getattr__(self, name: str) -> int:
        if name in {"late", "open", "kept", "not_kept", "passed"}:
            return self.of[name.replace("_", "-")]
        raise AttributeError(name)

    @property
    def all(self) -> int:
        return sum(self.of.values())


@dataclass
class Listing:
    """The list of one agency, as it was asked for."""

    agency: Agency
    asked: Asked = field(default_factory=Asked)

    # -- which -----------------------------------------------------------------------------------------
    @cached_property
    def concerns(self) -> ConcernQuerySet:
        """In whatever state. A thank-you asks for nothing."""
        rows = Concern.objects.of(self.agency).public(self.agency).exclude(kind=ConcernKind.THANKS)
        asked = self.asked
        if asked.neighborhood is not None:
            rows = rows.filter(neighborhood=asked.neighborhood)
        if asked.category:
            rows = rows.filter(category=asked.category)
        if asked.came:
            rows = rows.filter(came=asked.came)
        if asked.in_front:
            rows = rows.in_front()
        return rows if self._found["concern"] is None else rows.filter(pk__in=self._found["concern"])

    @cached_property
    def promises(self) -> PromiseQuerySet:
        """Made aloud, on a walk or from a stage: no concern has them."""
        rows = aloud(self.agency)
        if self.asked.of_concerns_only:
            return rows.none()
        if self.asked.neighborhood is not None:
            rows = rows.filter(area=self.asked.neighborhood)
        return rows if self._found["promise"] is None else rows.filter(pk__in=self._found["promise"])

    @cached_property
    def _found(self) -> dict[str, list[int] | None]:
        return {of: finding.numbers(self.agency, self.asked.words, of=of) for of in ("concern", "promise")}

    @property
    def found_too_many(self) -> bool:
        return any(len(found or ()) == finding.MOST_FOUND for found in self._found.values())

    # -- how many --------------------------------------------------------------------------------------
    @cached_property
    def _each(self) -> dict[str, dict[str, int]]:
        """Of concerns and of promises: how many in each state. Counted anew once one of these has changed."""
        if self.asked.words:
            told = {of: Counter(name for name, _pk in found) for of, found in self._standing.items()}
            return {of: {name: count[name] for name in STATES} for of, count in told.items()}
        # Of those in front there are few: they are counted each time.
        if self.asked.in_front:
            return self._count()
        asked = astuple(replace(self.asked, state="", neighborhood=None))
        home = self.asked.neighborhood.pk if self.asked.neighborhood is not None else 0
        return kept.while_nothing_happens(self.agency, f"counts-{home}-{asked}", self._count)

    def _count(self) -> dict[str, dict[str, int]]:
        """Three questions, answered by indexes alone.

        Not grouped by state: SQLite would then go by an index of states, and look at every row.
        """
        late = rules.late(self.agency.today())
        still = self.concerns.filter(closed_at=None)
        over = self.concerns.filter(closed_at__isnull=False)
        return {
            "concern": {
                **_counted(still, {LATE: late, OPEN_STILL: ~late}),
                **_counted(over, {name: Q(state=state) for state, name in OF_STATE.items()}),
            },
            "promise": _counted(self.promises, self._of_promises),
        }

    @cached_property
    def _standing(self) -> dict[str, list[tuple[str, int]]]:
        """What was found by its words: how each stands, in the order of the list. One question each: it is not much."""
        late = rules.late(self.agency.today())
        over = {name: Q(state=state) for state, name in OF_STATE.items()}
        of_concerns = {LATE: late, OPEN_STILL: Q(closed_at=None), **over}
        return {
            "promise": _in_order(self.promises, self._of_promises, ended="closed_on"),
            "concern": _in_order(self.concerns, of_concerns, ended="closed_at"),
        }

    @cached_property
    def _of_promises(self) -> dict[str, Q]:
        past = Q(due__lt=self.agency.today())
        still = Q(state=Kept.OPEN)
        ended = {name: Q(state=state) for state, name in OF_KEPT.items()}
        return {LATE: still & past, OPEN_STILL: still & ~past, **ended}

    @cached_property
    def counts(self) -> Counts:
        return Counts({name: sum(each[name] for each in self._each.values()) for name in STATES})

    # -- a page at a time ------------------------------------------------------------------------------
    def pages(self) -> Paginator[Any]:
        """Late ones first, by the day that was promised; then what is open; then what is over, the latest first."""
        return Paginator(_Row(self._parts()), A_PAGE)

    def first(self, limit: int | None) -> list[Any]:
        """The first so many of it."""
        rows = _Row(self._parts())
        return list(rows[: len(rows) if limit is None else limit])

    def of_state(self, name: str, limit: int) -> list[Any]:
        """The first so many that stand so."""
        parts = [self._part(of, [name]) for of in ("promise", "concern")]
        return list(_Row([part for part in parts if part.count])[:limit])

    def _parts(self) -> list[_Part]:
        shown = [self.asked.state] if self.asked.state in STATES else list(STATES)
        groups = [[name for name in group if name in shown] for group in ORDER]
        parts = [self._part(of, names) for names in groups if names for of in ("promise", "concern")]
        return [part for part in parts if part.count]

    def _part(self, of: str, names: list[str]) -> _Part:
        count = sum(self._each[of][name] for name in names)
        if self.asked.words:
            found = [pk for name, pk in self._standing[of] if name in names]
            return _Part(self.agency, of, count, lambda first, last: found[first:last])
        rows = self._concerns_of(names) if of == "concern" else self._promises_of(names)
        return _Part(self.agency, of, count, lambda first, last: _cut(rows, first, last, count))

    def _concerns_of(self, names: list[str]) -> QuerySet[Concern]:
        if names == [LATE]:
            return self.concerns.filter(rules.late(self.agency.today())).order_by("due", "pk")
        if names == [OPEN_STILL]:
            rows = self.concerns.filter(closed_at=None).exclude(rules.late(self.agency.today()))
            return rows.order_by(F("due").asc(nulls_last=True), "pk")
        states = [state for state, name in OF_STATE.items() if name in names]
        rows = self.concerns.filter(closed_at__isnull=False)
        if len(states) < len(CLOSED):
            rows = rows.filter(state__in=states)
        return rows.order_by("-closed_at", "-pk")

    def _promises_of(self, names: list[str]) -> QuerySet[Promise]:
        which = Q(*(self._of_promises[name] for name in names if name in self._of_promises), _connector=Q.OR)
        rows = self.promises.filter(which)
        return rows.soonest() if names in ([LATE], [OPEN_STILL]) else rows.order_by("-closed_on", "-pk")


def _counted(rows: QuerySet[Any], wanted: dict[str, Q]) -> dict[str, int]:
    """How many are of each."""
    asked = {name.replace("-", "_"): Count("pk", filter=which) for name, which in wanted.items()}
    found = rows.order_by().aggregate(**asked)
    return {name: found[name.replace("-", "_")] for name in wanted}


def _in_order(rows: QuerySet[Any], stands: dict[str, Q], *, ended: str) -> list[tuple[str, int]]:
    """As `_concerns_of` and `_promises_of` would say it, part by part."""
    how = Case(*(When(which, then=Value(name)) for name, which in stands.items()), output_field=CharField())
    rows = rows.annotate(stands=how).order_by(F(ended).desc(nulls_last=True), "-pk")
    told = list(rows.values_list("stands", "pk", "due"))
    still = sorted(
        (row for row in told if row[0] in (LATE, OPEN_STILL)), key=lambda row: (row[2] or date.max, row[1])
    )
    over = [row for row in told if row[0] not in (LATE, OPEN_STILL)]
    return [(name, pk) for name, pk, _due in (*still, *over)]


def aloud(agency: Agency) -> PromiseQuerySet:
    """Promises that no concern has, and everybody may read."""
    return Promise.objects.of(agency).open_to_all().filter(concern=None)


def _cut(rows: QuerySet[Any], first: int, last: int, count: int) -> list[int]:
    """From whichever end is nearer: the last page costs what the first does."""
    numbers = rows.values_list("pk", flat=True)
    if first + last <= count:
        return list(numbers[first:last])
    return list(numbers.reverse()[count - last : count - first])[::-1]


@dataclass(frozen=True)
class _Part:
    """Rows of one kind in one order. Their numbers are found first, by an index; then the rows that are shown."""

    agency: Agency
    of: str
    count: int
    numbers: Callable[[int, int], list[int]]

    def between(self, first: int, last: int) -> list[Any]:
        numbers = self.numbers(first, last)
        shown = in_full(self.agency, self.of, numbers)
        return [shown[number] for number in numbers if number in shown]


def in_full(agency: Agency, of: str, numbers: Sequence[int]) -> dict[int, Any]:
    """What a line of the list says of each, and nothing that is private."""
    if not numbers:
        return {}
    if of == "promise":
        return {each.pk: each for each in Promise.objects.of(agency).filter(pk__in=numbers).listed()}
    rows = Concern.objects.of(agency).filter(pk__in=numbers).telling_where_it_is()
    found = {each.pk: each for each in rows.select_related("owner__rank", "neighborhood").defer(*PRIVATE)}
    for each in found.values():
        each.agency = agency  # known, and not read for each
    return found


class _Row(Sequence[Any]):
    """Parts in a row, as one list that a paginator cuts: only what a page shows is read."""

    def __init__(self, parts: list[_Part]) -> None:
        self.parts = parts

    def __len__(self) -> int:
        return sum(part.count for part in self.parts)

    def __getitem__(self, asked: Any) -> Any:
        first, last, _step = asked.indices(len(self))
        found: list[Any] = []
        for part in self.parts:
            if first < part.count and last > 0:
                found += part.between(max(first, 0), min(last, part.count))
            first, last = first - part.count, last - part.count
        return found
