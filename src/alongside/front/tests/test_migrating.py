"""Rows of the version before, with what was pasted into names, are one line after the upgrade."""

from __future__ import annotations

from datetime import date, time

import pytest
from tests.migrating import as_before, up_to_date

from alongside.agencies.models import Agency, Rank
from alongside.core.authored import Words
from alongside.gatherings.models import Gathering
from alongside.places.models import Venue

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]

BEFORE = [
    ("front", "0001_initial"),
    ("gatherings", "0017_addresses_are_subscriptions"),
    ("places", "0002_authored_words"),
]
PASTED, PLAIN = "Main\r\nLibrary\u2028", "Main Library"


def test_names_of_before_become_one_line():
    before = as_before(*BEFORE)
    make = lambda model, **columns: before.get_model(model).objects.create(**columns)  # noqa: E731
    agency = make("agencies.Agency", slug="riverbend", name=PASTED, timezone="UTC")
    for name in (PLAIN, PASTED, "Chief"):
        make("agencies.Rank", agency=agency, name=name, level=1)
    venue = make(
        "places.Venue", agency=agency, public_id="2222222222", name=PASTED, address=PASTED, lat=38, lon=-85
    )
    title = Words.of(f"A walk\nat {PASTED}", language="en", by="Ada").written(
        "Una\tcaminata", language="es", by="Ada"
    )
    when = {"on": date(2026, 5, 1), "at": time(18), "timezone": "UTC"}
    make("gatherings.Gathering", agency=agency, public_id="3333333333", title=title, venue=venue, **when)

    up_to_date()

    assert list(Agency.objects.values_list("name", flat=True)) == [PLAIN]
    assert Venue.objects.values_list("name", "address").get() == (PLAIN, PLAIN)
    kept = Gathering.objects.everywhere().values_list("title", flat=True).get()
    assert {code: (each.text, each.by) for code, each in kept.texts.items()} == {
        "en": ("A walk at Main Library", "Ada"),
        "es": ("Una caminata", "Ada"),
    }
    first, second = Rank.objects.exclude(name="Chief").order_by("pk").values_list("name", flat=True)
    assert first == PLAIN, "what was good stays"
    assert second.startswith(f"{PLAIN} ("), "two of one name stay two"
