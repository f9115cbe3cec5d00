"""Wherever people without an account write what they like, they are warned once, and what may not be kept is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.care import patterns
from alongside.core.care.boxes import WARNED
from alongside.field import passes
from alongside.field.models import Observation
from alongside.field.tests.cast import a_walk
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Concern, Step, Withheld
from alongside.followthrough.tests.cast import WORDS, ben_says
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Rsvp
from alongside.gatherings.tests.cast import a_gathering, form_key
from alongside.hotspots.models import Petition
from alongside.hotspots.tests import town
from alongside.outreach.subscriptions import actions as following
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.rosters import actions as rosters
from alongside.rosters import partnering, posting
from alongside.rosters.models import PartnerInvitation
from alongside.rosters.tests.cast import a_partner, link_in, mails, somebody
from tests.doors.routes import views_under

pytestmark = pytest.mark.django_db
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}

# Boxes for something else than what people like to say, and why nobody is warned there.
EXCUSED = {
    "party": "a number of people",
    "": "an address to copy: it is sent to nobody",
    "code": "the code of a card",
    "phone": "a partner leaves it on purpose, so that we can call",
    "x1": "a trap that nobody sees",
}


@dataclass
class Door:
    """A page that takes a form from anybody: what is sent with the words, and where each box's words are kept."""

    address: str
    typed: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, Callable[[], list[str]]] = field(default_factory=dict)
    moment: datetime | None = None


def kept_in(model: Any, name: str) -> Callable[[], list[str]]:
    return lambda: list(model.objects.values_list(name, flat=True))


def join(agency: Agency) -> Door:
    address = reverse("gatherings:join", args=[agency.slug, a_gathering(agency).public_id])
    boxes = {name: kept_in(Rsvp, name) for name in ("name", "interpreter", "access_needs")}
    return Door(address, {"party": "2", "form_key": form_key()}, boxes)


def own_answer(agency: Agency) -> Door:
    _rsvp, token = gatherings.join(a_gathering(agency), party=1, form_key=form_key())
    boxes = {name: kept_in(Rsvp, name) for name in ("name", "interpreter", "access_needs")}
    return Door(reverse("gatherings:answer", args=[agency.slug, token]), {"act": "needs"}, boxes)


def who_came(agency: Agency) -> Door:
    walk = a_gathering(agency)
    (code,) = gatherings.make_cards(walk, count=1, by=None)
    address = reverse("gatherings:was-there", args=[agency.slug, code])
    return Door(address, moment=walk.starts + timedelta(minutes=10))


def petition(name: str) -> Callable[[Agency], Door]:
    def door(agency: Agency) -> Door:
        typed = {"place": "The skate park", "text": "It is too far.", "form_key": form_key()}
        boxes = {box: kept_in(Petition, box) for box in ("place", "text")}
        return Door(reverse(f"hotspots:{name}", args=[agency.slug]), typed, boxes)

    return door


def what_i_asked(agency: Agency) -> Door:
    asked = town.a_petition(agency, place="The skate park")
    return Door(reverse("hotspots:petition", args=[agency.slug, asked.public_id]))


def a_code(agency: Agency) -> Door:
    return Door(reverse("followthrough:follow", args=[agency.slug]))


def a_card(agency: Agency) -> Door:
    code = ben_says(agency).code
    corrections = Step.objects.filter(deed="corrected")
    boxes: dict[str, Callable[[], list[str]]] = {
        "text": lambda: list(corrections.values_list("words", flat=True))
    }
    return Door(reverse("followthrough:page", args=[agency.slug, code]), {"act": "correct"}, boxes)


def me_too(agency: Agency) -> Door:
    """A button, and nothing to write."""
    concern = ben_says(agency).concern
    followthrough.clear(concern, summary="A lamp is out.", by=None)
    Concern.objects.filter(pk=concern.pk).update(heard_on=agency.today() - timedelta(days=30))
    return Door(reverse("followthrough:public-concern", args=[agency.slug, concern.public_id]))


def told_us(agency: Agency) -> Door:
    """What belongs elsewhere is kept only once whoever wrote it wants it set apart."""
    typed = {"words": WORDS, "kind": "concern", "category": "other", "language": "en", "apart": "yes"}
    boxes = {name: kept_in(Concern, name) for name in ("words", "place")}
    address = reverse("followthrough:write", args=[agency.slug])
    return Door(address, typed | {"form_key": form_key()}, boxes)


def own_entry(agency: Agency) -> Door:
    token = people.link_partner(a_partner(agency, "Temple Hope"), by=None)
    boxes = {name: kept_in(Partner, name) for name in ("name", "contact_name")}
    return Door(reverse("people:own-entry", args=[agency.slug, token]), {"name": "Temple Hope"}, boxes)


