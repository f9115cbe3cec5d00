"""One of everything at Riverbend, as a draft, with a word in it that must never be seen elsewhere."""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from graphlib import TopologicalSorter
from typing import Any

import shapely
from django.apps import apps
from django.db import models
from model_bakery import baker

from alongside.agencies.models import Agency, AgencyOwned
from alongside.core import clock, ids
from alongside.core.ids import PublicIdField
from tests.doors.routes import UNIQUE

SECRET = "Quillonquay"
SQUARE = shapely.box(-85.70, 38.20, -85.69, 38.21)
TOMORROW = clock.now().date() + timedelta(days=1)

A_ROUTE = {
    "geometry": {"type": "LineString", "coordinates": [[-85.7, 38.2], [-85.69, 38.2], [-85.7, 38.2]]},
    "start": [38.2, -85.7],
    "length_m": 1750.0,
    "minutes": 35.0,
    "street_metres": [{"name": f"{SECRET} Street", "metres": 1750.0}],
    "streets": [f"{SECRET} Street"],
    "reach_covered": 120.0,
    "reach_total": 400.0,
    "bound": 150.0,
    "assumed": False,
    "step_free": {"yes_m": 0.0, "unknown_m": 1750.0, "no_m": 0.0},
    "left_out": [],
    "places": [],
    "cues": [],
}

FINDINGS = {
    "single_sites": [],
    "stability": None,
    "study_area": {"derived": False, "source": SECRET},
    "events": 900,
    "outside": 0,
    "cells_left_out": 0,
    "cells_without_a_name": 0,
    "tested": ["investigation", "enforcement"],
    "banded_by": "residents",
    "average_rate": 40.0,
    "resolution_because": SECRET,
    "cell_edge_m": 200,
    "curve": [[0.0, 0.0], [0.05, 0.4], [1.0, 1.0]],
    "gini": 0.5,
    "share_in_top": 0.4,
    "sensitivity": [],
    "notes": [SECRET],
}

# What a model insists on beyond being filled: constraints between fields, and drafts where there are drafts.
INSISTS: dict[str, dict[str, Any]] = {
    "agencies.Member": {"user": None},
    "places.Area": {
        "kind": "neighborhood",
        "geometry": shapely.to_wkb(SQUARE),
        "west": -85.70,
        "south": 38.20,
        "east": -85.69,
        "north": 38.21,
        "active": False,
    },
    "places.Venue": {
        "lat": 38.2,
        "lon": -85.7,
        "capacity": 40,
        "permission": "missing",
        "permission_by": "",
        "active": False,
    },
    "places.StreetNetwork": {"current": False},
    "people.Partner": {"listed": False},
    "people.Commander": {"until": None},
    "people.Contact": {"email": f"ben@{SECRET.lower()}.example"},
    "outreach.Mail": {"state": "waiting", "sent_at": None, "to": "ben@riverbend.example"},
    "gatherings.Series": {"active": False},
    "gatherings.Gathering": {
        "host_member": None,
        "deputy_member": None,
        "status": "draft",
        "published_at": None,
        "on": TOMORROW,
        "at": time(18, 0),
        "timezone": "America/New_York",
        "page_id": "",
        "previous_on": None,
        "previous_at": None,
        "came": None,
        "walk_ups": None,
    },
    "gatherings.Rsvp": {"party": 2, "state": "going"},
    "gatherings.Import": {"state": "done", "report": {}, "staged": ""},
    "gatherings.Imported": {"said": {}},
    "followthrough.Concern": {
        "state": "received",
        "origin": "",
        "outcome": "",
        "closed_at": None,
        "withheld": "",
        "summary": "",
        "cleared_at": None,
        "redacted_at": None,
        "redacted_because": "",
    },
    "followthrough.Card": {"used_at": clock.now(), "expires_on": None, "origin": ""},
    "followthrough.Rules": {"days": 14},
    "hotspots.Run": {
        "window_from": date(2026, 1, 1),
        "window_to": date(2026, 6, 30),
        "findings": FINDINGS,
        "published_at": None,
    },
    "hotspots.FocusArea": {
        "outline": shapely.to_wkb(SQUARE),
        "rate": None,
        "rate_low": None,
        "rate_high": None,
        "band": 2,
    },
    "hotspots.Criteria": {"version": 1},
    "hotspots.Choice": {"neighborhood": None},
    "hotspots.Petition": {"answer": "", "answered_at": None},
    "rosters.Hosting": {"deputy": None},
    "rosters.Away": {"first": date(2026, 6, 1), "last": date(2026, 6, 8)},
    "rosters.Training": {"done_on": date(2026, 1, 5), "expires_on": None},
    "rosters.PublicBody": {"members": 9, "quorum": 5},
    "rosters.PartnerInvitation": {"party": 2, "thanked": False},
    "cadence.Pause": {"last": None},
    "weather.Thresholds": {"rain_percent": 60, "wind_mph": 30, "heat_f": 95, "cold_f": 20},
    "weather.Alert": {
        "hazard": "official",
        "stage": "days",
        "level": 1,
        "settled_at": None,
        "settled_by": "",
    },
    "weather.Outlook": {"sight": "seen"},
    "field.Pass": {"purpose": "scribe", "partner": None},
    "field.Note": {"held_words": "", "heard_at": clock.now()},
    "field.HeadCount": {"residents": 12, "officers": 3, "partners": 1, "at": clock.now()},
    "media.Picture": {"state": "waiting", "width": 40, "height": 30, "origin": "gathering:2222222222"},
    "field.EnforcementException": {"kind": "stop", "count": 1},
    "field.Recap": {"approved_by": "", "approved_at": None, "published_at": None, "publish_by": TOMORROW},
    "field.QuarterThemes": {"first_day": TOMORROW},
    "season.Rhythm": {"at": time(10, 0)},
    "season.Season": {
        "state": "proposed",
        "follows": None,
        "at": time(10, 0),
        "inputs": {},
        "change": {},
        "coordinator": "",
        "coordinator_at": None,
        "commander": "",
        "commander_at": None,
    },
    "season.Week": {"closed": {}, "because": {}, "alternatives": [], "day": TOMORROW},
    "walks.Walk": {"area": shapely.to_wkb(SQUARE)},
    "walks.Route": {"checked_by": "", "checked_at": None, "plan": A_ROUTE},
}
# Rows that are public from the moment they exist: how we choose, what residents already read, our words for areas.
PUBLIC_AT_ONCE = {"cadence.Pause", "hotspots.Criteria", "hotspots.Choice", "places.AreaLabel"}


