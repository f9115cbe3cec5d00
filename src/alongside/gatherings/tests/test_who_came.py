"""Who came against who lives there: Ben may say it, and nobody can tell that it was Ben."""

import itertools
import re
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from tests.language.reading import phrases

from alongside.agencies import bearers
from alongside.agencies.models import Bearer
from alongside.core import clock
from alongside.core.forms import fresh_key
from alongside.followthrough import codes
from alongside.gatherings import actions, queries
from alongside.gatherings.models import Question, Rsvp, Status, Tally
from alongside.gatherings.telling import Together
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer
from alongside.places.models import Area, AreaKind


# -- what may be shown --------------------------------------------------------------------------------
def test_what_is_kept_back_could_be_any_small_number_for_all_that_is_shown():
    """Every table of three counts: whoever knows the rule still finds ten numbers for each that is kept back."""
    possible = defaultdict(list)
    for counts in itertools.product(range(26), repeat=3):
        possible[tuple(queries.RULE.coarse(dict(zip("abc", counts, strict=True))).values())].append(counts)
    for shown, tables in possible.items():
        for place, number in enumerate(shown):
            values = {counts[place] for counts in tables}
            if number is None:
                assert values >= set(range(10)) or len(values) > 10, shown
            else:
                assert values == set(range(number, number + 5)) & set(range(26))


def test_no_number_is_kept_back_alone():
    assert queries.RULE.coarse({"a": 34, "b": 20, "c": 10}) == {"a": 30, "b": 20, "c": 10}
    assert queries.RULE.coarse({"a": 30, "b": 20, "c": 9}) == {"a": 30, "b": None, "c": None}
    assert queries.RULE.coarse({"a": 30, "b": 25, "c": 8, "d": 7}) == {"a": 30, "b": 25, "c": None, "d": None}
    assert queries.RULE.coarse({"a": 9, "b": 1}) == {"a": None, "b": None}


def test_that_nobody_gave_an_answer_cannot_be_told_either():
    """All 30 who came say that they live there: 30 beside two numbers kept back would say that these are none."""
    assert queries.RULE.coarse({"lives": 30, "works": 0, "visits": 0}) == dict.fromkeys(
        ("lives", "works", "visits")
    )
    assert queries.RULE.coarse({"lives": 30, "works": 4, "visits": 3})["lives"] == 30


# -- saying it ----------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}


def after(walk, **much):
    return clock.at(walk.starts + timedelta(**(much or {"minutes": 10})))


def page_of(walk):
    """The page behind a card that was given to somebody there."""
    (code,) = actions.make_cards(walk, count=1, by=None)
    return reverse("gatherings:was-there", args=[walk.agency.slug, code])


def say(walk, **answers):
    """Somebody with a card answers."""
    return Client(**FROM_HERE).post(page_of(walk), answers | {"form_key": fresh_key()})


def an_area(agency, name, people):
    square = {"west": -85.8, "south": 38.2, "east": -85.7, "north": 38.3, "geometry": b"\0"}
    return Area.objects.create(
        agency=agency, kind=AreaKind.NEIGHBORHOOD, name=name, population=people, **square
    )


def sums():
    return {(each.question, each.answer): each.people for each in Tally.objects.all()}


def test_ben_says_what_he_likes_and_it_is_only_added_up(riverbend):
    walk = a_gathering(riverbend)
    rsvp = answer(walk, name="Ben")
    with after(walk):
        cleo, page = Client(**FROM_HERE), page_of(walk)
        assert "Under 18" in cleo.get(page).text
        sent = {"tie": "lives", "age": "30-44", "years": "", "form_key": fresh_key()}
        assert "Thank you" in cleo.post(page, sent).text
        assert "Thank you" in cleo.post(page, sent).text, "a double tap"
        say(walk, tie="lives")
    assert sums() == {("tie", "lives"): 2, ("age", "30-44"): 1}
    # The premise of all of it: no person, no answer about coming, no moment is in the row.
    held = {field.name for field in Tally._meta.get_fields()}
    assert held == {"id", "agency", "gathering", "question", "answer", "people"}
    assert Rsvp.objects.get() == rsvp


