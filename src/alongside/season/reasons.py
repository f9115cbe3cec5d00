"""A season's weeks in plain sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from alongside.agencies import audit
from alongside.core import formats, measures
from alongside.core.authored import Words
from alongside.core.tables import number
from alongside.hotspots.models import Band
from alongside.hotspots.templatetags.percent import in_percent
from alongside.methods.scheduling.redrawing import OPEN
from alongside.places.models import Known, labels_of
from alongside.season.models import Season, Week

FELT = 0.005  # points: what is less decided nothing
A_WEEK_LOST = (
    4.0  # points: so much is lost only where a week is empty or loses its roof, or somebody waits too long
)
HOLIDAYS = {
    "New Year's Day": gettext_lazy("New Year’s Day"),
    "Martin Luther King Jr. Day": gettext_lazy("Martin Luther King Jr. Day"),
    "Washington's Birthday": gettext_lazy("Washington’s Birthday"),
    "Memorial Day": gettext_lazy("Memorial Day"),
    "Juneteenth National Independence Day": gettext_lazy("Juneteenth"),
    "Independence Day": gettext_lazy("Independence Day"),
    "Labor Day": gettext_lazy("Labor Day"),
    "Columbus Day": gettext_lazy("Columbus Day"),
    "Veterans Day": gettext_lazy("Veterans Day"),
    "Thanksgiving Day": gettext_lazy("Thanksgiving"),
    "Christmas Day": gettext_lazy("Christmas Day"),
}


# -- why here, why not ----------------------------------------------------------------------------
def because(week: Week) -> list[str]:
    """Why the week is as it is, the heaviest reason first."""
    if week.is_empty:
        return [no_walk(week)]
    if week.is_published:
        return [_("This walk is published already."), *_roof(week)]
    decided = [_fixed(week)] if week.fixed else []
    return [*decided, *_weighed(week), *_drawn(week), *_roof(week)]


def no_walk(week: Week) -> str:
    """Why nobody walks: a sentence that everybody may read."""
    kind = week.closed.get("kind", "")
    if kind == "holiday":
        name = week.closed.get("name", "").removesuffix(" (observed)")
        return _("No walk: %(holiday)s.") % {"holiday": HOLIDAYS.get(name, name)}
    if kind == "pause":
        return _("No walk: %(reason)s") % {"reason": _written(week, "reason")}
    if kind == "nobody":
        return _("No walk: nobody who could lead it is free on this day.")
    if kind == "published":
        return _("Another walk is published for this day: %(title)s.") % {"title": _written(week, "title")}
    return _("No walk: every area was walked too short a time ago, or cannot be walked on this day.")


def _written(week: Week, part: str) -> str:
    """What staff wrote for the public when the season was planned, as the reader has it."""
    return Words.from_stored(week.closed.get(part, "")).shown.with_mark


def _fixed(week: Week) -> str:
    if week.fixed_by and week.fixed_why:
        return _("Fixed by %(name)s: %(why)s") % {"name": week.fixed_by, "why": week.fixed_why}
    return _("Fixed by %(name)s.") % {"name": week.fixed_by} if week.fixed_by else pgettext("week", "Fixed.")


# -- the same in a few words ----------------------------------------------------------------------
FEW = 2  # what decided most; the sentences tell of the rest


def in_short(week: Week) -> list[str]:
    """What decided most, in a few words each: what stands in the week's row."""
    if week.is_empty:
        return []
    if week.is_published:
        return [pgettext("season", "Published already")]
    why = week.because
    terms, turns = why.get("terms", {}), why.get("turns", {})
    asked, waited = why.get("requests", 0), why.get("waited")
    since = (
        pgettext("season", "Never walked")
        if waited is None
        else ngettext("%(n)d week since the last", "%(n)d weeks since the last", waited) % {"n": waited}
    )
    said = [
        (terms.get("need", 0.0), pgettext("season", "High involvement")),
        (terms.get("requests", 0.0), ngettext("%(n)d request", "%(n)d requests", asked) % {"n": asked}),
        (terms.get("waiting", 0.0), since),
        (terms.get("late", 0.0), pgettext("season", "The longest wait")),
        (max(turns.values(), default=0.0), pgettext("season", "Their turn")),
    ]
    felt = sorted((each for each in said if each[0] >= FELT), key=lambda each: -each[0])
    decided = [pgettext("season", "A person’s choice")] if week.fixed else []
    by_lot = [pgettext("season", "Drawn")] if is_drawn(week) else []
    return [*[*decided, *(words for _points, words in felt)][:FEW], *by_lot]


def meets_at(week: Week) -> str:
    """Under which roof, and how far from the people who live there; on their streets; or still to be found."""
    if week.is_empty:
        return ""
    if not week.indoor:
        return pgettext("season", "On its streets")
    return week.venue_name or pgettext("season", "Roof missing")


