"""A gathering for machines: schema.org's Event, as search engines and event sites read it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from alongside.core import spoken
from alongside.core.authored import How, Words
from alongside.core.links import absolute
from alongside.gatherings.models import Gathering
from alongside.gatherings.telling import Room

SCHEMA = "https://schema.org"
# An answer of places.models.Known as schema.org's yes and no; what is not known is not said.
YES_NO = {"yes": True, "no": False}
# What everybody reads of the places, in the words that schema.org has for it. It has a number as well, which is none
# of the public's (docs/methods/places.md).
AVAILABLE = {Room.ENOUGH: "InStock", Room.FEW: "LimitedAvailability", Room.FULL: "SoldOut"}


def event(gathering: Gathering) -> dict[str, Any]:
    """What schema.org calls an Event. Fields with nothing to say are left out."""
    url = absolute(gathering.get_absolute_url())
    said = {
        "@context": SCHEMA,
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": value_of(gathering.title),
        "image": absolute(reverse("gatherings:picture", args=[gathering.agency.slug, gathering.public_id])),
        "description": [value_of(words) for words in (gathering.summary, gathering.access_notes) if words],
        "startDate": gathering.starts.isoformat(),
        "endDate": gathering.ends.isoformat(),
        "previousStartDate": _previous(gathering),
        "eventStatus": f"{SCHEMA}/{_status(gathering)}",
        "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
        "location": _place(gathering),
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": gathering.agency.name,
            "url": absolute(f"/{gathering.agency.slug}/"),
        },
        "inLanguage": [code for code in gathering.languages if code in spoken.NAMES],
        "isAccessibleForFree": True,
        "maximumAttendeeCapacity": gathering.capacity,
        "offers": _places(gathering),
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def value_of(words: Words) -> str | dict[str, str]:
    """Words in the page's language as they are; in another, or by a machine, with the language that they are in."""
    shown = words.shown
    if shown.is_foreign or shown.how == How.MACHINE:
        return {"@value": shown.text, "@language": shown.tag}
    return shown.text


def _status(gathering: Gathering) -> str:
    if gathering.is_cancelled:
        return "EventCancelled"
    return "EventRescheduled" if gathering.previously else "EventScheduled"


def _previous(gathering: Gathering) -> str | None:
    return gathering.previously.isoformat() if gathering.previously else None


def _places(gathering: Gathering) -> dict[str, Any] | None:
    """Whether one can still have one, where there is a number of them."""
    if gathering.room not in AVAILABLE or not gathering.takes_answers:
        return None
    url = absolute(reverse("gatherings:join", args=[gathering.agency.slug, gathering.public_id]))
    return {"@type": "Offer", "url": url, "availability": f"{SCHEMA}/{AVAILABLE[gathering.room]}"}


def _place(gathering: Gathering) -> dict[str, Any]:
    venue = gathering.venue
    if venue is None:
        return {"@type": "Place", "name": value_of(gathering.place), "address": value_of(gathering.place)}
    place = {
        "@type": "Place",
        "name": venue.name,
        "address": venue.address or venue.name,
        "geo": {"@type": "GeoCoordinates", "latitude": venue.lat, "longitude": venue.lon},
    }
    features = [
        {"@type": "LocationFeatureSpecification", "name": name, "value": YES_NO[known]}
        for name, known in (
            ("Step-free", venue.step_free),
            ("Toilets", venue.toilets),
            ("Parking", venue.parking),
        )
        if known in YES_NO
    ]
    return place | ({"amenityFeature": features} if features else {})