def test_only_from_when_it_begins_and_for_two_weeks(riverbend, ada):
    walk = a_gathering(riverbend)
    cards = [page_of(walk) for _card in range(4)]
    for page, moment, status in zip(
        cards,
        ({"minutes": -5}, {"minutes": 5}, {"days": 14}, {"days": 15}),
        (404, 200, 200, 404),
        strict=True,
    ):
        with after(walk, **moment):
            sent = Client(**FROM_HERE).post(page, {"tie": "lives", "form_key": fresh_key()})
            assert sent.status_code == status, moment
    assert sums() == {("tie", "lives"): 2}


def test_what_eve_makes_up_is_refused(riverbend):
    walk = a_gathering(riverbend)
    with after(walk):
        eve, page = Client(**FROM_HERE), page_of(walk)
        for sent in ({"tie": "kings"}, {"home": "x2x3x4x5x6"}, {"age": "30-44" * 40}):
            assert eve.post(page, {"form_key": fresh_key(), **sent}).status_code == 422
        with pytest.raises(actions.AnswerRefused):
            actions.say_who_came(Bearer.objects.get(), walk, {"tie": "kings"})
        foreign = Client(HTTP_ORIGIN="https://evil.example").post(page, {"tie": "lives"})
        assert foreign.status_code == 403
        assert eve.get(page).status_code == 200, "the card is still good"
    assert not sums()


def test_a_draft_asks_nobody(riverbend):
    walk = a_gathering(riverbend)
    page = page_of(walk)
    type(walk).objects.filter(pk=walk.pk).update(status=Status.CANCELLED, change_reason="Ice")
    with after(walk):
        sent = Client(**FROM_HERE).post(page, {"tie": "lives", "form_key": fresh_key()})
        assert sent.status_code == 404
        with pytest.raises(actions.NotNow):
            page_of(walk)


# -- one answer a person who came ---------------------------------------------------------------------
def test_a_card_opens_once_and_leaves_nothing(riverbend):
    walk = a_gathering(riverbend)
    page = page_of(walk)
    with after(walk):
        ben = Client(**FROM_HERE)
        assert ben.post(page, {"tie": "lives", "form_key": fresh_key()}).status_code == 200
        again = ben.post(page, {"tie": "works", "form_key": fresh_key()})
    assert again.status_code == 404
    assert "This card does not open" in again.text
    assert sums() == {("tie", "lives"): 1}
    assert not Bearer.objects.exists(), "no row says that a card was used, nor when"


def test_nine_invented_answers_reveal_nothing_of_the_tenth(riverbend):
    """Eve came once, and says nine more times what she likes: each needs a card, and she was given one."""
    walk = a_gathering(riverbend)
    cards = actions.make_cards(walk, count=2, by=None)
    mine, bens = (reverse("gatherings:was-there", args=["riverbend", code]) for code in cards)
    typed = reverse("gatherings:say-who-came", args=["riverbend", walk.public_id])
    with after(walk):
        assert Client(**FROM_HERE).post(bens, {"tie": "lives", "form_key": fresh_key()}).status_code == 200
        eve = Client(**FROM_HERE)
        for _try in range(9):
            eve.post(mine, {"tie": "visits", "form_key": fresh_key()})
            eve.post(bens, {"tie": "visits", "form_key": fresh_key()})
            guessed = reverse("gatherings:was-there", args=["riverbend", codes.new()])
            assert eve.post(guessed, {"tie": "visits", "form_key": fresh_key()}).status_code == 404
            assert eve.post(typed, {"tie": "visits", "form_key": fresh_key()}).status_code == 405
        assert 'name="tie"' not in eve.get(typed).text
    assert sums() == {("tie", "lives"): 1, ("tie", "visits"): 1}


