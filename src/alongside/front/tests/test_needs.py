"""What waits for a person: it is found, shown to whose it is, opened by each of them, told once, gone when done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from tests.cast import an_agency
from tests.everything_waits import everything, more_of_it

from alongside.agencies.models import Duty, Role, User
from alongside.core import clock
from alongside.core import needs as core_needs
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Concern, Passing, Promise
from alongside.followthrough.passing.models import Sending
from alongside.front import morning
from alongside.front.needs import Needs, kinds, needs_of
from alongside.gatherings import actions as gatherings
from alongside.gatherings.breaking import BreaksAccess
from alongside.gatherings.models import Gathering, Rsvp
from alongside.gatherings.tests.cast import a_draft, answer
from alongside.outreach.models import Mail
from alongside.people.models import Commander
from alongside.places.models import Area

PAGE = "/riverbend/workspace/"


def all_of_it():
    return everything(an_agency("riverbend", "Riverbend Police", "America/New_York"))


@pytest.fixture(scope="session")
def begin():
    return all_of_it


@pytest.fixture
def waiting(begun):
    return begun


def names(member):
    return {row.kind.name for row in needs_of(member).rows}


def at_hour(agency, hour, *, days=0):
    """So many days from now, at an hour of the agency."""
    now = agency.local(clock.now())
    return clock.at(now.replace(hour=hour, minute=5) + timedelta(days=days))


def test_one_of_each_kind_waits(waiting):
    """The premise of all that follows: whoever adds a kind adds to tests/everything_waits.py how it comes to be."""
    found = {each.kind.name for each in Needs(waiting.agency).waiting}
    assert found == {kind.name for kind in kinds()}


def press_each_button(waiting, client_for):
    """As everybody: it stands on their page, and leads to where it is done; a list shows what it was said to show."""
    for who, member in waiting.people.items():
        client = client_for(member.user)
        shown = client.get(PAGE)
        assert shown.status_code == 200
        for row in needs_of(member).rows:
            assert escape(row.url) in shown.text, (who, row.kind.name)
            answer = client.get(row.url.partition("#")[0])
            assert answer.status_code == 200, (who, row.kind.name, answer.status_code)
            place = row.url.partition("#")[2]
            assert not place or f'id="{place}"' in answer.text, (who, row.url)
            for each in row.waiting if row.is_several else ():
                thing = each.need.alone.partition("#")[0]
                assert thing in answer.text, (who, row.kind.name, thing)


def test_whoever_is_shown_a_button_may_press_it(waiting, client_for):
    """Of every kind, by everybody. The photos of the information officer once answered 403."""
    press_each_button(waiting, client_for)


@pytest.mark.heavy
def test_nor_does_one_end_where_it_lies_in_no_division(waiting, client_for):
    """A commander reads of concerns what lies where they command. The rest is the coordinator’s, and no commander’s."""
    chief, ada = waiting.people["chief"], waiting.people["coordinator"]
    of_all = {"late", "unread", "reopened", "unowned", "passing", "silent", "late_promise"}
    theirs = {f"followthrough.{name}" for name in of_all}
    assert theirs <= names(waiting.people["dent"]) & names(ada), "the premise: where Dent commands"
    Concern.objects.filter(agency=waiting.agency).update(division=None)
    Promise.objects.filter(agency=waiting.agency).update(area=None)
    press_each_button(waiting, client_for)
    assert theirs <= names(ada)
    assert not theirs & (names(waiting.people["dent"]) | names(chief))
    Duty.objects.filter(role=Role.COORDINATOR).delete()
    waiting.people.pop("coordinator")
    assert theirs <= names(waiting.people["administrator"]), "nobody coordinates"
    press_each_button(waiting, client_for)


@pytest.mark.heavy
def test_nor_where_nobody_commands_any_more(waiting, client_for):
    """Nor where divisions were drawn anew, and another one lies there now."""
    division = Area.objects.get(name="Division of dent")
    Commander.objects.filter(division=division).delete()
    press_each_button(waiting, client_for)
    assert "followthrough.unowned" not in names(waiting.people["chief"])
    Area.objects.filter(pk=division.pk).update(active=False)
    Area.objects.filter(name="Division of hargrove").update(**Area.columns_of(division.shape))
    press_each_button(waiting, client_for)


@pytest.mark.heavy
def test_nor_where_what_was_passed_on_is_withheld_since(waiting, client_for):
    """It is still to be looked at over there, by whoever may read it."""
    (passing,) = Passing.objects.filter(state=Sending.UNCLEAR)
    assert "followthrough.passing" in names(waiting.people["dent"]), "the premise"
    followthrough.withhold(passing.concern, reason="officer", by=waiting.people["coordinator"].user)
    press_each_button(waiting, client_for)
    assert "followthrough.passing" in names(waiting.people["coordinator"])
    assert "followthrough.passing" not in names(waiting.people["dent"])


@pytest.mark.heavy
def test_nor_where_many_stand_in_a_list(waiting, client_for, monkeypatch):
    more_of_it(waiting, 2)
    monkeypatch.setattr(core_needs, "FEW", 1)
    press_each_button(waiting, client_for)
    (late,) = [
        row for row in needs_of(waiting.people["officer"]).rows if row.kind.name == "followthrough.late"
    ]
    assert (late.about, late.url) == ("3 late promises", f"{PAGE}concerns/?show=late")


def test_a_need_names_people_where_its_kind_says_so(waiting):
    """Of other kinds whoever is named would find it in the mail, and nowhere else."""
    named = {
        each.kind.name for each in Needs(waiting.agency).waiting if any(each.need.people) or each.need.led_in
    }
    assert named == {kind.name for kind in kinds() if kind.names_people}


def test_many_told_as_one_are_counted_as_if_each_stood_alone(waiting, monkeypatch):
    """The slow way beside it: a need for each."""
    more_of_it(waiting, 4)
    followthrough.correct(Concern.objects.get(key="more:1"), text="The other corner.")

    def read():
        found = Needs(waiting.agency)
        for who, member in waiting.people.items():
            theirs = found.of(member)
            for row in theirs.rows:
                for each in row.waiting:
                    assert each.need.count == len(each.keys)
            first = {}
            for row in reversed(theirs.rows):
                first[row.kind.name] = (row.on, row.is_late)
            yield who, theirs.in_short, theirs.by_kind, theirs.late_with, theirs.late_in_all, first
            yield who, morning.keys_of(morning.told_by_mail(theirs))

    in_many, slowly = len(Needs(waiting.agency).waiting), list(read())
    monkeypatch.setattr(core_needs, "FEW", 1)
    assert len(Needs(waiting.agency).waiting) < in_many - 8, "the premise"
    assert list(read()) == slowly


def test_a_button_leads_to_where_it_is_done(waiting, client_for):
    """Not only to a page on which one looks for it: the form is in sight, and filled in as far as it is known."""
    ada = waiting.people["coordinator"]
    urls = {row.kind.name: row.url for row in needs_of(ada).rows}
    places = {
        "followthrough.late": "#deeds",
        "followthrough.unowned": "#deeds",
        "followthrough.unread": "#deeds",
        "followthrough.late_promise": "#deeds",
        "followthrough.left": "#hand-over",
        "rosters.without_host": "?part=host#add",
        "rosters.without_scribe": "?part=scribe#add",
        "season.against": "#against",
        "season.owing": "#owing",
    }
    assert {
        name: url for name, url in urls.items() if name in places and not url.endswith(places[name])
    } == {}
    assert "?show=unwritten" in next(
        row.url for row in needs_of(waiting.people["information_officer"]).rows if row.is_several
    ), "several wait in a list"
    client = client_for(ada.user)
    roster = urls["rosters.without_scribe"].partition("#")[0]
    assert '<option value="scribe" selected>' in client.get(roster).text
    assert '<option value="officer" selected>' in client.get(roster.replace("scribe", "burglar")).text


def test_each_role_sees_its_own(waiting):
    people = waiting.people
    assert "field.photos" in names(people["information_officer"])
    assert names(people["information_officer"]) == {
        "field.photos",
        "followthrough.unwritten",
        "hotspots.asked",
        "outreach.failed",
    }
    assert names(people["analyst"]) == {"incidents.waiting", "incidents.failed"}
    assert names(people["records_officer"]) == {
        "followthrough.ending",
        "ledger.lost_key",
        "ledger.not_signed",
        "records.to_look_through",
        "records.to_hand_over",
    }
    assert names(people["officer"]) == {
        "rosters.unanswered",
        "followthrough.late",
        "followthrough.due",
        "followthrough.corrected",
        "followthrough.unread",
        "followthrough.reopened",
        "followthrough.late_promise",
        "followthrough.due_promise",
    }
    assert names(people["administrator"]) == {"outreach.dead"}, "what others hold is theirs"
    assert names(people["moderator"]) == set()
    assert "season.coordinator_signature" in names(people["coordinator"])
    assert "season.commander_signature" not in names(people["coordinator"])


def test_a_commander_sees_their_division(waiting):
    dent, hargrove = waiting.people["dent"], waiting.people["hargrove"]
    assert {"season.commander_signature", "rosters.without_scribe", "walks.unchecked"} <= names(dent)
    assert "walks.chosen" not in names(dent), "the premise: that lies with Hargrove"
    assert "walks.chosen" in names(hargrove)
    assert not {"rosters.without_scribe", "walks.unchecked", "field.photos", "followthrough.late"} & names(
        hargrove
    )
    assert "season.commander_signature" in names(hargrove), "a season lies in no division"


def test_the_chief_reads_numbers_and_who_is_late(waiting, client_for):
    chief = waiting.people["chief"]
    mine = needs_of(chief)
    assert {row.kind.name for row in mine.rows} >= {"season.commander_signature", "season.owing"}
    assert not {row.kind.name for row in mine.rows} & {
        "walks.unchecked",
        "followthrough.late",
        "field.photos",
    }
    assert "1 late promise" in [count.label for count in mine.by_kind]
    assert ("Officer Some Officer", 3) in [(count.label, count.late) for count in mine.late_with]
    page = client_for(chief.user).get(PAGE).text
    assert "With others" in page
    assert "Officer Some Officer" in page
    assert "With others" not in client_for(waiting.people["dent"].user).get(PAGE).text


def test_what_nobody_holds_the_role_for_is_the_administrators(waiting):
    Duty.objects.filter(role=Role.RECORDS_OFFICER).delete()
    assert "followthrough.ending" in names(waiting.people["administrator"])


def test_where_one_person_does_all_they_see_all(waiting):
    """A small agency begins with one administrator."""
    one = waiting.people["administrator"]
    User.objects.exclude(pk=one.user_id).update(is_active=False)
    Commander.objects.all().delete()
    by_name = {"rosters.unanswered", "followthrough.due", "followthrough.due_promise"}
    assert names(one) == {kind.name for kind in kinds()} - by_name


def test_the_late_stand_first_and_what_has_no_day_last(waiting):
    rows = needs_of(waiting.people["coordinator"]).rows
    dated = [row.on for row in rows if row.on]
    assert rows[0].is_late
    assert [bool(row.on) for row in rows] == sorted((bool(row.on) for row in rows), reverse=True)
    assert dated == sorted(dated)
    assert needs_of(waiting.people["coordinator"]).in_short[0].endswith("late")


def test_it_is_gone_when_it_is_done(waiting, client_for):
    ada = waiting.people["coordinator"]
    (row,) = [row for row in needs_of(ada).rows if row.kind.name == "gatherings.unarranged"]
    rsvp = Rsvp.objects.get(access_needs="A ramp")
    page = f"{PAGE}gatherings/{rsvp.gathering.public_id}/needs/{rsvp.public_id}/"
    client = client_for(ada.user)
    assert client_for(waiting.people["officer"].user).post(page, {"done": "yes"}).status_code == 403
    assert client.post(page, {"done": "yes"}).url == row.url
    assert "Not arranged after all" in client.get(row.url.partition("#")[0]).text
    assert "gatherings.unarranged" not in names(ada)
    client.post(page, {"done": "no"})
    assert "gatherings.unarranged" in names(ada)
    client.post(page, {"done": "yes"})
    assert "gatherings.unarranged" not in names(ada)
    gatherings.change_needs(rsvp, gatherings.Guest(access_needs="Two ramps"))
    assert "gatherings.unarranged" in names(ada), "that was arranged for something else"
    client.post(page, {"done": "yes"})
    coffee = Gathering.objects.get(pk=rsvp.gathering_id)
    to_the_school = {"reason": "It is open", "stand_in": "Ada", "by": None, "meeting_point": "The school"}
    with pytest.raises(BreaksAccess) as asked:
        gatherings.move(coffee, **to_the_school)
    agreed = [each.key for each in asked.value.broken]
    gatherings.move(coffee, accepts=agreed, **to_the_school)
    assert "gatherings.unarranged" in names(ada), "a ramp somewhere else is no ramp here"


def test_a_page_without_needs_says_so_warmly(riverbend, ada, client_for):
    a_draft(riverbend, on=riverbend.today() + timedelta(days=30))
    page = client_for(ada).get(PAGE).text
    assert "Nothing waits for you" in page
    assert "1 later" in page, "drafts stand where their day is"


def test_what_waits_stands_before_all_else(waiting, client_for):
    page = client_for(waiting.people["coordinator"].user).get(PAGE).text
    assert page.index('id="for-you"') < page.index('id="soon"')


def test_four_ticks(waiting, client_for):
    page = client_for(waiting.people["coordinator"].user).get(PAGE).text
    for tick in ("Host", "Scribe", "Route checked", "Plan confirmed"):
        assert tick in page
    assert page.count('class="done"') == 2, "one has a host, and its plan was read"


def test_ten_times_as_many_rows_cost_the_same(waiting, client_for):
    client = client_for(waiting.people["coordinator"].user)

    def cost():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(PAGE).text
        return len(asked), len(page)

    few, short = cost()
    more_of_it(waiting, 9)
    many, long = cost()
    assert long > 2 * short, "the premise: it shows more"
    assert many == few


def many_concerns(waiting, times, key="many", **said):
    """So many more in Eastbank, each a minute longer here than the next."""
    now, (like, *_rest) = clock.now(), Concern.objects.filter(key="unowned")
    rows = [
        Concern(
            agency=waiting.agency,
            key=f"{key}:{number}",
            words="The lamp is dark.",
            heard_on=like.heard_on,
            received_at=now - timedelta(days=20, minutes=number),
            neighborhood=like.neighborhood,
            division=like.division,
            **said,
        )
        for number in range(times)
    ]
    return Concern.objects.bulk_create(rows)


def test_a_thousand_more_are_counted_and_not_read(waiting, client_for, monkeypatch):
    """Late, unread and unowned at once: of each one more need, in as many questions."""
    ada = waiting.people["coordinator"]
    client = client_for(ada.user)
    many_concerns(waiting, 20, due=waiting.agency.today() - timedelta(days=9))

    def cost():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(PAGE).text
        return len(asked), len(Needs(waiting.agency).waiting), page.count("<li>")

    few = cost()
    many_concerns(waiting, 1000, "more", due=waiting.agency.today() - timedelta(days=9))
    assert cost() == few
    counts = {row.kind.name: row.count for row in needs_of(ada).rows}
    assert counts["followthrough.unowned"] >= 1000
    assert few[1] < 100, "one of each kind, and three more"


@pytest.mark.heavy
class TestTheMailInTheMorning:
    def written(self, waiting, hour=8, days=0):
        before = Mail.objects.count()
        with at_hour(waiting.agency, hour, days=days):
            morning.write_all()
        return {mail.to: mail for mail in Mail.objects.order_by("-pk")[: Mail.objects.count() - before]}

    def no_week_owes_a_reason(self):
        """Tomorrow one more might, on a Sunday."""
        Gathering.objects.filter(kind="walk", on__lt=clock.now().date()).delete()

    def test_one_letter_for_all_of_it(self, waiting):
        letters = self.written(waiting)
        ada = letters[waiting.people["coordinator"].user.email]
        assert ada.subject.startswith("For you: ")
        assert "A ramp" not in ada.text, "what people need stays on the page"
        assert "/riverbend/workspace/you/" in ada.text
        assert waiting.people["moderator"].user.email not in letters, "nothing waits for Rosa"
        chief = letters[waiting.people["chief"].user.email]
        assert "Officer Some Officer: 3" in chief.text

    def test_nothing_new_is_no_letter_and_never_two_a_day(self, waiting):
        self.no_week_owes_a_reason()
        ada = waiting.people["coordinator"].user.email
        assert ada in self.written(waiting)
        assert not self.written(waiting, hour=9), "not twice in a morning"
        assert ada not in self.written(waiting, days=1), "nothing is new"

    def test_at_a_sane_hour_of_the_agency(self, waiting):
        assert not self.written(waiting, hour=3)
        assert not self.written(waiting, hour=22)
        assert self.written(waiting, hour=10), "the worker was down at seven"

    def test_something_new_is_told_alone(self, waiting):
        self.no_week_owes_a_reason()
        self.written(waiting)
        coffee = Rsvp.objects.get(access_needs="A ramp").gathering
        answer(coffee, interpreter="Spanish")
        ada = self.written(waiting, days=1)[waiting.people["coordinator"].user.email]
        assert ada.text.count("\n* ") == 1
        assert "heard of before" in ada.text

    def test_of_many_one_more_is_new_and_one_less_is_not(self, waiting):
        """Where one stands for many, each is known again by its own name."""
        self.no_week_owes_a_reason()
        ada, today = waiting.people["coordinator"].user, waiting.agency.today()
        late = {"owner": waiting.people["officer"], "state": "owned", "due": today - timedelta(days=1)}
        first, *rest = many_concerns(waiting, core_needs.FEW + 3, acknowledged_at=clock.now(), **late)

        def told(days):
            mail = self.written(waiting, days=days).get(ada.email)
            return mail and [key for key in mail.facts["new"] if key.startswith("followthrough.late ")]

        assert len(told(0)) == core_needs.FEW + 4
        followthrough.close(first, state="done", outcome="It is done.", by=ada)
        assert told(1) is None, "another stands for them"
        (another,) = many_concerns(waiting, 1, "another", acknowledged_at=clock.now(), **late)
        assert told(1) == [f"followthrough.late concern:{another.public_id}"]
        for each in rest[:4]:
            followthrough.close(each, state="done", outcome="It is done.", by=ada)
        rows = [
            row for row in needs_of(waiting.people["coordinator"]).rows if row.kind.name.endswith(".late")
        ]
        assert len(rows) == core_needs.FEW, "the premise: each for itself again"
        assert not told(2)

    def test_who_says_no_gets_none(self, waiting, client_for):
        member = waiting.people["coordinator"]
        client = client_for(member.user)
        assert "checked" in client.get(f"{PAGE}you/").text
        client.post(f"{PAGE}you/", {"language": ""})
        assert member.user.email not in self.written(waiting)
        client.post(f"{PAGE}you/", {"language": "", "morning": "on"})
        assert member.user.email in self.written(waiting)

    def test_each_in_their_language(self, waiting):
        member = waiting.people["coordinator"]
        member.user.language = "es"
        member.user.save()
        letter = self.written(waiting)[member.user.email]
        assert letter.language == "es"
        assert "/es/riverbend/workspace/" in letter.text
        assert "Good morning" not in letter.text
