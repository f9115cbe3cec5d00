"""Eve asks every public address, over and over, around one answer: she learns neither its minute nor its party.

Nor does she count along while heads are counted, nor read answers by asking for places herself.

All that a server can say is compared: the status, the bytes, the tag, when it was changed, how long it is. The clock
stands still, so that nothing but the answer can have changed a page. docs/methods/places.md
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.followthrough import actions as concerns
from alongside.followthrough import figures
from alongside.followthrough.models import Concern, Step
from alongside.followthrough.public import actions as public_actions
from alongside.followthrough.tests.cast import ben_says, it_is_so
from alongside.followthrough.tests.cast import town as areas_of
from alongside.gatherings import actions, asking
from alongside.gatherings.models import Gathering, Question, Rsvp, State
from alongside.gatherings.tests.cast import a_gathering, answer, form_key
from alongside.hotspots.actions import petition
from alongside.hotspots.models import PetitionKind
from alongside.ledger import actions as ledger
from alongside.places.models import Area
from alongside.rosters.tests.cast import a_walk
from alongside.walks.models import Walk
from tests.cast import an_agency, staff_member
from tests.doors.routes import Route, every_route

pytestmark = pytest.mark.django_db
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}
PLACES = 12
MINUTES = timedelta(minutes=10)
# Each load of a form has a key of its own, and its tag changes with it.
VARIES = re.compile(rb'name="form_key" value="[^"]*"')
SAID = ("ETag", "Last-Modified", "Content-Length", "Location", "Age", "Link")


def a_town():
    """A hall with places, one that is full and has a line, and a walk outdoors."""
    agency = an_agency("riverbend", "Riverbend Police", "America/New_York")
    staff_member(agency, "Ada Coordinator", Role.COORDINATOR)
    halls = [
        a_gathering(agency, kind="other", title=title, capacity=PLACES) for title in ("Hall", "Full hall")
    ]
    walk = a_walk(agency, None)
    for gathering in (*halls, walk):
        answer(gathering, 4, name="Ben")
    answer(halls[1], 4)
    answer(halls[1], 4)
    answer(halls[1], 3)  # waits
    ten_concerns(agency, areas_of(agency)["Eastbank"])
    return agency


def ten_concerns(agency, home):
    """As many as it takes for a neighborhood to say how long an answer takes; half of them are answered."""
    for n in range(figures.FEWEST):
        concern = said_on_a_walk(agency, f"of before {n}", home, days_ago=60 + n)
        if n % 2:
            concerns.close(concern, state="done", outcome="It was mended.", by=None)
        concerns.clear(concern, summary=f"Lamp number {n} is out.", by=None)


def said_on_a_walk(agency, key, home, *, days_ago):
    heard = agency.today() - timedelta(days=days_ago)
    return ben_says(agency, key, neighborhood=home, heard_on=heard, place="").concern


@pytest.fixture(scope="session")
def begin():
    return a_town


@pytest.fixture
def town(begun):
    """The morning after, when all that was public by then has been looked at."""
    day = begun.today() + timedelta(days=1)
    noon = datetime.combine(day, time(12, 1), tzinfo=begun.zone)
    with clock.at(noon):
        ledger.seal(begun)
        yield begun


def hall(name="Hall"):
    return next(each for each in Gathering.objects.everywhere() if str(each.title) == name)


def outdoors():
    return Gathering.objects.everywhere().get(capacity=None)


def addresses(agency):
    """Every address that a stranger may ask of this agency, with the ids that stand on its pages."""
    found = []
    for route in every_route():
        if route.of_agency and route.is_public and not {"token", "code"} & set(route.holes):
            words = ids_for(route, agency) if len(route.holes) > 1 else [""]
            found += [route.address(agency.slug, word) for word in words]
    return sorted(set(found))


def ids_for(route: Route, agency):
    """Of what has a page there; of gatherings and walks, where nothing else has."""
    if route.name.startswith("followthrough:"):
        told = [listed(answered=answered) for answered in (True, False)]
        return [str(each.public_id) for each in told if each is not None]
    if route.name == "front:neighborhood":
        return [str(each.public_id) for each in Area.objects.of(agency)]
    ids = [str(each.public_id) for each in Gathering.objects.of(agency)]
    return ids + [str(each.public_id) for each in Walk.objects.of(agency)]


def of_promises(agency):
    """Of these, those that tell of promises: the list and its pages, tables and feeds, the ledger, neighborhoods."""
    told = ("promises", "ledger", "neighborhoods", "data")
    lists = [f"/{agency.slug}/", f"/{agency.slug}/promises/?q=lamp", f"/{agency.slug}/promises/?state=open"]
    return [*lists, *(each for each in addresses(agency) if each.split("/")[2].split(".")[0] in told)]


def seen(asked):
    """What she has in hand after asking all of it."""
    return {address: _answer(address) for address in asked}


def _answer(address):
    got = Client().get(address)
    body = b"".join(got.streaming_content) if got.streaming else got.content
    body, forms = VARIES.subn(b"", body)
    said = {name: got.headers.get(name) for name in SAID if not (forms and name == "ETag")}
    return got.status_code, body, said


def changed(before, after):
    return [address for address in before if before[address] != after[address]]


def _leave(name):
    rsvp = Rsvp.objects.everywhere().filter(gathering=hall(name), state=State.GOING).first()
    actions.leave(rsvp)


def _more():
    rsvp = Rsvp.objects.everywhere().filter(gathering=hall(), state=State.GOING).first()
    actions.change_party(rsvp, party=rsvp.party + 2)


def _by_mail():
    actions.join(hall(), party=2, form_key=form_key(), guest=actions.Guest(email="cleo@people.example"))


DEEDS = {
    **{f"a party of {party}": lambda party=party: answer(hall(), party) for party in range(1, 7)},
    "the last places go": lambda: answer(hall(), 8),
    "somebody waits": lambda: answer(hall("Full hall"), 2),
    "somebody leaves": lambda: _leave("Hall"),
    "somebody leaves where others wait": lambda: _leave("Full hall"),
    "two more": _more,
    "one with an address": _by_mail,
    "six outdoors": lambda: answer(outdoors(), 6),
}


def _petition(kind):
    place = Area.objects.everywhere().get(name="Eastbank")
    petition(
        hall().agency,
        kind=kind,
        form_key=form_key(),
        device=form_key(),
        neighborhood=place,
        text="Please.",
    )


def _follow():
    page = reverse("outreach:follow", args=[hall().agency.slug])
    typed = {"about": "program:walk", "email": "cleo@people.example", "form_key": form_key()}
    assert Client(**FROM_HERE).post(page, typed).status_code == 302


def _needs():
    rsvp = Rsvp.objects.everywhere().filter(gathering=hall()).first()
    actions.change_needs(rsvp, actions.Guest(name="Zed", interpreter="Somali", access_needs="A ride."))


# What else somebody does whom nobody is to watch.
DEEDS_BESIDE = {
    "a concern": lambda: ben_says(hall().agency),
    "asking for a walk": lambda: _petition(PetitionKind.WALK),
    "objecting to a label": lambda: _petition(PetitionKind.LABEL),
    "news by mail": _follow,
    "what they need": _needs,
    "cards for those who will come": lambda: actions.make_cards(hall(), count=3, by=None),
}


@pytest.mark.heavy
def test_no_public_address_says_that_somebody_answered(town):
    asked = addresses(town)
    before = seen(asked)
    assert sum(status == 200 for status, *_rest in before.values()) > 40, (
        "the premise: there is a lot to read"
    )
    for name, deed in (DEEDS | DEEDS_BESIDE).items():
        with transaction.atomic():
            were = answers()
            deed()
            assert (answers() != were) == (name in DEEDS), f"the premise: {name}"
            assert not changed(before, seen(asked)), name
            transaction.set_rollback(True)


def answers():
    """What staff know."""
    return list(Rsvp.objects.everywhere().order_by("pk").values_list("pk", "state", "party"))


def eastbank():
    return Area.objects.everywhere().get(name="Eastbank")


def listed(*, answered):
    """One of the ten, which everybody reads."""
    rows = Concern.objects.everywhere().exclude(cleared_at=None).order_by("pk")
    return rows.exclude(closed_at=None).first() if answered else rows.filter(closed_at=None).first()


def _today():
    """Somebody speaks today in the neighborhood whose days to an answer everybody reads."""
    return said_on_a_walk(hall().agency, "today", eastbank(), days_ago=0)


def _today_and_released():
    return concerns.clear(_today(), summary="Somebody spoke of a lamp.", by=None)


def _answered(concern):
    return concerns.close(concern, state="done", outcome="It was mended.", by=None)


# What somebody says of a concern, or what is done with one that nobody reads yet.
SAID = {
    "somebody speaks": _today,
    "and is read": lambda: concerns.acknowledge(_today(), by=None),
    "and is answered at once": lambda: _answered(_today()),
    "and words are released": _today_and_released,
    "and it is set apart": lambda: concerns.withhold(_today(), reason="officer", by=None),
    "and it is set apart by itself": lambda: concerns.correct(
        _today(), text="Officer Zed hit me. I complain about him."
    ),
    "and it is opened again": lambda: concerns.reopen(_answered(_today()), words="It is dark again."),
    "me too": lambda: public_actions.me_too(listed(answered=False), device=form_key()),
    "a confirmation": lambda: it_is_so(listed(answered=True)),
    "a correction": lambda: concerns.correct(listed(answered=False), text="Two lamps are out."),
}


def test_nobody_who_watches_promises_sees_that_somebody_spoke(town):
    """Ten stand on the list: the page of the neighborhood says how long an answer takes."""
    before = seen(of_promises(town))
    page = f"/{town.slug}/neighborhoods/{eastbank().public_id}/"
    assert b"5 answered, 5 still open" in before[page][1], "the premise"
    assert before[f"/{town.slug}/ledger/ledger.jsonl"][1].count(b"concern.received") == figures.FEWEST, (
        "the premise: the ledger tells of them"
    )
    for name, deed in SAID.items():
        with transaction.atomic():
            steps = Step.objects.count()
            deed()
            assert name == "me too" or Step.objects.count() > steps, f"the premise: {name}"
            assert not changed(before, seen(before)), name
            transaction.set_rollback(True)


@pytest.mark.parametrize("deed", ["reopened by code", "set apart"])
def test_of_one_on_the_list_only_what_would_be_untrue_changes_at_once(town, deed):
    """Opened again, its page says so; set apart, it has none. The ledger stays as it was signed."""
    before = seen(of_promises(town))
    concern = listed(answered=True)
    if deed == "set apart":
        concerns.withhold(concern, reason="officer", by=None)
    else:
        concerns.reopen(concern, words="It is dark again.")
    after = seen(before)
    moved = changed(before, after)
    page = f"/{town.slug}/promises/{concern.public_id}/"
    assert page in moved, "the premise"
    assert not [each for each in moved if "/ledger/" in each]
    assert f"/{town.slug}/promises/{listed(answered=False).public_id}/" not in moved
    assert not any(b"dark again" in body for _status, body, _said in after.values())


# Ten minutes into it, and ten after.
WHEN = {"it is on": lambda at: at.starts + MINUTES, "it is over": lambda at: at.ends + MINUTES}


def _use_a_card():
    (code,) = actions.make_cards(hall(), count=1, by=None)
    held = actions.card_behind(code, at=hall().agency)
    actions.say_who_came(held.bearer, held.thing, {Question.TIE: "lives"})


COUNTING = {
    **{f"{n} arrive": lambda n=n: actions.count_heads(hall(), came=n, by=None) for n in (1, 4, 12)},
    "one just comes by": lambda: actions.count_heads(hall(), walk_ups=1, by=None),
    "a card is used": _use_a_card,
}


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("name", COUNTING)
def test_nobody_counts_along_while_heads_are_counted(town, when, name):
    """Nor by the hour at which a calendar or a feed says that something was changed."""
    with clock.at(WHEN[when](hall())):
        before = seen(of_one(hall()))
        COUNTING[name]()
        assert not changed(before, seen(of_one(hall())))


def test_of_a_recount_calendars_and_feeds_say_nothing(town):
    with clock.at(hall().ends + MINUTES):
        actions.mark_held(hall(), came=3, by=None)
        before = seen(of_one(hall()))
        assert b"Fewer than 5 residents came" in before[hall().get_absolute_url()][1], "the premise"
        for came in (0, 4, None, 2):
            actions.mark_held(hall(), came=came, by=None)
            if came is not None:
                assert not changed(before, seen(of_one(hall()))), came
        actions.mark_held(hall(), came=12, by=None)
        assert not {f"/{town.slug}/gatherings.rss", f"/{town.slug}/calendar.ics"} & {
            *changed(before, seen(of_one(hall())))
        }


def of_one(gathering):
    """The pages of one gathering and the lists that it stands in: quickly, of all of the above."""
    agency = gathering.agency.slug
    own = [gathering.get_absolute_url(), f"/{agency}/gatherings/{gathering.public_id}/join/"]
    return [
        *own,
        f"/{agency}/gatherings/{gathering.public_id}/calendar.ics",
        f"/{agency}/",
        f"/{agency}/gatherings/",
        f"/{agency}/gatherings.rss",
        f"/{agency}/calendar.ics",
    ]


@pytest.mark.parametrize("name", ["a party of 6", "the last places go", "somebody leaves where others wait"])
def test_what_everybody_reads_stays_until_the_clock_strikes(town, name):
    gathering = hall("Full hall" if "wait" in name else "Hall")
    before = seen(of_one(gathering))
    DEEDS[name]()
    assert not changed(before, seen(of_one(gathering)))


def test_at_six_it_is_looked_at_anew_and_says_no_more_than_few_or_full(town):
    """Whatever number of places is left within one word, the page is the same: the party cannot be read off it."""
    pages = {}
    for party in range(1, 9):
        rsvp = answer(hall(), party)
        with clock.at(clock.now() + timedelta(days=1)):
            pages[party] = seen(of_one(hall()))
        actions.leave(rsvp)
    assert pages[1] == pages[2] == pages[3], "eight were left: seven, six, five are “room”"
    assert pages[4] == pages[5] == pages[6] == pages[7], "four to one are “few”"
    assert changed(pages[3], pages[4])
    assert changed(pages[7], pages[8])


def test_asking_for_twenty_again_and_again_tells_nothing(town):
    """Nothing is taken by it, and nobody notices: so the refusal must not count."""

    def refusal(party):
        page = f"/riverbend/gatherings/{hall().public_id}/join/"
        got = Client(**FROM_HERE).post(page, {"party": str(party), "form_key": form_key()})
        assert got.status_code == 422
        return VARIES.sub(b"", got.content)

    first = refusal(12)
    for party in (1, 1, 6):
        answer(hall(), party)
        assert refusal(12) == first, hall().numbers.left


def posts(page, **typed):
    """Sends a form of Eve's, and says whether she got what it asks for."""
    return Client(**FROM_HERE).post(page, typed).status_code