def test_no_more_answers_than_heads_even_with_cards_that_were_left_over(riverbend):
    walk = a_gathering(riverbend)
    left_over = [page_of(walk) for _card in range(3)]
    with after(walk):
        actions.mark_held(walk, came=2, by=None)
        sent = [
            Client(**FROM_HERE).post(page, {"tie": "lives", "form_key": fresh_key()}) for page in left_over
        ]
        assert [each.status_code for each in sent] == [200, 200, 422]
        with pytest.raises(actions.BadCount, match="0 more can be made"):
            page_of(walk)
    assert sums() == {("tie", "lives"): 2}


def test_two_at_once_with_one_card_are_one(riverbend):
    walk = a_gathering(riverbend)
    (code,) = actions.make_cards(walk, count=1, by=None)
    with after(walk):
        first, second = (actions.card_behind(code, at=riverbend).bearer for _each in range(2))
        actions.say_who_came(first, walk, {"tie": "lives"})
        with pytest.raises(bearers.Useless):
            actions.say_who_came(second, walk, {"tie": "lives"})
    assert sums() == {("tie", "lives"): 1}


def test_ada_makes_a_sheet_and_takes_back_what_is_left(riverbend, ada, client_for):
    walk = a_gathering(riverbend)
    desk = reverse("gatherings:came-cards", args=["riverbend", walk.public_id])
    client = client_for(ada)
    sheet = client.post(desk, {"count": "12"})
    shown = re.findall(r'class="card-code">([0-9A-Z-]+)<', sheet.text)
    assert len(set(shown)) == 12
    assert "riverbend/was-there" in sheet.text.replace("<wbr>", "")
    assert "12 cards are made" in client.get(desk).text
    with after(walk):
        page = reverse("gatherings:was-there", args=["riverbend", shown[0].lower().replace("-", "")])
        assert Client().get(page).status_code == 200, "however it is typed"
        client.post(desk, {"act": "take-back"})
        assert Client().get(page).status_code == 404
    assert client.post(desk, {"count": "900"}).status_code == 422
    assert Client().post(desk, {"count": "3"}).status_code in {302, 403}
    assert Bearer.objects.count() == 12


def test_a_card_leads_everybody_to_the_same_address_whoever_printed_it(riverbend, ada, client_for):
    walk = a_gathering(riverbend)
    with clock.at(walk.starts + timedelta(hours=1)):
        page = reverse("gatherings:came-cards", args=["riverbend", walk.public_id])
        sheet = client_for(ada).post(f"/es{page}", {"count": "2"}).text
    assert "2 tarjetas" in sheet, "the premise: Ada reads Spanish"
    assert sheet.count("/<wbr>riverbend/<wbr>was-there<") == 2, (
        "a line ends after a slash, never within a word"
    )
    assert "/es/riverbend/was-there" not in sheet.replace("<wbr>", "")


def test_a_code_is_typed_as_it_is_read(riverbend):
    walk = a_gathering(riverbend)
    (code,) = actions.make_cards(walk, count=1, by=None)
    typed = reverse("gatherings:say-who-came", args=["riverbend", walk.public_id])
    with after(walk):
        ben = Client()
        assert "The code on your card" in ben.get(typed).text
        landed = ben.get(typed, {"code": code.replace("-", " ").lower()}, follow=True)
        assert 'name="tie"' in landed.text
        assert (
            'name="tie"'
            in ben.get(reverse("gatherings:type-card", args=["riverbend"]), {"code": code}, follow=True).text
        )
        wrong = ben.get(typed, {"code": code[:-1]})
        assert wrong.status_code == 422
        assert "a character is missing" in wrong.text


# -- what is published --------------------------------------------------------------------------------
def a_walk_on(agency, day, *, came=None, **said):
    """A walk in the past with so many answers: tie={"lives": 12}."""
    walk = a_draft(agency, on=day)
    type(walk).objects.filter(pk=walk.pk).update(status=Status.HELD, came=came, published_at=clock.now())
    for question, answers in said.items():
        for name, people in answers.items():
            Tally.objects.create(agency=agency, gathering=walk, question=question, answer=name, people=people)
    return walk


