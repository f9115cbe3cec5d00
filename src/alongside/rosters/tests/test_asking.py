"""Asking and answering: once each, by link or in person, and who hosts when the host cannot."""

from datetime import timedelta

import pytest

from alongside.agencies.models import AuditEntry
from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.rosters import actions, jobs, queries, staffing, timing
from alongside.rosters.models import AnswerLink, Part, Post, PostState
from alongside.rosters.tests.cast import a_walk, mails


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


@pytest.fixture
def roster(walk):
    return {post.member.name: post for post in actions.propose(walk, by=None)}


def post_of(member):
    return Post.objects.get(member=member)


class TestAsking:
    def test_a_mail_goes_to_each_and_nobody_is_asked_twice(self, walk, roster, ada):
        assert actions.invite_all(walk, by=ada) == actions.Asked(6, 0)
        assert actions.invite_all(walk, by=ada) == actions.Asked(0, 0)
        assert actions.invite(roster["Ruth Calloway"], by=ada) == actions.Asked(0, 0)
        assert len(mails()) == 6
        [mail] = mails("calloway@riverbend.example")
        assert "Can you come?" in mail.subject
        assert "Host" in mail.text
        assert AuditEntry.objects.filter(verb="asked to a roster").count() == 6

    def test_who_has_no_account_is_asked_in_person(self, walk, roster, city):
        city.officers[0].user.delete()
        assert actions.invite(roster["Sam Whitaker"], by=None) == actions.Asked(0, 1)
        assert post_of(city.officers[0]).state == PostState.INVITED
        actions.answer(roster["Sam Whitaker"], coming=True, heard="told", by=None)
        assert post_of(city.officers[0]).state == PostState.COMING

    def test_nobody_is_asked_to_what_is_off_or_over(self, walk, roster):
        with clock.at(walk.ends + timedelta(minutes=1)), pytest.raises(timing.NotNow):
            actions.invite_all(walk, by=None)
        gatherings.cancel(walk, reason="Ice on the way", by=None)
        with pytest.raises(timing.NotNow):
            actions.invite(roster["Ruth Calloway"], by=None)
        with pytest.raises(timing.NotNow):
            actions.propose(walk, by=None)
        assert mails() == []

    def test_somebody_from_elsewhere_cannot_be_put_on(self, walk, roster, eve):
        from alongside.agencies.models import Member

        with pytest.raises(actions.NotOurs):
            actions.add(walk, member=Member.objects.get(user=eve), part=Part.OFFICER, by=None)

    def test_there_is_one_host(self, walk, roster, city):
        with pytest.raises(actions.PartTaken, match="Chief Ruth Calloway"):
            actions.add(walk, member=city.hargrove, part=Part.HOST, by=None)
        actions.release(roster["Ruth Calloway"], by=None)
        assert queries.roster_of(walk)[0].member == city.assistant, "the deputy has it now"


class TestAnswers:
    def test_the_same_answer_twice_is_one(self, roster):
        actions.answer(roster["Sam Whitaker"], coming=True, heard="link")
        actions.answer(roster["Sam Whitaker"], coming=True, heard="link")
        assert AuditEntry.objects.filter(verb="answered a roster").count() == 1

    def test_a_no_stays_as_history_and_the_next_in_line_is_put_in_its_place(self, walk, roster, city):
        actions.answer(roster["Sam Whitaker"], coming=False, heard="link")
        following = actions.replace(roster["Sam Whitaker"], by=None)
        assert (following.member, following.stands_in_for) == (city.officers[3], roster["Sam Whitaker"])
        assert post_of(city.officers[0]).state == PostState.DECLINED
        assert actions.replace(roster["Sam Whitaker"], by=None) == following, "twice is once"
        actions.answer(roster["Tia Long"], coming=False, heard="link")
        with pytest.raises(actions.NobodyLeft):
            actions.replace(roster["Tia Long"], by=None)

    def test_a_no_may_become_a_yes_while_the_part_is_free(self, walk, roster, city):
        actions.answer(roster["Sam Whitaker"], coming=False, heard="link")
        actions.answer(roster["Sam Whitaker"], coming=True, heard="link")
        assert post_of(city.officers[0]).state == PostState.COMING
        actions.answer(roster["Ruth Calloway"], coming=False, heard="link")
        with pytest.raises(actions.PartTaken):
            actions.answer(roster["Ruth Calloway"], coming=True, heard="link")


