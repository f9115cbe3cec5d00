"""Partners near a place: proposed, invited in their language, coming with a group, thanked; and when to ask counsel."""

import pytest
from django.utils import translation

from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.people import actions as people
from alongside.people.models import PartnerKind
from alongside.rosters import actions, partnering, posting, queries, staffing
from alongside.rosters.models import PartnerInvitation, PublicBody, State
from alongside.rosters.tests.cast import a_partner, a_walk, mails


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


@pytest.fixture
def temple(city):
    return a_partner(city.agency, "Temple Hope", city.eastbank, language="es", listed=True)


def invited(walk, partner):
    invitation = partnering.add(walk, partner=partner, by=None)
    actions.invite(invitation, by=None)
    return PartnerInvitation.objects.get(pk=invitation.pk)


def test_partners_of_the_place_and_of_the_whole_city_are_proposed(city, walk, temple):
    everywhere = a_partner(city.agency, "Youth Council")
    a_partner(city.agency, "Westfield Association", city.westfield)
    a_partner(city.agency, "Quiet Shop", city.eastbank, invited=False)
    a_partner(city.agency, "Closed Club", city.eastbank, active=False)
    made = partnering.propose(walk, by=None)
    assert {each.partner for each in made} == {temple, everywhere}
    assert partnering.propose(walk, by=None) == []


def test_a_partner_reads_its_own_language(city, walk, temple):
    invited(walk, temple)
    invited(walk, a_partner(city.agency, "Block Watch", city.eastbank))
    spanish, english = mails()
    with translation.override("es"):
        assert walk.when in spanish.text
    assert walk.when in english.text
    assert "/es/riverbend/invited/" in spanish.text
    assert "/es/" not in english.text
    assert spanish.unsubscribe_url.removesuffix("stop/") in spanish.text


def test_who_wants_no_invitations_gets_none(city, walk):
    quiet = a_partner(city.agency, "Quiet Shop", city.eastbank, invited=False)
    partnering.add(walk, partner=quiet, by=None)
    assert actions.invite_all(PartnerInvitation, walk, by=None) == actions.Asked(0, 0)
    assert mails() == []
    assert invited(walk, quiet).state == State.INVITED, "a person may still speak to them"
    assert mails() == []


def test_a_group_is_counted_apart_from_residents(walk, temple):
    from alongside.gatherings.tests.cast import answer

    answer(walk, 3)
    partnering.answer(invited(walk, temple), coming=True, party="12", topics="Street lights", heard="link")
    fresh = Gathering.objects.get(pk=walk.pk)
    assert queries.planned(fresh) == queries.Planned(residents=3, partners=12)
    assert [each.topics for each in queries.topics(fresh)] == ["Street lights"]
    partnering.answer(queries.invited_partners(fresh)[0], coming=False, heard="link")
    assert queries.planned(fresh).partners == 0
    assert queries.topics(fresh) == [], "who does not come sets no topics"


@pytest.mark.parametrize("party", ["0", "-1", "61", "many", "", "1e2", "٣", "9" * 400])
def test_odd_groups_are_refused_and_nothing_is_kept(walk, temple, party):
    invitation = invited(walk, temple)
    with pytest.raises(partnering.BadGroup):
        partnering.answer(invitation, coming=True, party=party, heard="link")
    assert PartnerInvitation.objects.get().state == State.INVITED


def test_topics_are_plain_lines(walk, temple):
    invitation = invited(walk, temple)
    with pytest.raises(partnering.TooMuch):
        partnering.answer(invitation, coming=True, topics="x" * 601, heard="link")
    kept = partnering.answer(invitation, coming=True, topics="Lights\x00\r\n\u202eParks ", heard="link")
    assert kept.topics == "Lights\nParks"


def test_thanks_go_out_once_to_those_who_came(city, walk, temple):
    other = a_partner(city.agency, "Block Watch", city.eastbank)
    for partner in (temple, other):
        partnering.answer(invited(walk, partner), coming=True, heard="told")
    with clock.at(walk.ends):
        here = PartnerInvitation.objects.get(partner=temple)
        assert actions.mark_came(PartnerInvitation, walk, came=[here.pk], by=None) == 1
        assert partnering.thank(walk, by=None) == actions.Asked(1, 0)
        assert partnering.thank(walk, by=None) == actions.Asked(0, 0)
        actions.mark_came(PartnerInvitation, walk, came=[], by=None)
    here.refresh_from_db()
    assert (here.state, here.thanked) == (State.CAME, True)
    assert [mail.to for mail in mails()[2:]] == ["temple@partners.example"]


def test_inviting_no_more_is_kept(walk, temple):
    invitation = invited(walk, temple)
    partnering.stop_writing(invitation)
    temple.refresh_from_db()
    assert not temple.invited
    assert PartnerInvitation.objects.get().state == State.DECLINED


def test_an_address_that_was_typed_by_a_link_is_limited_and_one_that_we_entered_is_not(city, temple, ada):
    """Whoever has the link to the entry of a partner chooses an address: strangers are not written to all day."""

    def asked():
        walks = [a_walk(city.agency, city.eastbank, days=20 + number) for number in range(8)]
        reached = [actions.invite(partnering.add(walk, partner=temple, by=None), by=None) for walk in walks]
        return sum(each.written for each in reached), sum(each.in_person for each in reached)

    assert asked() == (8, 0), "the premise"
    token = people.link_partner(temple, by=ada)
    entry = people.Entry("Temple Hope", [], listed=True, invited=True, email="victim@neighbors.example")
    people.correct_partner(token, entry, at=city.agency)
    temple.refresh_from_db()
    assert asked() == (6, 2), "a person speaks to them of the others"
    assert len(mails("victim@neighbors.example")) == 6
    temple.email = "temple@partners.example"
    people.save_partner(temple, areas=[], by=ada)
    assert asked() == (8, 0)


