"""Who asked for a way without steps is not moved to steps by a slip, and hears of it; whatever kind of gathering."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.errors import phrase
from alongside.gatherings import actions, breaking, calendars, hanging, posts
from alongside.gatherings.models import Gathering, Notice, Rsvp
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.jobs import worker
from alongside.outreach.models import Mail
from alongside.places.actions import save_venue
from alongside.places.models import Known, Permission, Venue, VenueKind

pytestmark = pytest.mark.django_db
QUERIES_OF_A_MOVE = 11
WHO = {"reason": "A storm", "stand_in": "Officer Omar"}


def keys_in(page):
    """The value of each box under what breaks."""
    return re.findall(r'name="accepts" value="([^"]+)"', page.text)


def a_place(agency, name, step_free, **words):
    venue = a_venue(agency, name)
    for field, value in {"step_free": step_free, "permission": Permission.GIVEN, **words}.items():
        setattr(venue, field, value)
    venue.save()
    return venue


def now(gathering):
    return Gathering.objects.get(pk=gathering.pk)


@pytest.fixture(params=["walk", "coffee", "listening", "forum"])
def gathering(request, riverbend):
    """Ben asked for a way without steps, Cleo for nothing, and both left an address."""
    gathering = a_gathering(riverbend, kind=request.param, venue=a_place(riverbend, "Library", Known.YES))
    answer(gathering, without_steps=True, email="ben@example.org")
    answer(gathering, email="cleo@example.org")
    Mail.objects.all().delete()
    return gathering


@pytest.fixture
def steps(riverbend):
    return a_place(riverbend, "Shelby Hall", Known.NO)


SAID = "1 person asked for a way without steps; Shelby Hall has steps at the door."


# -- a move asks first --------------------------------------------------------------------------------
def test_a_move_to_steps_is_asked_about_by_what_it_breaks(gathering, steps, ada):
    with pytest.raises(breaking.BreaksAccess) as asked:
        actions.move(gathering, venue=steps, by=ada, **WHO)
    assert [str(each) for each in asked.value.broken] == [SAID]
    assert now(gathering).venue.name == "Library", "nothing has happened"
    assert not Mail.objects.exists()
    actions.move(gathering, venue=steps, by=ada, accepts=[asked.value.broken[0].key], **WHO)
    assert now(gathering).venue == steps


def test_who_asks_meanwhile_is_asked_about_anew(gathering, steps, ada):
    with pytest.raises(breaking.BreaksAccess) as asked:
        actions.move(gathering, venue=steps, by=ada, **WHO)
    answer(gathering, without_steps=True)
    with pytest.raises(breaking.BreaksAccess, match="2 people asked for a way without steps"):
        actions.move(gathering, venue=steps, by=ada, accepts=[asked.value.broken[0].key], **WHO)


def test_a_place_without_steps_and_another_hour_are_not_asked_about(gathering, riverbend, ada):
    actions.move(gathering, at=time(17), by=ada, **WHO)
    actions.move(gathering, venue=a_place(riverbend, "Center", Known.YES), by=ada, **WHO)
    assert now(gathering).venue.name == "Center"
    with pytest.raises(breaking.BreaksAccess) as asked:
        actions.move(gathering, venue=a_place(riverbend, "Barn", Known.UNKNOWN), by=ada, **WHO)
    assert "nobody has written down whether Barn has any" in str(asked.value.broken[0])


def test_what_was_arranged_and_what_was_said_in_words_is_asked_about_too(riverbend, steps, ada):
    walk = a_gathering(riverbend, venue=a_place(riverbend, "Library", Known.YES))
    luz = answer(walk, interpreter="Spanish", access_needs="A chair")
    actions.arrange(luz, by=ada)
    with pytest.raises(breaking.BreaksAccess) as asked:
        actions.move(walk, venue=steps, by=ada, **WHO)
    words, interpreter = (str(each) for each in asked.value.broken)
    assert "told us in words what they need" in words
    assert "an interpreter was found for the old time and place" in interpreter
    assert "chair" not in words, "how many, and never what"


def test_the_page_names_it_with_a_box_to_tick_and_tells_nobodys_name(gathering, steps, dent, client_for):
    """A commander may move it and may not see who asked."""
    Rsvp.objects.filter(without_steps=True).update(name="Benedict")
    url = reverse("gatherings:move", args=["riverbend", gathering.public_id])
    sent = {
        "on": str(gathering.on),
        "at": "18:00",
        "venue": steps.pk,
        "reason": "A storm",
        "stand_in": "Omar",
    }
    desk = client_for(dent)
    assert SAID not in desk.get(url).text
    asked = desk.post(url, sent)
    assert asked.status_code == 422
    assert SAID in asked.text
    assert "Benedict" not in asked.text
    (key,) = keys_in(asked)
    assert "checked" not in asked.text.split('name="accepts"')[1].split(">")[0]
    assert desk.post(url, sent | {"accepts": ["steps:9:no"]}).status_code == 422
    assert desk.post(url, sent | {"accepts": [key]}).status_code == 302
    assert now(gathering).venue == steps


def test_a_tick_holds_for_the_place_the_hour_and_the_people_it_was_asked_for(
    gathering, steps, riverbend, ada, client_for
):
    """Whatever is changed in the form beside a tick, and whoever takes another's place: it is asked about anew."""
    url = reverse("gatherings:move", args=["riverbend", gathering.public_id])
    desk = client_for(ada)
    sent = {"on": str(gathering.on), "at": "18:00", "venue": steps.pk, **WHO}
    (key,) = keys_in(desk.post(url, sent))
    others = {
        "venue": a_place(riverbend, "Grange", Known.NO).pk,
        "at": "19:00",
        "on": str(gathering.on + timedelta(1)),
    }
    for name, value in others.items():
        again = desk.post(url, sent | {name: value, "accepts": [key]})
        assert again.status_code == 422, name
        assert keys_in(again) != [key], name
    gathering.rsvps.filter(without_steps=True).update(without_steps=False)
    answer(gathering, without_steps=True)
    assert desk.post(url, sent | {"accepts": [key]}).status_code == 422, "one left, and another asked"
    assert now(gathering).venue.name == "Library"