def distance(week: Week) -> str:
    """How far people go to it; empty on their own streets, and where nobody knows."""
    why = week.because
    metres = why.get("metres", 1000 * (why.get("km") or 0.0))
    return _length(week, metres) if week.venue_name and metres else ""


POINTS = {
    "need": pgettext_lazy("season", "Involvement"),
    "requests": pgettext_lazy("season", "Requests"),
    "waiting": pgettext_lazy("season", "Waiting"),
    "late": pgettext_lazy("season", "The longest wait"),
    "place": pgettext_lazy("season", "The roof"),
    "leader": pgettext_lazy("season", "The leader"),
}


def points(week: Week) -> list[tuple[str, str]]:
    """What each criterion gave it, in points, where 1 is a walk for which everything speaks."""
    terms = week.because.get("terms", {})
    known = {str(label): terms.get(name, 0.0) for name, label in POINTS.items()}
    turns = sum(week.because.get("turns", {}).values())
    known[pgettext("season", "Their turn")] = turns
    return [(label, number(value, 2)) for label, value in known.items() if abs(value) >= FELT]


def _weighed(week: Week) -> list[str]:
    terms = week.because.get("terms", {})
    said = [
        (terms.get("need", 0.0), _need(week)),
        (terms.get("requests", 0.0), _requests(week)),
        (terms.get("waiting", 0.0), _waited(week)),
        (terms.get("late", 0.0), _in_time(week)),
        _turn(week),
        (terms.get("leader", 0.0), _("The division’s own commander is free.")),
    ]
    felt = sorted((each for each in said if each[0] >= FELT and each[1]), key=lambda each: -each[0])
    return [sentence for _points, sentence in felt] or [
        _("It fills the week at the least cost to the others.")
    ]


def _need(week: Week) -> str:
    band = week.because.get("band")
    if band is None:
        return ""
    return _("Police involvement here is high: %(band)s.") % {"band": str(Band(band).label).lower()}


def _requests(week: Week) -> str:
    count = week.because.get("requests", 0)
    return ngettext(
        "%(n)d resident asked for a walk here and has had none since.",
        "%(n)d residents asked for a walk here and have had none since.",
        count,
    ) % {"n": count}


def _waited(week: Week) -> str:
    weeks = week.because.get("waited")
    if weeks is None:
        return _("There was never a walk here.")
    return ngettext(
        "The last walk here was %(n)d week before.", "The last walk here was %(n)d weeks before.", weeks
    ) % {"n": weeks}


def _in_time(week: Week) -> str:
    """Of who is late already, and of who would be before the season has ended."""
    return _("Without this walk, %(name)s would wait longer than promised.") % {
        "name": week.neighborhood_name or week.where
    }


def _turn(week: Week) -> tuple[float, str]:
    """Whose turn it was, the larger group first: one sentence is enough."""
    turns = week.because.get("turns", {})
    for kind, name in (("division", week.division_name), ("neighborhood", week.neighborhood_name)):
        points = turns.get(kind, 0.0)
        if points >= FELT and name:
            word = labels_of(week.agency)[kind][0]
            return points, _(
                "It is their turn, for the number of people who live there (%(kind)s: %(name)s)."
            ) % {
                "kind": word,
                "name": name,
            }
    return 0.0, ""


def is_drawn(week: Week) -> bool:
    """Whether chance decided: neither nearly all draws came here, nor nearly none. Nobody knows before all are made."""
    least, most = OPEN
    return week.chance is not None and not week.fixed and least <= week.chance <= most


def _drawn(week: Week) -> list[str]:
    if not is_drawn(week) or week.chance is None:
        return []
    return [_("Drawn: %(share)s of all draws come here in this week.") % {"share": in_percent(week.chance)}]


def _roof(week: Week) -> list[str]:
    if not week.indoor:
        return []
    if week.needs_roof:
        return [_no_roof(week), *_to_reach_more(week)]
    said = [_whose_roof(week)]
    if week.because.get("steps") == Known.NO:
        said.append(_("There are steps at the door: tell people, and find a way in without."))
    if not week.because.get("hours_read") and not week.is_published:
        said.append(_("Check that it is open: its hours are not known in a form we can read."))
    return said


