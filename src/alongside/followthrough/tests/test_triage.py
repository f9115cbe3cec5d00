"""Many concerns: what is alike is linked and parted, two in one are split, many are done at once and undone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alongside.core import clock
from alongside.core.authored import Words
from alongside.followthrough import actions
from alongside.followthrough.models import Alike, Bulk, Concern, Deed, Promise, State, Step, Template
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.tests.cast import WORDS, ben_says, member, town
from alongside.followthrough.triage import alike, bulk, handing_over, replies, sorting, splitting
from alongside.followthrough.triage.bulk import Asked
from alongside.followthrough.triage.splitting import Part
from alongside.outreach import actions as outreach
from alongside.outreach.models import Mail
from alongside.people import actions as people

pytestmark = pytest.mark.django_db


def day(agency, n):
    return agency.today() + timedelta(days=n)


def assigned(concern, by, n=5):
    owner = member(by, concern.agency)
    return actions.assign(concern, owner=owner, due=day(concern.agency, n), by=by)


# -- alike ----------------------------------------------------------------------------------------
def test_what_is_alike_is_suggested_linked_by_a_person_and_parted_again(riverbend, ada):
    home = town(riverbend)["Eastbank"]
    first = ben_says(riverbend, neighborhood=home).concern
    second = ben_says(
        riverbend, "note:2", words="Street lights at the bus stop are out.", neighborhood=home
    ).concern
    ben_says(riverbend, "note:3", words="Cars race every night.", neighborhood=home, category="traffic")
    (found,) = alike.suggested_for(second, reader=ada)
    assert found.concern == first
    assert found.match.same_place
    alike.link(second, first, by=ada)
    alike.link(first, second, by=ada)
    assert Alike.objects.count() == 1
    assert alike.linked_with(first, reader=ada) == [second]
    assert Concern.objects.count() == 3, "nothing is merged"
    assert alike.suggested_for(second, reader=ada) == [], "what is decided is not suggested again"
    alike.part(first, second, by=ada)
    assert alike.linked_with(first, reader=ada) == []
    assert alike.suggested_for(second, reader=ada) == []
    assert [step.deed for step in second.steps.order_by("pk")][-2:] == [Deed.LINKED, Deed.PARTED]
    assert not second.steps.filter(deed=Deed.LINKED, public=True).exists(), "nobody reads of another person"


def test_what_is_alike_is_of_one_agency_and_of_what_one_sees(riverbend, elsewhere, ada, officer, eve):
    here, there = ben_says(riverbend).concern, ben_says(elsewhere).concern
    with pytest.raises(actions.NotNow):
        alike.link(here, there, by=ada)
    with pytest.raises(actions.NotNow):
        alike.link(here, here, by=ada)
    again = ben_says(riverbend, "note:2").concern
    assert [each.concern for each in alike.suggested_for(here, reader=ada)] == [again]
    assert alike.suggested_for(here, reader=officer) == [], "an officer reads what they answer for"
    actions.withhold(again, reason="crime", by=ada)
    assert alike.suggested_for(here, reader=ada) == []
    with pytest.raises(actions.NotNow):
        alike.link(here, again, by=ada)


def test_the_database_knows_a_pair_once(riverbend):
    one, other = ben_says(riverbend).concern, ben_says(riverbend, "note:2").concern
    Alike.objects.create(agency=riverbend, one=one, other=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alike.objects.create(agency=riverbend, one=one, other=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alike.objects.create(agency=riverbend, one=other, other=one)


def test_suggesting_costs_as_many_questions_whatever_there_is(riverbend, ada):
    concern = ben_says(riverbend).concern

    def cost():
        with CaptureQueriesContext(connection) as asked:
            alike.suggested_for(concern, reader=ada)
        return len(asked)

    ben_says(riverbend, "note:2")
    cost()  # who reads is looked up once
    few = cost()
    for n in range(3, 20):
        ben_says(riverbend, f"note:{n}")
    assert cost() == few


# -- splitting ------------------------------------------------------------------------------------
def test_two_things_in_one_breath_go_on_by_themselves(riverbend, ada):
    told = ben_says(riverbend, words="The light is out, and cars race.")
    concern = assigned(told.concern, ada)
    actions.leave_contact(concern, email="ben@neighbor.example")
    (part,) = splitting.split(concern, [Part("traffic", "Cars race.")], by=ada)
    assert (part.split_from, part.origin, part.heard_on) == (concern, concern.origin, concern.heard_on)
    assert (part.owner, part.due, part.state) == (concern.owner, concern.due, State.OWNED)
    assert part.public_id != concern.public_id
    assert str(part.contact.address) == "ben@neighbor.example"
    concern.refresh_from_db()
    assert concern.words == "The light is out, and cars race.", "what was said stays as it was said"
    assert concern.steps.last().facts == {"parts": [part.public_id]}
    assert splitting.opened_from(concern, part.public_id) == part, "the code of the first opens it"
    assert splitting.opened_from(part, concern.public_id) == part
    stranger = ben_says(riverbend, "note:2").concern
    assert splitting.opened_from(concern, stranger.public_id) == concern
    again = splitting.split(concern, [Part("traffic", "Cars race.")], by=ada)
    assert again == [part], "pressed twice it is once"
    assert concern.steps.filter(deed=Deed.SPLIT).count() == 1


def test_what_cannot_be_split(riverbend, ada):
    concern = ben_says(riverbend).concern
    with pytest.raises(actions.WordsMissing):
        splitting.split(concern, [], by=ada)
    with pytest.raises(actions.WordsMissing):
        splitting.split(concern, [Part("traffic", "Cars race."), Part("noise", " ")], by=ada)
    with pytest.raises(actions.NotNow):
        splitting.split(concern, [Part("noise", f"The noise, {n}.") for n in range(9)], by=ada)
    assert Concern.objects.count() == 1
    actions.close(concern, state="done", outcome="The light works.", by=ada)
    with pytest.raises(actions.NotNow):
        splitting.split(concern, [Part("traffic", "Cars race.")], by=ada)


# -- sorting --------------------------------------------------------------------------------------
def test_another_neighborhood_is_another_division_and_no_more_in_front(riverbend, ada, elsewhere):
    there = town(riverbend)
    concern = ben_says(riverbend, neighborhood=there["Eastbank"]).concern
    actions.put_in_front(concern, by=ada)
    sorting.sort(concern, by=ada, neighborhood=there["Mill Row"], category="traffic")
    concern.refresh_from_db()
    assert (concern.division, concern.category) == (there["Second"], "traffic")
    assert concern.in_front_since is None
    sorting.sort(concern, by=ada, category="traffic")
    assert concern.steps.filter(deed=Deed.SORTED).count() == 1
    with pytest.raises(actions.ConcernRefused):
        sorting.sort(concern, by=ada, category="gossip")
    with pytest.raises(actions.ConcernRefused):
        sorting.sort(concern, by=ada, neighborhood=town(elsewhere)["Eastbank"])


# -- replies --------------------------------------------------------------------------------------
def test_a_reply_is_never_sent_as_it_stands(riverbend, elsewhere, ada):
    text = Words("en").written("We [what was done] on [day].", language="en")
    text = text.written("Hicimos [qué] el [día].", language="es")
    template = replies.keep(riverbend, name="Done", text=text, by=ada)
    for words, why in (
        ("we [what was done]  on [day].", "as it stands"),
        ("We mended it on [day].", r"\[day\]"),
        ("Hicimos la luz el [día].", r"\[día\]"),
        ("We mended it […]", "A gap is left"),
    ):
        with pytest.raises(actions.WordsRefused, match=why):
            replies.must_be_own_words(riverbend, words)
    replies.must_be_own_words(riverbend, "We mended it on Friday [see our page].")
    replies.must_be_own_words(elsewhere, "We mended it on [day].")
    replies.remove(template, by=ada)
    replies.must_be_own_words(riverbend, "We mended it on [day].")


def test_a_reply_needs_a_gap_and_a_name_of_its_own(riverbend, ada):
    with pytest.raises(replies.ReplyRefused, match="Leave a gap"):
        replies.keep(riverbend, name="Form letter", text="Thank you for your message.", by=ada)
    with pytest.raises(replies.ReplyRefused, match="a name"):
        replies.keep(riverbend, name="  ", text="We [did].", by=ada)
    kept = replies.keep(riverbend, name="Done", text="We [did].", by=ada)
    with pytest.raises(replies.ReplyRefused, match="already"):
        replies.keep(riverbend, name="Done", text="We [had].", by=ada)
    replies.keep(riverbend, name="Done", text="We [have].", by=ada, template=kept)
    assert str(Template.objects.get().text) == "We [have]."


# -- many at once ---------------------------------------------------------------------------------
@pytest.fixture
def three(riverbend):
    return [ben_says(riverbend, f"note:{n}", words=f"It is number {n}.").concern for n in range(3)]


def stands(concern):
    return Concern.objects.filter(pk=concern.pk).values(*bulk.FIELDS).get()


def do(agency, concerns, by, **asked):
    return bulk.do(agency, concerns, Asked(**asked), member=member(by, agency), by=by)


def test_what_was_done_to_many_is_undone_as_it_was(riverbend, three, ada, dent):
    before = [stands(each) for each in three]
    done = do(riverbend, three, ada, deed="assign", owner=member(dent, riverbend))
    assert [stands(each)["owner_id"] for each in three] == [member(dent, riverbend).pk] * 3
    steps = Step.objects.count()
    told = bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
    assert [stands(each) for each in three] == before
    assert (len(told.restored), told.touched) == (3, [])
    assert Step.objects.count() == steps + 3, "undoing is written, and deletes nothing"
    with pytest.raises(actions.NotNow):
        bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)


def test_what_somebody_touched_since_stays_and_is_named(riverbend, three, ada, dent):
    there = town(riverbend)
    sorting.sort(three[2], by=ada, neighborhood=there["Eastbank"])
    done = do(riverbend, three, ada, deed="assign", owner=member(dent, riverbend))
    actions.progress(three[0], text="I went there.", by=dent)
    actions.put_in_front(three[2], by=dent)
    told = bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
    assert (told.restored, told.touched) == ([three[1]], [three[0], three[2]])
    assert stands(three[0])["owner_id"] == member(dent, riverbend).pk


def test_only_who_did_it_or_a_coordinator_within_a_day(riverbend, three, ada, dent, officer):
    for each in three:
        assigned(each, officer)
    done = do(riverbend, three, officer, deed="sort", category="traffic")
    assert not bulk.may_be_undone(done.bulk, member=member(dent, riverbend))
    assert bulk.may_be_undone(done.bulk, member=member(officer, riverbend))
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert not bulk.may_be_undone(done.bulk, member=member(ada, riverbend))
        with pytest.raises(actions.NotNow):
            bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
    bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
    assert stands(three[0])["category"] == "lighting"


def test_what_does_not_take_it_stays_and_says_why(riverbend, elsewhere, three, ada, dent, officer):
    actions.close(three[0], state="done", outcome="The light works.", by=ada)
    done = do(riverbend, three, ada, deed="assign", owner=member(dent, riverbend))
    assert (len(done.done), [each for each, _why in done.refused]) == (2, [three[0]])
    none = do(riverbend, three, officer, deed="acknowledge")
    assert (none.bulk, len(none.refused)) == (None, 3), "an officer works on what they answer for"
    for wrong in ({"deed": "redact"}, {"deed": "assign"}, {"deed": "sort"}):
        with pytest.raises(actions.NotNow):
            do(riverbend, three, ada, **wrong)
    with pytest.raises(actions.NotNow):
        do(riverbend, [], ada, deed="acknowledge")
    assert Bulk.objects.count() == 1


def test_a_promise_of_it_comes_back_too(riverbend, three, ada, dent):
    said = promising.Said("A new lamp.", member(ada, riverbend), day(riverbend, 5), concern=three[0])
    promise = promising.make(riverbend, said, by=ada)
    done = do(riverbend, three[:1], ada, deed="assign", owner=member(dent, riverbend))
    assert Promise.objects.get().owner == member(dent, riverbend), "the premise: it went along"
    bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
    promise.refresh_from_db()
    assert promise.owner == member(ada, riverbend)


def test_who_left_an_address_hears_nothing_of_a_mistake_that_was_undone(riverbend, three, ada, dent):
    actions.leave_contact(three[0], email="ben@neighbor.example")
    done = do(riverbend, three, ada, deed="assign", owner=member(dent, riverbend))
    assert Mail.objects.filter(to="ben@neighbor.example").count() == 1
    bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
    outreach.look_at(riverbend.pk, three[0].topic)
    (mail,) = Mail.objects.filter(to="ben@neighbor.example")
    assert mail.state == "withdrawn"


def test_who_read_the_mistake_already_is_told_that_it_is_undone(riverbend, three, ada, dent):
    actions.leave_contact(three[0], email="ben@neighbor.example")
    done = do(riverbend, three, ada, deed="assign", owner=member(dent, riverbend))
    Mail.objects.filter(to="ben@neighbor.example").update(state="sent", sent_at=clock.now(), facts=None)
    bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
    assert Mail.objects.filter(to="ben@neighbor.example").count() == 2


# -- an owner leaves ------------------------------------------------------------------------------
def leaves(user, agency):
    who = member(user, agency)
    type(who).objects.filter(pk=who.pk).update(active=False)
    who.refresh_from_db()
    return who


def test_who_leaves_hands_on_concerns_and_promises_and_both_names_stay(riverbend, three, ada, dent):
    assigned(three[0], dent)
    stage = promising.Said("Repaint the crossing.", member(dent, riverbend), day(riverbend, 9))
    promise = promising.make(riverbend, stage, by=ada, public=True)
    gone = leaves(dent, riverbend)
    assert list(handing_over.who_left(riverbend)) == [gone]
    assert handing_over.hand_over(gone, to=member(ada, riverbend), by=ada) == 2
    promise.refresh_from_db()
    assert promise.owner == member(ada, riverbend)
    step = three[0].steps.last()
    assert "Ada" in step.sentence
    assert "Before: Major Harvey Dent." in step.sentence
    assert list(handing_over.who_left(riverbend)) == []
    assert handing_over.hand_over(gone, to=member(ada, riverbend), by=ada) == 0


def test_one_division_goes_to_one_person(riverbend, ada, dent, officer):
    there = town(riverbend)
    east = ben_says(riverbend, "east", neighborhood=there["Eastbank"]).concern
    mill = ben_says(riverbend, "mill", neighborhood=there["Mill Row"]).concern
    for each in (east, mill):
        assigned(each, dent)
    gone = leaves(dent, riverbend)
    shown = handing_over.divisions_of(gone, reader=ada)
    assert shown == [(there["First"], 1), (there["Second"], 1)]
    handing_over.hand_over(gone, to=member(officer, riverbend), by=ada, division=there["First"])
    east.refresh_from_db()
    mill.refresh_from_db()
    assert (east.owner, mill.owner) == (member(officer, riverbend), gone)


def test_who_left_takes_nothing_over(riverbend, three, ada, dent, officer, analyst, eve, elsewhere):
    assigned(three[0], ada)
    mine, gone = member(ada, riverbend), leaves(dent, riverbend)
    for to in (gone, mine, member(eve, elsewhere), member(analyst, riverbend)):
        with pytest.raises(handing_over.HandoverRefused):
            handing_over.hand_over(mine, to=to, by=ada)
    assert gone not in handing_over.may_take_over(riverbend, but=mine)
    with pytest.raises(actions.PromiseRefused):
        actions.assign(three[1], owner=gone, due=day(riverbend, 3), by=ada)
    assert handing_over.hand_over(mine, to=member(officer, riverbend), by=ada) == 1


def test_nobody_hands_over_what_they_may_not_read(riverbend, three, ada, dent, officer):
    there = town(riverbend)
    people.give_command(there["First"], to=member(dent, riverbend), since=riverbend.today(), by=None)
    assigned(three[0], officer)
    assert handing_over.hand_over(member(officer, riverbend), to=member(dent, riverbend), by=dent) == 0
    assert WORDS