def test_another_venue_that_is_called_the_same_is_another_place(gathering, riverbend, ada):
    twin = a_place(riverbend, "Library, 12 River Street", Known.NO, address="")
    before = gathering.place.original
    with pytest.raises(breaking.BreaksAccess, match="has steps at the door"):
        actions.move(gathering, venue=twin, by=ada, **WHO)
    twin.step_free = Known.YES
    twin.save()
    actions.move(gathering, venue=twin, by=ada, **WHO)
    assert now(gathering).place.original == before, "the premise"


def test_two_places_of_a_series_have_a_box_each(riverbend, ada):
    series = actions.set_series(riverbend, by=ada, kind="coffee", name="Coffee", weekday=3)
    walks = [
        a_gathering(
            riverbend, kind="coffee", series=series, venue=a_place(riverbend, f"Hall {number}", Known.NO)
        )
        for number in range(2)
    ]
    broken = []
    for walk in walks:
        answer(walk, without_steps=True)
        elsewhere = hanging.Standing(walk.on, walk.at, Words.made(phrase("Elsewhere")), None)
        broken += breaking.broken_by(walk, elsewhere)
    with pytest.raises(breaking.BreaksAccess) as asked:
        breaking.must_be_accepted(broken, [broken[0].key])
    assert len({each.key for each in asked.value.broken}) == 2


def test_a_series_is_asked_about_once_for_all_of_its_dates(riverbend, steps, ada, client_for):
    series = actions.set_series(riverbend, by=ada, kind="coffee", name="Coffee", weekday=3)
    library = a_place(riverbend, "Library", Known.YES)
    today = riverbend.today()
    thursday = today + timedelta(days=(3 - today.weekday()) % 7 + 7)
    for week in range(2):
        each = a_gathering(
            riverbend, kind="coffee", series=series, venue=library, on=thursday + week * timedelta(7)
        )
        answer(each, without_steps=True, email=f"{week}@example.org")
    a_draft(riverbend, series=series, venue=library, on=thursday + timedelta(14))
    url = reverse("gatherings:series-dates", args=["riverbend", series.public_id])
    sent = {"venue": steps.pk, "reason": "The library is closed", "stand_in": "Omar"}
    asked = client_for(ada).post(url, sent)
    assert asked.status_code == 422
    assert "2 people asked for a way without steps; Shelby Hall has steps at the door." in asked.text
    assert {each.venue for each in series.gatherings.all()} == {library}
    assert client_for(ada).post(url, sent | {"accepts": keys_in(asked)}).status_code == 302
    assert {each.venue for each in series.gatherings.all()} == {steps}


# -- and people hear of it ----------------------------------------------------------------------------
def moved(gathering, venue, ada):
    """Moved, once whatever breaks was read."""
    with pytest.raises(breaking.BreaksAccess) as asked:
        actions.move(gathering, venue=venue, by=ada, **WHO)
    gathering = now(gathering)
    actions.move(gathering, venue=venue, by=ada, accepts=[each.key for each in asked.value.broken], **WHO)
    return now(gathering)


