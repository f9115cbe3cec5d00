"""The mail server is away for an hour; the city goes on. When it is back, every mail that arrives is true and in order.

What happens meanwhile is drawn by lot, for some seeds. Each mail is held against the rows at the moment of its arrival,
by rules that know nothing of how letters are made.
"""

import random
import re
import secrets
import socket
from contextlib import suppress
from datetime import time, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.followthrough import actions as promises
from alongside.followthrough.models import Concern
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings import actions, reminders
from alongside.gatherings.models import Gathering, Rsvp, State
from alongside.gatherings.tests.cast import a_gathering
from alongside.jobs import actions as work
from alongside.jobs import registry, worker
from alongside.outreach import jobs as outreach
from alongside.outreach.models import Mail
from alongside.rosters import actions as rosters
from alongside.rosters import posting
from alongside.rosters.models import Part, Post
from alongside.rosters.models import State as Standing
from tests.cast import staff_member

pytestmark = pytest.mark.django_db
STATE_OF = {
    "You’re coming: ": State.GOING,
    "You’re in line: ": State.WAITING,
    "A place is free: ": State.OFFERED,
    "You have a place: ": State.GOING,
    "Reminder: ": State.GOING,
}
STANDS = {
    "Can you come? ": {Standing.INVITED},
    "Soon: ": {Standing.INVITED, Standing.COMING},
    "Changed: ": {Standing.INVITED, Standing.COMING},
    "You host: ": {Standing.INVITED, Standing.COMING},
    "You are not needed: ": {Standing.RELEASED},
}


