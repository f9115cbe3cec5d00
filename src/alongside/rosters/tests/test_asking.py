"""Asking and answering, the same for members and partners: once each, told of changes once, reminded once."""

from datetime import timedelta

import pytest
from django.utils import translation

from alongside.agencies.jobs import forget_bearers
from alongside.agencies.models import AuditEntry, Bearer
from alongside.core import clock
from alongside.core.authored import Words
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.jobs import actions as work
from alongside.jobs.models import Job
from alongside.outreach import actions as outreach
from alongside.rosters import actions, jobs, partnering, posting, timing
from alongside.rosters.models import INVITEES, Part, Post, State
from alongside.rosters.tests.cast import a_partner, a_walk, mails, somebody


@pytest.fixture(params=INVITEES, ids=[kind.who for kind in INVITEES])
def kind(request):
    return request.param


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


def proposed(kind, city, gathering, number=0):
    """One of the officers on the roster, or a partner of the place."""
    if kind is Post:
        return posting.add(gathering, member=city.officers[number], part=Part.OFFICER, by=None)
    partner = a_partner(city.agency, f"Temple{number} Hope", city.eastbank)
    return partnering.add(gathering, partner=partner, by=None)


@pytest.fixture
def invitee(kind, city, walk):
    return proposed(kind, city, walk)


def as_it_is(thing):
    return type(thing).objects.with_people().get(pk=thing.pk)


def move(gathering, *, hour=17):
    fresh = Gathering.objects.get(pk=gathering.pk)
    at = fresh.at.replace(hour=hour)
    return gatherings.move(fresh, reason="The school is open then", stand_in="Ada", by=None, at=at)


def cancel(gathering):
    gatherings.cancel(Gathering.objects.get(pk=gathering.pk), reason="Ice on the way", by=None)


class TestAsking:
    def test_a_mail_goes_to_each_and_nobody_is_asked_twice(self, kind, city, walk, invitee, ada):
        proposed(kind, city, walk, 1)
        assert actions.invite_all(kind, walk, by=ada) == actions.Asked(2, 0)
        assert actions.invite_all(kind, walk, by=ada) == actions.Asked(0, 0)
        assert actions.invite(invitee, by=ada) == actions.Asked(0, 0)
        assert [mail.to for mail in mails()] == [each.email for each in kind.objects.with_people()]
        assert AuditEntry.objects.filter(verb=kind.deeds["asked"]).count() == 2

    def test_who_has_no_address_is_asked_in_person(self, kind, invitee):
        if kind is Post:
            invitee.member.user.delete()
        else:
            type(invitee.partner).objects.update(email="")
        assert actions.invite(invitee, by=None) == actions.Asked(0, 1)
        assert as_it_is(invitee).state == State.INVITED
        assert not Bearer.objects.exists(), "nobody holds it"
        actions.answer(invitee, coming=True, heard="told")
        assert as_it_is(invitee).state == State.COMING

    def test_nobody_is_asked_to_what_is_off_or_over(self, kind, walk, invitee):
        with clock.at(walk.ends + timedelta(minutes=1)), pytest.raises(timing.NotNow):
            actions.invite_all(kind, walk, by=None)
        cancel(walk)
        with pytest.raises(timing.NotNow):
            actions.invite(invitee, by=None)
        assert mails() == []

    def test_who_is_taken_off_hears_of_it_if_they_were_asked(self, kind, city, walk, invitee):
        actions.release(proposed(kind, city, walk, 1), by=None)
        assert mails() == []
        actions.invite(invitee, by=None)
        for _tap in range(2):
            actions.release(invitee, by=None)
        assert as_it_is(invitee).state == State.RELEASED
        assert [mail.to for mail in mails()] == [as_it_is(invitee).email] * 2
        assert "eeded" in mails()[-1].subject
        with pytest.raises(timing.NotNow):
            actions.answer(invitee, coming=True, heard="link")


class TestAnswers:
    def test_the_same_answer_twice_is_one(self, kind, invitee):
        for _tap in range(2):
            actions.answer(invitee, coming=True, heard="link")
        assert AuditEntry.objects.filter(verb=kind.deeds["answered"]).count() == 1

    def test_a_no_may_become_a_yes(self, invitee):
        actions.answer(invitee, coming=False, heard="link")
        assert as_it_is(invitee).state == State.DECLINED
        actions.answer(invitee, coming=True, heard="told")
        assert (as_it_is(invitee).state, as_it_is(invitee).heard) == (State.COMING, "told")

    def test_it_is_answered_until_it_is_over(self, walk, invitee):
        with clock.at(walk.ends + timedelta(minutes=1)), pytest.raises(timing.NotNow):
            actions.answer(invitee, coming=True, heard="link")
        cancel(walk)
        with pytest.raises(timing.NotNow):
            actions.answer(invitee, coming=True, heard="link")

    def test_nobody_says_what_is_not_theirs(self, invitee):
        with pytest.raises(TypeError, match="says nothing of state"):
            actions.answer(invitee, coming=True, heard="link", state="came")


