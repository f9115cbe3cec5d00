"""The recap: drawn from what happened, approved by name, on the promised day or said to be late."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.markup import folded

from alongside.core import clock
from alongside.core.authored import Words
from alongside.field import actions, queries
from alongside.field.models import Recap
from alongside.field.tests.cast import a_walk, talk
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.media.models import Picture
from alongside.people.models import Partner, PartnerKind

pytestmark = pytest.mark.django_db
WORDS = "Eighteen neighbors walked with us and talked about the lamps on Oak Street."


@pytest.fixture
def walk(riverbend):
    gathering = a_walk(riverbend)
    with clock.at(gathering.ends + timedelta(hours=2)):
        yield gathering


def after(walk, days):
    return clock.at(walk.ends + timedelta(days=days))


def public(client, walk):
    return client.get(reverse("field:recap", args=[walk.agency.slug, walk.public_id]))


def desk(walk):
    return reverse("field:recap-desk", args=[walk.agency.slug, walk.public_id])


def published(walk, by):
    recap = actions.draft_recap(walk, by=by)
    recap = actions.edit_recap(recap, words=WORDS, minutes=70, partners=[], by=by)
    return actions.publish_recap(actions.approve_recap(recap, by=by), by=by)


def test_from_draft_to_publication_by_the_desk(walk, ada, client, client_for):
    gatherings.mark_held(walk, came=18, by=ada)
    talk(walk, lighting=6, traffic=5)
    browser = client_for(ada)
    browser.post(desk(walk), {"act": "draw"})
    assert WORDS not in public(client, walk).content.decode()
    browser.post(desk(walk), {"act": "save", "words": WORDS, "minutes": "70"})
    browser.post(desk(walk), {"act": "publish"})
    assert not Recap.objects.get().is_published, "nobody has approved it"
    browser.post(desk(walk), {"act": "approve"})
    browser.post(desk(walk), {"act": "publish"})
    page = public(client, walk).content.decode()
    for said in (WORDS, "Ada Coordinator", "Street lights", "6 notes", "70", "18"):
        assert said in page


def test_drawing_again_keeps_what_is_typed_and_not_saved(walk, ada, client_for):
    gatherings.mark_held(walk, came=18, by=ada)
    browser = client_for(ada)
    browser.post(desk(walk), {"act": "draw"})
    browser.post(desk(walk), {"act": "draw", "words": WORDS, "minutes": "1,005"})
    recap = Recap.objects.get()
    assert (str(recap.words), recap.facts["minutes"]) == (WORDS, 1005)
    refused = browser.post(desk(walk), {"act": "draw", "words": WORDS + " More.", "minutes": "none"})
    assert refused.status_code == 422
    assert WORDS + " More." in refused.text


def test_the_day_is_public_before_and_late_is_said(walk, client):
    due = f"{walk.on + actions.RECAP_DAYS:%A, %B}"
    assert f"Recap by {due}" in public(client, walk).content.decode()
    with after(walk, 9):
        assert "It is late" in public(client, walk).content.decode()
    with after(walk, 20):
        assert queries.recap_promise(Gathering.objects.get(pk=walk.pk)).is_late


def test_what_came_late_says_so_for_ever(walk, ada, client):
    with after(walk, 12):
        published(walk, ada)
        assert "came late" in public(client, walk).content.decode()


def test_the_day_is_shown_before_the_walk_too(riverbend, client):
    ahead = a_walk(riverbend)
    assert "Recap by" in public(client, ahead).content.decode()


def test_drafts_and_cancelled_walks_owe_no_recap(riverbend, ada, client):
    called_off = a_walk(riverbend)
    gatherings.cancel(called_off, reason="A storm is coming", by=ada)
    assert public(client, called_off).status_code == 404


def test_a_walk_read_from_a_list_promised_nothing(walk):
    Gathering.objects.filter(pk=walk.pk).update(published_at=walk.starts + timedelta(days=400))
    assert queries.recap_of(Gathering.objects.get(pk=walk.pk)) is None


def test_numbers_alone_are_no_recap(walk, ada):
    recap = actions.draft_recap(walk, by=ada)
    with pytest.raises(actions.RecapRefused):
        actions.approve_recap(recap, by=ada)


def test_only_a_coordinator_or_a_commander_approves(walk, ada, dent, officer, eve, client_for):
    recap = actions.edit_recap(
        actions.draft_recap(walk, by=ada), words=WORDS, minutes=None, partners=[], by=ada
    )
    for stranger in (officer, eve):
        with pytest.raises(actions.RecapRefused):
            actions.approve_recap(recap, by=stranger)
    assert client_for(officer).post(desk(walk), {"act": "approve"}).status_code == 403
    assert actions.approve_recap(recap, by=dent).approved_by == "Major Harvey Dent"


def test_a_change_of_words_asks_for_a_new_approval(walk, ada):
    recap = actions.draft_recap(walk, by=ada)
    recap = actions.edit_recap(recap, words=WORDS, minutes=60, partners=[], by=ada)
    actions.approve_recap(recap, by=ada)
    changed = actions.edit_recap(recap, words=WORDS + " More.", minutes=60, partners=[], by=ada)
    with pytest.raises(actions.RecapRefused):
        actions.publish_recap(changed, by=ada)


def test_what_is_published_stays(walk, ada):
    recap = published(walk, ada)
    talk(walk, lighting=9)
    assert actions.draft_recap(walk, by=ada).facts == recap.facts
    with pytest.raises(actions.NotNow):
        actions.edit_recap(recap, words="Other", minutes=1, partners=[], by=ada)


def test_how_many_came_is_corrected_beside_the_recap_and_not_in_it(walk, ada, client):
    gatherings.mark_held(walk, came=18, by=ada)
    recap = published(walk, ada)
    with pytest.raises(gatherings.ReasonMissing):
        gatherings.mark_held(walk, came=21, by=ada)
    facts = Recap.objects.get(pk=recap.pk).facts
    gatherings.mark_held(walk, came=21, reason="Three came in at the corner.", by=ada)
    page = folded(public(client, walk).content.decode())
    assert "Residents who came: 21. Published was: 18. Three came in at the corner." in page
    assert Recap.objects.get(pk=recap.pk).facts == facts


def test_a_recap_without_a_count_leaves_it_to_be_said(walk, ada):
    gatherings.mark_held(walk, came=None, by=ada)
    published(walk, ada)
    assert gatherings.mark_held(walk, came=21, by=ada).heads_corrected == []


def test_a_recap_and_what_a_photo_shows_are_in_the_readers_language(walk, ada, client, client_for):
    cleared = {"state": "cleared", "published": True, "alt": Words.of("A broken step", language="en")}
    size = {"width": 40, "height": 30, "client_id": uuid.uuid4()}
    Picture.objects.create(agency=walk.agency, origin=str(walk.key), **cleared, **size)
    page, browser = reverse("field:recap", args=["riverbend", walk.public_id]), client_for(ada)
    english, spanish = "Eight of us walked to the lamps.", "Ocho caminamos hasta los faroles."
    with after(walk, 2):
        browser.post(desk(walk), {"act": "draw"})
        sent = {"act": "save", "minutes": "60", "words_en": english, "words_es": spanish}
        for step in (sent, {"act": "approve"}, {"act": "publish"}):
            browser.post(desk(walk), step)
        assert english in client.get(page).text
        shown = client.get(f"/es{page}").text
    assert spanish in shown
    assert english not in shown
    assert 'lang="en" dir="ltr" alt="A broken step"' in shown


def test_each_language_of_a_recap_says_something(walk, ada):
    with after(walk, 2):
        recap = actions.draft_recap(walk, by=ada)
        words = Words.of("Eight of us walked to the lamps.", language="en").written("Bien.", language="es")
        recap = actions.edit_recap(recap, words=words, minutes=60, partners=[], by=ada)
        with pytest.raises(actions.RecapRefused):
            actions.approve_recap(recap, by=ada)
        with pytest.raises(actions.RecapRefused):
            plate = words.written("El carro con placa ABC-1234 y otra vez.", language="es")
            actions.edit_recap(recap, words=plate, minutes=60, partners=[], by=ada)


def test_a_record_does_not_get_out_by_way_of_the_words(walk, ada, client_for):
    actions.draft_recap(walk, by=ada)
    page = client_for(ada).post(desk(walk), {"act": "save", "words": "A man with plate ABC-1234 came along."})
    assert page.status_code == 422
    assert b"license plate" in page.content


def test_partners_are_named_only_where_they_agreed(walk, ada):
    make = Partner.objects.create
    listed = make(agency=walk.agency, name="Eastbank Neighbors", kind=PartnerKind.ASSOCIATION, listed=True)
    quiet = make(agency=walk.agency, name="A Quiet Parish", kind=PartnerKind.CLERGY, listed=False)
    recap = actions.draft_recap(walk, by=ada)
    recap = actions.edit_recap(recap, words=WORDS, minutes=1, partners=[listed, quiet], by=ada)
    assert recap.facts["partners"] == ["Eastbank Neighbors"]


def test_exceptions_are_public_before_the_recap_and_unconfirmed_too(walk, officer, client):
    actions.say_exception(walk, kind="citation", count=1, by=officer)
    page = folded(public(client, walk).content.decode())
    assert "Citation: 1" in page
    assert "Not yet confirmed by a partner" in page


def test_a_page_of_a_recap_asks_seldom(walk, ada, client, django_assert_max_num_queries):
    gatherings.mark_held(walk, came=18, by=ada)
    talk(walk, lighting=6)
    published(walk, ada)
    with django_assert_max_num_queries(10):
        assert public(client, walk).status_code == 200