@pytest.mark.parametrize("act", ["party", "rejoin"])
def test_one_answer_of_hers_is_no_eye_on_those_of_others(town, act):
    """She changes her own number, or leaves and comes again: each time she would read whether one more would fit."""
    mine = answer(hall(), 1)
    page = f"/riverbend/answer/{actions.new_link(mine)}/"
    left = hall().numbers.left

    def they_fit():
        if act == "party":
            got = posts(page, act="party", party=str(left + 1))
            posts(page, act="party", party="1")
        else:
            posts(page, act="leave")
            Rsvp.objects.filter(pk=mine.pk).update(party=left + 1)
            got = posts(page, act="rejoin")
        return got == 302

    seen = []
    for _time in range(asking.CHANGES):
        before = they_fit()
        another = answer(hall(), 1)
        seen.append((before, they_fit()))
        actions.leave(another)
    half = asking.CHANGES // 2
    assert set(seen[:half]) == {(True, False)}, "the premise: at first she sees the answer of another"
    assert set(seen[half:]) == {(False, False)}, "then nothing, whatever is so"


def test_whoever_changed_their_mind_too_often_may_still_come_with_fewer_or_not_at_all(town):
    mine = answer(hall(), 2)
    page = f"/riverbend/answer/{actions.new_link(mine)}/"
    for _time in range(asking.CHANGES + 3):
        posts(page, act="party", party="3")
        assert posts(page, act="party", party="2") == 302
    refused = Client(**FROM_HERE).post(page, {"act": "party", "party": "3"})
    assert refused.status_code == 422
    assert "no more places until tomorrow" in refused.text
    assert posts(page, act="leave") == 302


