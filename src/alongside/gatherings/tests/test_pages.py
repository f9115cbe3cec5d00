"""What Cleo, who has no account, sees and does."""

import json
import re
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.forms import fresh_key
from alongside.gatherings import actions
from alongside.gatherings.models import Gathering, Rsvp, State
from alongside.gatherings.templatetags.gatherings import numbers_in_words
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.outreach.models import Mail, Subscription

pytestmark = pytest.mark.django_db
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def cleo():
    return Client(**FROM_HERE)


def url(name, thing, *more):
    return reverse(f"gatherings:{name}", args=[thing.agency.slug, thing.public_id, *more])


def send(client, walk, **fields):
    return client.post(url("join", walk), {"party": "2", "form_key": fresh_key(), **fields})


def test_cleo_reads_the_page_and_joins_without_an_account(cleo, riverbend):
    walk = a_gathering(riverbend, venue=a_venue(riverbend))

    page = cleo.get(url("detail", walk))
    assert page.status_code == 200
    assert "Walk with us in Eastbank" in page.text
    assert "Eastbank Library, 12 River Street, By the front steps" in page.text

    landed = cleo.post(url("join", walk), {"party": "3", "form_key": fresh_key()}, follow=True)

    assert landed.redirect_chain
    assert "You’re coming, 3 people" in landed.text
    assert Rsvp.objects.get().party == 3
    page = cleo.get(url("detail", walk)).text
    assert "Nobody is turned away." in page
    assert "3 coming" not in page, "how many is for staff (docs/methods/places.md)"


def test_each_form_shown_has_its_own_key_and_is_kept_nowhere(cleo, riverbend):
    walk = a_gathering(riverbend)
    keys = {
        re.search(r'name="form_key" value="([^"]+)"', cleo.get(url("join", walk)).text)[1] for _ in range(3)
    }
    assert len(keys) == 3
    assert "no-store" in cleo.get(url("join", walk)).headers["Cache-Control"]


def test_a_double_click_is_one_answer(cleo, riverbend):
    walk = a_gathering(riverbend)
    key = fresh_key()
    first = send(cleo, walk, form_key=key)
    second = send(cleo, walk, form_key=key)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Rsvp.objects.count() == 1


def test_the_next_family_on_the_same_page_neither_is_lost_nor_opens_the_first_ones_answer(cleo, riverbend):
    walk, key = a_gathering(riverbend), fresh_key()
    first = send(cleo, walk, form_key=key, name="Ben")
    told = send(cleo, walk, form_key=key, name="Cleo", party="3")
    assert told.status_code == 422
    assert first.url not in told.text
    assert "An answer was sent from this page before" in told.text
    assert 'value="Cleo"' in told.text, "nothing typed is lost"
    anew = re.search(r'name="form_key" value="([^"]+)"', told.text)[1]
    assert anew != key
    second = send(cleo, walk, form_key=anew, name="Cleo", party="3")
    assert second.status_code == 302
    assert [rsvp.name for rsvp in Rsvp.objects.order_by("pk")] == ["Ben", "Cleo"]


@pytest.mark.parametrize(
    ("party", "words"),
    [
        ("0", "At least one person"),
        ("-1", "At least one person"),
        ("1000000000", "up to 20 people"),
        ("", "as a number such as 2"),
        ("two", "as a number such as 2"),
        ("🙂", "as a number such as 2"),
    ],
)
def test_a_number_that_is_no_party_gets_a_plain_sentence(cleo, riverbend, party, words):
    walk = a_gathering(riverbend)
    page = send(cleo, walk, party=party, name="Cleo")
    assert page.status_code == 422
    assert words in page.text
    assert 'value="Cleo"' in page.text  # what was typed stays
    assert not Rsvp.objects.exists()


def test_too_many_words_are_refused_and_kept(cleo, riverbend):
    walk = a_gathering(riverbend)
    needs = "A ride, please. " * 313  # 5,008 characters
    page = send(cleo, walk, access_needs=needs)
    assert page.status_code == 422
    assert "1000" in page.text
    assert needs.strip() in page.text
    assert not Rsvp.objects.exists()


