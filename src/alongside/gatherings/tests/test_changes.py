"""Ada cancels or moves: with a reason everybody may read, and news to all who left an address."""

from datetime import UTC, datetime, time, timedelta

import pytest

from alongside.agencies import bearers
from alongside.agencies.models import AuditEntry, Bearer
from alongside.core import clock
from alongside.gatherings import actions, jobs
from alongside.gatherings.models import Notice, Rsvp, State, Status
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer, form_key
from alongside.outreach.models import Mail, Subscription
from alongside.outreach.subscriptions import actions as following

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(riverbend):
    """Ben left an address, Cleo did not, Dora has cancelled."""
    walk = a_gathering(riverbend, venue=a_venue(riverbend))
    answer(walk, 2, email="ben@example.org")
    answer(walk, 1)
    actions.leave(answer(walk, 1, email="dora@example.org"))
    Mail.objects.all().delete()
    return walk


def test_who_left_an_address_is_told_why_it_is_cancelled(walk, ada):
    notice = actions.cancel(walk, reason="Ice on the paths", by=ada)

    letter = Mail.objects.get()
    assert letter.to == "ben@example.org"
    assert letter.subject.startswith("Cancelled: Walk with us in Eastbank")
    for fact in ("Ice on the paths", walk.when, "Eastbank Library, 12 River Street", "do not come"):
        assert fact in letter.text
    assert (notice.told, notice.untold) == (1, 1)


def test_nothing_is_cancelled_without_a_reason(walk, ada):
    for reason in ("", "   ", "\n\t"):
        with pytest.raises(actions.ReasonMissing):
            actions.cancel(walk, reason=reason, by=ada)
    walk.refresh_from_db()
    assert walk.status == Status.PUBLISHED
    assert not Mail.objects.exists()


def test_cancelling_twice_tells_people_once(walk, ada):
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    with pytest.raises(actions.NotNow):
        actions.cancel(walk, reason="Ice on the paths", by=ada)
    assert Mail.objects.count() == 1


def test_a_move_keeps_everybodys_place_and_the_first_time_that_was_told(walk, ada):
    was = walk.when
    mall = a_venue(walk.agency, "River Mall")
    actions.move(walk, at=time(17), venue=mall, reason="Rain", stand_in="Officer Omar", by=ada)
    actions.move(walk, at=time(16), reason="More rain", stand_in="Officer Omar", by=ada)

    walk.refresh_from_db()
    assert walk.formerly == was  # not the five o'clock that was never on a flyer
    assert walk.previous_place.original.startswith("Eastbank Library")
    assert (walk.venue, walk.stand_in, str(walk.change_reason)) == (mall, "Officer Omar", "More rain")
    assert walk.numbers.going == 3
    letter = Mail.objects.order_by("pk").last()
    assert letter.subject.startswith("Moved: ")
    assert "River Mall" in letter.text
    assert "Before: Eastbank Library" in letter.text


def test_what_moved_back_is_not_said_to_have_been_where_it_is(walk, ada, client):
    library, mall = walk.venue, a_venue(walk.agency, "River Mall")
    actions.move(walk, at=time(17), venue=mall, reason="Rain", stand_in="Officer Omar", by=ada)
    actions.move(walk, at=time(18), venue=library, reason="The rain is gone", stand_in="Omar", by=ada)
    page, letter = client.get(walk.get_absolute_url()).text, Mail.objects.order_by("pk").last()
    assert "The rain is gone" in page
    assert letter.subject.startswith("Moved: ")
    assert "Before:" not in page
    assert "Before: Eastbank Library" not in letter.text
    assert "Before: River Mall" in letter.text, "as whoever reads the mail knows it"


def test_a_move_names_who_stands_at_the_old_place(walk, ada):
    with pytest.raises(actions.ReasonMissing, match="old meeting point"):
        actions.move(walk, at=time(17), reason="Rain", stand_in=" ", by=ada)


def test_a_move_to_where_it_was_is_no_move(walk, ada):
    with pytest.raises(actions.NotNow, match="Nothing was moved"):
        actions.move(walk, at=walk.at, reason="Rain", stand_in="Omar", by=ada)
    assert not Notice.objects.exists()