class TestNews:
    def test_who_was_asked_hears_at_once_that_it_moved(self, walk, invitee):
        actions.invite(invitee, by=None)
        move(walk)
        assert [mail.to for mail in mails()] == [as_it_is(invitee).email] * 2
        assert "5 p.m." in mails()[-1].text
        move(walk, hour=16)
        assert "4 p.m." in mails()[-1].text
        assert len(mails()) == 3

    def test_nobody_hears_the_same_twice(self, kind, walk, invitee):
        actions.invite(invitee, by=None)
        move(walk)
        fresh = Gathering.objects.get(pk=walk.pk)
        same = gatherings.Change(fresh, frozenset({"on", "at"}))
        assert actions.tell_what_changed(same) == 0
        assert len(mails()) == 2
        kind.objects.update(told_what="somewhere else")  # the premise: whoever knows otherwise hears
        assert actions.tell_what_changed(same) == 1

    def test_who_says_yes_after_all_hears_that_it_moved_back(self, walk, invitee):
        actions.invite(invitee, by=None)
        actions.answer(invitee, coming=False, heard="link")
        move(walk)
        actions.answer(as_it_is(invitee), coming=True, heard="page")
        move(walk, hour=18)
        assert len(mails()) == 2
        assert "6 p.m." in mails()[-1].text

    def test_who_was_asked_hears_that_it_is_off_and_nobody_else(self, kind, city, walk, invitee):
        proposed(kind, city, walk, 2)
        other = proposed(kind, city, walk, 1)
        for each in (invitee, other):
            actions.invite(each, by=None)
        actions.answer(other, coming=False, heard="link")
        cancel(walk)
        letters = [mail for mail in mails() if "Cancelled" in mail.subject]
        assert [mail.to for mail in letters] == [as_it_is(invitee).email], "not who said no or was not asked"
        assert "Ice on the way" in letters[0].text

    def test_other_words_on_the_page_are_no_news(self, walk, invitee):
        actions.invite(invitee, by=None)
        gatherings.change(Gathering.objects.get(pk=walk.pk), by=None, summary="Bring a hat.")
        assert len(mails()) == 1

    def test_to_publish_is_no_news(self, kind, city):
        draft = a_walk(city.agency, city.eastbank, published=False)
        actions.invite(proposed(kind, city, draft), by=None)
        gatherings.publish(Gathering.objects.get(pk=draft.pk), by=None)
        assert len(mails()) == 1

    def test_a_draft_that_gets_another_day_is_told(self, kind, city):
        draft = a_walk(city.agency, city.eastbank, published=False)
        actions.invite(proposed(kind, city, draft), by=None)
        gatherings.change(Gathering.objects.get(pk=draft.pk), by=None, on=draft.on + timedelta(days=1))
        assert "Changed" in mails()[-1].subject

    def test_a_draft_thrown_away_is_told(self, kind, city):
        draft = a_walk(city.agency, city.eastbank, published=False)
        actions.invite(proposed(kind, city, draft), by=None)
        gatherings.discard(Gathering.objects.get(pk=draft.pk), by=None)
        assert "Cancelled" in mails()[-1].subject
        assert "http" not in mails()[-1].text, "its page is gone, too"
        assert len(mails()) == 2
        assert not kind.objects.exists()

    def test_dates_of_a_series_that_move_together_are_told_once_each(self, kind, city):
        series = gatherings.set_series(city.agency, by=None, name="Chief’s walks")
        dates = [a_walk(city.agency, city.eastbank, days=days, series=series) for days in (10, 17)]
        for number, date in enumerate(dates):
            actions.invite(proposed(kind, city, date, number), by=None)
        hour = dates[0].at.replace(hour=16)
        gatherings.change_coming(series, reason="It is dark at six", stand_in="Ada", by=None, at=hour)
        changed = [mail for mail in mails() if "Changed" in mail.subject]
        assert len(changed) == len({mail.to for mail in changed}) == 2

    def test_what_is_undone_was_never_told(self, walk, invitee):
        actions.invite(invitee, by=None)
        with pytest.raises(gatherings.ReasonMissing):
            gatherings.move(
                Gathering.objects.get(pk=walk.pk),
                reason="",
                stand_in="Ada",
                by=None,
                at=walk.at.replace(hour=9),
            )
        assert len(mails()) == 1

    def test_of_a_new_day_everybody_is_reminded_again(self, kind, city, walk, invitee):
        """Also who had said no meanwhile, and who has not heard of the first reminder."""
        actions.invite(invitee, by=None)
        no = proposed(kind, city, walk, 1)
        actions.invite(no, by=None)

        def remind(on):
            with clock.at(on - timedelta(hours=20)):
                jobs.remind()
                return [mail.to for mail in mails() if mail.kind == "rosters.reminder"]

        assert len(remind(walk.starts)) == 2, "the premise"
        actions.answer(as_it_is(no), coming=False, heard="link")
        fresh = Gathering.objects.get(pk=walk.pk)
        later = gatherings.move(fresh, reason="Ice", stand_in="Ada", by=None, on=fresh.on + timedelta(days=5))
        outreach.look_at_all()
        actions.answer(as_it_is(no), coming=True, heard="link")
        assert len(remind(later.gathering.starts)) == 4
        assert len(remind(later.gathering.starts)) == 4

    def test_a_new_day_that_is_near_is_told_once(self, walk, invitee):
        actions.invite(invitee, by=None)
        fresh = Gathering.objects.get(pk=walk.pk)
        with clock.at(walk.starts - timedelta(days=3)):
            gatherings.move(fresh, reason="Ice", stand_in="Ada", by=None, on=walk.on - timedelta(days=2))
            jobs.remind()
        assert [mail.subject.partition(":")[0] for mail in mails()[1:]] == ["Changed"]

    def test_a_reminder_goes_out_once_and_not_to_who_said_no(self, kind, city, walk, invitee):
        other = proposed(kind, city, walk, 1)
        for each in (invitee, other):
            actions.invite(each, by=None)
        actions.answer(other, coming=False, heard="link")
        jobs.remind()
        assert len(mails()) == 2, "ten days before is too early"
        with clock.at(walk.starts - timedelta(days=1)):
            jobs.remind()
            jobs.remind()
        assert [mail.to for mail in mails()[2:]] == [as_it_is(invitee).email]

    def test_old_links_are_deleted(self, walk, invitee):
        actions.invite(invitee, by=None)
        with clock.at(walk.ends + timedelta(days=40)):
            forget_bearers()
        assert Bearer.objects.count() == 1
        with clock.at(walk.ends + timedelta(days=45)):
            forget_bearers()
        assert Bearer.objects.count() == 0


