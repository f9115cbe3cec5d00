"""A walk goes on past midnight, and one of this morning is over at noon: moments, where a day is too coarse."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings import actions, calendars, jobs
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer
from alongside.outreach.models import Subscription

pytestmark = pytest.mark.django_db


def at_night(walk, hour, minute=0, *, days=0):
    """So late by the clock where it is, so many days after the day on which it begins."""
    moment = datetime.combine(
        walk.on + timedelta(days=days), time(hour, minute), tzinfo=ZoneInfo(walk.timezone)
    )
    return clock.at(moment)


@pytest.fixture
def night_walk(riverbend):
    return a_gathering(riverbend, at=time(22, 30), minutes=240)


@pytest.mark.parametrize("zone", ["America/Anchorage", "America/New_York", "Pacific/Kiritimati"])
def test_what_goes_on_past_midnight_is_coming_until_it_ends(riverbend, zone):
    riverbend.timezone = zone
    walk = a_gathering(riverbend, at=time(22, 30), minutes=240)
    with at_night(walk, 0, 50, days=1):
        assert [*Gathering.objects.coming()] == [walk]
        assert not Gathering.objects.past().exists()
        assert not Gathering.objects.to_begin().exists()
    with at_night(walk, 2, 30, days=1):
        assert [*Gathering.objects.past()] == [walk]


def test_every_page_shows_what_goes_on_past_midnight(riverbend, night_walk, ada, client_for):
    title, staff = str(night_walk.title), client_for(ada)
    with at_night(night_walk, 0, 50, days=1):
        assert "No walk is on the calendar" not in Client().get("/riverbend/").text
        page = Client().get(reverse("gatherings:coming", args=["riverbend"])).text
        assert title in page
        assert "Nothing is planned right now" not in page
        desk = staff.get(reverse("gatherings:desk", args=["riverbend"]))
        assert [*desk.context["coming"]] == [night_walk]
        assert not desk.context["past"].object_list
        assert "Say how many came" not in staff.get("/riverbend/workspace/").text


def test_this_mornings_walk_is_not_coming_all_day(riverbend):
    walk = a_gathering(riverbend, at=time(9), minutes=60)
    with at_night(walk, 11):
        assert not Gathering.objects.coming().exists()
        page = Client().get(reverse("gatherings:coming", args=["riverbend"]))
        assert [*page.context["past"]] == [walk]


def test_the_end_is_written_whenever_the_hour_is(riverbend, night_walk):
    assert (night_walk.starts_at, night_walk.ends_at) == (night_walk.starts, night_walk.ends)
    actions.move(night_walk, reason="An earlier evening", stand_in="Ben", by=None, at=time(19))
    night_walk = Gathering.objects.get(pk=night_walk.pk)
    assert night_walk.ends_at == night_walk.ends
    assert night_walk.ends.hour == 23
    actions.change(night_walk, by=None, minutes=30)
    assert Gathering.objects.get(pk=night_walk.pk).ends_at.minute == 30
    Gathering.objects.update(at=time(6))
    night_walk = Gathering.objects.get(pk=night_walk.pk)
    assert night_walk.starts_at == night_walk.starts


def test_nobody_is_forgotten_while_it_goes_on(riverbend):
    riverbend.contact_retention_days = 1
    riverbend.save()
    walk = a_gathering(riverbend, at=time(22, 30), minutes=600)
    own_page = f"/riverbend/answer/{actions.new_link(answer(walk, email='ben@example.org'))}/"
    with at_night(walk, 3, 40, days=1):
        jobs.forget()
        assert Subscription.objects.exists()
        assert Client().get(own_page).status_code == 200, "nor is their page shut"
    with at_night(walk, 3, 40, days=2):
        jobs.forget()
        assert not Subscription.objects.exists()
        assert Client().get(own_page).status_code == 404


class TestASeriesWithToday:
    """All dates that are still to come change; today’s stays where its new hour has passed."""

    @pytest.fixture
    def sundays(self, riverbend):
        series = actions.set_series(riverbend, by=None, name="Sunday walks")
        first = riverbend.today() + timedelta(days=3)
        walks = [
            a_gathering(riverbend, on=first + timedelta(weeks=n), at=time(20), series=series)
            for n in range(3)
        ]
        return series, walks

    def changed(self, sundays, **news):
        series, walks = sundays
        with at_night(walks[0], 11):
            changed = actions.change_coming(series, reason="By daylight", stand_in="Ben", by=None, **news)
        now = {each.pk: each for each in Gathering.objects.all()}
        return [walks.index(each) for each in changed], [now[each.pk] for each in walks]

    def test_an_hour_that_has_passed_today_stays_today(self, sundays):
        changed, now = self.changed(sundays, at=time(9))
        assert changed == [1, 2]
        assert [each.at.hour for each in now] == [20, 9, 9]

    def test_a_later_hour_holds_today_too(self, sundays):
        changed, _now = self.changed(sundays, at=time(21))
        assert changed == [0, 1, 2]

    def test_what_goes_on_right_now_stays(self, riverbend, sundays):
        actions.move(sundays[1][0], reason="Earlier", stand_in="Ben", by=None, at=time(10, 30))
        changed, now = self.changed(sundays, at=time(19))
        assert changed == [1, 2]
        assert now[0].at == time(10, 30)


def test_a_feed_looks_back_by_moments(riverbend):
    walk = a_draft(riverbend)
    with clock.at(walk.ends + calendars.LOOKS_BACK - timedelta(hours=1)):
        assert Gathering.objects.coming(since=clock.now() - calendars.LOOKS_BACK).exists()