def a_members_answer(agency: Agency) -> Door:
    sam = somebody(agency, "Sam Whitaker", rank="Officer")
    rosters.invite(posting.add(a_gathering(agency), member=sam, part="officer", by=None), by=None)
    return Door(link_in(mails()[-1]))


def a_partners_answer(agency: Agency) -> Door:
    invitation = partnering.add(a_gathering(agency), partner=a_partner(agency, "Temple Hope"), by=None)
    rosters.invite(invitation, by=None)
    boxes = {"topics": kept_in(PartnerInvitation, "topics")}
    return Door(link_in(mails()[-1]), {"act": "yes", "party": "2"}, boxes)


def look_back(agency: Agency) -> Door:
    walk = a_walk(agency)
    token = passes.open_pass(walk, by=None, to=a_partner(agency, "Temple Hope"))
    address = reverse("field:partner-look-back", args=[agency.slug, token])
    return Door(address, {}, {"words": kept_in(Observation, "words")}, walk.starts + timedelta(minutes=30))


def second_answer(agency: Agency) -> Door:
    walk, guest = a_gathering(agency), gatherings.Guest(email="ben@people.example")
    for party in (1, 2):
        gatherings.join(walk, party=party, form_key=form_key(), guest=guest)
    return Door(link_in(mails()[-1]))


def to_follow(agency: Agency) -> Door:
    return Door(reverse("outreach:follow", args=[agency.slug]))


def what_i_follow(agency: Agency) -> Door:
    a_gathering(agency)
    following.ask(agency, about=["program:walk"], email="ben@people.example", language="en")
    return Door(link_in(mails()[-1]))


def what_is_kept_of_me(agency: Agency) -> Door:
    return Door(reverse("records:yours", args=[agency.slug, "concern", ben_says(agency).code]))


DOORS: dict[str, Callable[[Agency], Door]] = {
    "records.views.yours": what_is_kept_of_me,
    "gatherings.views.join": join,
    "gatherings.views.answer": own_answer,
    "gatherings.views.was_there": who_came,
    "hotspots.views.ask": petition("ask"),
    "hotspots.views.object_to_label": petition("object"),
    "hotspots.views.petition": what_i_asked,
    "followthrough.views.follow": a_code,
    "followthrough.views.page": a_card,
    "followthrough.intake_views.write": told_us,
    "followthrough.public.views.concern": me_too,
    "people.views.own_entry": own_entry,
    "rosters.views.answer": a_members_answer,
    "rosters.views.partner": a_partners_answer,
    "field.views.partner_look_back": look_back,
    "gatherings.views.answer_again": second_answer,
    "outreach.subscriptions.views.follow": to_follow,
    "outreach.subscriptions.views.subscriptions": what_i_follow,
}
BOXES = [
    ("gatherings.views.join", "name"),
    ("gatherings.views.join", "interpreter"),
    ("gatherings.views.join", "access_needs"),
    ("gatherings.views.answer", "name"),
    ("gatherings.views.answer", "interpreter"),
    ("gatherings.views.answer", "access_needs"),
    ("hotspots.views.ask", "place"),
    ("hotspots.views.ask", "text"),
    ("hotspots.views.object_to_label", "place"),
    ("hotspots.views.object_to_label", "text"),
    ("followthrough.views.page", "text"),
    ("followthrough.intake_views.write", "words"),
    ("followthrough.intake_views.write", "place"),
    ("people.views.own_entry", "name"),
    ("people.views.own_entry", "contact_name"),
    ("rosters.views.partner", "topics"),
    ("field.views.partner_look_back", "words"),
]
# Names of officers are what is asked for there, and an organization's house is nobody's home.
NAMES, HOUSES = {"name", "contact_name"}, {("people.views.own_entry", "name")}

PHONE, PLATE, HOUSE, OFFICER = "615-555-0142", "plate ABC-1234", "1412 Oak Street", "Officer Diaz"


