"""Who holds a key holds it no longer than they should: each purpose, each end, tried at its own door."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from alongside.agencies import actions as agencies
from alongside.agencies import bearers
from alongside.agencies.models import AuditEntry, Bearer, Member, Role
from alongside.core import clock
from alongside.core.manifest import follow, manifests, purposes
from alongside.field import passes
from alongside.field.models import Note
from alongside.field.tests.cast import Phone, a_note
from alongside.followthrough.models import Card
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Rsvp
from alongside.gatherings.tests.cast import form_key
from alongside.outreach.subscriptions import actions as following
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.rosters import actions as rosters
from alongside.rosters import partnering, posting
from alongside.rosters.models import Part, PartnerInvitation, Post
from alongside.rosters.tests.cast import a_partner, a_walk, link_in, mails
from tests.cast import an_agency, staff_member

OPEN, CLOSED = {200}, {401, 404, 410}


@dataclass
class Town:
    """A walk in twenty hours, Officer Omar on its roster, a mosque that comes along, and Ada."""

    agency: Any
    ada: Any
    omar: Member
    mosque: Partner
    walk: Gathering


def a_town():
    agency = an_agency("riverbend", "Riverbend Police", "America/New_York")
    ada = staff_member(agency, "Ada Coordinator", Role.COORDINATOR)
    omar = Member.objects.get(user=staff_member(agency, "Omar Officer", Role.OFFICER, rank="Officer"))
    walk = a_walk(agency, None)
    posting.add(walk, member=omar, part=Part.SCRIBE, by=ada)
    mosque = a_partner(agency, "Mosque of Light")
    partnering.add(walk, partner=mosque, by=ada)
    return Town(agency, ada, omar, mosque, walk)


@pytest.fixture(scope="session")
def begin():
    return a_town


@pytest.fixture
def riverbend(begun):
    return begun.agency


@pytest.fixture
def officer(begun):
    return begun.omar.user


@pytest.fixture
def town(begun):
    with clock.at(begun.walk.starts - timedelta(hours=20)):
        yield begun


# -- how each is given, and its door ----------------------------------------------------------------
def invitation(town):
    token = agencies.invite(town.omar, email="omar@new.example", by=town.ada)
    return token, reverse("front:invitation", args=[token])


def rsvp(town):
    _rsvp, token = gatherings.join(town.walk, party=2, form_key=form_key())
    return token, reverse("gatherings:answer", args=["riverbend", token])


def partner(town):
    token = people.link_partner(town.mosque, by=town.ada)
    return token, reverse("people:own-entry", args=["riverbend", token])


def asked(town, kind):
    rosters.invite(kind.objects.get(gathering=town.walk), by=town.ada)
    url = link_in(mails()[-1])
    return url.split("/")[-2], url


def came(town):
    """Given at the end, so that it works now: a walk of this afternoon, which nothing below moves or calls off."""
    walk = a_walk(town.agency, None)
    begins = clock.now().astimezone(town.agency.zone) - timedelta(hours=1)
    Gathering.objects.filter(pk=walk.pk).update(on=begins.date(), at=begins.time())
    (code,) = gatherings.make_cards(walk, count=1, by=town.ada)
    return code, reverse("gatherings:was-there", args=["riverbend", code])


def second_answer(town):
    """Two rows without links of their own: what its address is given, and nothing else."""
    first, second = (
        Rsvp(agency=town.agency, gathering=town.walk, party=party, state="going", form_digest=form_key())
        for party in (2, 3)
    )
    first.save()
    second.amends = first
    second.save()
    token, _bearer = bearers.issue("rsvp-again", second.key, agency=town.agency)
    return token, reverse("gatherings:answer-again", args=["riverbend", token])


def news(town):
    following.ask(town.agency, about=["program:walk"], email="ben@people.example", language="en")
    url = link_in(mails()[-1])
    return url.split("/")[-2], url


def scribe(town):
    token = passes.open_pass(town.walk, to=town.omar, by=town.ada)
    return token, reverse("field:kit", args=["riverbend", town.walk.public_id])


def look_back(town):
    token = passes.open_pass(town.walk, to=town.mosque, by=town.ada)
    return token, reverse("field:partner-look-back", args=["riverbend", token])


# Each purpose: how one is given.
GIVEN: dict[str, Callable[[Town], tuple[str, str]]] = {
    "invitation": invitation,
    "rsvp": rsvp,
    "partner": partner,
    "roster": lambda town: asked(town, Post),
    "partner-roster": lambda town: asked(town, PartnerInvitation),
    "news": news,
    "rsvp-again": second_answer,
    "scribe": scribe,
    "look-back": look_back,
    "came": came,
}


def knock(token, url):
    return Client().get(url, headers={"Authorization": f"Bearer {token}"})


# -- what may end it --------------------------------------------------------------------------------
def change(town, **changes):
    member = Member.objects.get(pk=town.omar.pk)
    usual = {"name": member.name, "rank": None, "roles": member.roles, "by": town.ada}
    agencies.change_member(member, **usual | changes)


def leaves_and_comes_back(town):
    change(town, active=False)
    change(town, active=True)


def partner_leaves(town, *, active=False):
    mosque = Partner.objects.get(pk=town.mosque.pk)
    mosque.active = active
    people.save_partner(mosque, areas=[], by=town.ada)


def partner_leaves_and_comes_back(town):
    partner_leaves(town)
    partner_leaves(town, active=True)


def of(town, kind):
    return kind.objects.get(gathering=town.walk)


ENDS: dict[str, Callable[[Town], object]] = {
    "the member is made inactive": lambda town: change(town, active=False),
    "the member leaves and comes back": leaves_and_comes_back,
    "the member is deleted": lambda town: town.omar.delete(),
    "the account is switched off": lambda town: type(town.omar.user).objects.update(is_active=False),
    "the roles are taken away": lambda town: change(town, roles=[]),
    "taken off the roster": lambda town: rosters.release(of(town, Post), by=town.ada),
    "says no to the roster": lambda town: rosters.answer(of(town, Post), coming=False, heard="told"),
    "the partner is made inactive": partner_leaves,
    "the partner leaves and comes back": partner_leaves_and_comes_back,
    "the partner is deleted": lambda town: town.mosque.delete(),
    "the partner is taken off": lambda town: rosters.release(of(town, PartnerInvitation), by=town.ada),
    "the partner says no": lambda town: partnering.answer(
        of(town, PartnerInvitation), coming=False, heard="told"
    ),
    "the gathering is cancelled": lambda town: gatherings.cancel(town.walk, reason="Ice on the way", by=None),
    "the gathering is deleted": lambda town: town.walk.delete(),
    "ended from the list": lambda town: bearers.end(Bearer.objects.latest("pk"), by=town.ada),
    "all of the person ended": lambda town: bearers.end_all_of(
        Bearer.objects.latest("pk").person or town.omar.key, agency=town.agency, by=town.ada
    ),
}
MEMBER = {name for name in ENDS if "member" in name} | {"the account is switched off"}
PARTNER = {"the partner is made inactive", "the partner leaves and comes back", "the partner is deleted"}
LISTED = {"ended from the list", "all of the person ended"}

# Each purpose: everything that ends it. What is not here must leave it open.
ENDED_BY: dict[str, set[str]] = {
    "invitation": MEMBER | LISTED,
    # Whoever looks after their answer may take their address back, also of a walk that is off.
    "rsvp": {"the gathering is deleted", "ended from the list"},
    "news": {"ended from the list"},
    "rsvp-again": {"the gathering is deleted", "ended from the list"},
    "came": {"ended from the list"},
    "partner": PARTNER | LISTED,
    # Who said no may still say yes, and reads on the same page why it is off.
    "roster": MEMBER | LISTED | {"taken off the roster", "the gathering is deleted"},
    "partner-roster": PARTNER | LISTED | {"the partner is taken off", "the gathering is deleted"},
    "scribe": MEMBER
    | LISTED
    | {
        "the roles are taken away",
        "taken off the roster",
        "says no to the roster",
        "the gathering is cancelled",
        "the gathering is deleted",
    },
    "look-back": PARTNER
    | LISTED
    | {
        "the partner is taken off",
        "the partner says no",
        "the gathering is cancelled",
        "the gathering is deleted",
    },
}
# After its last hour: of the gathering, or of its own.
LASTS: dict[str, timedelta] = {
    "invitation": timedelta(days=7),
    "rsvp": timedelta(days=31),
    "news": timedelta(days=60),
    "rsvp-again": timedelta(days=31),
    "came": timedelta(days=16),
    "partner": timedelta(days=90),
    "roster": timedelta(days=16),
    "partner-roster": timedelta(days=16),
    "scribe": timedelta(days=5),
    "look-back": timedelta(days=16),
}


def test_no_purpose_is_forgotten_here():
    assert set(GIVEN) == set(ENDED_BY) == set(LASTS) == set(purposes())
    assert set(PARTNER | MEMBER | LISTED) <= set(ENDS)
    assert all(callable(follow(purpose.behind)) for purpose in purposes().values())
    assert {role for purpose in purposes().values() for role in purpose.roles} <= set(Role.values)
    for room in manifests().values():
        assert set(room.proposes) <= set(purposes())
        assert all(callable(follow(name)) for name in room.proposes.values())


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("purpose", GIVEN)
def test_it_ends_with_its_person_its_gathering_or_by_hand(town, purpose, end):
    token, url = GIVEN[purpose](town)
    assert knock(token, url).status_code in OPEN, "the premise"
    ENDS[end](town)
    closed = knock(token, url).status_code in CLOSED
    assert closed == (end in ENDED_BY[purpose]), f"{purpose}: {end}"


@pytest.mark.parametrize("purpose", GIVEN)
def test_it_ends_on_its_day(town, purpose):
    token, url = GIVEN[purpose](town)
    with clock.at(clock.now() + LASTS[purpose] - timedelta(days=3)):
        assert knock(token, url).status_code in OPEN
    with clock.at(clock.now() + LASTS[purpose]):
        assert knock(token, url).status_code in CLOSED


@pytest.mark.parametrize("purpose", ["scribe", "look-back", "roster", "partner-roster", "rsvp"])
def test_it_moves_with_its_gathering(town, purpose):
    token, url = GIVEN[purpose](town)
    later = timedelta(days=20)
    gatherings.move(town.walk, on=town.walk.on + later, reason="Ice on the way", stand_in="Ada", by=None)
    if purpose in {"scribe", "look-back"}:
        refused = knock(token, url)
        assert refused.status_code in CLOSED, "its days have not come"
        assert "works from" in refused.content.decode()
    with clock.at(clock.now() + later + LASTS[purpose] - timedelta(days=3)):
        assert knock(token, url).status_code in OPEN
    with clock.at(clock.now() + later + LASTS[purpose]):
        assert knock(token, url).status_code in CLOSED


@pytest.mark.parametrize("purpose", GIVEN)
def test_never_ended_elsewhere_and_over_sound_alike(town, elsewhere, purpose):
    token, _url = GIVEN[purpose](town)
    why = set()
    for tried, at in ((token, elsewhere), ("forged" * 6, town.agency), ("", town.agency), ("\0", None)):
        with pytest.raises(bearers.Useless) as refused:
            bearers.opened_by(purpose, tried, at=at)
        why.add(str(refused.value))
    for other in set(purposes()) - {purpose}:
        with pytest.raises(bearers.Useless):
            bearers.opened_by(other, token, at=town.agency)
    bearers.end(Bearer.objects.latest("pk"), by=town.ada)
    with pytest.raises(bearers.Useless) as refused:
        bearers.opened_by(purpose, token, at=town.agency)
    assert {*why, str(refused.value)} == {bearers.USELESS}


@pytest.mark.parametrize("purpose", GIVEN)
def test_the_door_asks_as_much_of_one_as_of_many(town, purpose, django_assert_max_num_queries):
    for _each in range(3):
        token, _url = GIVEN[purpose](town)
        if purpose in {"roster", "partner-roster"}:
            break  # asking twice is asking once
    with django_assert_max_num_queries(5):
        assert bearers.opened_by(purpose, token, at=town.agency).thing


# -- a phone in the hand of somebody who left -------------------------------------------------------
def test_a_phone_that_has_all_it_needs_gets_no_more_and_loses_nothing(town):
    """Its notes stay in its outbox; whoever has a pass of their own hands the phone's notes in."""
    token, _url = GIVEN["scribe"](town)
    phone, note = Phone(town.walk, token), a_note()
    assert phone.kit().json()["codes"]
    assert phone.kit().json()["pass"]["holder"] == "Officer Omar Officer"
    codes = Card.objects.count()
    change(town, active=False)
    for answer in (phone.kit(), phone.post({"items": [note]}), phone.photo(b"x")):
        assert answer.status_code == 401
        assert answer.json() == {"error": bearers.USELESS}
    assert (Note.objects.count(), Card.objects.count()) == (0, codes)
    given_anew = Phone(town.walk, passes.open_pass(town.walk, to=Member.objects.get(user=town.ada), by=None))
    assert given_anew.send(note)[0]["status"] == "stored"


