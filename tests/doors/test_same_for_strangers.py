"""A public page is made once for all strangers in a few seconds; nobody gets a page that was made for another."""

import pytest
from django.core.cache import caches
from django.test import Client

from alongside.agencies.models import Agency
from alongside.core.doors import same_for_strangers
from alongside.gatherings.tests import cast
from tests.doors.routes import every_route


@pytest.fixture(autouse=True)
def kept_for_a_while(settings):
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"page_seconds": 60})
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def rename(agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(name="Bend of the River Police")


def test_two_strangers_get_the_same_page_and_a_member_gets_what_is_true_now(riverbend, ada, client_for):
    first = Client().get("/riverbend/")
    rename(riverbend)
    second = Client().get("/riverbend/")
    assert second.content == first.content
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Bend of the River" in client_for(ada).get("/riverbend/").text
    caches["pages"].clear()
    assert "Bend of the River" in Client().get("/riverbend/").text


def test_it_asks_the_database_only_who_the_agency_is(riverbend, django_assert_num_queries):
    Client().get("/riverbend/walks/")
    with django_assert_num_queries(1):
        assert Client().get("/riverbend/walks/").status_code == 200


def test_each_language_and_address_is_kept_apart(riverbend):
    addresses = ("/riverbend/", "/es/riverbend/", "/riverbend/walks/")
    assert len({Client().get(address).content for address in addresses}) == 3


def test_what_a_member_may_preview_is_kept_for_nobody(riverbend, ada, client_for):
    draft = cast.a_draft(riverbend)
    address = f"/riverbend/gatherings/{draft.public_id}/"
    assert client_for(ada).get(address).status_code == 200
    assert Client().get(address).status_code == 404


def test_an_agency_that_closes_is_closed_for_pages_that_are_kept(riverbend):
    assert Client().get("/riverbend/").status_code == 200
    Agency.objects.filter(pk=riverbend.pk).update(published=False)
    assert Client().get("/riverbend/").status_code == 404


def test_a_form_has_a_key_of_its_own_each_time(riverbend):
    gathering = cast.a_gathering(riverbend)
    address = f"/riverbend/gatherings/{gathering.public_id}/join/"
    assert Client().get(address).content != Client().get(address).content


def test_no_page_that_is_kept_holds_a_key(riverbend):
    """Whoever marks a view so: no token or code in its address, and no form key in its page."""
    cast.a_gathering(riverbend)
    kept = [route for route in every_route() if is_kept(route.view)]
    assert len(kept) >= 8, "the premise"
    assert not any({"token", "code"} & set(route.holes) for route in kept)
    for route in kept:
        if set(route.holes) == {"agency"}:
            assert 'name="form_key"' not in Client().get(route.address("riverbend", "")).text


def is_kept(view) -> bool:
    while view is not None:
        if getattr(view, "__code__", None) is marked():
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def marked():
    return same_for_strangers(lambda request: None).__code__