class Typing(HTMLParser):
    """The boxes of a page's forms in which one types words."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, dict[str, str | None]] = {}
        self.posts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.posts = given.get("method") == "post"
        words = tag == "textarea" or (tag == "input" and given.get("type", "text") in {"text", "search"})
        if self.posts and words:
            self.boxes[given.get("name") or ""] = given


def typed_into(page: str) -> dict[str, dict[str, str | None]]:
    reader = Typing()
    reader.feed(page)
    return reader.boxes


@pytest.fixture(params=DOORS)
def door(riverbend, request):
    made = DOORS[request.param](riverbend)
    with clock.at(made.moment or clock.now()):
        yield request.param, made


@pytest.fixture(params=BOXES, ids="-".join)
def box(riverbend, request):
    view, name = request.param
    made = DOORS[view](riverbend)
    with clock.at(made.moment or clock.now()):
        yield view, name, made


def warned(page: Any, name: str) -> str:
    """What the form that came back says it has warned of."""
    tag = page.text.partition(f'name="{name}-{WARNED}"')[2].partition(">")[0]
    return tag.partition('value="')[2].partition('"')[0]


def test_every_door_for_people_without_an_account_is_here():
    assert views_under("public_form") == set(DOORS)


def test_every_box_for_words_is_one_of_ours(door):
    """A box that somebody adds by hand, in a form or in a page, is found here."""
    view, door = door
    page = Client().get(door.address)
    assert page.status_code == 200, "the premise"
    boxes = typed_into(page.text)
    assert {(view, name) for name in door.boxes} == {each for each in BOXES if each[0] == view}
    assert set(door.boxes) == {name for name, drawn in boxes.items() if "data-care" in drawn}
    assert set(boxes) - set(door.boxes) <= set(EXCUSED)
    for drawn in (boxes[name] for name in door.boxes):
        assert f'id="{drawn["id"]}_care"' in page.text
        assert f"{drawn['id']}_care" in (drawn["aria-describedby"] or "")


def test_a_box_without_care_is_seen():
    """The guard itself: what a hand might write into a page."""
    page = '<form method="post"><input name="pickup"><textarea name="more"></textarea><input type="email"></form>'
    assert set(typed_into(page)) == {"pickup", "more"}
    assert typed_into('<form><input name="q"></form>') == {}, "a search is kept nowhere"


@pytest.mark.parametrize("said", [PHONE, PLATE, HOUSE, OFFICER])
def test_it_is_warned_of_once_and_kept_without(box, said):
    view, name, door = box
    ben, sent = Client(**FROM_HERE), door.typed | {name: said}
    before = door.boxes[name]()
    quiet = (said == OFFICER and name in NAMES) or (said == HOUSE and (view, name) in HOUSES)
    if not quiet:
        page = ben.post(door.address, sent)
        assert page.status_code == 422
        assert said in page.text, "what was typed is still there"
        assert str(patterns.seen_in(said)[0].why) in page.text.replace("&#x27;", "'")
        assert door.boxes[name]() == before, "nothing happened yet"
        sent[f"{name}-{WARNED}"] = warned(page, name)
    page = ben.post(door.address, sent, follow=True)
    assert page.status_code == 200
    [kept] = set(door.boxes[name]()) - set(before)
    assert (
        kept
        == {
            PHONE: "[…]",
            PLATE: "[…]",
            HOUSE: HOUSE if quiet else "1400 block of Oak Street",
            OFFICER: OFFICER,
        }[said]
    )
    told = ("We left out", "We keep the block, not the house number")
    assert any(words in page.text for words in told) == (kept != said)


def test_words_that_harm_nobody_pass_at_once(box):
    _view, name, door = box
    said = "By the stairs"
    assert Client(**FROM_HERE).post(door.address, door.typed | {name: said}, follow=True).status_code == 200
    assert said in door.boxes[name]()


def test_a_new_sign_is_warned_of_anew(box):
    _view, name, door = box
    sent = door.typed | {name: f"{PHONE} {PLATE}", f"{name}-{WARNED}": "phone-number"}
    assert Client(**FROM_HERE).post(door.address, sent).status_code == 422


def test_a_browser_is_given_the_list_in_the_language_of_its_page(db):
    for address, why in (("/signs.json", "This looks like a"), ("/es/signs.json", "Esto parece")):
        answer = Client().get(address)
        listed = answer.json()
        assert [each["id"] for each in listed["signs"]] == [sign.name for sign in patterns.SIGNS]
        assert listed["signs"][0]["why"].startswith(why)
        assert "[…]" in listed["masked"]
        assert "max-age=3600" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("said", "why"), [(OFFICER, Withheld.OFFICER), ("Somebody sold drugs there", Withheld.CRIME)]
)
def test_a_correction_that_names_an_officer_or_tells_a_crime_is_held(riverbend, said, why):
    door = a_card(riverbend)
    ben = Client(**FROM_HERE)
    sent = door.typed | {"text": said}
    again = sent | {f"text-{WARNED}": warned(ben.post(door.address, sent), "text")}
    assert ben.post(door.address, again).status_code == 302
    concern = Step.objects.get(deed="corrected").concern
    assert concern.withheld == why
    assert "This is not handled here" in ben.get(door.address).text
