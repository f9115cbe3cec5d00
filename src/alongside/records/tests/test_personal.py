"""Whoever holds a link or a code has what we keep of them, and erases it; so has whoever shows an address is theirs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies import holds
from alongside.agencies.models import EVERYTHING, AuditEntry, Erasure
from alongside.core.manifest import follow, personal_kinds
from alongside.followthrough.models import Concern
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Rsvp
from alongside.hotspots.models import Petition
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions import actions as news
from alongside.outreach.subscriptions.models import Subscription
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.records import personal
from alongside.records.tests import cast

pytestmark = pytest.mark.django_db
FROM_HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_HOST": "testserver"}


@pytest.fixture
def ben(riverbend):
    return cast.ben_was_here(riverbend)


@pytest.fixture
def rita(riverbend):
    return cast.rita(riverbend)


def page_of(kind, code, view="yours"):
    return reverse(f"records:{view}", args=["riverbend", kind, code])


@pytest.fixture
def keys(riverbend, ben, ada):
    """A link or a code of each sort that anybody can hold, and a word that stands under it."""
    Subscription.objects.create(
        agency=riverbend,
        topic="program:walk",
        address=cast.BENS,
        language="en",
        confirmed_at=riverbend.created_at,
    )
    reader = news.reader_of(riverbend, Subscription.objects.get(topic="program:walk").reader)
    temple = Partner.objects.create(
        agency=riverbend, name="Temple Hope", kind="clergy", contact_name="Ruth Priest"
    )
    return {
        "concern": (ben["code"], "The lamp is out."),
        "rsvp": (gatherings.new_link(ben["rsvp"]), "Ben Rivers"),
        "petition": (ben["petition"].public_id, "Please come here."),
        "reader": (news._link(reader), cast.BENS),
        "partner": (people.link_partner(temple, by=ada), "Ruth Priest"),
    }


def test_each_sort_of_key_shows_what_is_kept_gives_it_and_erases_it(riverbend, keys):
    client = Client(**FROM_HERE)
    assert set(keys) == {kind for kind, known in personal_kinds().items() if known.behind}, (
        "a key without a door"
    )
    for kind, (code, word) in keys.items():
        assert word in client.get(page_of(kind, code)).text, kind
        given = client.get(page_of(kind, code, "yours-file"))
        assert given.json()["format"] == personal.FORMAT
        assert any(word in said for each in given.json()["kept"] for said in each["said"].values())
        assert word in client.get(page_of(kind, code)).text, "looking changes nothing"
        assert client.post(page_of(kind, code), {"act": "erase"}).status_code == 302, kind
        after = client.get(page_of(kind, code))
        assert word not in after.text, kind
    assert not Concern.objects.exclude(words="").exists()
    assert not Petition.objects.exclude(text="").exists()
    assert not Rsvp.objects.exclude(name="").exists()
    assert not Subscription.objects.exists()
    assert not Partner.objects.exclude(contact_name="").exists()


def test_the_pages_of_each_key_lead_there(riverbend, keys):
    for kind, address in (
        ("concern", reverse("followthrough:page", args=["riverbend", keys["concern"][0]])),
        ("rsvp", reverse("gatherings:answer", args=["riverbend", keys["rsvp"][0]])),
        ("petition", reverse("hotspots:petition", args=["riverbend", keys["petition"][0]])),
        ("reader", reverse("outreach:subscriptions", args=["riverbend", keys["reader"][0]])),
        ("partner", reverse("people:own-entry", args=["riverbend", keys["partner"][0]])),
    ):
        assert page_of(kind, keys[kind][0]) in Client().get(address).text, kind


def test_a_wrong_key_another_agencys_and_no_sort_open_nothing(riverbend, elsewhere, keys):
    client = Client(**FROM_HERE)
    for kind, (code, word) in keys.items():
        other = reverse("records:yours", args=["elsewhere", kind, code])
        for address in (other, page_of(kind, "7K2M-9QDX-4TB8W")):
            answer = client.get(address)
            assert answer.status_code == 404
            assert word not in answer.text
            assert client.post(address, {"act": "erase"}).status_code == 404
    assert client.get(page_of("nothing", "x")).status_code == 404
    assert client.get(page_of("mail", "x")).status_code == 404
    assert Concern.objects.exclude(words="").exists()


def test_on_hold_the_wish_is_noted_and_fulfilled_when_the_hold_ends(
    riverbend, keys, rita, django_capture_on_commit_callbacks
):
    hold = holds.place(riverbend, kind=EVERYTHING, reason="Doe against the city", by=rita)
    client = Client(**FROM_HERE)
    for kind, (code, word) in keys.items():
        for _twice in range(2):
            refused = client.post(page_of(kind, code), {"act": "erase"})
            assert refused.status_code == 422, kind
            assert "The law makes us keep this for now" in refused.text
        assert word in client.get(page_of(kind, code)).text
    assert Erasure.objects.waiting().count() == len(keys)
    other = holds.place(riverbend, kind="hotspots.petitions", reason="Another matter", by=rita)
    with django_capture_on_commit_callbacks(execute=True):
        holds.lift(hold, because="It was settled.", by=rita)
        assert Erasure.objects.waiting().count() == len(keys), "each goes by itself, once the lifting stands"
    assert [each.key for each in Erasure.objects.waiting()] == [f"petition:{keys['petition'][0]}"]
    assert not Concern.objects.exclude(words="").exists()
    with django_capture_on_commit_callbacks(execute=True):
        holds.lift(other, because="It was settled.", by=rita)
    assert not Erasure.objects.waiting().exists()
    assert not Petition.objects.exclude(text="").exists()


def test_an_address_finds_what_was_left_with_it_in_every_room_and_nothing_of_others(riverbend, keys, rita):
    Mail.objects.filter(to="").delete()
    cast.ben_says(riverbend, key="note:77", words="Cleo said something else.")
    Partner.objects.update(email=cast.BENS)
    found = {each.key.kind for each in personal.of_address(riverbend, cast.BENS.upper())}
    assert found == {kind for kind, known in personal_kinds().items() if known.with_address}
    said = str([each.told for each in personal.of_address(riverbend, cast.BENS)])
    assert "Cleo" not in said
    assert personal.of_address(riverbend, "nobody@neighbors.example") == []


def test_rita_looks_up_gives_and_erases_and_is_written_down_without_the_address(
    riverbend, keys, rita, client_for
):
    client, address = client_for(rita), reverse("records:person", args=["riverbend"])
    asked = {"email": cast.BENS, "proof": "Answered from it"}
    assert "The lamp is out." in client.post(address, asked | {"act": "find"}).text
    assert client.post(address, asked | {"act": "download"}).json()["kept"]
    assert client.post(address, {"email": cast.BENS, "act": "erase"}).status_code == 422, "without a proof"
    assert Concern.objects.exclude(words="").exists()
    assert client.post(address, asked | {"act": "erase"}).status_code == 302
    assert "Nothing is kept with this address" in client.post(address, asked | {"act": "find"}).text
    assert not Subscription.objects.filter(address=cast.BENS).exists()
    assert not Mail.objects.filter(to=cast.BENS).exists()
    trail = list(AuditEntry.objects.values_list("verb", "detail"))
    assert {"looked up somebody’s data at", "erased somebody’s data at"} <= {verb for verb, _detail in trail}
    assert cast.BENS not in str(trail)
    assert "Answered from it" not in str(trail)


def test_nobody_else_looks_up(riverbend, ada, eve, client_for):
    address = reverse("records:person", args=["riverbend"])
    assert client_for(ada).get(address).status_code == 403
    assert client_for(eve).get(address).status_code == 404


def test_every_name_in_a_manifest_leads_somewhere():
    for known in personal_kinds().values():
        for dotted in filter(None, (known.told, known.erase, known.behind, known.with_address)):
            assert callable(follow(dotted))