def owned_models() -> list[type[models.Model]]:
    """Everything that belongs to an agency, in an order in which what is pointed at is there."""
    owned = sorted(
        (model for model in apps.get_models() if issubclass(model, AgencyOwned)),
        key=lambda model: model._meta.label,
    )
    points = {
        model: [each.related_model for each in model._meta.concrete_fields if each.related_model in owned]
        for model in owned
    }
    itself = {model: [each for each in targets if each is not model] for model, targets in points.items()}
    return list(TopologicalSorter(itself).static_order())


# Their id is a code, made to be shown by whoever holds it.
SHOWN_BY_ITS_HOLDER = {"hotspots.Petition"}


def the_id(agency: Agency) -> str:
    """The one public id that every row here has, so that an address which holds it leads to whatever lies behind."""
    return "".join(random.Random(agency.slug).choices(ids.ALPHABET, k=ids.LENGTH))


def one_of_everything(agency: Agency) -> dict[str, models.Model]:
    """A row of each model. A new model joins by itself; where it insists on something, say so above."""
    made: dict[str, models.Model] = {}
    for model in owned_models():
        label = model._meta.label
        baker.seed(f"{agency.slug} {label}")  # the same words in every run, and others for each agency
        fields = {
            **_words(model, label),
            **_names(model, label, agency),
            **_pointing_at(model, made),
            **INSISTS.get(label, {}),
            "agency": agency,
        }
        made[label] = baker.make(model, **fields)
    return made


def _words(model: type[models.Model], label: str) -> dict[str, Any]:
    """The secret word in each free text, so that a leak of any of them is seen."""
    hidden = label not in PUBLIC_AT_ONCE
    return {
        field.name: f"{SECRET if hidden else 'Plain'} {field.name}"[: field.max_length or 200]
        for field in model._meta.concrete_fields
        if type(field) in {models.CharField, models.TextField} and not field.choices and _is_free(field)
    }


def _names(model: type[models.Model], label: str, agency: Agency) -> dict[str, Any]:
    """What an address calls the row by."""
    if label in SHOWN_BY_ITS_HOLDER:
        return {}
    known = {PublicIdField: the_id(agency), models.UUIDField: UNIQUE}
    return {field.name: known[type(field)] for field in model._meta.concrete_fields if type(field) in known}


def _is_free(field: models.Field) -> bool:
    """Not a digest, a code or a zone: those have a shape of their own."""
    return (
        not field.unique
        and (field.max_length or 200) >= 20
        and not field.name.endswith(("digest", "timezone", "view", "path"))
    )


def _pointing_at(model: type[models.Model], made: dict[str, models.Model]) -> dict[str, Any]:
    return {
        field.name: made[field.related_model._meta.label]
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label in made
    }
