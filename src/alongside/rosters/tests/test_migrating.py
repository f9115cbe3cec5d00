"""Folders of the version before keep who was asked and what they said; their pages name whom their rosters name."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from tests.migrating import as_before, up_to_date

from alongside.agencies import bearers
from alongside.agencies.models import Bearer
from alongside.core import clock, tokens
from alongside.gatherings.models import Gathering
from alongside.jobs.models import Job
from alongside.rosters import actions
from alongside.rosters.models import PartnerInvitation, Post, State

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]

BEFORE = Counter(proposed=1, invited=2, accepted=3, declined=1, released=1, came=2, thanked=4)


class Before:
    """A city as the version before kept it: two vocabularies, and who hosts as a line of text."""

    def __init__(self):
        self.apps = as_before(("rosters", "0001_initial"), ("jobs", "0001_initial"))
        self.agency = self.make("agencies.Agency", slug="riverbend", name="Riverbend", timezone="UTC")
        chief = self.make("agencies.Rank", agency=self.agency, name="Chief", level=1)
        self.ruth = self.make("agencies.Member", agency=self.agency, name="Ruth Calloway", rank=chief)
        self.orr = self.make("agencies.Member", agency=self.agency, name="Chaplain Orr")

    def make(self, model, **columns):
        return self.apps.get_model(model).objects.create(**columns)

    def date(self, number, *, on, **columns):
        return self.make(
            "gatherings.Gathering",
            agency=self.agency,
            public_id=f"222222222{number}",
            title=f"Walk {number}",
            on=on,
            at=time(18, 0),
            timezone="UTC",
            **columns,
        )

    def post(self, number, gathering, member, part, state="coming"):
        return self.make(
            "rosters.Post",
            agency=self.agency,
            public_id=f"333333333{number}",
            gathering=gathering,
            member=member,
            part=part,
            state=state,
        )


def test_members_and_partners_stand_in_one_vocabulary():
    before = Before()
    walk = before.date(2, on=date(2026, 6, 4))
    states = list(BEFORE.elements())
    for number, state in enumerate(states):
        partner = before.make("people.Partner", agency=before.agency, name=f"P{number}", kind="clergy")
        invitation = before.make(
            "rosters.PartnerInvitation",
            agency=before.agency,
            public_id=f"44444444{number:02d}",
            gathering=walk,
            partner=partner,
            state=state,
            party=number + 1,
            told_what="2026-06-04 18:00 There",
        )
        before.make("rosters.AnswerLink", invitation=invitation, digest=f"{number}")
    up_to_date()
    rows = PartnerInvitation.objects.order_by("pk")
    now = Counter(rows.values_list("state", flat=True))
    assert now == Counter(proposed=1, invited=2, coming=3, declined=1, released=1, came=6)
    assert rows.filter(thanked=True).count() == 4
    assert [each.party for each in rows] == list(range(1, len(states) + 1))
    opened = {bearer.opens: bearer.digest for bearer in Bearer.objects.all()}
    assert [opened[str(each.key)] for each in rows] == [str(number) for number in range(len(states))]
    assert set(rows.values_list("told_what", flat=True)) == {"2026-06-04 18:00 There"}


def test_a_page_names_whom_its_roster_names():
    before = Before()
    soon, past = clock.now().date() + timedelta(days=9), date(2026, 6, 4)
    named = before.date(2, on=past, host="Chief Ruth Calloway", deputy_host="Chaplain Orr")
    before.post(2, named, before.ruth, "host")
    before.post(3, named, before.orr, "deputy", state="came")
    silent = before.date(3, on=soon)
    before.post(4, silent, before.ruth, "host", state="proposed")
    other = before.date(4, on=soon, host="Mayor Lena Ortiz")
    before.post(5, other, before.ruth, "host")
    read_so = before.date(5, on=past, host="Mayor Lena Ortiz")
    before.post(6, read_so, before.ruth, "host")
    guest = before.date(6, on=soon, host="Pastor Lena Reed")
    before.post(7, guest, before.ruth, "leader")
    gone = before.date(7, on=soon, host="")
    before.post(8, gone, before.ruth, "host", state="declined")
    up_to_date()
    said = {str(each.title): (each.host, each.deputy_host) for each in Gathering.objects.all()}
    assert said == {
        "Walk 2": ("Chief Ruth Calloway", "Chaplain Orr"),
        "Walk 3": ("Chief Ruth Calloway", ""),
        "Walk 4": ("Chief Ruth Calloway", ""),
        "Walk 5": ("Mayor Lena Ortiz", ""),
        "Walk 6": ("Pastor Lena Reed", ""),
        "Walk 7": ("", ""),
    }
    walk_2 = next(each for each in Gathering.objects.all() if str(each) == "Walk 2")
    assert walk_2.roster_names == ["typed_host", "typed_deputy"]
    assert Post.objects.count() == 7


def test_a_link_that_was_mailed_before_opens_the_same_page():
    """Keys are digested for one purpose, which the version before named so."""
    before = Before()
    walk = before.date(2, on=clock.now().date() + timedelta(days=9))
    partner = before.make("people.Partner", agency=before.agency, name="Temple Hope", kind="clergy")
    post = before.post(2, walk, before.ruth, "host", state="invited")
    invitation = before.make(
        "rosters.PartnerInvitation",
        agency=before.agency,
        public_id="4444444444",
        gathering=walk,
        partner=partner,
        state="accepted",
    )
    member_key, member_digest = tokens.issue("roster")
    partner_key, partner_digest = tokens.issue("partner-roster")
    before.make("rosters.AnswerLink", post=post, digest=member_digest)
    before.make("rosters.AnswerLink", invitation=invitation, digest=partner_digest)
    up_to_date()
    agency = Gathering.objects.get().agency
    assert actions.behind(Post, member_key, at=agency).thing.state == State.INVITED
    assert actions.behind(PartnerInvitation, partner_key, at=agency).thing.state == State.COMING
    with pytest.raises(bearers.Useless):
        actions.behind(Post, partner_key, at=agency)


def test_no_slot_of_the_job_that_is_no_more_waits_for_ever():
    before = Before()
    for name in ("rosters.tell_changes", "rosters.remind"):
        before.make("jobs.Job", name=name, state="waiting", key="slot:1", args={}, run_after=clock.now())
    up_to_date()
    assert [job.name for job in Job.objects.all()] == ["rosters.remind"]