def test_everybody_reads_before_and_after_and_who_asked_reads_what_it_is_to_them(gathering, steps, ada):
    after = moved(gathering, steps, ada)
    ben, cleo = Mail.objects.get(to="ben@example.org").text, Mail.objects.get(to="cleo@example.org").text
    for text in (ben, cleo):
        assert "Step-free from the street: before: Yes; now: No" in text
    assert "You asked for a way without steps: there are steps at the door." in ben
    assert "You asked" not in cleo
    page = Client().get(reverse("gatherings:detail", args=["riverbend", after.public_id])).text
    assert "<s>Yes</s>" in page
    flyer = Client().get(reverse("gatherings:flyer", args=["riverbend", after.public_id])).text
    assert "<s>Yes</s>" in flyer
    assert "before: Yes" in posts.long(after)
    assert b"before: Yes" in calendars.calendar(after.agency, [after], name="All", key="all")
    with translation.override("es"):
        assert "antes: Sí; ahora: No" in posts.long(after)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Known.NO, "You asked for a way without steps: there are steps at the door."),
        (Known.UNKNOWN, "You asked for a way without steps: we do not know yet whether there are any"),
    ],
)
def test_at_another_place_who_asked_reads_of_steps_also_where_as_much_is_known_of_both(
    riverbend, ada, known, said
):
    walk = a_gathering(riverbend, venue=a_place(riverbend, "Old mill", known))
    answer(walk, without_steps=True, email="ben@example.org")
    answer(walk, email="cleo@example.org")
    Mail.objects.all().delete()
    moved(walk, a_place(riverbend, "Barn", known), ada)
    assert said in " ".join(Mail.objects.get(to="ben@example.org").text.split())
    assert "You asked" not in Mail.objects.get(to="cleo@example.org").text
    Mail.objects.all().delete()
    actions.move(now(walk), at=time(17), by=ada, **WHO)
    assert "You asked" not in Mail.objects.get(to="ben@example.org").text, "it is the same door"


def test_who_is_moved_to_a_venue_called_the_same_hears_of_its_steps(gathering, riverbend, ada, post_office):
    moved(gathering, a_place(riverbend, "Library, 12 River Street", Known.NO, address=""), ada)
    worker.drain()
    told = [message for _from, to, message in post_office.taken if "ben@example.org" in to]
    assert "there are steps at the door" in " ".join(str(told[-1]).split())


def test_moved_back_there_is_nothing_to_say(gathering, steps, ada):
    after = moved(gathering, steps, ada)
    library = Venue.objects.get(name="Library")
    actions.move(after, venue=library, by=ada, **WHO)
    assert now(gathering).previous_access == {}
    assert now(gathering).access_changes == []


def test_of_two_moves_in_one_night_the_letter_compares_with_what_was_known(
    riverbend, steps, ada, post_office
):
    walk = a_gathering(riverbend, venue=a_place(riverbend, "Library", Known.YES))
    answer(walk, without_steps=True, email="ben@example.org")
    worker.drain()
    with clock.at(datetime.combine(riverbend.today(), time(23), tzinfo=riverbend.zone)):
        barn = a_place(riverbend, "Barn", Known.UNKNOWN)
        moved(moved(walk, barn, ada), steps, ada)
        worker.drain()
        assert len(post_office.taken) == 1, "the welcome: the rest waits for the morning"
    with clock.at(datetime.combine(riverbend.today() + timedelta(1), time(9), tzinfo=riverbend.zone)):
        worker.drain()
    (letter,) = [message for _from, _to, message in post_office.taken[1:]]
    part = letter.get_payload(0) if letter.is_multipart() else letter
    assert "before: Yes; now: No" in part.get_payload(decode=True).decode()


# -- a place is put right -----------------------------------------------------------------------------
def test_whoever_relies_on_a_place_hears_that_it_has_steps_and_nobody_else_does(gathering, ada):
    venue = gathering.venue
    venue.step_free = Known.NO
    save_venue(venue, by=ada)
    (mail,) = Mail.objects.all()
    assert mail.to == "ben@example.org"
    assert "Step-free from the street: before: Yes; now: No" in mail.text
    assert Notice.objects.get().told == 1
    page = Client().get(reverse("gatherings:detail", args=["riverbend", gathering.public_id])).text
    assert "Access at the place is not as we said." in page


