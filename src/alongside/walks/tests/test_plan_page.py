"""Major Dent reads the plan standing on a corner; and nothing is published that nobody has read."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import staff_member

from alongside.agencies.models import AuditEntry, Role
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.field import actions as field
from alongside.field import themes as field_themes
from alongside.field.models import EnforcementException, ExceptionKind
from alongside.field.tests.cast import talk
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Category, Concern, ConcernKind
from alongside.gatherings import actions as gatherings
from alongside.gatherings import checks, rules
from alongside.gatherings.models import PlanCheck
from alongside.people.models import Partner, PartnerKind
from alongside.places.models import AreaKind, Permission, VenueKind
from alongside.rosters.models import Part, PartnerInvitation, Post, State
from alongside.walks import actions, queries
from alongside.walks.models import Walk
from alongside.walks.tests.cast import a_draft, a_town, a_venue, an_area, box, confirmed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(riverbend):
    return a_town(riverbend)


@pytest.fixture
def walk(riverbend, town):
    return a_draft(riverbend, town[0], venue=town[2])


def page(walk, name="plan-page"):
    return reverse(f"walks:{name}", args=["riverbend", walk.public_id])


def ticked(walk, **words):
    """What the form sends after one tick."""
    said = {"host": "Chief Moreno", "deputy_host": "", "turn_back": "", "alternative": "", "read": "on"}
    return said | {"rules_version": str(rules.in_force(walk.agency).version), "act": "publish"} | words


class TestBeforePublishing:
    def test_nothing_is_published_that_nobody_has_read(self, walk, ada):
        with pytest.raises(checks.PlanIncomplete) as refused:
            actions.publish(walk, by=ada)
        assert "name a host" in str(refused.value)
        walk = actions.prepare(walk, host="Chief Moreno", by=ada)
        with pytest.raises(checks.PlanIncomplete, match="Nobody has read"):
            actions.publish(walk, by=ada)
        actions.confirm_plan(walk, rules_version=0, by=ada)
        assert checks.missing(walk.gathering, queries.plan_of(walk)) == []
        assert actions.publish(walk, by=ada).gathering.status == "published"

    def test_the_button_leads_to_the_plan_and_one_tick_publishes(self, walk, ada, client_for):
        browser = client_for(ada)
        desk = browser.get(page(walk, "walk")).text
        assert "Read the plan and publish" in desk
        assert "Nobody hosts it yet" in desk
        form = browser.post(page(walk, "publish"))
        assert form.status_code == 422
        assert f'data-here="{page(walk)}"' in form.text, "the page on which it is mended"
        assert 'value="Ada Coordinator"' in form.text  # who plans may host; nothing has to be typed
        done = browser.post(page(walk, "confirm-plan"), ticked(walk))
        assert done.url == page(walk, "walk")
        walk = Walk.objects.get()
        assert walk.gathering.status == "published"
        check = walk.gathering.checks.get()
        assert (check.confirmed_by, check.rules.version) == ("Ada Coordinator", 1)
        assert "confirmed the plan of" in AuditEntry.objects.values_list("verb", flat=True)
        assert "Confirmed" in browser.get(page(walk, "walk")).text

    def test_without_the_tick_nothing_happens_and_nothing_typed_is_lost(self, walk, ada, client_for):
        said = ticked(walk, host="Sergeant Lindqvist", turn_back="At the school")
        del said["read"]
        refused = client_for(ada).post(page(walk, "confirm-plan"), said)
        assert refused.status_code == 422
        assert "tick this box" in refused.text
        assert 'value="At the school"' in refused.text
        assert Walk.objects.get().gathering.is_draft
        assert not PlanCheck.objects.exists()

    def test_confirming_first_and_publishing_later(self, walk, ada, client_for):
        browser = client_for(ada)
        browser.post(page(walk, "confirm-plan"), ticked(walk, act="confirm"))
        assert Walk.objects.get().gathering.is_draft
        assert browser.post(page(walk, "publish")).url == page(walk, "walk")
        assert not Walk.objects.get().gathering.is_draft

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ({"host": ""}, "This field is required"),
            ({"host": "x" * 5000}, "at most 120"),
            ({"alternative": "999999"}, "Select a valid choice"),
            ({"rules_version": "-1"}, "greater than or equal"),
            ({"rules_version": "7"}, "read them once more"),
            ({"rules_version": "nul\0"}, "check this form"),
        ],
    )
    def test_what_a_fool_sends_is_refused_in_a_sentence(self, walk, ada, client_for, words, reason):
        refused = client_for(ada).post(page(walk, "confirm-plan"), ticked(walk, **words))
        assert refused.status_code == 422
        assert reason in refused.text
        assert not PlanCheck.objects.exists()

    def test_what_changed_since_has_to_be_read_again(self, walk, riverbend, ada):
        walk = confirmed(walk, by=ada)
        gatherings.change(walk.gathering, by=ada, on=riverbend.today() + timedelta(days=12))
        walk = Walk.objects.with_dates().get()
        with pytest.raises(checks.PlanIncomplete, match="day or hour"):
            actions.publish(walk, by=ada)
        assert actions.publish(confirmed(walk, by=ada), by=ada)

    def test_new_rules_have_to_be_read_again_until_it_is_published(self, walk, riverbend, town, ada):
        walk = confirmed(walk, by=ada)
        out = published(a_draft(riverbend, town[1], meeting_point="The mill"))
        checks.set_rules(riverbend, by=ada, **rules.offered() | {"heat": "Above 95 °F we stay home."})
        with pytest.raises(checks.PlanIncomplete, match="rules have changed"):
            actions.publish(walk, by=ada)
        assert actions.publish(out, by=ada).gathering.status == "published"  # twice is once

    def test_the_gatherings_desk_is_no_way_around(self, walk, ada, client_for):
        browser = client_for(ada)
        answer = browser.post(
            reverse("gatherings:publish", args=["riverbend", walk.gathering.public_id]), follow=True
        )
        assert Walk.objects.get().gathering.is_draft
        assert "desk of its own" in answer.text

    def test_who_confirms_must_have_a_name(self, walk):
        walk = actions.prepare(walk, host="Chief Moreno", by=None)
        with pytest.raises(checks.NotSigned):
            actions.confirm_plan(walk, rules_version=0, by=None, name=" \u202e ")
        assert actions.confirm_plan(walk, rules_version=0, by=None, name="Ada").confirmed_by == "Ada"


class TestWhoMay:
    def test_officers_read_it_and_do_not_confirm(self, walk, officer, client_for):
        browser = client_for(officer)
        text = browser.get(page(walk)).text
        assert "What holds on every walk" in text
        assert "Confirm and publish" not in text
        assert browser.post(page(walk, "confirm-plan"), ticked(walk)).status_code == 403
        assert Walk.objects.get().gathering.is_draft

    def test_commanders_do(self, walk, dent, client_for):
        client_for(dent).post(page(walk, "confirm-plan"), ticked(walk))
        assert Walk.objects.get().gathering.checks.get().confirmed_by == "Major Harvey Dent"

    def test_strangers_and_eve_do_not(self, walk, eve, client_for):
        for address in (page(walk), reverse("gatherings:rules", args=["riverbend"])):
            assert "/accounts/login/" in Client().get(address).url
            assert client_for(eve).get(address).status_code == 404
        assert client_for(eve).post(page(walk, "confirm-plan"), ticked(walk)).status_code == 404

    def test_a_place_of_another_agency_is_no_shelter(self, walk, elsewhere, ada, client_for):
        hers = a_venue(elsewhere, "Their hall", 400, 300)
        refused = client_for(ada).post(page(walk, "confirm-plan"), ticked(walk, alternative=hers.pk))
        assert refused.status_code == 422
        with pytest.raises(Refusal, match="another agency"):
            actions.prepare(walk, host="Chief Moreno", alternative=hers, by=ada)


class TestWhatItSays:
    def test_a_first_walk_says_aloud_what_is_not_settled(self, riverbend, ada, client_for):
        walk = a_draft(riverbend, meeting_point="By the fountain")
        text = client_for(ada).get(page(walk)).text
        assert "free of enforcement" in text
        assert "By the fountain" in text
        for said in (
            "Nobody is on the roster",
            "No partner is invited",
            "No route is laid",
            "text to begin with",
        ):
            assert said in text

    def test_who_where_partners_promises_and_last_time(self, riverbend, town, ada, dent, client_for):
        eastbank, _mill, library = town
        an_area(riverbend, "District 4", box(-50, -50, 700, 700), AreaKind.DISTRICT)
        shelter = a_venue(riverbend, "Mall", 420, 300, kind=VenueKind.MALL)
        with clock.at(clock.now() - timedelta(days=30)):
            before = published(a_draft(riverbend, eastbank, venue=library))
        with clock.at(before.gathering.ends + timedelta(hours=1)):
            gatherings.mark_held(before.gathering, came=22, by=None)
            talk(before.gathering, words="It is about the dark underpass.", lighting=5, youth=9, parks=1)
            tell(before, ada)
        walk = a_draft(riverbend, eastbank, venue=library)
        actions.lay_route(walk, by=None)
        Post.objects.create(
            agency=riverbend, gathering=walk.gathering, member=dent.membership_at(riverbend),
            part=Part.LEADER, state=State.COMING,
        )  # fmt: skip
        Post.objects.create(
            agency=riverbend, gathering=before.gathering, member=dent.membership_at(riverbend),
            part=Part.LEADER, state=State.CAME,
        )  # fmt: skip
        school = Partner.objects.create(agency=riverbend, name="Eastbank School", kind=PartnerKind.SCHOOL)
        PartnerInvitation.objects.create(
            agency=riverbend, gathering=walk.gathering, partner=school,
            state=State.COMING, topics="The crossing at the school",
        )  # fmt: skip
        actions.prepare(walk, host="Chief Moreno", turn_back="At the school", alternative=shelter, by=ada)
        text = client_for(ada).get(page(walk)).text
        for said in (
            "Major Harvey Dent", "has met people here once", "Chief Moreno", "At the school", "Mall", "District 4",
            "Eastbank School", "The crossing at the school", "Young people (9), Other things (6)", "22 residents came",
            "Nobody has walked it beforehand",
        ):  # fmt: skip
            assert said in text, said
        assert "Parks" not in text  # one person said it
        assert "the dark underpass" not in text  # nobody has cleared these words
        assert "Nobody is named to take notes" in text

    def test_above_the_band_it_asks_for_more_leaders(self, riverbend, walk, ada, client_for):
        walk = published(walk)
        for number in range(2):
            gatherings.join(walk.gathering, party=16, form_key=f"a-key-of-one-form-{number:04d}")
        text = client_for(ada).get(page(walk)).text
        assert "32 people come, and it works best with up to 30. Ask 3 more to lead" in text

    def test_defaults_can_be_agreed_to(self, riverbend, town, ada, client_for):
        eastbank, _mill, _library = town
        far = a_venue(riverbend, "Far mall", 9_000, 300, kind=VenueKind.MALL)
        shut = a_venue(riverbend, "Shut mall", 420, 300, kind=VenueKind.MALL, permission=Permission.ASKED)
        near = a_venue(riverbend, "Near mall", 460, 300, kind=VenueKind.MALL)
        square = a_venue(riverbend, "Square", 400, 310, kind=VenueKind.OUTDOOR)
        a_venue(riverbend, "Eastbank School", 500, 500, kind=VenueKind.SCHOOL, indoor="no")
        town[2].delete()
        walk = a_draft(riverbend, eastbank, venue=square)
        text = client_for(ada).get(page(walk)).text
        assert f'<option value="{near.pk}" selected>' in text
        assert f'<option value="{far.pk}">' in text
        assert f'<option value="{shut.pk}"' not in text
        assert "back the same way" in text

    def test_it_asks_few_questions(self, riverbend, walk, ada, client_for, django_assert_max_num_queries):
        browser = client_for(ada)
        browser.get(page(walk))
        for number in range(12):
            a_concern(riverbend, walk.gathering.neighborhood, number, Category.NOISE, riverbend.today())
            member = staff_member(riverbend, f"Officer N{number}", Role.OFFICER).membership_at(riverbend)
            Post.objects.create(
                agency=riverbend, gathering=walk.gathering, member=member, part=Part.OFFICER,
                state=State.COMING,
            )  # fmt: skip
        with django_assert_max_num_queries(34):
            assert browser.get(page(walk)).text.count("Officer N") >= 12


def a_concern(agency, home, number, category, day):
    return followthrough.receive(
        agency,
        followthrough.Intake(
            kind=ConcernKind.CONCERN,
            category=category,
            words="It is about the dark underpass.",
            neighborhood=home,
            heard_on=day,
            origin_label="A walk",
            origin_link="",
        ),
        key=f"walk:{number}",
    )


def tell(walk, by):
    """Publish the recap of a walk."""
    recap = field.draft_recap(walk.gathering, by=by)
    recap = field.edit_recap(recap, words="It was a good walk indeed.", minutes=60, partners=[], by=by)
    return field.publish_recap(field.approve_recap(recap, by=by), by=by)


class TestLastTime:
    """Officers read this paper: it knows nothing that was not published, whatever the notes say."""

    TOLD = ("They talked about", "Street lights", "Noise", "Other things", "Several things", "noted")

    @pytest.fixture
    def before(self, riverbend, town):
        """The last walk here, 22 residents came. The test goes on the day after."""
        with clock.at(clock.now() - timedelta(days=30)):
            before = published(a_draft(riverbend, town[0], venue=town[2]))
        with clock.at(before.gathering.ends + timedelta(days=1)):
            gatherings.mark_held(before.gathering, came=22, by=None)
            before.refresh_from_db()
            yield before

    def said(self, riverbend, town, reader):
        walk = a_draft(riverbend, town[0], venue=town[2])
        return " ".join(reader.get(page(walk)).text.split())

    def test_before_the_recap_is_published_it_says_nothing(self, riverbend, town, before, ada, client_for):
        talk(before.gathering, lighting=8, noise=1)
        text = self.said(riverbend, town, client_for(ada))
        assert "22 residents came" in text, "the premise"
        assert not [word for word in self.TOLD if word in text]

    def test_few_reads_like_none(self, riverbend, town, before, ada, client_for):
        talk(before.gathering, lighting=3, noise=1)
        tell(before, ada)
        few = self.said(riverbend, town, client_for(ada))
        assert "22 residents came" in few, "the premise"
        assert not [word for word in self.TOLD if word in few]

    def test_what_is_promised_stands_there_in_words_that_were_released(
        self, riverbend, town, before, ada, client_for
    ):
        """A list of all that is open would name the theme of each note, and the paper would count them."""
        talk(before.gathering, lighting=1, noise=1)
        lamp, _noise = Concern.objects.order_by("category")
        followthrough.clear(lamp, summary="Light the stairs again", by=ada)
        text = self.said(riverbend, town, client_for(ada))
        assert "Light the stairs again" in text
        assert "Noise" not in text

    def test_what_was_published_and_neither_a_small_number_nor_what_is_left_over(
        self, riverbend, town, before, ada, client_for
    ):
        talk(before.gathering, lighting=8, noise=6, youth=1)
        tell(before, ada)
        talk(before.gathering, parks=7)  # a phone that was offline: counted nowhere
        text = self.said(riverbend, town, client_for(ada))
        assert "They talked about: Street lights (8), Other things (7)." in text
        assert "Noise" not in text
        assert "Parks" not in text

    def test_with_its_quarter_where_it_was_too_little_alone(self, riverbend, town, before, ada, client_for):
        with clock.at(before.gathering.starts - timedelta(days=11)):
            other = published(a_draft(riverbend, town[0], venue=town[2]))
        assert field_themes.quarter_of(other.gathering.on) == field_themes.quarter_of(before.gathering.on)
        later = field_themes.pooled_on(before.gathering.on)
        gatherings.mark_held(other.gathering, came=9, by=None)
        for each in (before, other):
            talk(each.gathering, lighting=3)
            tell(each, ada)
        with clock.at(clock.now() + (later - riverbend.today())):
            field.draw_quarters(riverbend)
            text = self.said(riverbend, town, client_for(ada))
        assert "They talked about: Street lights (6)." in text
        assert "From 2 walks here together" in text


class TestPublicPage:
    def test_who_comes_where_else_and_which_district(self, riverbend, town, ada, dent):
        an_area(riverbend, "District 4", box(-50, -50, 700, 700), AreaKind.DISTRICT)
        mall = a_venue(riverbend, "Near mall", 460, 300, kind=VenueKind.MALL)
        square = a_venue(riverbend, "Square", 400, 310, kind=VenueKind.OUTDOOR)
        walk = a_draft(riverbend, town[0], venue=square)
        for person, state in ((dent, State.COMING), (ada, State.INVITED)):
            Post.objects.create(
                agency=riverbend, gathering=walk.gathering, member=person.membership_at(riverbend),
                part=Part.LEADER, state=state,
            )  # fmt: skip
        walk = actions.prepare(walk, host="Chief Moreno", turn_back="At the school", alternative=mall, by=ada)
        actions.confirm_plan(walk, rules_version=0, by=ada)
        actions.publish(walk, by=ada)
        text = Client().get(walk.get_absolute_url()).text
        for said in ("Major Harvey Dent", "District 4", "Near mall", "no arrests, no checks, no tickets"):
            assert said in text, said
        for kept in ("Ada Coordinator", "At the school", "Who confirms", "text to begin with"):
            assert kept not in text, kept

    def test_indoors_it_says_so(self, riverbend, town):
        mall = a_venue(riverbend, "Mall", 420, 300, kind=VenueKind.MALL)
        assert (
            "Indoors"
            in Client().get(published(a_draft(riverbend, town[0], venue=mall)).get_absolute_url()).text
        )
        square = a_venue(riverbend, "Square", 400, 310, kind=VenueKind.OUTDOOR)
        out = published(a_draft(riverbend, town[0], venue=square))
        assert "Indoors" not in Client().get(out.get_absolute_url()).text

    def test_enforcement_is_said_as_kind_and_count(self, riverbend, town):
        walk = published(a_draft(riverbend, town[0], venue=town[2]))
        with clock.at(walk.gathering.ends + timedelta(hours=1)):
            gatherings.mark_held(walk.gathering, came=20, by=None)
            EnforcementException.objects.create(
                agency=riverbend, gathering=walk.gathering, kind=ExceptionKind.ARREST, count=1
            )
            text = Client().get(walk.get_absolute_url()).text
        assert "Enforcement" in text
        assert "Not yet confirmed by a partner" in text