def test_what_was_heard_before_a_walk_was_called_off_midway_is_still_handed_in(town):
    token, _url = GIVEN["scribe"](town)
    with clock.at(town.walk.starts + timedelta(minutes=20)):
        gatherings.cancel(town.walk, reason="Lightning", by=None)
        assert Phone(town.walk, token).send(a_note())[0]["status"] == "stored"


def test_a_guest_holds_a_pass_and_is_said_to_be_one(town, client_for):
    desk = reverse("field:open-pass", args=["riverbend", town.walk.public_id])
    client = client_for(town.ada)
    for wrong in ({}, {"member": town.omar.pk, "guest": "Omar"}, {"member": "999"}):
        assert client.post(desk, wrong).status_code == 422
        assert not Bearer.objects.exists()
    assert client.post(desk, {"guest": "Lena"}).status_code == 200
    assert client.post(desk, {"member": town.omar.pk}).status_code == 200
    shown = client.get(reverse("front:links", args=["riverbend"])).content.decode()
    assert "typed: Lena" in shown
    assert "Officer Omar Officer" in shown


def test_the_scribe_of_the_roster_is_offered_first(town, client_for):
    page = client_for(town.ada).get(reverse("field:heard", args=["riverbend", town.walk.public_id]))
    assert re.search(rf'<option value="{town.omar.pk}" selected', page.content.decode())