def test_names_with_tags_turned_text_and_emoji_do_no_harm(cleo, ada, client_for, riverbend):
    walk = a_gathering(riverbend)
    send(cleo, walk, name="<script>alert(1)</script>", interpreter="x")
    send(cleo, walk, name="Eve\u202egnp.exe 🙂", interpreter="x")
    refused = send(cleo, walk, name="nul\x00")

    page = client_for(ada).get(url("overview", walk)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "Evegnp.exe 🙂" in page
    assert refused.status_code == 422


def test_a_program_that_fills_in_everything_is_stopped(cleo, riverbend):
    walk = a_gathering(riverbend)
    assert send(cleo, walk, x1="http://spam.example").status_code == 422
    assert not Rsvp.objects.exists()


def test_a_form_from_another_site_is_refused(riverbend):
    walk = a_gathering(riverbend)
    eve = Client(HTTP_ORIGIN="https://evil.example")
    assert send(eve, walk).status_code == 403
    assert not Rsvp.objects.exists()


def test_where_it_is_full_cleo_waits_by_her_own_choice(cleo, riverbend):
    walk = a_gathering(riverbend, capacity=4)
    answer(walk, 3)
    first = send(cleo, walk, party="2", name="Cleo")
    assert first.status_code == 422
    assert "There are not so many places left" in first.text
    assert 'type="checkbox" name="wait"' in first.text
    assert 'value="Cleo"' in first.text
    assert not Rsvp.objects.filter(name="Cleo").exists()

    landed = cleo.post(
        url("join", walk), {"party": "2", "form_key": fresh_key(), "wait": "on", "name": "Cleo"}, follow=True
    )
    assert "You’re on the waiting list, 2 people" in landed.text
    assert "Nobody is before you" in landed.text
    assert "You left no address" in landed.text


def test_a_full_gathering_says_so_before_one_types(cleo, riverbend):
    walk = a_gathering(riverbend, capacity=2)
    answer(walk, 2)
    with clock.at(clock.now() + timedelta(days=1)):
        page = cleo.get(url("join", walk)).text
        assert "Join the waiting list" in page
        assert re.search(r'type="hidden" name="wait" value="on"', page)
        assert "All places taken" in cleo.get(url("detail", walk)).text


def test_who_is_told_in_the_morning_that_it_is_full_has_a_place_that_is_free_now(cleo, riverbend):
    walk = a_gathering(riverbend, capacity=2)
    ben = answer(walk, 2)
    with clock.at(clock.now() + timedelta(days=1)):
        actions.leave(ben)
        assert "Join the waiting list" in cleo.get(url("join", walk)).text
        landed = cleo.post(
            url("join", walk), {"party": "2", "form_key": fresh_key(), "wait": "on"}, follow=True
        )
    assert "You’re coming, 2 people" in landed.text


def test_the_numbers_that_staff_read_add_up(riverbend):
    walk = a_gathering(riverbend, capacity=9)
    answer(walk, 2)
    ben = answer(walk, 6)
    answer(walk, 4)
    answer(walk, 9)
    actions.leave(ben)
    line = "<b>2 coming</b>, 3 places left, 4 offered to the waiting list, 9 waiting."
    assert numbers_in_words(walk.numbers) == line


# -- one's own page ---------------------------------------------------------------------------------
@pytest.fixture
def own_page(riverbend):
    walk = a_gathering(riverbend, capacity=5)
    rsvp, token = actions.join(
        walk, party=2, form_key=fresh_key(), guest=actions.Guest(email="ben@example.org")
    )
    return rsvp, reverse("gatherings:answer", args=["riverbend", token])


def test_looking_at_ones_page_changes_nothing(cleo, own_page):
    _rsvp, page = own_page
    shown = cleo.get(page)
    assert shown.status_code == 200
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert "no-store" in shown.headers["Cache-Control"]
    assert Rsvp.objects.get().state == State.GOING


def test_ben_brings_one_more_then_cannot_come_then_comes_after_all(cleo, own_page):
    _rsvp, page = own_page
    cleo.post(page, {"act": "party", "party": "3"})
    assert Rsvp.objects.get().party == 3
    refused = cleo.post(page, {"act": "party", "party": "6"})
    assert refused.status_code == 422
    assert "only 5 places in all" in refused.text
    cleo.post(page, {"act": "leave"})
    assert Rsvp.objects.get().state == State.CANCELLED
    assert "We’ll come after all" in cleo.get(page).text
    cleo.post(page, {"act": "rejoin"})
    assert Rsvp.objects.get().state == State.GOING


def test_ben_deletes_his_address_and_keeps_his_place(cleo, own_page):
    _rsvp, page = own_page
    assert Subscription.objects.exists()
    assert Mail.objects.waiting().count() == 1, "the premise: a mail waits"
    address = Subscription.objects.get().address
    cleo.post(page, {"act": "forget"})
    assert not Subscription.objects.exists()
    assert not Mail.objects.filter(to=address).exists()
    assert not Mail.objects.waiting().exists()
    assert Rsvp.objects.get().state == State.GOING


def test_a_button_nobody_made_does_nothing(cleo, own_page):
    _rsvp, page = own_page
    assert cleo.post(page, {"act": "publish"}).status_code == 422
    assert cleo.post(page, {}).status_code == 422


def test_eve_cannot_open_an_answer_by_guessing_or_at_another_agency(cleo, own_page, elsewhere):
    _rsvp, page = own_page
    assert cleo.get(page).status_code == 200
    assert cleo.get(page.replace("riverbend", "elsewhere")).status_code == 404
    assert cleo.get(page[:-4] + "xxx/").status_code == 404
    assert cleo.post(page.replace("riverbend", "elsewhere"), {"act": "leave"}).status_code == 404
    assert Rsvp.objects.get().state == State.GOING


# -- who sees what ----------------------------------------------------------------------------------
PUBLIC_PAGES = ["detail", "join", "ics", "flyer", "share", "picture"]


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_a_draft_is_nobodys_and_another_agency_has_no_such_page(cleo, riverbend, elsewhere, name):
    draft, walk = a_draft(riverbend), a_gathering(riverbend)
    assert cleo.get(url(name, walk)).status_code == 200
    assert cleo.get(url(name, draft)).status_code == 404
    assert cleo.get(url(name, walk).replace("riverbend", "elsewhere")).status_code == 404


def test_a_flyer_has_no_empty_heading_where_no_place_is_known(cleo, riverbend):
    walk = a_gathering(riverbend, venue=a_venue(riverbend))
    assert "<h2>" in cleo.get(url("flyer", walk)).text, "the premise: the place stands there"
    Gathering.objects.filter(pk=walk.pk).update(venue=None, meeting_point=Words())
    assert "<h2>" not in cleo.get(url("flyer", walk)).text


def test_a_day_of_a_year_that_is_over_says_its_year(cleo, riverbend):
    walk = a_gathering(riverbend)
    assert str(walk.on.year) not in walk.when
    Gathering.objects.filter(pk=walk.pk).update(on=date(2019, 6, 4), at=time(18))
    assert "Tuesday, June 4, 2019, 6\N{NO-BREAK SPACE}p.m." in cleo.get(url("detail", walk)).text


@pytest.mark.parametrize("name", ["detail", "flyer", "share", "ics", "picture"])
def test_every_stranger_gets_the_same_bytes(riverbend, name):
    walk = a_gathering(riverbend, venue=a_venue(riverbend), capacity=30)
    one, other = Client().get(url(name, walk)), Client().get(url(name, walk))
    assert one.content == other.content
    assert one.headers["ETag"]
    again = Client(HTTP_IF_NONE_MATCH=one.headers["ETag"]).get(url(name, walk))
    assert again.status_code == 304


def test_a_closed_agency_shows_nothing(cleo, riverbend):
    walk = a_gathering(riverbend)
    riverbend.published = False
    riverbend.save(update_fields=["published"])
    for name in PUBLIC_PAGES:
        assert cleo.get(url(name, walk)).status_code == 404
    assert cleo.get("/riverbend/calendar.ics").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(cleo, riverbend, django_assert_num_queries):
    for _ in range(3):
        answer(a_gathering(riverbend, venue=None, capacity=9))
    page = reverse("gatherings:coming", args=["riverbend"])
    cleo.get(page)
    with django_assert_num_queries(3):  # agency, coming, past
        assert cleo.get(page).text.count("Room for more.") == 3


def test_machines_are_told_when_where_and_by_whom(cleo, riverbend):
    venue = a_venue(riverbend, "Library </script><b>")
    walk = a_gathering(riverbend, venue=venue, capacity=30)
    page = cleo.get(url("detail", walk)).text
    said = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])
    assert said["@type"] == "Event"
    assert said["eventStatus"] == "https://schema.org/EventScheduled"
    assert said["organizer"] == {
        "@type": "GovernmentOrganization",
        "name": "Riverbend Police",
        "url": "http://localhost:8000/riverbend/",
    }
    assert said["startDate"].startswith(f"{walk.on}T18:00:00-0")
    assert said["location"]["name"] == venue.name
    assert "remainingAttendeeCapacity" not in said, "a number that changes with each answer"
    assert said["offers"]["availability"] == "https://schema.org/InStock"
    assert said["offers"]["url"].endswith(url("join", walk))
    assert said["isAccessibleForFree"] is True
    assert '<meta property="og:type" content="event">' in page
    image = re.search(r'<meta property="og:image" content="http://localhost:8000([^"]+)"', page)[1]
    assert cleo.get(image).content.startswith(b"\x89PNG")


def test_the_welcome_mail_has_the_facts_and_a_link_that_works(cleo, riverbend):
    walk = a_gathering(riverbend)
    send(cleo, walk, email="ben@example.org")
    letter = Mail.objects.get()
    assert letter.to == "ben@example.org"
    assert walk.when in letter.subject
    link = re.search(r"http://localhost:8000(/riverbend/answer/\S+)", letter.text)[1]
    assert cleo.get(link).status_code == 200
    assert not mail.outbox  # a worker sends it; the page does not wait for a mail server


def test_the_form_and_the_mail_speak_spanish_at_their_address(cleo, riverbend):
    walk = a_gathering(riverbend)
    cleo.post(f"/es{url('join', walk)}", {"party": "1", "form_key": fresh_key(), "email": "luz@example.org"})
    assert Rsvp.objects.get().language == "es"
    assert "/es/riverbend/answer/" in Mail.objects.get().text