def test_asking_for_one_more_than_there_are_tells_at_last_nothing(town):
    """She learns once how many are left; then she asks for one more, which takes nothing, until somebody leaves."""
    page = f"/riverbend/gatherings/{hall().public_id}/join/"
    left = hall().numbers.left

    def asks_for(party, **more):
        return Client(**FROM_HERE).post(page, {"party": str(party), "form_key": form_key(), **more})

    for _time in range(asking.REFUSALS):
        assert asks_for(left + 1).status_code == 422
    before = asks_for(left + 1)
    actions.leave(Rsvp.objects.everywhere().filter(gathering=hall(), state=State.GOING).first())
    assert hall().numbers.fits(left + 1), "the premise: now there would be room"
    after = asks_for(left + 1)
    assert (after.status_code, VARIES.sub(b"", after.content)) == (422, VARIES.sub(b"", before.content))
    assert asks_for(1).status_code == 422, "nor by fewer"
    assert asks_for(1, wait="on").status_code == 302
    assert Rsvp.objects.everywhere().latest("pk").state == State.GOING, "who would wait has a place at once"
    another = Client(**FROM_HERE, REMOTE_ADDR="198.51.100.9")
    assert another.post(page, {"party": "1", "form_key": form_key()}).status_code == 302, (
        "and so has a neighbor"
    )