# -- the list ---------------------------------------------------------------------------------------
@pytest.fixture
def everything(town):
    return {purpose: give(town) for purpose, give in GIVEN.items()}


def shown(client, query=""):
    page = client.get(reverse("front:links", args=["riverbend"]) + query)
    assert page.status_code == 200
    return page.content.decode()


def test_the_list_shows_every_purpose_and_ends_each(town, everything, client_for):
    client = client_for(town.ada)
    page = shown(client)
    for purpose in purposes().values():
        assert str(purpose.label) in page
    for token, _url in everything.values():
        assert token not in page
    for bearer in Bearer.objects.all():
        client.post(reverse("front:link-end", args=["riverbend", bearer.public_id]))
    assert not Bearer.objects.filter(ended_at=None).exists()
    assert Bearer.objects.filter(ended_by=town.ada).count() == len(GIVEN)
    assert AuditEntry.objects.filter(verb="took back").count() == len(GIVEN)
    assert all(knock(*each).status_code in CLOSED for each in everything.values())
    assert "Nobody holds a link" in shown(client)


def test_what_ended_by_itself_has_no_button(town, everything, client_for):
    with clock.at(town.walk.ends + timedelta(days=4)):
        page = shown(client_for(town.ada), "?for=scribe")
    assert "Over" in page
    assert "/end/" not in page


