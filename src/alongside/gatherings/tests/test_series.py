"""One date of a series differs, or all that are still to come; what is skipped says why in public."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings import actions
from alongside.gatherings.models import Cause, Gathering, Status
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.outreach.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(riverbend, ada):
    """Three Thursdays: a draft at the end, and Ben comes to the first."""
    series = actions.set_series(riverbend, by=ada, kind="walk", name="Weekly Peace Walk", weekday=3)
    today = riverbend.today()
    thursday = today + timedelta(days=(3 - today.weekday()) % 7 + 7)
    first = a_gathering(riverbend, series=series, on=thursday)
    answer(first, email="ben@example.org")
    a_gathering(riverbend, series=series, on=thursday + timedelta(days=7))
    a_draft(riverbend, series=series, on=thursday + timedelta(days=14))
    Mail.objects.all().delete()
    return series


def dates(series):
    return list(series.gatherings.order_by("on"))


def test_one_date_is_skipped_with_its_reason_and_the_others_stay(series, ada):
    first, second, _draft = dates(series)
    actions.cancel(second, reason="No walk in the week of the holiday", cause=Cause.HOLIDAY, by=ada)
    public = Client().get(reverse("gatherings:coming", args=["riverbend"])).text
    assert "No walk in the week of the holiday" in public
    second.refresh_from_db()
    assert (second.status, second.cause) == (Status.CANCELLED, "holiday")
    assert Gathering.objects.get(pk=first.pk).status == Status.PUBLISHED


def test_all_that_are_still_to_come_move_with_the_reason_and_people_are_told(series, ada, riverbend):
    mall = a_venue(riverbend, "River Mall")
    before = [each.on for each in dates(series)]
    changed = actions.change_coming(
        series,
        weekday=2,
        at=time(17),
        venue=mall,
        cause=Cause.INDOORS,
        reason="Winter",
        stand_in="Omar",
        by=ada,
    )
    after = dates(series)
    assert len(changed) == 3
    assert [each.on for each in after] == [on - timedelta(days=1) for on in before]
    assert {(each.at, each.venue) for each in after} == {(time(17), mall)}
    assert [each.cause for each in after] == ["indoors", "indoors", ""]
    assert [each.status for each in after] == ["published", "published", "draft"]
    assert Mail.objects.get().subject.startswith("Moved")


def test_what_is_past_cancelled_or_would_fall_into_the_past_stays(series, ada):
    first, second, draft = dates(series)
    actions.cancel(second, reason="Ice on the paths", by=ada)
    with clock.at(first.starts - timedelta(hours=2)):  # Thursday: the Wednesday is gone
        changed = actions.change_coming(series, weekday=2, reason="Winter", stand_in="Omar", by=ada)
    assert [each.pk for each in changed] == [draft.pk]


def test_a_date_on_which_the_clocks_skip_the_new_hour_stays_and_the_others_move(riverbend, ada):
    with clock.at(datetime(2026, 2, 20, tzinfo=UTC)):
        nights = actions.set_series(riverbend, by=ada, kind="walk", name="Nights", weekday=6)
        for day in (1, 8, 15):  # in the night to March 8 the clocks go from 2 to 3
            a_gathering(riverbend, series=nights, on=date(2026, 3, day), at=time(23))
        actions.change_coming(nights, at=time(2, 30), reason="After the last train", stand_in="Omar", by=ada)
    assert [each.at for each in dates(nights)] == [time(2, 30), time(23), time(2, 30)]


def test_nothing_to_change_is_said(series, ada):
    with pytest.raises(actions.NotNow, match="No date"):
        actions.change_coming(series, weekday=3, reason="Winter", stand_in="Omar", by=ada)
    assert not Mail.objects.exists()


def test_a_reason_is_owed_and_nothing_half_done_stays(series, ada):
    with pytest.raises(actions.ReasonMissing):
        actions.change_coming(series, at=time(17), reason=" ", stand_in="Omar", by=ada)
    assert {each.at for each in dates(series)} == {time(18)}


def test_a_cause_is_one_of_those_in_the_list(series, ada):
    with pytest.raises(actions.ReasonMissing):
        actions.cancel(dates(series)[0], reason="Ice on the paths", cause="mood", by=ada)


def test_ada_changes_them_all_in_a_page_and_an_officer_may_not(series, ada, officer, eve, client_for):
    page = reverse("gatherings:series-dates", args=["riverbend", series.public_id])
    desk = client_for(ada)
    assert desk.get(page).text.count("Walk with us in Eastbank") == 3
    assert desk.post(page, {"at": "17:00", "reason": "", "stand_in": "Omar"}).status_code == 422
    words = {"at": "17:00", "reason": "Winter", "stand_in": "Omar", "weekday": "", "cause": "cold"}
    assert desk.post(page, words).status_code == 302
    assert {each.at for each in dates(series)} == {time(17)}
    assert client_for(officer).post(page, words).status_code == 403
    assert client_for(eve).post(page, words).status_code == 404


def test_the_dates_move_within_their_own_week():
    assert actions._same_week(date(2026, 12, 31), 0) == date(2026, 12, 28)
    assert actions._same_week(date(2026, 12, 31), None) == date(2026, 12, 31)
