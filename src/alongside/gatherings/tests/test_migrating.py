"""Folders of the versions before keep what they hold when they are brought up to date."""

from datetime import date, time

import pytest
from tests.migrating import as_before, up_to_date

from alongside.gatherings.models import Gathering

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]


def test_what_has_a_walks_page_is_a_walk_again():
    apps = as_before(("gatherings", "0002_other_gatherings"))
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")

    def write(title, **columns):
        apps.get_model("gatherings.Gathering").objects.create(
            agency=agency, title=title, on=date(2026, 6, 4), at=time(18, 0), timezone="UTC", **columns
        )

    page = {"page_view": "walks:detail", "page_id": "wwwwwwwwww"}
    write("a walk", kind="walk", public_id="2222222222", **page)
    write("called a coffee", kind="coffee", public_id="3333333333", **page)
    write("a coffee", kind="coffee", public_id="4444444444")
    up_to_date()
    kinds = dict(Gathering.objects.values_list("title", "kind"))
    assert kinds == {"a walk": "walk", "called a coffee": "walk", "a coffee": "coffee"}
    assert Gathering.objects.filter(page_id="wwwwwwwwww").count() == 2