class Office:
    """A mail server that comes and goes, at one port."""

    def __init__(self):
        self.arrived, self.greylists, self.controller = [], [], None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.greylists:
            return self.greylists.pop()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.arrived.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def opens(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def closes(self):
        if self.controller:
            self.controller.stop()
        self.controller = None


@pytest.fixture
def office(settings):
    office = Office()
    url = f"smtp://127.0.0.1:{office.port}"
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(
        update={"smtp_url": url, "mail_from": "Alongside <walks@riverbend.example>"}
    )
    yield office
    office.closes()


class City:
    """What people do while the mail server is away, by lot; and what each reader knows."""

    def __init__(self, agency, ada, office, later, seed):
        self.agency, self.ada, self.office, self.later = agency, ada, office, later
        self.lot = random.Random(seed)
        self.gatherings = [
            a_gathering(agency, title="Walk", on=agency.today() + timedelta(days=2)),
            a_gathering(agency, title="Coffee", on=agency.today() + timedelta(days=3), capacity=3),
            a_gathering(agency, title="Second walk", on=agency.today() + timedelta(days=2)),
        ]
        officers = [staff_member(agency, f"Officer{number}", Role.OFFICER) for number in range(3)]
        self.officers = [user.membership_at(agency) for user in officers]
        self.concern = ben_says(agency).concern
        promises.leave_contact(self.concern, email="told@neighbors.example")
        self.known, self.last, self.gone, self.people = {}, {}, set(), 0

    def happens(self):
        deeds = [self.joins] * 4 + [self.leaves, self.moves, self.moves, self.moves_back, self.writes]
        deeds += [self.cancels, self.takes_back, self.takes_back, self.says_yes, self.asks, self.answers]
        deeds += [
            self.takes_off,
            self.promises,
            self.notes,
            self.closes,
            self.reminds,
            self.reminds,
            self.waits,
        ]
        with suppress(Refusal, posting.NobodyLeft):
            self.lot.choice(deeds)()

    # -- what people do -----------------------------------------------------------------------------
    def gathering(self):
        return Gathering.objects.get(pk=self.lot.choice(self.gatherings).pk)

    def an_answer(self):
        rows = list(Rsvp.objects.everywhere().select_related("gathering__agency").order_by("pk"))
        if not rows:
            raise actions.NotNow("nobody has answered")
        return self.lot.choice(rows)

    def joins(self):
        self.people += 1
        gathering, email = self.gathering(), f"neighbor{self.people}@neighbors.example"
        guest = actions.Guest(email=email)
        rsvp, _token = actions.join(
            gathering,
            party=self.lot.choice([1, 2]),
            form_key=secrets.token_urlsafe(16),
            guest=guest,
            wait=True,
        )
        Rsvp.objects.everywhere().filter(pk=rsvp.pk).update(joined_at=clock.now() - timedelta(hours=14))
        self.known[rsvp.pk] = gathering.when

    def leaves(self):
        actions.leave(self.an_answer())

    def moves(self):
        gathering = self.gathering()
        on = gathering.on + timedelta(days=self.lot.choice([0, 0, 1]))
        at = time(self.lot.choice([16, 17, 18, 19]))
        actions.move(gathering, on=on, at=at, reason="Rain is forecast", stand_in="Omar", by=self.ada)

    def moves_back(self):
        gathering = self.gathering()
        if gathering.previous_on:
            actions.move(
                gathering,
                on=gathering.previous_on,
                at=gathering.previous_at,
                reason="The rain is gone",
                stand_in="Omar",
                by=self.ada,
            )

    def writes(self):
        actions.send_word(self.gathering(), text="Bring a chair.", by=self.ada)

    def cancels(self):
        if self.lot.random() < 0.15:
            actions.cancel(self.gathering(), reason="Ice on the paths", by=self.ada)

    def takes_back(self):
        rsvp = self.an_answer()
        if rsvp.address:
            self.gone.add(rsvp.address)
            actions.forget_contact(rsvp)

    def says_yes(self):
        rsvp = self.an_answer()
        self.lot.choice([actions.accept_offer, actions.decline_offer])(rsvp)

    def asks(self):
        member = self.lot.choice(self.officers)
        post = posting.add(self.gathering(), member=member, part=Part.OFFICER, by=None)
        rosters.invite(post, by=None)

    def a_post(self):
        posts = list(Post.objects.everywhere().order_by("pk"))
        if not posts:
            raise actions.NotNow("nobody is asked")
        return self.lot.choice(posts)

    def answers(self):
        rosters.answer(self.a_post(), coming=self.lot.random() < 0.6, heard="link")

    def takes_off(self):
        rosters.release(self.a_post(), by=None)

    def promises(self):
        due = self.agency.today() + timedelta(days=self.lot.randint(2, 30))
        owner = self.ada.membership_at(self.agency)
        promises.assign(self.concern, owner=owner, due=due, why="The part has not come.", by=self.ada)

    def notes(self):
        promises.progress(self.concern, text="We looked at the lamp.", by=self.ada)

    def closes(self):
        if self.lot.random() < 0.2:
            promises.close(self.concern, state="done", outcome="The light works.", by=self.ada)

    def reminds(self):
        reminders.send_due()
        for gathering in self.gatherings:
            rosters.remind(gathering)

    def waits(self):
        self.later(minutes=self.lot.choice([3, 10]))
        for gathering in self.gatherings:
            actions.expire_offers(Gathering.objects.get(pk=gathering.pk))

    # -- what arrives -------------------------------------------------------------------------------
    def works(self, at_most=500):
        """The worker, one job at a time; whatever has arrived is looked at before anything else happens."""
        for _step in range(at_most):
            claimed = (work.claim(lane=lane, worker="here") for lane in registry.LANES)
            job = next(filter(None, claimed), None)
            if job is None:
                return
            seen = len(self.office.arrived)
            worker.run(job)
            for message in self.office.arrived[seen:]:
                self.looks_at(message)

    def looks_at(self, message):
        mail = Mail.objects.get(message_id=message["Message-ID"])
        text, subject, to = message.get_content(), str(message["Subject"]), str(message["To"])
        assert to not in self.gone, f"{subject}: the address was taken back"
        assert self.last.get(to, 0) < mail.pk, f"{subject}: the oldest first, and each once"
        self.last[to] = mail.pk
        kind, _colon, public_id = mail.whose.partition(":")
        {
            "rsvp": self.is_true_of_an_answer,
            "post": self.is_true_of_a_post,
            "concern": self.is_true_of_a_concern,
        }[kind](public_id, subject, text, to)

    def is_true_of_an_answer(self, public_id, subject, text, to):
        rsvp = Rsvp.objects.everywhere().select_related("gathering__agency").get(public_id=public_id)
        gathering = rsvp.gathering
        assert rsvp.address == to
        assert not gathering.is_over, subject
        assert subject.startswith("Cancelled: ") == gathering.is_cancelled, f"{subject} of {gathering.status}"
        assert subject.endswith(gathering.when), f"{subject}: it is {gathering.when}"
        assert gathering.when in text
        expected = next((state for begin, state in STATE_OF.items() if subject.startswith(begin)), rsvp.state)
        assert rsvp.state == expected, f"{subject} to one who is {rsvp.state}"
        if subject.startswith("A place is free"):
            assert rsvp.offer_ends > clock.now()
            assert rsvp.until in text
        if subject.startswith("Reminder"):
            assert not gathering.has_begun
        if subject.startswith("Moved"):
            assert self.known[rsvp.pk] != gathering.when or "Before:" in text, "they know this already"
            assert f"Before: {gathering.when}" not in text
        self.known[rsvp.pk] = "cancelled" if gathering.is_cancelled else gathering.when
        opened = re.search(r"/answer/([^/\s]+)/", text)[1]
        assert actions.answer_behind(opened, at=self.agency).thing == rsvp, "its link opens their answer"

    def is_true_of_a_post(self, public_id, subject, text, to):
        post = Post.objects.everywhere().select_related("gathering__agency").get(public_id=public_id)
        gathering = post.gathering
        assert post.email == to
        assert subject.startswith("Cancelled: ") == gathering.is_cancelled, f"{subject} of {gathering.status}"
        assert subject.endswith(gathering.when)
        expected = next(
            (states for begin, states in STANDS.items() if subject.startswith(begin)), {post.state}
        )
        assert post.state in expected, f"{subject} to one who is {post.state}"

    def is_true_of_a_concern(self, public_id, subject, text, to):
        concern = Concern.objects.get(public_id=public_id)
        assert concern.contact.address == to
        if promised := re.search(r"answers for it by (.+?)\.", text):
            assert concern.state == "owned"
            assert promised[1] in concern.due_said or str(concern.due.day) in promised[1]
        if text.startswith("It is done."):
            assert concern.state == "done"


@pytest.mark.heavy
@pytest.mark.parametrize("seed", range(8))
def test_what_arrives_after_an_hour_is_true_and_in_order(riverbend, ada, office, later, seed):
    city = City(riverbend, ada, office, later, seed)
    office.opens()
    for _ in range(8):
        city.joins()
    for _ in range(6):
        city.happens()
    city.works()
    office.closes()
    for _ in range(60):
        city.happens()
        if city.lot.random() < 0.3:
            city.works()
            city.later(minutes=2)
    away = Mail.objects.waiting().count()
    office.opens()
    office.greylists = ["451 Come back later"] * 3
    for _ in range(14):
        city.later(minutes=30)
        city.works(at_most=city.lot.randint(3, 40))
        city.happens()
        outreach.sweep()
    for _ in range(16):  # through the night, in which mail waits, until noon
        city.later(minutes=61)
        city.works()
    assert away > 5, "the premise: much waited"
    assert len(office.arrived) > 5
    assert not Mail.objects.waiting().exists()
    assert not Mail.objects.failed().exists(), list(Mail.objects.failed().values_list("error", flat=True))
    for rsvp in Rsvp.objects.everywhere().reachable().select_related("gathering__agency"):
        gathering = rsvp.gathering
        if rsvp.is_in and not gathering.is_over:
            expected = "cancelled" if gathering.is_cancelled else gathering.when
            assert city.known[rsvp.pk] == expected, "the last that they heard is how it is"
