"""Ben looks up his neighborhood: when they come next, what was promised there, and who answers for it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alongside.core import clock
from alongside.field.models import Recap
from alongside.followthrough import actions as followthrough
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_draft, a_gathering
from alongside.hotspots.models import Petition, PetitionKind
from alongside.people import actions as people
from alongside.people.models import Partner, PartnerKind
from alongside.places.models import Area, AreaKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(riverbend):
    return town(riverbend)


@pytest.fixture
def eastbank(homes):
    return homes["Eastbank"]


def page_of(area, language=""):
    address = reverse("front:neighborhood", args=[area.agency.slug, area.public_id])
    return Client().get(f"{language}{address}")


def walked(agency, home, *, ago):
    """A walk that took place."""
    walk = a_draft(agency, neighborhood=home)
    Gathering.objects.filter(pk=walk.pk).update(
        status=Status.HELD, on=agency.today() - timedelta(days=ago), published_at=clock.now()
    )
    return Gathering.objects.get(pk=walk.pk)


def promised(agency, home, user, key="note:1", heard=40):
    concern = ben_says(
        agency, key=key, neighborhood=home, heard_on=agency.today() - timedelta(days=heard)
    ).concern
    due = agency.today() + timedelta(days=9)
    followthrough.assign(concern, owner=member(user, agency), due=due, by=user)
    return followthrough.clear(concern, summary=f"Light {key} is out.", by=user)


# -- what stands there ----------------------------------------------------------------------------------
def test_ben_reads_what_concerns_his_neighborhood(riverbend, homes, eastbank, ada, dent):
    following = a_gathering(riverbend, neighborhood=eastbank)
    elsewhere_in_town = a_gathering(
        riverbend, title="Walk with us in Mill Row", neighborhood=homes["Mill Row"]
    )
    walked(riverbend, eastbank, ago=30)
    promised(riverbend, eastbank, ada)
    promised(riverbend, homes["Mill Row"], ada, key="note:2")
    people.give_command(homes["First"], to=member(dent, riverbend), since=riverbend.today(), by=ada)
    words = page_of(eastbank).text.replace("\N{NO-BREAK SPACE}", " ")
    assert following.get_absolute_url() in words
    assert elsewhere_in_town.get_absolute_url() not in words
    assert "0 kept · 0 late · 1 open" in words
    assert "Light note:1 is out." in words
    assert "Light note:2 is out." not in words
    assert "Major Harvey Dent" in words
    assert f"?neighborhood={eastbank.public_id}" in words
    assert f"?about=area:{eastbank.public_id}" in words
    assert "When we were here" in words


def test_a_neighborhood_of_which_nothing_is_known_draws_the_empty_thing(eastbank):
    words = page_of(eastbank).text
    assert "We have no date here on the calendar." in words
    assert "Nothing is promised in public for Eastbank yet." in words
    assert "We have not met in Eastbank yet." in words
    assert "Nobody is named yet who commands here." in words
    assert "Police involvement" not in words, "no run was published: nothing is said of it"


def test_what_was_called_off_is_said_and_nobody_is_asked_to_come(riverbend, eastbank):
    walk = a_gathering(riverbend, neighborhood=eastbank)
    Gathering.objects.filter(pk=walk.pk).update(status=Status.CANCELLED, change_reason="Ice on the pavement.")
    words = page_of(eastbank).text
    assert "Ice on the pavement." in words
    assert reverse("gatherings:join", args=["riverbend", walk.public_id]) not in words


def test_only_partners_who_agreed_are_named(riverbend, eastbank):
    for name, listed in (("Grace United", True), ("Quiet House", False)):
        Partner.objects.create(
            agency=riverbend, name=name, kind=PartnerKind.CLERGY, listed=listed, phone="555 0100"
        ).areas.set([eastbank])
    words = page_of(eastbank).text
    assert "Grace United" in words
    assert "Quiet House" not in words
    assert "555 0100" not in words


def asked(agency, area, n, *, kind=PetitionKind.WALK, ago=40, **more):
    return Petition.objects.create(
        agency=agency,
        kind=kind,
        neighborhood=area,
        text="My own words",
        form_digest=f"{n:064d}",
        received_at=clock.now() - timedelta(days=ago),
        **more,
    )


def test_petitions_show_what_became_of_them_and_never_who_or_how_few(riverbend, eastbank):
    asked(riverbend, eastbank, 1, answer="Yes.", answered_at=clock.now())
    words = page_of(eastbank).text
    assert "Somebody asked for a walk here within a year." in words
    assert "Not all are answered yet" not in words
    assert "My own words" not in words
    for n in range(2, 8):
        asked(riverbend, eastbank, n)
    words = page_of(eastbank).text
    assert "At least 5 people asked for a walk here within a year." in words
    assert "Not all are answered yet" in words
    asked(riverbend, eastbank, 9, kind=PetitionKind.LABEL)
    assert "It waits for our answer" in page_of(eastbank).text


def test_whoever_sees_ben_write_today_does_not_read_of_it_tomorrow(riverbend, eastbank):
    asked(riverbend, eastbank, 1, ago=1)
    assert "Somebody asked" not in page_of(eastbank).text


# -- which pages there are ------------------------------------------------------------------------------
def test_a_division_an_old_one_and_another_agencys_have_no_page(riverbend, elsewhere, homes, eastbank):
    assert page_of(eastbank).status_code == 200
    assert page_of(homes["First"]).status_code == 404, "only neighborhoods have pages"
    other = reverse("front:neighborhood", args=["elsewhere", eastbank.public_id])
    assert Client().get(other).status_code == 404
    Area.objects.filter(pk=eastbank.pk).update(active=False)
    assert page_of(eastbank).status_code == 404


def test_before_an_agency_is_open_only_its_own_see_it(riverbend, eastbank, ada, client_for):
    riverbend.published = False
    riverbend.save(update_fields=["published"])
    assert page_of(eastbank).status_code == 404
    address = reverse("front:neighborhood", args=["riverbend", eastbank.public_id])
    assert client_for(ada).get(address).status_code == 200


# -- the list -------------------------------------------------------------------------------------------
def test_all_stand_by_the_alphabet_with_the_next_date_and_are_found_without_a_script(riverbend, homes):
    a_gathering(riverbend, neighborhood=homes["Mill Row"])
    square = Area.columns_of(homes["Eastbank"].shape)
    Area.objects.create(agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="Ébène Park", **square)
    page = reverse("front:neighborhoods", args=["riverbend"])
    words = Client().get(page).text
    assert words.index("Eastbank") < words.index("Ébène Park") < words.index("Mill Row")
    assert words.count("next on") == 1
    assert "First" not in words, "a division is none"
    found = Client().get(page, {"q": "ebene"}).text
    assert "Ébène Park" in found
    assert "Mill Row" not in found
    none = Client().get(page, {"q": "<script>"}).text
    assert "No name holds “&lt;script&gt;”" in none


def test_an_agency_without_neighborhoods_says_where_dates_are(riverbend):
    words = Client().get(reverse("front:neighborhoods", args=["riverbend"])).text
    assert "No neighborhoods are drawn yet" in words
    assert 'type="search"' not in words


# -- where its name leads there -------------------------------------------------------------------------
def test_wherever_a_neighborhood_is_named_its_name_leads_there(riverbend, eastbank, ada):
    walk = walked(riverbend, eastbank, ago=10)
    coming = a_gathering(riverbend, neighborhood=eastbank, kind="coffee")
    promised(riverbend, eastbank, ada)
    Recap.objects.create(
        agency=riverbend,
        gathering=walk,
        publish_by=riverbend.today(),
        approved_at=clock.now(),
        approved_by="Ada",
        published_at=clock.now(),
    )
    here = f'href="{reverse("front:neighborhood", args=["riverbend", eastbank.public_id])}"'
    for page in (
        reverse("front:home", args=["riverbend"]),  # the map, its table, and the promise
        reverse("season:program", args=["riverbend"]),
        coming.get_absolute_url(),
        reverse("field:recap", args=["riverbend", walk.public_id]),
    ):
        assert here in Client().get(page).text, page


def test_its_feed_holds_its_own_dates_and_no_others(riverbend, homes, eastbank):
    a_gathering(riverbend, title="Coffee in Eastbank", neighborhood=eastbank)
    a_gathering(riverbend, title="Coffee in Mill Row", neighborhood=homes["Mill Row"])
    feed = Client().get(reverse("gatherings:area-rss", args=["riverbend", eastbank.public_id]))
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert "Coffee in Eastbank" in feed.text
    assert "Coffee in Mill Row" not in feed.text


def test_whoever_comes_from_the_page_need_not_choose_where(riverbend, homes, eastbank):
    form = Client().get(reverse("hotspots:ask", args=["riverbend"]), {"neighborhood": eastbank.public_id})
    assert f'<option value="{eastbank.pk}" selected>' in form.text
    odd = Client().get(reverse("hotspots:ask", args=["riverbend"]), {"neighborhood": "../../etc"})
    assert odd.status_code == 200
    assert "selected>Eastbank" not in odd.text


# -- what it costs --------------------------------------------------------------------------------------
def test_it_costs_as_much_for_much_as_for_little(riverbend, homes, eastbank, ada):
    def queries():
        page_of(eastbank)
        with CaptureQueriesContext(connection) as asked_for:
            page = page_of(eastbank)
        return len(asked_for), len(page.content)

    def lived(first, last):
        for n in range(first, last):
            a_gathering(riverbend, neighborhood=eastbank, on=riverbend.today() + timedelta(days=n + 3))
            walked(riverbend, eastbank, ago=n + 10)
            promised(riverbend, eastbank, ada, key=f"note:{n}")

    lived(0, 2)
    little, short = queries()
    lived(2, 6)
    much, long = queries()
    assert long > short, "the premise"
    assert little == much == 24