def test_what_is_true_is_the_same_whoever_asks_and_in_each_language_it_has(walk):
    place = Words.of("Front steps", language="en").written("La puerta trasera", language="es")
    told = set()
    for language in ("en", "es"):
        with translation.override(language):
            told.add(timing.what_is_true(Gathering(on=walk.on, at=walk.at, meeting_point=place)))
    assert len(told) == 1
    right = Gathering(
        on=walk.on, at=walk.at, meeting_point=place.written("Las escaleras de enfrente", language="es")
    )
    assert timing.what_is_true(right) not in told


def test_a_move_with_thirty_people_asked_stays_quick(city, walk, django_assert_max_num_queries):
    """Each mail is a link, a look at its address and a row in the outbox, in a step of its own; all else is once."""
    for number in range(15):
        member = somebody(city.agency, f"Extra{number} Officer{number}", rank="Officer")
        posting.add(walk, member=member, part=Part.OFFICER, by=None)
        partnering.add(walk, partner=a_partner(city.agency, f"P{number} partner"), by=None)
    for each in INVITEES:
        actions.invite_all(each, walk, by=None)
    with django_assert_max_num_queries(30 * 5 + 31):
        move(walk)
    assert sum("Changed" in mail.subject for mail in mails()) == 30


def test_a_slot_of_a_job_that_is_no_more_stops_nobody(city):
    """While both versions run at once, the one before still writes slots of the job that looked for changes."""
    left = Job.objects.create(name="rosters.tell_changes", key="slot:1", args={}, run_after=clock.now())
    work.enqueue("rosters.remind")
    taken = work.claim(lane="quick", worker="w")
    assert taken is not None
    assert taken.name == "rosters.remind"
    assert work.claim(lane="quick", worker="w") is None
    assert Job.objects.filter(pk=left.pk).exists()


class TestAfterwards:
    def test_a_tick_can_be_taken_back_and_leaves_the_answer(self, kind, city, walk, invitee):
        other = proposed(kind, city, walk, 1)
        actions.answer(invitee, coming=True, heard="link")
        with pytest.raises(timing.NotNow):
            actions.mark_came(kind, walk, came=[invitee.pk], by=None)
        with clock.at(walk.ends - timedelta(minutes=1)):
            assert actions.mark_came(kind, walk, came=[invitee.pk, other.pk], by=None) == 2
            assert not as_it_is(invitee).may_answer
            with pytest.raises(timing.NotNow, match="you were there"):
                actions.answer(invitee, coming=False, heard="link")
            assert actions.mark_came(kind, walk, came=[], by=None) == 0
        assert [as_it_is(each).state for each in (invitee, other)] == [State.COMING, State.PROPOSED]