def test_time_and_place_of_a_public_gathering_change_only_by_a_move(walk, ada):
    with pytest.raises(actions.NotNow, match="Move the gathering"):
        actions.change(walk, at=time(9), by=ada)
    changed = actions.change(walk, at=walk.at, summary="With the mayor.", by=ada)
    assert str(changed.summary) == "With the mayor."
    draft = a_draft(walk.agency)
    assert actions.change(draft, at=time(9), by=ada).at == time(9)


def test_calendars_learn_of_each_change_and_of_nothing_else(walk, ada):
    def sequence():
        walk.refresh_from_db()
        return walk.sequence

    before = sequence()
    answer(walk)
    assert sequence() == before
    actions.change(walk, summary="With the mayor.", by=ada)
    actions.move(walk, at=time(17), reason="Rain", stand_in="Omar", by=ada)
    actions.cancel(walk, reason="Ice", by=ada)
    assert sequence() == before + 3


def test_it_closes_as_long_before_as_it_did(riverbend, ada):
    walk = a_gathering(riverbend)
    actions.change(walk, rsvp_closes=walk.starts - timedelta(hours=5), by=ada)
    actions.move(walk, on=walk.on + timedelta(days=7), reason="Rain", stand_in="Omar", by=ada)
    walk.refresh_from_db()
    assert walk.starts - walk.rsvp_closes == timedelta(hours=5)


def test_nothing_of_another_agency_gets_in(riverbend, elsewhere, ada):
    with pytest.raises(actions.GatheringRefused, match="another agency"):
        a_draft(riverbend, venue=a_venue(elsewhere))


def test_a_name_cannot_smuggle_lines_into_a_mail(riverbend, ada):
    walk = a_gathering(riverbend, title="Walk")
    assert str(a_draft(riverbend, title="Walk\r\nBcc: eve@example.org")) == "Walk Bcc: eve@example.org"
    answer(walk, name="Ben\r\nBcc: eve@example.org", email="ben@example.org")
    assert Rsvp.objects.get().name == "Ben Bcc: eve@example.org"
    with pytest.raises(actions.AnswerRefused):
        answer(walk, email="ben@example.org\r\nBcc: eve@example.org")


def test_the_audit_trail_says_who_and_how_many_but_not_whom(walk, ada):
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.actor, entry.detail) == ("cancelled", ada, {"told": 1, "untold": 1})
    assert "ben@example.org" not in str(list(AuditEntry.objects.values()))


# -- forgetting -------------------------------------------------------------------------------------
def test_on_the_agencys_day_names_needs_addresses_and_links_go_and_numbers_stay(riverbend, monkeypatch):
    walk = a_gathering(riverbend)
    rsvp, token = actions.join(
        walk,
        party=2,
        form_key=form_key(),
        guest=actions.Guest(
            name="Ben", access_needs="A chair", interpreter="Spanish", email="ben@example.org"
        ),
    )

    def at(days):
        then = datetime.combine(walk.on + timedelta(days=days), time(12), tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: then)
        jobs.forget()

    at(29)
    assert Subscription.objects.exists()
    assert actions.answer_behind(token, at=riverbend).thing == rsvp

    at(30)
    assert not Subscription.objects.exists()
    assert not Bearer.objects.exists()
    rsvp.refresh_from_db()
    assert (rsvp.name, rsvp.access_needs, rsvp.interpreter) == ("", "", "")
    assert (rsvp.party, rsvp.state) == (2, State.GOING)
    with pytest.raises(bearers.Useless):
        actions.answer_behind(token, at=riverbend)


def test_an_address_ends_with_its_answer_and_not_before(riverbend, ada):
    """Its day moves with the gathering; and where an answer is gone, the address is, too."""
    walk = a_gathering(riverbend)
    rsvp = answer(walk, email="ben@example.org")
    kept = answer(a_gathering(riverbend, title="Another"), email="ben@example.org")
    ends = datetime.combine(walk.forget_on, time(12), tzinfo=UTC)
    for each in (walk, kept.gathering):
        actions.move(each, on=each.on + timedelta(days=40), reason="Ice", stand_in="Omar", by=ada)
    Rsvp.objects.filter(pk=rsvp.pk).delete()
    for days, left in ((0, [kept]), (41, [])):
        with clock.at(ends + timedelta(days=days)):
            jobs.forget()
            following.forget()
        assert [each.topic for each in Subscription.objects.all()] == [str(each.key) for each in left]