@pytest.fixture
def winter(monkeypatch):
    """It is the first of February 2027."""
    then = datetime(2027, 2, 1, 17, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr(clock, "now", lambda: then)


def told(agency):
    """What is published once the job of the night has run."""
    actions.tell_quarters(agency)
    return queries.latest(agency)


def published(agency):
    """What is read there; the names of files may hold any number."""
    return " ".join(phrases(Client().get(reverse("gatherings:who-came", args=[agency.slug])).text, "en"))


def test_a_quarter_is_published_when_it_is_complete_and_enough_people_answered(riverbend, winter):
    a_walk_on(riverbend, date(2026, 11, 5), came=60, tie={"lives": 30, "works": 12, "visits": 14})
    summary = told(riverbend)
    assert (summary.first, summary.last, summary.came) == (
        date(2026, 10, 1),
        date(2026, 12, 31),
        Together(60),
    )
    (tie,) = summary.asked
    assert [(cell.people, round(cell.share, 2)) for cell in tie.cells] == [(30, 0.6), (10, 0.2), (10, 0.2)]
    page = published(riverbend)
    assert "60 %" in page
    assert "56" not in page  # how many answered in all would tell too much


def test_few_answers_wait_for_the_next_quarter_and_periods_never_overlap(riverbend, winter):
    a_walk_on(riverbend, date(2026, 2, 5), tie={"lives": 9})
    a_walk_on(riverbend, date(2026, 5, 5), tie={"lives": 9})
    a_walk_on(riverbend, date(2026, 11, 5), tie={"lives": 5})
    assert queries.due(riverbend) == [(date(2026, 1, 1), date(2026, 6, 30))]
    a_walk_on(riverbend, date(2027, 1, 5), tie={"lives": 90})  # this quarter is not over
    assert queries.due(riverbend) == [(date(2026, 1, 1), date(2026, 6, 30))]


def test_a_quarter_that_people_may_still_answer_for_waits(riverbend, monkeypatch):
    a_walk_on(riverbend, date(2026, 12, 30), tie={"lives": 40})
    for day, known in (
        (date(2027, 1, 14), []),
        (date(2027, 1, 15), [(date(2026, 10, 1), date(2026, 12, 31))]),
    ):
        now = datetime.combine(day, time(17), tzinfo=ZoneInfo("UTC"))
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        assert queries.due(riverbend) == known


def test_neighborhoods_stand_against_who_lives_there_and_small_ones_are_not_named(riverbend, winter):
    eastbank, mill, hill = (
        an_area(riverbend, *each) for each in (("Eastbank", 3000), ("Mill Row", 6000), ("Hill", 1000))
    )
    homes = {eastbank.public_id: 43, mill.public_id: 4, hill.public_id: 10, "outside": 3}
    a_walk_on(riverbend, date(2026, 11, 5), home=homes)
    (home,) = told(riverbend).asked
    shown = {cell.label: (cell.people, cell.residents) for cell in home.cells if cell.people is not None}
    assert shown == {"Eastbank": (40, 0.75), "Hill": (10, 0.25)}
    page = published(riverbend)
    assert "80 %" in page  # of those shown, against 75 % of those who live in these two
    assert "75 %" in page
    assert "Mill Row" not in page


def test_more_answers_than_people_are_not_believed(riverbend, winter):
    a_walk_on(riverbend, date(2026, 11, 5), came=12, tie={"lives": 400})
    a_walk_on(riverbend, date(2026, 11, 12), came=30, tie={"lives": 20, "works": 4, "visits": 3})
    summary = told(riverbend)
    assert summary.left_out == 1
    assert [cell.people for cell in summary.asked[0].shown] == [20]
    assert "400" not in published(riverbend)


def test_too_few_and_nobody_sees_anything_not_even_ada(riverbend, elsewhere, winter, ada, client_for):
    a_walk_on(riverbend, date(2026, 11, 5), tie={"lives": 9})
    a_walk_on(elsewhere, date(2026, 11, 5), tie={"lives": 90})
    assert told(riverbend) is None
    assert "Too few people have answered yet" in published(riverbend)
    assert not Tally.objects.visible_to(ada, at=riverbend).exists()


# -- what is published stays --------------------------------------------------------------------------
def page(agency):
    return Client().get(reverse("gatherings:who-came", args=[agency.slug])).content


def test_what_is_published_stays_whatever_becomes_of_its_gatherings(riverbend, winter):
    """Counted again, answered again, held after all, renamed: the page of a quarter is what it was."""
    eastbank, mill = an_area(riverbend, "Eastbank", 3000), an_area(riverbend, "Mill Row", 6000)
    homes = {eastbank.public_id: 43, mill.public_id: 14, "outside": 13}
    walk = a_walk_on(riverbend, date(2026, 11, 5), came=70, home=homes)
    late = a_walk_on(riverbend, date(2026, 12, 5), came=3, tie={"lives": 40})
    assert told(riverbend).came == Together(70, few=1)
    assert told(riverbend).left_out == 1, "the premise: more answers than heads"
    before = page(riverbend)
    Tally.objects.filter(gathering=walk).update(people=11)
    Area.objects.filter(pk=eastbank.pk).update(name="East Bank", population=9, active=False)
    a_walk_on(riverbend, date(2026, 12, 12), came=90, home={mill.public_id: 80})
    for _again in range(2):
        assert not actions.tell_quarters(riverbend)
    assert page(riverbend) == before
    with pytest.raises(actions.ReasonMissing, match="How many came is published"):
        actions.mark_held(late, came=60, by=None)
    with pytest.raises(actions.NotNow, match="How many came is published"):
        actions.count_heads(late, came=57, by=None)
    late.refresh_from_db()
    assert late.came == 3
    assert page(riverbend) == before


def test_a_correction_is_a_new_line_with_its_reason(riverbend, winter, ada, client_for):
    walk = a_walk_on(riverbend, date(2026, 11, 5), came=40, tie={"lives": 30})
    small = a_walk_on(riverbend, date(2026, 11, 12), came=3)
    told(riverbend)
    before = published(riverbend)
    held = reverse("gatherings:held", args=["riverbend", walk.public_id])
    client = client_for(ada)
    assert client.post(held, {"came": "41"}).status_code == 422
    assert client.post(held, {"came": "41", "reason": "A page of the list was missing."}).status_code == 302
    actions.mark_held(walk, came=41, by=ada)  # the same number again is no news
    actions.mark_held(small, came=2, by=ada)  # of few nobody learns how few, nor that there were fewer
    after = published(riverbend)
    assert "Residents who came: 41. Published was: 40." in after
    assert "A page of the list was missing." in after
    assert after.count("Published was") == 1
    assert "at least 40" in before
    assert "at least 40" in after
    assert queries.latest(riverbend).came == Together(40, few=1)


def test_the_next_quarters_begin_after_what_was_published(riverbend, winter, monkeypatch):
    a_walk_on(riverbend, date(2026, 11, 5), tie={"lives": 30})
    told(riverbend)
    a_walk_on(riverbend, date(2026, 8, 5), tie={"lives": 90})  # written up after its days were told of
    a_walk_on(riverbend, date(2026, 12, 5), tie={"lives": 90})
    a_walk_on(riverbend, date(2027, 1, 5), tie={"lives": 20})
    spring = datetime(2027, 5, 1, 17, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr(clock, "now", lambda: spring)
    assert queries.due(riverbend) == [(date(2027, 1, 1), date(2027, 3, 31))]


def test_every_question_has_answers(riverbend):
    assert list(queries.answers_to(riverbend)) == list(Question)
    assert all(
        len(name) <= 40 for answers in queries.answers_to(riverbend).values() for name, _label in answers
    )