@pytest.mark.parametrize("whose", ["omar", "mosque"])
def test_all_of_a_person_end_at_once_and_nobody_elses(town, everything, client_for, whose):
    person, client = getattr(town, whose), client_for(town.ada)
    theirs = {bearer.purpose for bearer in bearers.of_person(person.key, agency=town.agency)}
    assert len(theirs) == 3
    assert "Take all 3 links and passes back" in shown(client, f"?of={person.key}")
    client.post(reverse("front:links-end-all", args=["riverbend"]), {"of": str(person.key)})
    assert {name for name, each in everything.items() if knock(*each).status_code in CLOSED} == theirs
    assert AuditEntry.objects.filter(verb="took all links and passes from", detail={"ended": 3}).count() == 1


def test_a_member_is_said_to_hold_so_many_before_they_leave(town, everything, client_for, administrator):
    client = client_for(administrator)
    url = reverse("front:member-edit", args=["riverbend", town.omar.public_id])
    page = client.get(url).content.decode()
    assert "3 links and passes of theirs end" in page
    assert "What they hold" in page
    done = client.post(url, {"name": "Omar Officer", "roles": ["officer"]}, follow=True)
    assert "3 links and passes ended with it" in done.content.decode()
    assert "What they hold" not in client.get(url).content.decode()


