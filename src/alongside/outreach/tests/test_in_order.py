"""To one address the oldest leaves first, whatever happens to it, and nobody's bad luck holds up another."""

from datetime import timedelta

import pytest
from django.db import connection

from alongside.core import clock
from alongside.core.origins import Origin
from alongside.jobs.models import Job
from alongside.jobs.worker import drain
from alongside.outreach import actions, jobs, quiet
from alongside.outreach.models import Mail, Message, State
from alongside.outreach.tests.cast import BEN, a_mail

pytestmark = pytest.mark.django_db
CLEO = "cleo@neighbors.example"


def numbered(agency, *numbers, to=BEN):
    return [a_mail(agency, to, subject=f"News {number}") for number in numbers]


def test_they_leave_as_they_were_written(post_office, riverbend):
    numbered(riverbend, 1, 2, 3)
    drain()
    assert post_office.subjects == ["News 1", "News 2", "News 3"]


def test_none_passes_one_that_was_told_to_come_back(post_office, riverbend, later):
    post_office.answers["RCPT"] = ["451 Greylisted"]
    numbered(riverbend, 1, 2)
    drain()
    numbered(riverbend, 3)
    drain()
    assert post_office.subjects == [], "the premise: the first waits, and so do the others"
    later(minutes=5)
    drain()
    assert post_office.subjects == ["News 1", "News 2", "News 3"]


def test_one_that_is_told_to_come_back_holds_up_nobody_else(post_office, riverbend, elsewhere):
    post_office.answers["RCPT"] = ["451 Greylisted"]
    numbered(riverbend, 1)
    drain()
    numbered(riverbend, 2, to=CLEO)
    numbered(elsewhere, 3)  # another agency's, to the same address
    drain()
    assert sorted(post_office.subjects) == ["News 2", "News 3"]


def test_one_that_fails_for_good_lets_the_next_go(post_office, riverbend):
    post_office.answers["DATA"] = ["554 5.6.0 Not these words"]
    numbered(riverbend, 1, 2)
    drain()
    assert post_office.subjects == ["News 2"]


def test_small_and_capital_letters_are_one_address(post_office, riverbend):
    post_office.answers["RCPT"] = ["451 Greylisted"]
    numbered(riverbend, 1)
    numbered(riverbend, 2, to="Ben@Neighbors.Example")
    drain()
    assert post_office.subjects == []


def test_what_is_held_back_stands_in_line_at_its_hour(post_office, riverbend, later):
    held, _urgent = numbered(riverbend, "held", "urgent")
    Job.objects.all().delete()
    Mail.objects.filter(pk=held.pk).update(not_before=clock.now() + timedelta(hours=8))
    jobs.sweep()
    drain()
    assert post_office.subjects == ["News urgent"]
    later(hours=9)
    jobs.sweep()
    drain()
    assert post_office.subjects == ["News urgent", "News held"]


def test_what_was_held_for_the_night_leaves_before_what_cannot_wait(post_office, riverbend, monkeypatch):
    monkeypatch.setattr(quiet, "is_quiet", lambda _agency: True)
    facts = {"subject": "News held", "text": "It is mended."}
    held = actions.tell(Message("outreach.own", riverbend, BEN, "en", facts=facts, can_wait=True))
    drain()
    assert held.not_before > clock.now(), "the premise"
    assert post_office.subjects == []
    numbered(riverbend, "urgent")
    drain()
    assert post_office.subjects == ["News held", "News urgent"]


def test_a_job_that_came_out_of_its_turn_is_written_again_when_it_is(post_office, riverbend):
    first, second = numbered(riverbend, 1, 2)
    Job.objects.filter(key=f"mail:{first.pk}").delete()
    actions._queue(second)
    drain()
    assert post_office.subjects == [], "the premise: its turn has not come"
    jobs.sweep()
    drain()
    assert post_office.subjects == ["News 1", "News 2"]


def test_whoever_takes_the_address_back_is_nowhere_in_the_database(post_office, riverbend):
    """Neither in what was sent, nor in what failed or waits, nor in the jobs."""
    key = Origin("rsvp", "abcd1234")
    post_office.answers["DATA"] = ["250 OK", "554 5.7.1 ben@neighbors.example is not welcome", "451 Later"]
    for number in range(3):
        mail = a_mail(riverbend, subject=f"News {number}")
        Mail.objects.filter(pk=mail.pk).update(whose=str(key))
        drain()
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent", "failed", "waiting"}
    actions.forget(riverbend, key)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert BEN not in str(cursor.fetchall()), table
    assert not Mail.objects.waiting().exists()
    drain()
    assert Mail.objects.get(subject="News 2").state == State.WITHDRAWN


def test_two_who_share_an_address_are_told_apart(post_office, riverbend):
    """Whoever takes back the one answer still hears of the other, and nobody waits behind what is gone."""
    post_office.answers["RCPT"] = ["451 Greylisted"]
    first, second = numbered(riverbend, 1, 2)
    Mail.objects.filter(pk=first.pk).update(whose="rsvp:abcd1234")
    drain()
    actions.forget(riverbend, Origin("rsvp", "abcd1234"))
    drain()
    assert post_office.subjects == ["News 2"]
    second.refresh_from_db()
    assert second.to == BEN


def test_mail_of_before_gives_way_to_what_the_same_reader_was_told_later(riverbend):
    def told(text, about, whose):
        facts = {"subject": text, "text": text}
        known = {"about": Origin.of(about), "whose": Origin.of(whose)}
        return actions.tell(
            Message("outreach.own", riverbend, "ben@people.example", "en", facts=facts, **known)
        )

    walk, light = ("gathering:wwwwwwwwww", "rsvp:rrrrrrrrrr"), ("concern:cccccccccc",) * 2
    for what, *keys in (("Come", *walk), ("Cancelled", *walk), ("Ordered", *light), ("Done", *light)):
        told(what, *keys)
    actions.look_at_all()
    assert [mail.subject for mail in Mail.objects.waiting().in_order()] == ["Cancelled", "Ordered", "Done"]


def test_a_line_is_found_however_many_wait_in_others(riverbend):
    """By an index: whoever tells thousands at once would look through all of them for each."""
    [mail, *_others] = numbered(riverbend, 1, 2)
    line = Mail.objects.waiting().to_the_same(mail)
    assert line.count() == 2, "the premise"
    assert Mail.objects.waiting().to_the_same(a_mail(riverbend, BEN.upper(), subject="News 3")).count() == 3
    if connection.vendor == "sqlite":  # others look at how many rows there are before they choose
        assert "mail_line" in line.explain()
