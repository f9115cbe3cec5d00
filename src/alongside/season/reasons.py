"""A season's weeks in plain sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from alongside.agencies import audit
from alongside.core import formats, measures
from alongside.core.authored import Words
from alongside.core.tables import number
from alongside.hotspots.models import Band
from alongside.places.models import labels_of
from alongside.season.models import Season, Week

FELT = 0.005  # points: what is less decided nothing
A_WEEK_LOST = 4.0  # points: so much is lost only where a week stays empty, or loses its roof
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


def _weighed(week: Week) -> list[str]:
    terms = week.because.get("terms", {})
    said = [
        (terms.get("need", 0.0), _need(week)),
        (terms.get("requests", 0.0), _requests(week)),
        (terms.get("waiting", 0.0), _waited(week)),
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


def _drawn(week: Week) -> list[str]:
    others = week.because.get("drawn", [])
    if not others or week.fixed:
        return []
    return [
        _("Its place in the order was drawn, among areas alike: %(names)s.") % {"names": ", ".join(others)}
    ]


def _roof(week: Week) -> list[str]:
    if not week.indoor:
        return []
    if week.needs_roof:
        ask = week.because.get("ask")
        if not ask:
            return [
                _("It is a winter month, and no indoor place may be used yet: find one, or choose outdoors.")
            ]
        return [
            _(
                "It is a winter month, and no indoor place may be used yet: ask the owner of %(venue)s, or choose "
                "outdoors."
            )
            % {"venue": ask}
        ]
    away = measures.distance(1000 * (week.because.get("km") or 0.0), week.agency.units)
    said = [
        _("Under a roof, at %(venue)s: %(away)s away, where people from here come.")
        % {"venue": week.venue_name, "away": away}
    ]
    if not week.because.get("hours_read") and not week.is_published:
        said.append(_("Check that it is open: its hours are not known in a form we can read."))
    return said


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
    said = price_of(cost)
    return said if each["exact"] else _("at the most %(price)s") % {"price": said}


def price_of(cost: float) -> str:
    """A loss in points, said in walks. Below nothing: the week was fixed to less than the best."""
    if cost >= A_WEEK_LOST:
        return _("a week without a walk, or without a roof")
    if cost <= -FELT:
        return _("nothing: the season gains %(gain)s of a walk") % {"gain": _percent(-cost)}
    if cost < FELT:
        return _("nothing to speak of")
    return _("%(cost)s of a walk") % {"cost": _percent(cost)}


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
        "replanned": _("%(name)s planned it again with what is known now."),
    }.get(what, _("%(name)s planned it.")) % said