def test_the_form_knows_what_is_so_now(town):
    """What everybody reads is of the morning; whoever answers has their places, or is told, at once."""
    answer(hall(), 8)
    assert hall().room.label == "Room for more."
    with pytest.raises(actions.GatheringIsFull):
        answer(hall(), 1, wait=False)
    assert answer(hall(), 1).state == State.WAITING


def test_thirty_invented_answers_show_no_crowd(town):
    before = seen(of_one(outdoors()))
    for _each in range(30):
        answer(outdoors(), 20)
    assert outdoors().numbers.going == 604, "the premise: staff see them"
    with clock.at(clock.now() + timedelta(days=1)):
        tomorrow = b"".join(body for _status, body, _said in seen(of_one(outdoors())).values())
    assert not changed(before, seen(of_one(outdoors())))
    assert b"604" not in tomorrow
    assert b"600" not in tomorrow


def test_what_is_told_is_what_was_so_at_the_look_whoever_reads_or_not(town):
    """Nobody reads for three days; then somebody answers, and somebody reads: the number is that of the morning."""
    with clock.at(clock.now() + timedelta(days=3)):
        answer(hall(), 2)
        answer(hall(), 5)
        assert hall().taken_at_last_look == 4
        assert hall().numbers.taken == 11
    with clock.at(clock.now() + timedelta(days=4)):
        assert hall().taken_at_last_look == 11
