"""The public account of the walks: where, when, how many, what was heard, what is promised."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from statistics import median
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry import mapping

from alongside.agencies.models import Agency, User
from alongside.core.svgmap import Map
from alongside.core.tables import Head, Table
from alongside.field.queries import heard
from alongside.followthrough.queries import public_promises
from alongside.gatherings import described, news
from alongside.gatherings.models import Gathering, Status
from alongside.places.models import Area, AreaKind, labels_of
from alongside.program.cadence import Became, Cadence, CadenceWeek, cadence
from alongside.walks.queries import walked_map

SHOWN_PROMISES = 12
DIGITS = 5  # of a degree: about a metre, as boundary files are drawn


def account(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """Everything that the public page of the program says, from one look at its weeks."""
    weeks = cadence(user, agency)
    walks = [walk for week in weeks.weeks for walk in week.walks]
    past = [walk for walk in walks if walk.is_over and not walk.is_cancelled]
    return {
        "cadence": weeks,
        "kept": kept_in_words(weeks),
        "people": people_in_words(past),
        "table": table_of_weeks(agency, weeks),
        "map": _map(user, agency, past),
        "coming": [walk for walk in walks if not walk.is_over],
        "heard": heard(agency, since=weeks.weeks[0].begins) if weeks.weeks else None,
        "promises": public_promises(agency, limit=SHOWN_PROMISES),
        "data": _series(agency, walks) if walks else None,
    }


def kept_in_words(weeks: Cadence) -> str:
    """How often the promise of a walk every week was kept. A number, and no praise."""
    if not weeks.past:
        return ""
    held = ngettext("A walk in %(n)d of", "Walks in %(n)d of", weeks.kept) % {"n": weeks.kept}
    of = ngettext("%(n)d week.", "%(n)d weeks.", len(weeks.past)) % {"n": len(weeks.past)}
    return f"{held} {of}"


def people_in_words(past: list[Gathering]) -> str:
    """How many residents came: the middle and the ends, since an average hides the rainy day."""
    counted = [walk.came for walk in past if walk.came is not None]
    if len(counted) < 3:
        return ""
    return _("Between %(low)d and %(high)d residents came to each, on a usual one about %(middle)d.") % {
        "low": min(counted),
        "high": max(counted),
        "middle": round(median(counted)),
    }


def table_of_weeks(agency: Agency, weeks: Cadence) -> Table:
    """One row a week, the latest first."""
    home = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
    heads = [
        Head(_("Week of")),
        Head(_("What became of it")),
        Head(home),
        Head(_("Residents"), number=True),
        Head(_("Why")),
    ]
    return Table(_("Week by week"), heads, [_row(week, weeks.today) for week in reversed(weeks.weeks)])


def _row(week: CadenceWeek, today: date) -> list[Any]:
    homes = ", ".join(dict.fromkeys(_where(walk) for walk in week.walks))
    reason = week.reason or (_("No reason was given.") if week.owes_a_reason else "")
    came = "" if week.came is None else week.came
    return [_day(week.begins, today), Became(week.became).label, homes, came, reason]


def _day(day: date, today: date) -> str:
    """The year is said where it is not this one."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def _where(walk: Gathering) -> str:
    return walk.neighborhood.name if walk.neighborhood else walk.place


def _map(user: User | AnonymousUser, agency: Agency, past: list[Gathering]) -> Map | None:
    return walked_map(user, agency, past) if past else None


# -- for machines ----------------------------------------------------------------------------------
def _series(agency: Agency, walks: list[Gathering]) -> dict[str, Any]:
    """The program as schema.org's EventSeries. What was cancelled stays in it, and says so."""
    return {
        "@context": described.SCHEMA,
        "@type": "EventSeries",
        "name": _("Peace Walks"),
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": agency.name,
            "url": news.absolute(f"/{agency.slug}/"),
        },
        "isAccessibleForFree": True,
        "subEvent": [_event(walk) for walk in walks],
    }


def _event(walk: Gathering) -> dict[str, str]:
    status = "EventCancelled" if walk.is_cancelled else "EventScheduled"
    return {
        "@type": "Event",
        "@id": news.absolute(walk.get_absolute_url()),
        "name": walk.title,
        "startDate": walk.starts.isoformat(),
        "eventStatus": f"{described.SCHEMA}/{status}",
        "location": _where(walk),
    }


def areas_geojson(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """Whole neighborhoods with the walks in them: GeoJSON, RFC 7946. Nothing finer than a neighborhood leaves."""
    by_home: dict[int, list[Gathering]] = defaultdict(list)
    for week in cadence(user, agency, back=104).weeks:
        for walk in week.walks:
            if walk.neighborhood_id and walk.status in {Status.HELD, Status.PUBLISHED}:
                by_home[walk.neighborhood_id].append(walk)
    homes = Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD)
    return {
        "type": "FeatureCollection",
        "features": [_feature(home, by_home[home.pk], agency.today()) for home in homes],
    }


def _feature(home: Area, walks: list[Gathering], today: date) -> dict[str, Any]:
    past = [walk for walk in walks if walk.is_over]
    coming = [walk for walk in walks if not walk.is_over]
    return {
        "type": "Feature",
        "id": home.public_id,
        "geometry": _rounded(mapping(home.shape)),
        "properties": {
            "name": home.name,
            "walks": len(past),
            "last_walk": max((walk.on for walk in past), default=None),
            "next_walk": min((walk.on for walk in coming), default=None),
            "as_of": today,
        },
    }


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, float):
        return round(geometry, DIGITS)
    if isinstance(geometry, dict):
        return {name: _rounded(value) for name, value in geometry.items()}
    return [_rounded(part) for part in geometry] if isinstance(geometry, list | tuple) else geometry