def _whose_roof(week: Week) -> str:
    """Which roof, and why that one: the area's own, the nearest, a mall for want of another, or a person's choice.

    Only a person chooses a mall to reach more people. A plan of before knows only how far it is.
    """
    why = week.because
    metres = why.get("metres", 1000 * (why.get("km") or 0.0))
    facts = {"venue": week.venue_name, "away": _length(week, metres), "area": week.where}
    if why.get("mall") and metres and why.get("for_want"):
        return (
            _(
                "No other roof without steps is open to us in reach: at the mall %(venue)s, %(away)s from %(area)s."
            )
            % facts
        )
    if why.get("mall") and metres and (week.fixed or week.is_published):
        return _("At the mall, to reach more people: %(venue)s, %(away)s from %(area)s.") % facts
    if why.get("far"):
        return (
            _("Under a roof, at %(venue)s: %(away)s from %(area)s, farther than we send people ourselves.")
            % facts
        )
    if "metres" not in why:
        return _("Under a roof, at %(venue)s: %(away)s away.") % facts
    if not metres:
        return _("Under a roof in the area itself: %(venue)s.") % facts
    minutes = why["foot"]
    return ngettext(
        "Under a roof near by, at %(venue)s: %(away)s from %(area)s, about %(n)d minute on foot.",
        "Under a roof near by, at %(venue)s: %(away)s from %(area)s, about %(n)d minutes on foot.",
        minutes,
    ) % {**facts, "n": minutes}


def _no_roof(week: Week) -> str:
    """That a roof is still to be found, and who can be asked."""
    why = week.because
    if "within" not in why:
        ask = why.get("ask")
        if not ask:
            return _(
                "It is a winter month, and no indoor place may be used yet: find one, or choose outdoors."
            )
        return _(
            "It is a winter month, and no indoor place may be used yet: ask the owner of %(venue)s, or choose "
            "outdoors."
        ) % {"venue": ask}
    none = ngettext(
        "It is a winter month, and no indoor place that is open to us lies within %(n)d minute on foot:",
        "It is a winter month, and no indoor place that is open to us lies within %(n)d minutes on foot:",
        why["within"],
    ) % {"n": why["within"]}
    return f"{none} {_whom_to_ask(week)}"


def _whom_to_ask(week: Week) -> str:
    why = week.because
    if not why.get("ask"):
        return _("find one, or choose outdoors.")
    facts = {"venue": why["ask"], "away": _length(week, why["ask_metres"])}
    if why["ask_far"]:
        return (
            _("find one, or choose outdoors. The nearest place to ask is %(venue)s, %(away)s away.") % facts
        )
    if not why["ask_metres"]:
        return _("ask the owner of %(venue)s, in the area, or choose outdoors.") % facts
    return _("ask the owner of %(venue)s, %(away)s away, or choose outdoors.") % facts


def _to_reach_more(week: Week) -> list[str]:
    """A mall that lets us in but lies too far is named, and never chosen by itself."""
    why = week.because
    if not why.get("more_at"):
        return []
    facts = {"venue": why["more_at"], "away": _length(week, why["more_metres"])}
    return [_("To reach more people you can choose the mall %(venue)s, %(away)s away.") % facts]


def _length(week: Week, metres: float) -> str:
    return measures.distance(metres, week.agency.units)


@dataclass(frozen=True)
class Row:
    """A week as the season's page lists it: its row in a few words, and what opens below it."""

    week: Week
    short: list[str]
    meets_at: str
    distance: str
    because: list[str]
    points: list[tuple[str, str]]
    others: list[Other]


def row(week: Week) -> Row:
    return Row(
        week,
        in_short(week),
        meets_at(week),
        distance(week),
        because(week),
        points(week),
        others(week),
    )


# -- what another choice would cost ---------------------------------------------------------------
@dataclass(frozen=True)
class Other:
    """Another area for a week, and its price in words."""

    key: str
    name: str
    venue: str
    price: str


def others(week: Week) -> list[Other]:
    return [Other(each["key"], each["name"], each["venue"], price(each)) for each in week.alternatives]


def price(each: dict[str, Any]) -> str:
    """What the whole season loses, in hundredths of one walk where everything speaks for it."""
    cost, least = each["cost"], each["least"]
    if cost is None:
        known = least >= FELT
        return _("at least %(cost)s of a walk") % {"cost": _percent(least)} if known else _("not known yet")
    said = price_of(cost, each.get("late"))
    return said if each["exact"] else _("at the most %(price)s") % {"price": said}


def price_of(cost: float, late: float | None = None) -> str:
    """A loss in points, said in walks. Below nothing: the week was fixed to less than the best.

    `late`: what of it is that somebody waits longer than promised; None where nobody has told the two apart.
    """
    if cost >= A_WEEK_LOST:
        return _lost(cost, late)
    if cost <= -A_WEEK_LOST:
        return _("nothing: it keeps a week, or somebody waits less long who waits longer than promised")
    if cost <= -FELT:
        return _("nothing: the season gains %(gain)s of a walk") % {"gain": _percent(-cost)}
    if cost < FELT:
        return _("nothing to speak of")
    return _("%(cost)s of a walk") % {"cost": _percent(cost)}


