"""A mail server says of an address that nobody is there: it is written to no more, and a person rings the bell."""

from datetime import timedelta

import pytest
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings import actions, needs
from alongside.gatherings.models import Gathering
from alongside.gatherings.queries import unreached
from alongside.gatherings.tests.cast import a_gathering, answer
from alongside.jobs.worker import drain
from alongside.outreach import actions as outreach
from alongside.outreach.models import Mail, State
from alongside.outreach.needs import failed
from alongside.outreach.queries import Reach, reach_of

pytestmark = pytest.mark.django_db
GONE = "luz@neighbors.example"


@pytest.fixture
def walk(riverbend, post_office):
    """Three come; the mail server knows nothing of one of them."""
    walk = a_gathering(riverbend)
    answer(walk, email="ben@neighbors.example")
    answer(walk, email="cleo@neighbors.example")
    drain()
    post_office.answers["RCPT"] = ["550 5.1.1 No such user"]
    answer(walk, email=GONE, name="Luz")
    drain()
    post_office.taken.clear()
    return walk


def test_two_are_told_and_one_is_not_written_to_again(walk, ada, post_office, client_for):
    notice = actions.send_word(walk, text="Bring a chair.", by=ada)
    drain()
    told = sorted(to for _from, [to], _message in post_office.taken)
    assert told == ["ben@neighbors.example", "cleo@neighbors.example"]
    batch = f"notice:{notice.pk}"
    assert reach_of(walk.agency, [batch]) == {batch: Reach(sent=2, waiting=0, failed=1, withdrawn=0)}
    page = client_for(ada).get(reverse("gatherings:overview", args=["riverbend", walk.public_id])).text
    assert "2 told" in page
    assert "1 could not be told" in page
    assert "1 address refused mail" in page


def test_ada_sees_which_answer_it_is_and_not_the_whole_address(walk, ada, officer, client_for):
    path = reverse("gatherings:overview", args=["riverbend", walk.public_id])
    page = client_for(ada).get(path).text
    assert "Luz" in page
    assert "l…@neighbors.example" in page
    assert "No such user" in page
    assert GONE not in page
    assert "l…@neighbors.example" not in client_for(officer).get(path).text


def test_whoever_decides_is_told_that_one_will_not_hear(walk, ada, client_for):
    page = client_for(ada).get(reverse("gatherings:cancel", args=["riverbend", walk.public_id])).text
    assert "3 answers left an address" in page
    assert "1 address refused mail" in page


def test_another_answer_with_the_same_address_is_not_written_to(walk, post_office):
    answer(walk, email=GONE)
    drain()
    assert post_office.taken == []
    assert Mail.objects.filter(to=GONE, state=State.FAILED).count() == 2


def test_a_person_who_knows_better_lets_the_address_live(walk, ada, post_office):
    outreach.send_again(Mail.objects.get(to=GONE), by=ada)
    drain()
    actions.send_word(walk, text="Bring a chair.", by=ada)
    drain()
    assert [to for _from, [to], _message in post_office.taken].count(GONE) == 2


def test_a_mail_that_comes_back_is_the_same_as_one_that_was_refused(walk, ada, post_office):
    ben = Mail.objects.get(to="ben@neighbors.example")
    assert outreach.returned(ben.message_id, "550 5.1.1 The mailbox is closed").pk == ben.pk
    actions.send_word(walk, text="Bring a chair.", by=ada)
    drain()
    assert [to for _from, [to], _message in post_office.taken] == ["cleo@neighbors.example"]
    assert sorted(each.address for each in unreached(walk)) == [
        "b…@neighbors.example",
        "l…@neighbors.example",
    ]


def test_what_comes_back_of_nobody_we_wrote_to_changes_nothing(walk):
    assert outreach.returned("<eve@elsewhere.example>", "550 No") is None
    assert outreach.returned("eve@elsewhere.example", "550 No") is None


def test_a_full_mailbox_and_a_mail_that_is_taken_for_spam_kill_no_address(walk, ada, post_office):
    for said in ("552 5.2.2 Mailbox full", "550 5.7.1 This looks like spam"):
        post_office.answers["RCPT"] = [said]
        answer(a_gathering(walk.agency), email="dora@neighbors.example")
        drain()
    answer(walk, email="dora@neighbors.example")
    drain()
    assert [to for _from, [to], _message in post_office.taken] == ["dora@neighbors.example"]


def test_it_waits_for_a_person_until_it_is_over_or_the_address_goes(walk, ada):
    def waits():
        return [need.key for need in needs.unreached(walk.agency)]

    luz = walk.rsvps.get(name="Luz")
    assert waits() == [str(walk.key)]
    actions.cancel(Gathering.objects.get(pk=walk.pk), reason="Ice", by=ada)
    assert waits() == [str(walk.key)], "who does not hear that it is off has to be told above all"
    assert len([need for need in failed(walk.agency) if "Walk" in str(need.about)]) <= 1, (
        "once for an address"
    )
    with clock.at(walk.ends + timedelta(minutes=1)):
        assert waits() == []
    actions.forget_contact(luz)
    assert waits() == []
