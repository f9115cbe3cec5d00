"""One tap by link: looking changes nothing, a link opens one thing, and Eve gets nowhere."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.rosters import actions, partnering, posting
from alongside.rosters.models import PartnerInvitation, Post, State
from alongside.rosters.tests.cast import a_partner, a_walk, link_in, mails

OURS = {"headers": {"origin": "http://testserver"}}


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


@pytest.fixture
def sam(walk, city):
    posting.propose(walk, by=None)
    post = Post.objects.get(member=city.officers[0])
    actions.invite(post, by=None)
    return post


@pytest.fixture
def temple(walk, city):
    partner = a_partner(city.agency, "Temple Hope", city.eastbank)
    invitation = partnering.add(walk, partner=partner, by=None)
    actions.invite(invitation, by=None)
    return invitation


def state(thing):
    return type(thing).objects.get(pk=thing.pk).state


class TestAMembersLink:
    def test_looking_changes_nothing(self, client, sam):
        url = link_in(mails()[0])
        for method in (client.get, client.head):
            page = method(url)
            assert page.status_code == 200
        assert state(sam) == State.INVITED
        assert page["Referrer-Policy"] == "same-origin"
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]

    def test_one_tap_and_another_is_the_same(self, client, sam):
        url = link_in(mails()[0])
        for _tap in range(2):
            assert client.post(url, {"act": "yes"}, **OURS).status_code == 302
        assert state(sam) == State.COMING
        assert AuditEntry.objects.filter(verb="answered a roster").count() == 1
        entry = AuditEntry.objects.get(verb="answered a roster")
        assert entry.actor_name == "Officer Sam Whitaker"
        assert "coming" in client.get(url).content.decode()

    def test_the_mind_may_change_and_a_name_may_be_held_back(self, client, sam):
        url = link_in(mails()[0])
        client.post(url, {"act": "yes", "unnamed": "on"}, **OURS)
        sam.refresh_from_db()
        assert not sam.named
        client.post(url, {"act": "no"}, **OURS)
        assert state(sam) == State.DECLINED
        client.post(url, {"act": "yes"}, **OURS)
        sam.refresh_from_db()
        assert (sam.state, sam.named) == (State.COMING, True)

    def test_another_browser_that_is_signed_in_speaks_for_the_member_all_the_same(self, client_for, ada, sam):
        client_for(ada).post(link_in(mails()[0]), {"act": "yes"}, **OURS)
        assert AuditEntry.objects.get(verb="answered a roster").actor_name == "Officer Sam Whitaker"

    def test_after_it_is_cancelled_or_over_nothing_acts(self, client, walk, sam):
        url = link_in(mails()[0])
        with clock.at(walk.ends + timedelta(hours=1)):
            assert b'name="act"' not in client.get(url).content
            assert client.post(url, {"act": "yes"}, **OURS).status_code == 422
        with clock.at(walk.ends + timedelta(days=15)):
            assert client.get(url).status_code == 404
        gatherings.cancel(Gathering.objects.get(pk=walk.pk), reason="Ice on the way", by=None)
        assert "Ice on the way" in client.get(url).content.decode()
        assert client.post(url, {"act": "yes"}, **OURS).status_code == 422
        assert state(sam) == State.INVITED

    def test_who_left_the_agency_answers_no_more_and_is_not_written_to(self, client, walk, sam):
        url = link_in(mails()[0])
        sam.member.active = False
        sam.member.save()
        assert client.get(url).status_code == 404
        gatherings.cancel(Gathering.objects.get(pk=walk.pk), reason="Ice on the way", by=None)
        assert len(mails()) == 1

    def test_taken_off_is_taken_off(self, client, sam):
        url = link_in(mails()[0])
        actions.release(sam, by=None)
        assert client.get(url).status_code == 404
        assert client.post(url, {"act": "yes"}, **OURS).status_code == 404
        assert state(sam) == State.RELEASED


class TestAPartnersLink:
    def test_yes_with_a_group_and_what_to_talk_about(self, client, temple):
        url = link_in(mails()[0])
        assert client.get(url).status_code == 200
        assert state(temple) == "invited"
        answer = client.post(url, {"act": "yes", "party": "4", "topics": "Street lights"}, **OURS)
        assert answer.status_code == 302
        temple.refresh_from_db()
        assert (temple.state, temple.party, temple.topics) == ("coming", 4, "Street lights")

    def test_what_was_typed_wrong_stays_on_the_page(self, client, temple):
        url = link_in(mails()[0])
        answer = client.post(url, {"act": "yes", "party": "a few", "topics": "Street lights"}, **OURS)
        assert answer.status_code == 422
        assert b"Street lights" in answer.content
        assert b"a few" in answer.content
        assert state(temple) == "invited"

    def test_it_changes_its_own_part_and_nothing_else(self, client, temple):
        url = link_in(mails()[0])
        eves = {
            "act": "yes",
            "party": "2",
            "cohost": "on",
            "state": "thanked",
            "gathering": "1",
            "partner": "1",
        }
        client.post(url, eves, **OURS)
        temple.refresh_from_db()
        assert (temple.state, temple.party, temple.cohost) == ("coming", 2, False)

    def test_no_more_letters(self, client, temple):
        url = link_in(mails()[0])
        assert client.post(url, {"act": "stop"}, **OURS).status_code == 302
        temple.partner.refresh_from_db()
        assert not temple.partner.invited
        assert state(temple) == "declined"
        assert "no invitations" in client.get(url).content.decode()

    def test_a_mail_program_stops_the_letters_by_one_click(self, temple):
        path = re.sub(r"^https?://[^/]+", "", mails()[0].unsubscribe_url)
        gmail, kind = Client(enforce_csrf_checks=True), "application/x-www-form-urlencoded"
        for words in ("", "List-Unsubscribe=No", "act=stop", "List-Unsubscribe=One-Click&act=stop"):
            assert gmail.post(path, words, content_type=kind).status_code == 403
        assert gmail.get(path).status_code == gmail.head(path).status_code == 200
        temple.partner.refresh_from_db()
        assert temple.partner.invited, "looking stops nothing"
        for _twice in range(2):
            assert gmail.post(path, "List-Unsubscribe=One-Click", content_type=kind).status_code == 200
        temple.partner.refresh_from_db()
        assert not temple.partner.invited


# What a fool, a hurried person and Eve would send, and what becomes of it.
ATTACKS = {
    "no button": ({}, OURS, 422),
    "an unknown button": ({"act": "came"}, OURS, 422),
    "a button of the coordinator": ({"act": "release"}, OURS, 422),
    "two buttons": ({"act": ["no-such", "perhaps"]}, OURS, 422),
    "from another site": ({"act": "yes", "party": "1"}, {"headers": {"origin": "https://eve.example"}}, 403),
    "from a frame": ({"act": "yes", "party": "1"}, {"headers": {"sec-fetch-site": "cross-site"}}, 403),
    "without an origin": ({"act": "yes", "party": "1"}, {}, 403),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("whose", ["member", "partner"])
def test_an_attack_changes_nothing(client, sam, temple, whose, attack):
    said, how, status = ATTACKS[attack]
    url = link_in(mails()[0 if whose == "member" else 1])
    assert client.post(url, said, **how).status_code == status
    assert (state(sam), state(temple)) == ("invited", "invited")


@pytest.mark.parametrize("token", ["x", "x" * 500, "..", "%00", "' OR 1=1 --", "🦊", "a/b"], ids=range(7))
def test_a_guessed_link_opens_nothing(client, sam, token):
    from urllib.parse import quote

    for door in ("roster", "invited"):
        url = f"/riverbend/{door}/{quote(token, safe='')}/"
        assert client.get(url).status_code in {404, 400}
        assert client.post(url, {"act": "yes"}, **OURS).status_code in {404, 400}
    assert state(sam) == State.INVITED


def test_a_link_opens_one_door_at_one_agency(client, elsewhere, sam, temple):
    mine, theirs = (link_in(mail).split("/")[-2] for mail in mails())
    assert client.get(reverse("rosters:partner", args=["riverbend", mine])).status_code == 404
    assert client.get(reverse("rosters:answer", args=["riverbend", theirs])).status_code == 404
    assert client.get(reverse("rosters:answer", args=["elsewhere", mine])).status_code == 404
    assert client.get(reverse("people:own-entry", args=["riverbend", theirs])).status_code == 404


def test_the_link_itself_is_not_in_the_database(sam, temple):
    from alongside.agencies.models import Bearer

    mine = link_in(mails()[0]).split("/")[-2]
    assert not Bearer.objects.filter(digest__contains=mine).exists()
    assert PartnerInvitation.objects.count() == 1