class TestQuorum:
    @pytest.fixture
    def council(self, city):
        members = [
            a_partner(city.agency, f"Seat{n} of the council", kind=PartnerKind.COUNCIL) for n in range(4)
        ]
        body = PublicBody(agency=city.agency, name="City Council", members=5, quorum=3)
        return staffing.save_body(body, partners=members, by=None), members

    def says_yes(self, walk, partner):
        partnering.answer(invited(walk, partner), coming=True, heard="told")

    def test_one_short_and_then_a_quorum(self, walk, council):
        _body, members = council
        self.says_yes(walk, members[0])
        assert queries.quorum_warnings(walk) == []
        self.says_yes(walk, members[1])
        [warning] = queries.quorum_warnings(walk)
        assert "one more makes a quorum (3)" in warning
        self.says_yes(walk, members[2])
        [warning] = queries.quorum_warnings(walk)
        assert "that is a quorum (3)" in warning
        assert "counsel" in warning

    def test_who_was_asked_or_said_no_does_not_count(self, walk, council):
        _body, members = council
        for member in members[:3]:
            partnering.answer(invited(walk, member), coming=False, heard="told")
        invited(walk, members[3])
        assert queries.quorum_warnings(walk) == []

    def test_gatherings_at_the_same_hour_count_together(self, city, walk, council):
        _body, members = council
        beside = a_walk(city.agency, city.westfield, title="Beside")
        later = a_walk(city.agency, city.westfield, title="Later", days=11)
        for gathering, member in zip((walk, beside, later), members, strict=False):
            self.says_yes(gathering, member)
        assert len(queries.quorum_warnings(walk)) == 1, "two at one hour: one short"
        assert queries.quorum_warnings(later) == []

    def test_one_partner_at_two_places_is_one(self, city, walk, council):
        _body, members = council
        beside = a_walk(city.agency, city.westfield, title="Beside")
        self.says_yes(walk, members[0])
        self.says_yes(beside, members[0])
        assert queries.quorum_warnings(walk) == []

    @pytest.mark.parametrize(("members", "quorum"), [(5, 6), (0, 1), (5, 0), (2, 1)])
    def test_a_body_that_cannot_be_is_refused(self, city, council, members, quorum):
        _body, partners = council
        body = PublicBody(agency=city.agency, name="Board", members=members, quorum=quorum)
        with pytest.raises(staffing.BodyRefused):
            staffing.save_body(body, partners=partners, by=None)


class TestThePublicReads:
    def test_only_who_said_yes_and_may_be_named(self, city, walk, temple):
        unlisted = a_partner(city.agency, "Hidden Home", city.eastbank, listed=False)
        posts = {post.member.name: post for post in posting.propose(walk, by=None)}
        assert not queries.who_comes(walk)
        actions.answer(posts["Sam Whitaker"], coming=True, heard="link", named=True)
        actions.answer(posts["Tia Long"], coming=True, heard="link", named=False)
        for partner in (temple, unlisted):
            partnering.answer(invited(walk, partner), coming=True, heard="link")
        who = queries.who_comes(walk)
        assert who.officers == ["Officer Sam Whitaker"]
        assert who.partners == [temple]

    def test_how_often_they_met_people_here_is_said(self, city, walk):
        from alongside.rosters.tests.cast import walked

        for days in (14, 28, 42, 56):
            walked(city.officers[0], city.eastbank, days_ago=days, agency=city.agency)
        posts = {post.member.name: post for post in posting.propose(walk, by=None)}
        actions.answer(posts["Sam Whitaker"], coming=True, heard="link")
        assert queries.who_comes(walk).officers == ["Officer Sam Whitaker has walked here 4 times."]

    def test_a_draft_and_what_is_cancelled_name_nobody(self, city):
        draft = a_walk(city.agency, city.eastbank, published=False)
        post = posting.propose(draft, by=None)[0]
        actions.answer(post, coming=True, heard="link")
        assert not queries.who_comes(draft)
        public = gatherings.publish(draft, by=None)
        assert queries.who_comes(public)
        gatherings.cancel(public, reason="Ice on the way", by=None)
        assert not queries.who_comes(Gathering.objects.get(pk=draft.pk))


def test_a_partner_who_leaves_is_written_to_no_more_and_its_address_is_gone(city, walk, temple):
    other = a_partner(city.agency, "Block Watch", city.eastbank)
    invited(walk, temple)
    invited(walk, other)
    assert {mail.to for mail in mails()} == {temple.email, other.email}
    address, temple.active = temple.email, False
    people.save_partner(temple, areas=[], by=None)
    assert {mail.to for mail in mails()} == {"", other.email}
    assert not [mail for mail in mails() if address in str((mail.subject, mail.facts, mail.error))]
    temple.refresh_from_db()
    assert (temple.contact_name, temple.email, temple.phone) == ("", "", "")