class TestTheHost:
    def test_when_the_host_says_no_the_deputy_hosts_and_the_page_says_so(self, walk, roster, city):
        actions.invite_all(walk, by=None)
        actions.answer(roster["Ruth Calloway"], coming=False, heard="link")
        walk.refresh_from_db()
        assert walk.host == "Assistant Chief Miguel Santos"
        host = post_of(city.assistant)
        assert (host.part, host.stands_in_for) == (Part.HOST, roster["Ruth Calloway"])
        deputy = Post.objects.get(gathering=walk, part=Part.DEPUTY, state=PostState.PROPOSED)
        assert walk.deputy_host == str(deputy.member) == "Major Yvonne Hargrove", "next by rank and free"
        assert "You host" in mails("santos@riverbend.example")[-1].subject

    def test_marked_away_is_a_no(self, walk, roster, city, ada):
        gone = staffing.mark_away(city.chief, first=walk.on, last=walk.on, by=ada)
        assert [post.member for post in gone.posts] == [city.chief]
        walk.refresh_from_db()
        assert walk.host == "Assistant Chief Miguel Santos"
        assert post_of(city.chief).heard == "away"
        assert staffing.mark_away(city.chief, first=walk.on, last=walk.on, by=ada).posts == []

    def test_away_on_another_day_changes_nothing(self, walk, roster, city):
        day = walk.on + timedelta(days=1)
        assert staffing.mark_away(city.chief, first=day, last=day, by=None).posts == []
        assert post_of(city.chief).state == PostState.PROPOSED

    def test_when_nobody_is_left_the_page_names_nobody(self, city, walk, roster):
        for member in (city.chief, city.assistant, city.hargrove):
            staffing.mark_away(member, first=walk.on, last=walk.on, by=None)
        walk.refresh_from_db()
        assert (walk.host, walk.deputy_host) == ("Major Harvey Dent", ""), (
            "the commander of the place is left"
        )
        staffing.mark_away(city.dent, first=walk.on, last=walk.on, by=None)
        walk.refresh_from_db()
        assert (walk.host, walk.deputy_host) == ("", "")
        assert queries.conflicts(walk) == ["Nobody hosts it."]

    def test_a_page_that_says_another_host_is_a_conflict(self, city, walk, roster):
        walk.refresh_from_db()
        assert queries.conflicts(walk) == []
        walk = gatherings.change(walk, by=None, host="Mayor Lena Ortiz")
        assert queries.conflicts(walk) == [
            "The page says that Mayor Lena Ortiz hosts; on the roster it is Chief Ruth Calloway."
        ]


@pytest.mark.parametrize(
    ("first", "last"), [(1, 0), (-9, -8), (1, 4000), (3000, 3001)], ids=["backward", "past", "long", "far"]
)
def test_odd_days_away_are_refused(city, first, last):
    today = city.agency.today()
    with pytest.raises(staffing.AwayRefused):
        staffing.mark_away(
            city.chief, first=today + timedelta(days=first), last=today + timedelta(days=last), by=None
        )