def _lost(cost: float, late: float | None) -> str:
    if late is None:
        return _("a week without a walk or a roof, or somebody would wait longer than promised")
    if late < A_WEEK_LOST:
        return _("a week without a walk, or without a roof")
    if cost - late < A_WEEK_LOST:
        return _("somebody would wait longer than promised")
    return _("somebody would wait longer than promised, and a week be without a walk, or without a roof")


def _percent(points: float) -> str:
    return f"{number(100 * points, 1 if points < 0.1 else 0)} %"


def as_json(week: Week) -> dict[str, Any]:
    """What the command prints. The first seven names are fixed: other programs read them."""
    return {
        "date": week.day.isoformat(),
        "area": week.area.public_id if week.area else None,
        "neighborhood": week.neighborhood_name or None,
        "division": week.division_name or None,
        "venue": week.venue_name or None,
        "indoor": week.indoor,
        "because": " ".join(because(week)),
        "name": week.where or None,
        "fixed": week.fixed,
        "roof_missing": week.needs_roof,
        "alternatives": [
            {
                "area": None if each["key"].startswith("n:") else each["key"],
                "name": each["name"],
                "venue": each["venue"] or None,
                "cost": each["cost"],
                "at_least": each["least"],
                "exact": each["exact"],
            }
            for each in week.alternatives
        ],
    }


# -- whose turn comes before all that speaks for anybody ---------------------------------------------
def taking_turns(season: Season) -> str:
    """That there are more neighborhoods than walks within the longest wait, and what follows; empty where not."""
    homes, walks = season.inputs.get("homes"), season.inputs.get("walks_within")
    if homes is None or walks is None or homes <= walks:
        return ""
    return _(
        "Neighborhoods to walk in: %(homes)d; walks within the longest wait: about %(walks)d. So they take turns: who "
        "has waited longest is next, and need and the draw decide little."
    ) % {"homes": homes, "walks": walks}


# -- who waits too long ----------------------------------------------------------------------------
def overdue(season: Season) -> list[str]:
    """Who waits longer than promised all the same, and why: a sentence for each."""
    promised = season.inputs.get("longest_wait", 0)
    return [_late(each, promised) for each in season.inputs.get("overdue", [])]


def overdue_in_public(season: Season) -> list[str]:
    """The same for everybody: by neighborhood, and without the names that a run gave which is not published."""
    promised, named = season.inputs.get("longest_wait", 0), season.inputs.get("run_published")
    return [
        _late(
            each if each.get("home") or named else each | {"name": _("An area in no neighborhood")}, promised
        )
        for each in season.inputs.get("overdue", [])
    ]


def _late(each: dict[str, Any], promised: int) -> str:
    said = {"name": each["name"], "n": each["weeks"], "promised": promised}
    waits = ngettext(
        "%(name)s waits %(n)d week, and %(promised)d are promised:",
        "%(name)s waits %(n)d weeks, and %(promised)d are promised:",
        each["weeks"],
    )
    why = {
        "before": _("it had waited too long when the season began."),
        "closed": _("nobody walks in the weeks before."),
        "fixed": _("the weeks before were decided by a person."),
        "barred": _("it is left alone in the weeks before."),
        "spacing": _("its last walk was too short a time ago."),
    }.get(each["why"], _("others that wait as long have the weeks before."))
    return f"{waits % said} {why}"


# -- what changed ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Change:
    """A date on which two versions differ."""

    day: date
    number: int
    sentence: str


def difference(before: Sequence[Week], after: Sequence[Week]) -> list[Change]:
    """“Week 3: Mill Row instead of Eastbank”, for each date on which two versions differ."""
    old = {week.day: week for week in before}
    changes = []
    for week in after:
        was = old.get(week.day)
        if was is None:
            sentence = _("%(now)s, new") % {"now": _place(week)}
        elif _place(was) == _place(week):
            continue
        else:
            sentence = _("%(now)s instead of %(was)s") % {"now": _place(week), "was": _place(was)}
        changes.append(Change(week.day, week.number, sentence))
    return changes


def _place(week: Week) -> str:
    if week.is_empty:
        return _("no walk")
    if week.venue_name:
        return _("%(area)s at %(venue)s") % {"area": week.where, "venue": week.venue_name}
    return week.where


def change(season: Season) -> str:
    """Why there is this version."""
    what = season.change.get("kind", "")
    if season.made_by == audit.COMMAND_LINE:
        return _("Planned from the command line.")
    day = season.change.get("day")
    said = {"name": season.made_by, "day": formats.day(date.fromisoformat(day)) if day else ""}
    return {
        "fixed": _("%(name)s fixed the walk of %(day)s."),
        "chosen": _("%(name)s chose another place for %(day)s."),
        "released": _("%(name)s let the plan decide about %(day)s again."),
        "drawn": _("%(name)s drew it by the value that was announced."),
        "replanned": _("%(name)s planned it again with what is known now."),
    }.get(what, _("%(name)s planned it.")) % said
