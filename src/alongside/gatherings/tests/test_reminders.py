"""Ben left an address: he hears two days before and on the day, by day, once each, and only if it still matters."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from alongside.core import clock
from alongside.gatherings import actions, jobs, reminders
from alongside.gatherings.models import Rsvp, State, Status
from alongside.gatherings.tests.cast import a_gathering, answer, form_key
from alongside.outreach import actions as outreach
from alongside.outreach.models import Mail, Subscription

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def walk(riverbend):
    """In ten days at six in the evening; Ben and a friend come and left an address, Cleo left none."""
    walk = a_gathering(riverbend)
    answer(walk, 2, email="ben@example.org")
    answer(walk)
    Mail.objects.all().delete()
    return walk


@contextmanager
def at(gathering, days, hour, minute=0):
    """So many days before the gathering, at an hour of its own clock."""
    with clock.at(datetime.combine(gathering.on - timedelta(days=days), time(hour, minute), tzinfo=NEW_YORK)):
        yield


def reminded(gathering, days, hour, minute=0):
    """How many reminders leave at that moment."""
    before = Mail.objects.count()
    with at(gathering, days, hour, minute):
        jobs.remind()
    return Mail.objects.count() - before


def test_one_about_two_days_before_and_one_on_the_day(walk):
    sent = [(days, hour) for days in (3, 2, 1, 0) for hour in range(24) if reminded(walk, days, hour)]
    assert sent == [(2, 10), (0, 8)]
    mail = Mail.objects.first()
    assert mail.to == "ben@example.org"
    assert mail.subject.startswith("Reminder: Walk with us in Eastbank")
    assert "2 people" in mail.text
    assert walk.when in mail.text


def test_nobody_is_woken(walk):
    for days in (3, 2, 1, 0):
        for hour in (*range(8), 21, 22, 23):
            assert not reminded(walk, days, hour), (days, hour)


def test_what_begins_early_is_reminded_on_the_evening_before(riverbend):
    breakfast = a_gathering(riverbend, at=time(7, 30))
    answer(breakfast, email="ben@example.org")
    sent = [(days, hour) for days in (3, 2, 1, 0) for hour in range(24) if reminded(breakfast, days, hour)]
    assert sent == [(2, 10), (1, 18)]


def test_a_slot_that_no_worker_saw_is_made_up_by_day_and_not_after(walk):
    assert reminded(walk, 1, 16, 59) == 1
    assert reminded(walk, 1, 16, 59) == 0
    assert reminded(walk, 0, 17, 29) == 1
    late = a_gathering(walk.agency, title="Another")
    answer(late, email="ben@example.org")
    assert reminded(late, 1, 17) == 0
    assert reminded(late, 0, 17, 31) == 0


def test_a_worker_killed_half_way_reminds_the_rest_and_nobody_twice(walk, monkeypatch):
    answer(walk, email="luz@example.org")
    Mail.objects.all().delete()
    real = reminders.letters.tell

    def dies_at_luz(rsvp, *said, **more):
        if rsvp.address.startswith("luz"):
            raise SystemExit
        real(rsvp, *said, **more)

    with at(walk, 2, 10):
        monkeypatch.setattr(reminders.letters, "tell", dies_at_luz)
        with pytest.raises(SystemExit):
            jobs.remind()
        monkeypatch.setattr(reminders.letters, "tell", real)
        jobs.remind()
        jobs.remind()
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["ben@example.org", "luz@example.org"]


def test_who_left_waits_or_hears_of_a_cancellation_is_not_reminded(riverbend, ada):
    hall = a_gathering(riverbend, capacity=2)
    answer(hall, 2, email="ben@example.org")
    assert answer(hall, 1, email="cleo@example.org").state == State.WAITING
    gone = a_gathering(riverbend, title="Another")
    actions.leave(answer(gone, email="ben@example.org"))
    off = a_gathering(riverbend, title="A third")
    answer(off, email="ben@example.org")
    actions.cancel(off, reason="Ice on the paths", by=ada)
    Mail.objects.all().delete()

    for days, hour in ((2, 10), (0, 8)):
        with at(hall, days, hour):
            assert Rsvp.objects.filter(state=State.WAITING).reachable().exists(), (
                "the premise: Cleo could be written to"
            )
            jobs.remind()

    assert set(Mail.objects.values_list("to", flat=True)) == {"ben@example.org"}
    assert all("Walk with us in Eastbank" in mail.subject for mail in Mail.objects.all())
    assert Mail.objects.count() == 2


def test_what_changed_while_the_worker_went_round_is_seen_before_a_mail_is_written(walk, ada):
    """The list was made a moment ago: each is looked at again, with the gathering locked."""
    ben, cleo = walk.rsvps.order_by("pk")
    ahead, _day = reminders.windows(walk)
    with at(walk, 3, 10):
        assert reminders.remind(ben, ahead) is False, "not yet"
    with at(walk, 2, 10):
        assert reminders.remind(cleo, ahead) is False, "she left no address"
        assert reminders.remind(ben, ahead) is True
        assert reminders.remind(ben, ahead) is False, "once"
        Mail.objects.all().delete()
        type(walk).objects.filter(pk=walk.pk).update(status=Status.HELD)
        assert reminders.remind(ben, ahead) is False
        type(walk).objects.filter(pk=walk.pk).update(status=Status.PUBLISHED)
        Rsvp.objects.filter(pk=ben.pk).update(state=State.CANCELLED, ended_at=clock.now())
        assert reminders.remind(ben, ahead) is False, "he does not come"
    assert not Mail.objects.exists()


def test_a_reminder_sleeps_from_half_past_eight_until_eight(walk):
    assert reminded(walk, 2, 20, 30) == 0
    assert reminded(walk, 1, 7, 59) == 0
    assert reminded(walk, 2, 20, 29) == 1


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Honolulu"])
def test_nobody_is_forgotten_where_it_is_another_day_already_or_still(walk, zone):
    type(walk).objects.update(timezone=zone)
    sent = []
    for days, hour in ((2, 9), (2, 10), (0, 7), (0, 17)):
        moment = datetime.combine(walk.on - timedelta(days=days), time(hour), tzinfo=ZoneInfo(zone))
        with clock.at(moment):
            before = Mail.objects.count()
            jobs.remind()
            sent.append(Mail.objects.count() - before)
    assert sent == [0, 1, 0, 1]


def test_who_has_just_answered_is_not_told_again(riverbend):
    walk = a_gathering(riverbend)
    with at(walk, 2, 9):
        answer(walk, email="ben@example.org")
    assert reminded(walk, 2, 10) == 0
    assert reminded(walk, 1, 9) == 1


def test_who_has_just_heard_of_another_day_or_of_a_place_is_not_told_again(walk, ada):
    full = a_gathering(walk.agency, title="Full", on=walk.on, capacity=1)
    answer(full)
    assert answer(full, email="luz@example.org").state == State.WAITING, "the premise"
    Mail.objects.all().delete()
    with at(walk, 2, 9):
        actions.move(walk, at=time(17), reason="It is dark at six", stand_in="Omar", by=ada)
        actions.change(full, capacity=None, by=ada)
    assert {mail.kind for mail in Mail.objects.all()} == {"gatherings.moved", "gatherings.seated"}
    assert reminded(walk, 2, 10) == 0
    assert reminded(walk, 1, 10) == 2


def test_a_reminder_that_still_waits_gives_way_to_the_move(walk, ada):
    with at(walk, 2, 10):
        jobs.remind()
        actions.move(walk, at=time(17), reason="It is dark at six", stand_in="Omar", by=ada)
        outreach.look_at_all()
        (waits,) = Mail.objects.waiting()
    assert waits.kind == "gatherings.moved"


def test_a_walk_that_moves_is_reminded_for_its_new_day(walk, ada):
    assert reminded(walk, 2, 10) == 1
    with at(walk, 2, 12):
        actions.move(walk, on=walk.on + timedelta(days=7), reason="Storm", stand_in="Omar", by=ada)
    Mail.objects.filter(subject__startswith="Moved").delete()
    old = walk.on
    walk.refresh_from_db()
    assert walk.on != old
    assert reminded(walk, 7, 8) == 0  # the old morning
    assert reminded(walk, 2, 10) == 1
    assert reminded(walk, 0, 8) == 1


def test_the_hours_are_those_of_the_gathering_not_of_the_server(elsewhere):
    walk = a_gathering(elsewhere)
    answer(walk, email="ben@example.org")
    assert reminded(walk, 2, 10) == 0  # seven in the morning in Los Angeles
    assert reminded(walk, 2, 13) == 1


def test_one_tap_frees_the_places_and_looking_changes_nothing(walk):
    reminded(walk, 2, 10)
    link = next(row for row in Mail.objects.get().text.splitlines() if row.endswith("/cannot-come/"))
    path = link.removeprefix("http://localhost:8000")
    ben = Client(HTTP_ORIGIN="http://testserver")
    page = ben.get(path)
    assert "We can’t come" in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert Rsvp.objects.get(party=2).state == State.GOING

    ben.post(path.removesuffix("cannot-come/"), {"act": "leave"})

    assert Rsvp.objects.get(party=2).state == State.CANCELLED
    assert "You’re not coming" in ben.get(path).text
    assert reminded(walk, 0, 8) == 0


def test_one_tap_stops_the_mail_and_keeps_the_places(walk):
    reminded(walk, 2, 10)
    path = Mail.objects.get().unsubscribe_url.removeprefix("http://localhost:8000")
    assert path.endswith("/stop-mail/")
    ben = Client(HTTP_ORIGIN="http://testserver")
    assert "Delete my e-mail address now" in ben.get(path).text
    ben.post(path.removesuffix("stop-mail/"), {"act": "forget"})
    assert not Subscription.objects.exists()
    assert Rsvp.objects.get(party=2).state == State.GOING
    assert "We do not write to you any more" in ben.get(path).text
    assert reminded(walk, 0, 8) == 0


def test_eve_guesses_no_link(riverbend):
    for name in ("cannot-come", "stop-mail"):
        assert Client().get(f"/riverbend/answer/{'x' * 32}/{name}/").status_code == 404


def test_luz_is_reminded_in_her_language(riverbend, settings):
    walk = a_gathering(riverbend)
    actions.join(
        walk, party=1, form_key=form_key(), guest=actions.Guest(email="luz@example.org", language="es")
    )
    Mail.objects.all().delete()
    reminded(walk, 2, 10)
    assert " de " in Mail.objects.get().subject  # the day as Spanish says it