class TestNews:
    def test_who_was_asked_hears_that_it_moved_once(self, walk, roster):
        actions.invite(roster["Sam Whitaker"], by=None)
        jobs.notify_of_changes()
        assert len(mails()) == 1, "nothing has changed"
        gatherings.move(
            Gathering.objects.get(pk=walk.pk),
            reason="The school is open then",
            stand_in="Ada",
            by=None,
            at=walk.at.replace(hour=17),
        )
        jobs.notify_of_changes()
        jobs.notify_of_changes()
        assert [mail.to for mail in mails()] == ["whitaker@riverbend.example"] * 2
        assert "5 p.m." in mails()[-1].text

    def test_who_was_asked_hears_that_it_is_off_and_nobody_else(self, walk, roster):
        actions.invite(roster["Sam Whitaker"], by=None)
        actions.invite(roster["Tia Long"], by=None)
        actions.answer(roster["Tia Long"], coming=False, heard="link")
        gatherings.cancel(Gathering.objects.get(pk=walk.pk), reason="Ice on the way", by=None)
        jobs.notify_of_changes()
        jobs.notify_of_changes()
        letters = [mail for mail in mails() if "Cancelled" in mail.subject]
        assert [mail.to for mail in letters] == ["whitaker@riverbend.example"], (
            "Tia said no, nobody else was asked"
        )
        assert "Ice on the way" in letters[0].text

    def test_other_words_on_the_page_are_no_news(self, walk, roster):
        actions.invite(roster["Sam Whitaker"], by=None)
        gatherings.change(Gathering.objects.get(pk=walk.pk), by=None, summary="Bring a hat.")
        jobs.notify_of_changes()
        assert len(mails()) == 1

    def test_a_draft_thrown_away_is_told(self, city):
        draft = a_walk(city.agency, city.eastbank, published=False)
        posts = {post.member.name: post for post in actions.propose(draft, by=None)}
        actions.invite(posts["Sam Whitaker"], by=None)
        gatherings.discard(Gathering.objects.get(pk=draft.pk), by=None)
        assert "Cancelled" in mails("whitaker@riverbend.example")[-1].subject
        assert len(mails()) == 2

    def test_a_reminder_goes_out_once_and_not_to_who_said_no(self, walk, roster):
        actions.invite_all(walk, by=None)
        actions.answer(roster["Tia Long"], coming=False, heard="link")
        jobs.remind()
        assert len(mails()) == 6, "ten days before is too early"
        with clock.at(walk.starts - timedelta(days=1)):
            jobs.remind()
            jobs.remind()
        reminded = [mail.to for mail in mails()[6:]]
        assert len(reminded) == len(set(reminded)) == 5
        assert "long@riverbend.example" not in reminded

    def test_old_links_are_deleted(self, walk, roster):
        actions.invite_all(walk, by=None)
        with clock.at(walk.ends + timedelta(days=10)):
            jobs.forget_links()
        assert AnswerLink.objects.count() == 6
        with clock.at(walk.ends + timedelta(days=20)):
            jobs.forget_links()
        assert AnswerLink.objects.count() == 0


class TestAfterwards:
    def test_who_was_there_has_walked_here(self, walk, roster, city):
        actions.answer(roster["Sam Whitaker"], coming=True, heard="link")
        with pytest.raises(timing.NotNow):
            actions.mark_came(walk, came=[roster["Sam Whitaker"].pk], by=None)
        with clock.at(walk.ends):
            assert actions.mark_came(walk, came=[roster["Sam Whitaker"].pk], by=None) == 1
            assert actions.mark_came(walk, came=[], by=None) == 0, "a tick can be taken back"
            assert post_of(city.officers[0]).state == PostState.COMING
            actions.mark_came(walk, came=[roster["Sam Whitaker"].pk, 999999], by=None)
        following = a_walk(city.agency, city.eastbank, days=17)
        assert queries.familiar(following) == {city.officers[0].pk: 1}


def test_above_the_band_more_leaders_are_asked_for(walk, roster, city):
    from alongside.gatherings.tests.cast import answer

    for _each in range(3):
        answer(walk, 10)
    fresh = Gathering.objects.get(pk=walk.pk)
    assert queries.more_leaders(fresh, queries.roster_of(fresh)) == "", "30 is within the band"
    for _each in range(5):
        answer(walk, 10)
    fresh = Gathering.objects.get(pk=walk.pk)
    assert "Ask one more to lead" in queries.more_leaders(fresh, queries.roster_of(fresh)), (
        "80 people, six lead"
    )