def test_who_asked_in_words_hears_of_toilets_and_a_draft_tells_nobody(riverbend, ada):
    library = a_place(riverbend, "Library", Known.YES, toilets=Known.YES)
    answer(a_gathering(riverbend, venue=library), access_needs="A toilet near by", email="ben@example.org")
    a_draft(riverbend, venue=library)
    Mail.objects.all().delete()
    library.toilets = Known.NO
    save_venue(library, by=ada)
    assert "Toilets: before: Yes; now: No" in Mail.objects.get().text
    assert Gathering.objects.exclude(previous_access={}).count() == 1


def test_a_slip_that_is_put_right_before_anybody_heard_is_not_told(riverbend, ada, post_office):
    library = a_place(riverbend, "Library", Known.YES)
    answer(a_gathering(riverbend, venue=library), without_steps=True, email="ben@example.org")
    worker.drain()
    with clock.at(datetime.combine(riverbend.today(), time(23), tzinfo=riverbend.zone)):
        for known in (Known.NO, Known.YES):
            library.step_free = known
            save_venue(library, by=ada)
    with clock.at(datetime.combine(riverbend.today() + timedelta(1), time(9), tzinfo=riverbend.zone)):
        worker.drain()
    assert len(post_office.taken) == 1, "the welcome"


# -- what people say ----------------------------------------------------------------------------------
def test_a_way_without_steps_is_asked_for_on_the_form_and_forgotten_with_the_rest(riverbend):
    walk = a_gathering(riverbend)
    rsvp = answer(walk, without_steps=True)
    assert rsvp.asks_for_something
    with clock.at(walk.ends + timedelta(days=riverbend.contact_retention_days + 1)):
        actions.forget()
    assert not Rsvp.objects.get().without_steps


# -- places to move to --------------------------------------------------------------------------------
def test_places_to_move_to_come_in_order_and_each_says_what_one_must_know(riverbend, ada, client_for):
    walk = a_gathering(riverbend, venue=a_place(riverbend, "Gate", Known.YES, kind=VenueKind.OUTDOOR))
    answer(walk, 12)
    a_place(riverbend, "Steps here", Known.NO)
    a_place(riverbend, "Far and flat", Known.YES, lat=38.258)
    a_place(riverbend, "Small and flat", Known.YES, lat=38.2505, capacity=5)
    a_place(riverbend, "Near and flat", Known.YES, lat=38.251, capacity=50)
    a_place(riverbend, "Nobody asked", Known.YES, lat=38.2504, permission=Permission.MISSING)
    a_place(riverbend, "Nobody looked", Known.UNKNOWN)
    a_place(riverbend, "Another county", Known.YES, lat=38.9)
    page = client_for(ada).get(reverse("gatherings:move", args=["riverbend", walk.public_id]))
    (_none, _empty), (_near, first), (_more, rest) = page.context["form"].fields["venue"].choices
    names = [label.split(" · ")[0] for _value, label in first]
    assert names == [
        "Gate", "Near and flat", "Nobody asked", "Small and flat", "Far and flat", "Nobody looked", "Steps here",
    ]  # fmt: skip
    said = {label.split(" · ")[0]: label for _value, label in [*first, *rest]}
    assert said["Near and flat"] == "Near and flat · 360 ft away · step-free · indoors · room for 50"
    assert said["Small and flat"].endswith("room for 5 · 12 come")
    assert said["Nobody asked"].endswith("owner has not said yes")
    assert "steps at the door" in said["Steps here"]
    assert [label.split(" · ")[0] for _value, label in rest] == ["Another county"]


def test_two_gates_of_one_name_are_told_apart(riverbend, ada, client_for):
    for address in ("1 Elm Street", "90 Oak Street"):
        venue = a_venue(riverbend, f"Park gate {address}")
        venue.name, venue.address = "Park gate", address
        venue.save()
    page = client_for(ada).get(reverse("gatherings:plan", args=["riverbend"])).text
    assert "Park gate · 1 Elm Street" in page
    assert "Park gate · 90 Oak Street" in page


def test_the_list_of_places_costs_the_same_however_long_it_is(
    riverbend, ada, client_for, django_assert_num_queries
):
    walk = a_gathering(riverbend, venue=a_place(riverbend, "Gate", Known.YES))
    url = reverse("gatherings:move", args=["riverbend", walk.public_id])
    desk = client_for(ada)
    desk.get(url)
    for places in (1, 30):
        for number in range(places):
            a_place(riverbend, f"Hall {places}.{number}", Known.YES, lat=38.25 + number / 1000)
        with django_assert_num_queries(QUERIES_OF_A_MOVE):
            desk.get(url)
