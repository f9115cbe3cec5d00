"""Whatever is written down is kept once, goes to somebody by a day, and opens with a code."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from alongside.agencies.models import AuditEntry
from alongside.core.authored import Words
from alongside.core.origins import Origin, OriginRefused
from alongside.followthrough import actions, codes, queries
from alongside.followthrough.models import Card, Concern, State, Step
from alongside.followthrough.tests.cast import PEACE_WALK, WORDS, ben_says, member, town

pytestmark = pytest.mark.django_db


def test_what_ben_says_opens_with_a_code(riverbend):
    received = ben_says(riverbend)
    assert received.new
    concern = queries.by_code(riverbend, received.code.lower().replace("-", ""))
    assert concern == received.concern
    assert concern.words == WORDS
    assert concern.state == State.RECEIVED


def test_no_code_is_kept_only_its_digest(riverbend):
    received = ben_says(riverbend)
    kept = Card.objects.get()
    assert len(kept.digest) == 64
    row = str(Card.objects.values().get()) + str(Concern.objects.values().get())
    assert received.code not in row
    assert received.code.replace("-", "") not in row


def test_sent_twice_it_is_once(riverbend):
    [code] = actions.issue_cards(riverbend, count=1, by=None)
    first, again = ben_says(riverbend, code=code), ben_says(riverbend, code=code, words="Something else")
    assert first.code == again.code == code
    assert first.new
    assert not again.new
    assert again.concern == first.concern
    assert Concern.objects.get().words == WORDS
    assert first.concern.steps.count() == 1


def test_sent_again_without_a_code_both_codes_open_it(riverbend):
    """The first answer may have been lost on its way, with the code in it."""
    first, again = ben_says(riverbend), ben_says(riverbend)
    assert first.code != again.code
    assert queries.by_code(riverbend, first.code) == queries.by_code(riverbend, again.code) == first.concern


def test_nobody_draws_codes_for_ever(riverbend):
    drawn = [ben_says(riverbend).code for _each in range(8)]
    assert sum(map(bool, drawn)) == actions.MOST_CODES


def test_the_same_key_at_another_agency_is_another_concern(riverbend, elsewhere):
    here, there = ben_says(riverbend), ben_says(elsewhere)
    assert here.concern != there.concern
    assert queries.by_code(elsewhere, here.code) is None
    assert queries.by_code(riverbend, here.code) == here.concern


@pytest.mark.parametrize("slip", ["taken", "mistyped", "unknown", "run out", "of another agency"])
def test_a_bad_code_never_loses_the_words(riverbend, elsewhere, slip):
    [card] = actions.issue_cards(riverbend, count=1, by=None)
    [old] = actions.issue_cards(riverbend, count=1, by=None, expires_on=riverbend.today() - timedelta(days=1))
    [theirs] = actions.issue_cards(elsewhere, count=1, by=None)
    ben_says(riverbend, key="the first", code=card)
    wrong = {
        "taken": card,
        "mistyped": "7K2M",
        "unknown": codes.new(),
        "run out": old,
        "of another agency": theirs,
    }[slip]
    received = ben_says(riverbend, key="the second", code=wrong)
    assert received.replaced
    assert received.code != wrong
    assert queries.by_code(riverbend, received.code) == received.concern
    assert queries.by_code(riverbend, card).key == "the first"


def test_a_good_card_is_not_replaced(riverbend):
    [card] = actions.issue_cards(riverbend, count=1, by=None)
    received = ben_says(riverbend, code=f" {card.lower()} ")
    assert (received.code, received.replaced) == (card, False)


def test_it_is_kept_exactly_when_the_walk_is(riverbend):
    with pytest.raises(RuntimeError), transaction.atomic():
        ben_says(riverbend)
        raise RuntimeError("The walk's own writing fails.")
    assert not Concern.objects.exists()
    assert not Card.objects.exists()
    assert not Step.objects.exists()


def test_it_goes_to_whom_the_agency_named_for_that(riverbend, ada, officer):
    actions.set_rules(
        riverbend,
        days=9,
        owner=member(officer, riverbend),
        complaints="",
        complaints_url="",
        reports="",
        by=ada,
    )
    concern = ben_says(riverbend).concern
    assert concern.owner == member(officer, riverbend)
    assert concern.due == riverbend.today() + timedelta(days=9)
    assert concern.state == State.OWNED
    chosen = ben_says(riverbend, key="2", owner=member(ada, riverbend), due=riverbend.today()).concern
    assert (chosen.owner, chosen.due) == (member(ada, riverbend), riverbend.today())


def test_whoever_left_the_agency_gets_nothing_new(riverbend, ada, officer):
    owner = member(officer, riverbend)
    actions.set_rules(riverbend, days=9, owner=owner, complaints="", complaints_url="", reports="", by=ada)
    owner.active = False
    owner.save()
    concern = ben_says(riverbend).concern
    assert concern.owner is None
    assert concern.state == State.RECEIVED
    assert concern.due == riverbend.today() + timedelta(days=9), "a day is promised all the same"


def test_without_rules_a_day_is_promised_two_weeks_ahead(riverbend):
    concern = ben_says(riverbend).concern
    assert (concern.owner, concern.due) == (None, riverbend.today() + timedelta(days=14))


def test_thanks_promise_nothing(riverbend, ada):
    actions.set_rules(
        riverbend, days=9, owner=member(ada, riverbend), complaints="", complaints_url="", reports="", by=ada
    )
    concern = ben_says(riverbend, kind="thanks").concern
    assert (concern.owner, concern.due, concern.is_open) == (None, None, False)
    assert not queries.open_promises(riverbend)


def test_a_neighborhood_brings_its_division(riverbend):
    there = town(riverbend)
    assert ben_says(riverbend, neighborhood=there["Eastbank"]).concern.division == there["First"]
    assert ben_says(riverbend, key="2", neighborhood=there["Mill Row"]).concern.division == there["Second"]
    assert ben_says(riverbend, key="3").concern.division is None


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"words": " \n\t "}, "Write down"),
        ({"words": "x" * 2001}, "2000"),
        ({"category": "politics"}, "category"),
        ({"kind": "rumor"}, "kind"),
        ({"key": ""}, "key"),
        ({"key": "k" * 121}, "key"),
        ({"withheld": "because"}, "withheld"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(riverbend, wrong, what):
    with pytest.raises(actions.ConcernRefused, match=what):
        ben_says(riverbend, **wrong)
    assert not Concern.objects.exists()


def test_nothing_of_another_agency_is_let_in(riverbend, elsewhere, eve):
    with pytest.raises(actions.PromiseRefused):
        ben_says(riverbend, owner=member(eve, elsewhere))
    with pytest.raises(actions.ConcernRefused):
        ben_says(riverbend, neighborhood=town(elsewhere)["Eastbank"])
    assert not Concern.objects.exists()


def test_characters_that_break_things_are_left_out(riverbend):
    concern = ben_says(
        riverbend, words="A\x00 dark\u202e corner\r\nby the school", place="Oak\nStreet"
    ).concern
    assert concern.words == "A dark corner\nby the school"
    assert concern.place == "Oak Street"


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_an_origin_leads_nowhere_else(riverbend, link):
    assert ben_says(riverbend, origin_link=link).concern.origin_link == ""
    assert ben_says(riverbend, key="2").concern.origin_link == "/riverbend/walks/abc/"


@pytest.mark.parametrize(
    ("kind", "public_id"),
    [
        ("", "7fq2mz9k4b"),
        ("gathering", ""),
        ("Gathering", "7fq2mz9k4b"),
        ("gathering", "../walks"),
        ("a:b", "7fq2mz9"),
    ],
)
def test_an_origin_is_a_kind_and_an_id(kind, public_id):
    with pytest.raises(OriginRefused):
        Origin(kind, public_id)


def test_concerns_and_cards_keep_what_they_came_from(riverbend):
    actions.issue_cards(riverbend, count=2, origin=PEACE_WALK, by=None)
    actions.issue_cards(riverbend, count=1, origin_label="For the barber shop", by=None)
    ben_says(riverbend)
    ben_says(riverbend, key="2", origin=None)
    assert [*Card.objects.filter(concern=None).order_by("pk").values_list("origin", flat=True)] == [
        "gathering:7fq2mz9k4b",
        "gathering:7fq2mz9k4b",
        "",
    ]
    assert Concern.objects.that_came_from([PEACE_WALK]).get().key == "note:1"


@pytest.mark.parametrize("model", [Concern, Card])
def test_the_database_refuses_a_key_that_is_none(riverbend, model):
    [_card] = actions.issue_cards(riverbend, count=1, by=None)
    ben_says(riverbend)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(origin="/riverbend/walks/abc/")


def test_a_concern_withheld_from_the_start_goes_to_nobody(riverbend, ada):
    actions.set_rules(
        riverbend, days=9, owner=member(ada, riverbend), complaints="", complaints_url="", reports="", by=ada
    )
    concern = ben_says(riverbend, withheld="officer").concern
    assert (concern.state, concern.owner, concern.due) == (State.WITHHELD, None, None)
    assert [step.deed for step in concern.steps.all()] == ["received", "withheld"]


def test_the_trail_knows_that_and_not_what(riverbend, ada):
    ben_says(riverbend, by=ada)
    entry = AuditEntry.objects.get(verb="received")
    assert entry.actor == ada
    assert "bus stop" not in str(vars(entry))


def test_cards_run_out_unused_and_last_once_used(riverbend):
    yesterday = riverbend.today() - timedelta(days=1)
    [unused] = actions.issue_cards(riverbend, count=1, by=None, expires_on=yesterday)
    with pytest.raises(actions.UnknownCode):
        actions.card_behind(riverbend, unused)
    [used] = actions.issue_cards(riverbend, count=1, by=None, expires_on=riverbend.today())
    ben_says(riverbend, code=used)
    assert actions.card_behind(riverbend, used).expires_on is None


@pytest.mark.parametrize("count", [0, -1, 401, 10**9])
def test_a_number_of_cards_that_nobody_prints(riverbend, count):
    with pytest.raises(actions.CardsRefused):
        actions.issue_cards(riverbend, count=count, by=None)
    assert len(actions.issue_cards(riverbend, count=3, by=None)) == 3


def test_themes_count_what_people_speak_of(riverbend):
    there = town(riverbend)
    ben_says(riverbend, neighborhood=there["Eastbank"])
    ben_says(riverbend, key="2", neighborhood=there["Eastbank"])
    ben_says(riverbend, key="3", category="noise", heard_on=date(2026, 1, 1))
    ben_says(riverbend, key="4", withheld="crime", neighborhood=there["Eastbank"])
    heard = queries.themes(riverbend, origins=[PEACE_WALK])
    assert heard[("concern", "lighting")] == 2, "what was withheld is not counted"
    assert heard.total() == 3
    assert queries.themes(riverbend, origins=[Origin("gathering", "anotherone")]).total() == 0
    assert queries.themes(riverbend, origins=[]).total() == 0


def test_what_it_came_from_is_named_and_linked_in_the_readers_language(riverbend):
    name = Words.of("Peace Walk", language="en").written("Caminata por la paz", language="es")
    concern = ben_says(riverbend, origin_label=name, origin_link="/riverbend/walks/7fq2mz9k4b/").concern
    assert (str(concern.origin_label), concern.origin_page) == ("Peace Walk", "/riverbend/walks/7fq2mz9k4b/")
    with translation.override("es"):
        assert str(concern.origin_label) == "Caminata por la paz"
        assert concern.origin_page == "/es/riverbend/walks/7fq2mz9k4b/"
