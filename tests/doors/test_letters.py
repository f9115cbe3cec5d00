"""Every kind of letter of every room: it is made in each language, and what makes it untrue stands here, beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import send_mail

from alongside.agencies.models import Agency, Member, Role, User
from alongside.core import clock
from alongside.core.manifest import letters
from alongside.followthrough import actions as promises
from alongside.followthrough import asking
from alongside.followthrough.tests.cast import ben_says
from alongside.front import actions as front
from alongside.front import morning
from alongside.gatherings import actions
from alongside.gatherings import letters as to_residents
from alongside.gatherings.models import Gathering, Rsvp
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer
from alongside.outreach import actions as outreach
from alongside.outreach.models import Mail, State
from alongside.outreach.subscriptions import actions as following
from alongside.outreach.subscriptions.models import Subscription
from alongside.people import actions as people
from alongside.rosters import actions as rosters
from alongside.rosters import letters as to_the_roster
from alongside.rosters import partnering, posting
from alongside.rosters.models import Part, PartnerInvitation, Post
from alongside.rosters.models import State as Standing
from alongside.rosters.tests.cast import a_partner
from alongside.season import letters as of_seasons
from alongside.season.models import Redraws
from alongside.season.tests.season_town import drawn
from alongside.weather import letters as to_coordinators
from alongside.weather.models import Alert, Hazard, Level, Stage
from tests.cast import staff_member

pytestmark = pytest.mark.django_db
BEN = "ben@neighbors.example"


@dataclass
class Scene:
    """A mail that waits, what it is about, and how its reader takes the address back."""

    agency: Agency
    ada: User
    mail: Mail = field(init=False)
    gathering: Gathering | None = None
    forget: Callable[[], Any] = lambda: None

    def of_a_resident(self, kind: str) -> None:
        full = kind in {"gatherings.offer", "gatherings.seated"}
        self.gathering = a_gathering(self.agency, **({"capacity": 1} if full else {}))
        first = answer(self.gathering)
        rsvp = answer(self.gathering, email=BEN)
        self.forget = lambda: actions.forget_contact(Rsvp.objects.get(pk=rsvp.pk))
        if kind == "gatherings.again":
            answer(self.gathering, 2, email=BEN)
        if kind == "gatherings.offer":
            actions.leave(first)
        if kind == "gatherings.seated":
            actions.change(self.gathering, by=None, capacity=None)
        if kind == "gatherings.cancelled":
            self.cancel()
        if kind == "gatherings.moved":
            self.move()
        if kind == "gatherings.word":
            actions.send_word(self.gathering, text="Bring a chair.", by=self.ada)
        if kind == "gatherings.reminder":
            facts = {"token": actions.new_link(rsvp), "on": self.gathering.on.isoformat()}
            to_residents.tell(rsvp, "reminder", facts)

    def of_the_roster(self, kind: str) -> None:
        soon = self.agency.today() + timedelta(days=1)
        make = a_draft if kind == "rosters.called_off" else a_gathering
        self.gathering = make(self.agency, on=soon)
        officer = staff_member(self.agency, "Omar Officer", Role.OFFICER).membership_at(self.agency)
        self.forget = lambda: Member.objects.filter(pk=officer.pk).update(active=False)
        post = posting.add(self.gathering, member=officer, part=Part.HOST, by=None)
        rosters.invite(post, by=None)
        post.refresh_from_db()
        if kind == "rosters.reminder":
            Post.objects.everywhere().update(asked_at=clock.now() - timedelta(days=2))
            rosters.remind(self.gathering)
        if kind == "rosters.host":
            to_the_roster.write(post, "host")
        if kind == "rosters.changed":
            self.move()
        if kind == "rosters.cancelled":
            self.cancel()
        if kind == "rosters.called_off":
            actions.discard(self.gathering, by=None)
            self.gathering = None
        if kind == "rosters.released":
            rosters.release(post, by=None)

    def thanks(self, kind: str) -> None:
        self.gathering = a_gathering(self.agency)
        temple = a_partner(self.agency, "Temple of the river")
        invitation = partnering.add(self.gathering, partner=temple, by=None)
        PartnerInvitation.objects.everywhere().filter(pk=invitation.pk).update(state=Standing.CAME)
        partnering.thank(self.gathering, by=None)

        def leaves() -> None:
            temple.active = False
            people.save_partner(temple, areas=[], by=None)

        self.forget = leaves

    def of_a_concern(self, kind: str) -> None:
        concern = ben_says(self.agency).concern
        promises.leave_contact(concern, email=BEN)
        promises.progress(concern, text="We looked at the lamp.", by=self.ada)
        self.forget = lambda: promises.remove_contact(concern)
        if kind == "followthrough.asked":
            promises.close(concern, state="done", outcome="The lamp was mended.", by=self.ada)
            with clock.at(clock.now() + timedelta(days=12)):
                asking.ask_again()

    def of_the_weather(self, kind: str) -> None:
        self.gathering = a_gathering(self.agency)
        alert = Alert.objects.create(
            agency=self.agency,
            gathering=self.gathering,
            about=self.gathering.starts,
            hazard=Hazard.RAIN,
            stage=Stage.DAYS,
            level=Level.values[0],
            value=80,
            worst_at=self.gathering.starts,
        )
        to_coordinators.notify(self.gathering, [alert])
        self.forget = lambda: Member.objects.filter(user=self.ada).update(active=False)

    def of_a_season(self, kind: str) -> None:
        made = drawn(self.agency)
        if kind == "season.redrawn":
            Redraws.objects.filter(pk=made.pk).update(asked_by=self.ada)
            made.refresh_from_db()
            of_seasons.tell_redrawn(made)
        else:
            of_seasons.ask_second(made.season, Role.COORDINATOR)
        self.forget = lambda: Member.objects.filter(user=self.ada).update(active=False)

    def of_an_invitation(self, kind: str) -> None:
        bea = Member.objects.create(agency=self.agency, name="Bea Officer")
        front.invite(bea, email="bea@riverbend.example", by=self.ada)
        self.forget = lambda: Member.objects.filter(pk=bea.pk).update(active=False)

    def in_the_morning(self, kind: str) -> None:
        self.gathering = a_gathering(self.agency)
        answer(self.gathering, access_needs="A chair with arms")
        morning.write_at(self.agency)
        self.forget = lambda: Member.objects.filter(user=self.ada).update(active=False)

    def of_the_install(self, kind: str) -> None:
        send_mail("New password", "https://x.example/reset", None, [BEN])

    def of_a_follower(self, kind: str) -> None:
        a_gathering(self.agency)  # so that there is something to follow
        following.ask(self.agency, about=["program:walk"], email=BEN, language="en")
        reader = following.reader_of(self.agency, Subscription.objects.get(address=BEN).reader)
        self.forget = lambda: following.stop(reader)
        if kind == "outreach.news":
            following.confirm(reader, keys=[row.public_id for row in reader.rows])
            self.gathering = a_gathering(self.agency)
            with clock.at(clock.now() + timedelta(hours=22)):
                following.bring(self.agency)

    # -- what may happen to it ----------------------------------------------------------------------
    def cancel(self) -> None:
        self.gathering.refresh_from_db()
        actions.cancel(self.gathering, reason="Ice on the paths", by=self.ada)

    def move(self) -> None:
        self.gathering.refresh_from_db()
        on = self.gathering.on + timedelta(days=1)
        actions.move(self.gathering, on=on, reason="Rain", stand_in="Omar", by=self.ada)


MADE = {
    "gatherings": Scene.of_a_resident,
    "rosters": Scene.of_the_roster,
    "rosters.thanks": Scene.thanks,
    "followthrough": Scene.of_a_concern,
    "weather": Scene.of_the_weather,
    "season": Scene.of_a_season,
    "front": Scene.of_an_invitation,
    "front.morning": Scene.in_the_morning,
    "outreach": Scene.of_a_follower,
    "outreach.own": Scene.of_the_install,
}
# What makes it untrue. What is not named leaves it as it is, or is said in it.
ENDS, CANCELLED, MOVED, TAKEN_BACK = (
    "it is over",
    "it is called off",
    "it is moved",
    "the address is taken back",
)
USUAL = {ENDS, CANCELLED, TAKEN_BACK}
UNTRUE_WHEN: dict[str, set[str]] = {
    "gatherings.welcome": USUAL,
    "gatherings.again": USUAL,
    "gatherings.offer": USUAL,
    "gatherings.seated": USUAL,
    "gatherings.cancelled": {ENDS, TAKEN_BACK},
    "gatherings.moved": {*USUAL, MOVED},  # the last says it all
    "gatherings.word": USUAL,
    "gatherings.reminder": {*USUAL, MOVED},  # it has a reminder of its own
    "rosters.asked": USUAL,
    "rosters.reminder": {*USUAL, MOVED},  # it is near no more
    "rosters.host": USUAL,
    "rosters.changed": {*USUAL, MOVED},
    "rosters.cancelled": {ENDS, TAKEN_BACK},
    "rosters.called_off": {ENDS, TAKEN_BACK},
    "rosters.released": USUAL,
    "rosters.thanks": {ENDS, TAKEN_BACK},  # with its link, two weeks after
    "followthrough.news": {TAKEN_BACK},
    "followthrough.asked": {ENDS, TAKEN_BACK},
    "weather.alert": {*USUAL, MOVED},
    "season.signature": {TAKEN_BACK},
    "season.redrawn": {TAKEN_BACK},
    "front.invitation": {ENDS, TAKEN_BACK},
    "front.morning": USUAL,  # what waited for its reader is gone
    "outreach.confirm": {TAKEN_BACK},  # what waited for two days is not sent
    "outreach.news": USUAL,
    "outreach.own": set(),  # it ends with its link, and nobody but its reader can tell
}
KINDS = sorted(UNTRUE_WHEN)


@pytest.fixture(autouse=True)
def noon(riverbend):
    with clock.at(datetime(2026, 11, 10, 12, tzinfo=riverbend.zone)):
        yield


@pytest.fixture
def scene(riverbend, ada, settings):
    settings.EMAIL_BACKEND = "alongside.outreach.backend.Outbox"
    return Scene(riverbend, ada)


def lived(scene: Scene, kind: str) -> Mail:
    """The mail of this kind that waits."""
    MADE.get(kind, MADE[kind.partition(".")[0]])(scene, kind)
    [scene.mail] = Mail.objects.waiting().filter(kind=kind)
    return scene.mail


def test_every_kind_says_what_makes_it_untrue():
    assert set(letters()) == set(UNTRUE_WHEN)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_made_in_the_language_of_its_reader(scene, kind):
    mail = lived(scene, kind)
    said = {}
    for language in ("en", "es"):
        again = Mail.objects.get(pk=mail.pk)
        again.language = language
        said[language] = again.letter
        assert again.letter.subject.strip(), language
        assert again.letter.text.strip(), language
    if kind != "outreach.own":
        assert said["en"].subject != said["es"].subject
        assert said["en"].text != said["es"].text
    assert BEN not in str(mail.facts), "what it was written with names no address"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("deed", [ENDS, CANCELLED, MOVED, TAKEN_BACK])
def test_what_makes_it_untrue_withdraws_it(scene, later, kind, deed):
    mail = lived(scene, kind)
    if deed == TAKEN_BACK:
        scene.forget()
    elif deed == ENDS:
        later(days=40)
    elif scene.gathering is None or kind.endswith("cancelled"):
        return  # of no gathering, or of one that is off already
    else:
        (scene.cancel if deed == CANCELLED else scene.move)()
    outreach.look_at_all()
    mail.refresh_from_db()
    is_untrue = deed in UNTRUE_WHEN[kind]
    assert mail.state == (State.WITHDRAWN if is_untrue else State.WAITING), str(mail.error)
    if is_untrue:
        assert str(mail.error), "why, for staff"
        assert mail.facts is None
    elif deed == MOVED and kind != "front.morning":  # which says by when one is to act
        scene.gathering.refresh_from_db()
        assert scene.gathering.when in mail.text