def test_only_coordinators_of_the_agency_see_and_end(town, everything, client_for, eve, officer, dent):
    bearer = Bearer.objects.latest("pk")
    end = reverse("front:link-end", args=["riverbend", bearer.public_id])
    for user, status in ((eve, 404), (officer, 403), (dent, 403)):
        client = client_for(user)
        assert client.get(reverse("front:links", args=["riverbend"])).status_code == status
        assert client.post(end).status_code == status
    assert Client().post(end).status_code == 302
    bearer.refresh_from_db()
    assert bearer.ended_at is None


def test_a_list_of_many_asks_as_much_as_one_of_few(
    town, everything, client_for, django_assert_max_num_queries
):
    for _each in range(20):
        passes.open_pass(town.walk, to=town.omar, by=town.ada)
        gatherings.join(town.walk, party=1, form_key=form_key())
    client = client_for(town.ada)
    with django_assert_max_num_queries(26):
        shown(client)


# -- forgetting -------------------------------------------------------------------------------------
def test_a_month_after_its_end_a_row_goes_and_what_came_by_it_stays(town, everything):
    Phone(town.walk, everything["scribe"][0]).send(a_note())
    with clock.at(clock.now() + timedelta(days=2)):
        assert bearers.forget_old() == 0
    with clock.at(clock.now() + timedelta(days=150)):
        bearers.forget_old()
    assert not Bearer.objects.exists()
    assert Note.objects.get().came_by is not None


# -- the guard --------------------------------------------------------------------------------------
KEYISH = re.compile(r"digest|token|secret|passw|api_?key|nonce")
# What looks like the key of a link, and is none.
NO_LINK = {
    "agencies.Bearer.digest": "the one place",
    "agencies.User.password": "of an account: it signs in, and ends with it",
    "followthrough.Body.secret": "the key that another body gave us, shut up: it opens their door, none of ours",
    "followthrough.Loaded.name_digest": "a name in a table from before, of any length",
    "followthrough.Passing.token": "a number by which another body finds its own row",
    "followthrough.Card.digest": "the code on a card says what became of one concern to whoever has the card, "
    "and names nobody who could lose it",
    "gatherings.Rsvp.form_digest": "a form is answered once; it opens nothing",
    "gatherings.Imported.name_digest": "a name of another calendar, of any length",
    "gatherings.Imported.row_digest": "a row of another calendar, of any length",
    "hotspots.Petition.form_digest": "a form is answered once; it opens nothing",
    "outreach.FirstMail.digest": "an address that we were made to write to is counted; it opens nothing",
    "voices.Voice.digest": "a device is counted once; it opens nothing",
    "walks.Walk.form_digest": "a form is answered once; it opens nothing",
}


def test_no_other_row_holds_the_key_of_a_link():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("alongside.")
        for field in model._meta.concrete_fields
        if KEYISH.search(field.name)
    }
    assert found == set(NO_LINK)
