"""Staff keep promises: what each may see and do, the list with what is late first, cards, and the rules."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast import staff_member

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.followthrough import actions, needs
from alongside.followthrough.models import Card, Concern, Rules, State, Step
from alongside.followthrough.tests.cast import WORDS, ben_says, member, town
from alongside.followthrough.triage import listing
from alongside.people import actions as people

pytestmark = pytest.mark.django_db


def url(name, *args, agency="riverbend"):
    return reverse(f"followthrough:{name}", args=[agency, *args])


def do(client, concern, deed, **given):
    sent = {f"{deed}-{name}": value for name, value in given.items()}
    return client.post(url("act", concern.public_id, deed), sent)


@pytest.fixture
def speaker(riverbend):
    return staff_member(riverbend, "Pia Speaker", Role.INFORMATION_OFFICER)


@pytest.fixture
def archivist(riverbend):
    return staff_member(riverbend, "Rhea Records", Role.RECORDS_OFFICER)


@pytest.fixture
def concern(riverbend):
    return ben_says(riverbend).concern


# -- who sees what --------------------------------------------------------------------------------
def test_ada_sees_all_dent_his_division_an_officer_his_own(riverbend, ada, dent, officer):
    there = town(riverbend)
    people.give_command(there["First"], to=member(dent, riverbend), since=riverbend.today(), by=None)
    ben_says(riverbend, key="first", neighborhood=there["Eastbank"])
    ben_says(riverbend, key="second", neighborhood=there["Mill Row"])
    mine = ben_says(riverbend, key="omar").concern
    actions.assign(mine, owner=member(officer, riverbend), due=riverbend.today(), by=ada)

    def seen(user):
        return {each.key for each in Concern.objects.visible_to(user, at=riverbend)}

    assert seen(ada) == {"first", "second", "omar"}
    assert seen(dent) == {"first"}
    assert seen(officer) == {"omar"}


def test_who_commanded_until_lately_sees_nothing(riverbend, ada, dent):
    there = town(riverbend)
    people.give_command(
        there["First"], to=member(dent, riverbend), since=riverbend.today() - timedelta(days=9), by=None
    )
    people.give_command(
        there["First"], to=member(ada, riverbend), since=riverbend.today() - timedelta(days=1), by=None
    )
    ben_says(riverbend, neighborhood=there["Eastbank"])
    assert not Concern.objects.visible_to(dent, at=riverbend).exists()


def test_a_complaint_is_not_read_by_those_it_may_be_about(
    riverbend, concern, ada, officer, speaker, archivist, client_for
):
    actions.assign(concern, owner=member(officer, riverbend), due=riverbend.today(), by=ada)
    page = url("concern", concern.public_id)
    assert client_for(officer).get(page).status_code == 200
    actions.withhold(concern, reason="officer", by=ada)
    for user, status in ((officer, 404), (speaker, 404), (ada, 200), (archivist, 200)):
        assert client_for(user).get(page).status_code == status, user
    assert not Step.objects.visible_to(officer, at=riverbend).exists()
    assert Step.objects.visible_to(ada, at=riverbend).count() == 3


def test_analysts_partners_and_other_agencies_see_nothing(
    riverbend, concern, analyst, eve, client_for, client
):
    partner = staff_member(riverbend, "Paul Partner", Role.PARTNER)
    for name, args in (("concerns", []), ("concern", [concern.public_id])):
        assert client_for(eve).get(url(name, *args)).status_code == 404
        assert client_for(analyst).get(url(name, *args)).status_code == 403
        assert client_for(partner).get(url(name, *args)).status_code == 403
        assert client.get(url(name, *args)).status_code == 302
    assert not Concern.objects.visible_to(eve, at=riverbend).exists()
    assert not Concern.objects.visible_to(analyst, at=riverbend).exists()


def test_each_does_what_their_office_is(
    riverbend, concern, ada, dent, officer, speaker, archivist, client_for
):
    """Reading all is not working on all."""
    sent = {
        "assign": {"owner": member(officer, riverbend).pk, "due": riverbend.today()},
        "progress": {"text": "We looked at it.", "public": "yes"},
        "clear": {"summary": "A street light is out."},
    }
    expected = {
        "assign": {ada: 302, speaker: 403, archivist: 403, dent: 404, officer: 404},
        "progress": {ada: 302, speaker: 403, archivist: 403, dent: 404, officer: 302},
        "clear": {ada: 302, speaker: 302, archivist: 403, dent: 404, officer: 403},
    }
    for deed, given in sent.items():
        for user, status in sorted(expected[deed].items(), key=lambda pair: pair[1], reverse=True):
            assert do(client_for(user), concern, deed, **given).status_code == status, (deed, user)
    assert do(client_for(officer), concern, "redact", because="I want to.").status_code == 403
    assert do(client_for(officer), concern, "close", state="done", outcome="It works.").status_code == 302


def test_a_member_of_another_agency_does_nothing(riverbend, elsewhere, concern, eve, client_for):
    theirs = ben_says(elsewhere).concern
    browser = client_for(eve)
    given = {"progress-text": "All is fine.", "progress-public": "yes"}
    assert (
        browser.post(url("act", theirs.public_id, "progress", agency="elsewhere"), given).status_code == 302
    )
    assert browser.post(url("act", concern.public_id, "progress"), given).status_code == 404
    assert (
        browser.post(url("act", concern.public_id, "progress", agency="elsewhere"), given).status_code == 404
    )
    assert concern.steps.count() == 1


# -- working --------------------------------------------------------------------------------------
def test_ada_promises_notes_and_closes(riverbend, concern, ada, officer, client_for):
    browser = client_for(ada)
    due = riverbend.today() + timedelta(days=6)
    do(browser, concern, "assign", owner=member(officer, riverbend).pk, due=due)
    do(browser, concern, "progress", text="The order is out.", public="yes")
    do(browser, concern, "progress", text="Mind the budget.", public="no")
    do(browser, concern, "close", state="done", outcome="The light works.")
    concern.refresh_from_db()
    assert (concern.state, concern.owner, concern.due) == (State.DONE, member(officer, riverbend), due)
    page = browser.get(url("concern", concern.public_id)).text
    assert "Mind the budget." in page
    assert "staff only" in page
    assert "Close it" not in page


def test_what_cannot_be_comes_back_with_what_was_typed(riverbend, concern, ada, client_for):
    browser = client_for(ada)
    closed = do(browser, concern, "close", state="done", outcome="ok")
    assert closed.status_code == 422
    assert "Say it in a sentence." in closed.text
    assert ">ok</textarea>" in closed.text.replace("\n", "")
    late = do(browser, concern, "assign", owner=member(ada, riverbend).pk, due="2020-01-01")
    assert late.status_code == 422
    assert "Promise a day from today on." in late.text
    for deed, given in (
        ("assign", {"owner": "999999", "due": "soon"}),
        ("close", {"state": "owned", "outcome": "x y z"}),
    ):
        assert do(browser, concern, deed, **given).status_code == 422
    assert Concern.objects.get().state == State.RECEIVED


def test_no_deed_by_looking_and_no_unknown_deed(concern, ada, client_for):
    browser = client_for(ada)
    assert browser.get(url("act", concern.public_id, "close")).status_code == 405
    assert do(browser, concern, "delete").status_code == 404


def test_withheld_and_taken_back(riverbend, concern, ada, client_for):
    browser = client_for(ada)
    assert do(browser, concern, "withhold", reason="crime").status_code == 302
    page = browser.get(url("concern", concern.public_id)).text
    assert "Taken back" not in page
    assert "It was withheld by mistake" in page, "what can be taken back has its button"
    assert do(browser, concern, "release").status_code == 302
    assert Concern.objects.get().state == State.RECEIVED


def test_what_is_closed_and_erased_offers_nothing_to_do(concern, ada, client_for):
    browser = client_for(ada)
    assert "What to do" in browser.get(url("concern", concern.public_id)).text
    actions.close(concern, state=State.DONE, outcome="Three lamps were mended.", by=ada)
    actions.redact(concern, because="They asked for it.", by=ada)
    page = browser.get(url("concern", concern.public_id))
    assert page.status_code == 200
    assert "What to do" not in page.text


def test_an_officer_who_withholds_sees_it_no_more(riverbend, concern, ada, officer, client_for):
    actions.assign(concern, owner=member(officer, riverbend), due=riverbend.today(), by=ada)
    sent = do(client_for(officer), concern, "withhold", reason="officer")
    assert sent["Location"] == url("concerns")


# -- the list -------------------------------------------------------------------------------------
def test_late_ones_come_first_and_tabs_count(riverbend, ada, client_for):
    for key, n in (("soon", 2), ("later", 20)):
        one = ben_says(riverbend, key=key, words=f"It is {key}.").concern
        actions.assign(one, owner=member(ada, riverbend), due=riverbend.today() + timedelta(days=n), by=ada)
    ben_says(riverbend, key="nobody", words="It is nobody’s.")
    ben_says(riverbend, key="hidden", words="It is withheld.", withheld="crime")
    actions.close(
        ben_says(riverbend, key="over", words="It is over.").concern, state="done", outcome="Done so.", by=ada
    )
    with clock.at(clock.now() + timedelta(days=5)):
        browser = client_for(ada)
        page = browser.get(url("concerns")).text
        assert re.findall(r"It is (\w+)", page) == ["soon", "nobody", "later"]
        assert "3 days late" in page
        assert "Late (1)" in page
        assert "Open (3)" in page
        assert "Mine (2)" in page
        assert re.findall(r"It is (\w+)", browser.get(url("concerns") + "?show=late").text) == ["soon"]
        assert re.findall(r"It is (\w+)", browser.get(url("concerns") + "?show=nobody").text) == ["nobody"]
        assert re.findall(r"It is (\w+)", browser.get(url("concerns") + "?show=over").text) == ["over"]
        assert re.findall(r"It is (\w+)", browser.get(url("concerns") + "?show=withheld").text) == [
            "withheld"
        ]


def test_a_tab_holds_what_its_name_says(riverbend, ada, client_for):
    for key in ("early", "recent"):
        one = ben_says(riverbend, key=key, words=f"It is {key}.").concern
        actions.assign(one, owner=member(ada, riverbend), due=riverbend.today(), by=ada)
        actions.close(one, state="done", outcome="Done so.", by=ada)
    ben_says(riverbend, key="kind", words="It is kind.", kind="thanks")
    ben_says(riverbend, key="unkind", words="It is unkind.", kind="thanks", withheld="officer")
    browser = client_for(ada)

    def shown(tab):
        return re.findall(r"It is (\w+)", browser.get(url("concerns"), {"show": tab}).text)

    assert shown("open") == shown("late") == shown("mine") == [], (
        "thanks ask for nothing, and what is over is over"
    )
    assert shown("over") == ["recent", "early"]
    assert shown("thanks") == ["kind"]
    assert shown("withheld") == ["unkind"]


def test_a_tab_with_nothing_in_it_is_not_offered(riverbend, concern, ada):
    sieve = listing.Sieve(Concern.objects.visible_to(ada, at=riverbend), member(ada, riverbend), riverbend)

    def offered(which):
        return [(tab["url"], tab["current"]) for tab in sieve.tabs(which, "")]

    waits = [("?show=new", False), ("?show=nobody", False)]
    assert offered("open") == [*waits, ("?show=open", True)]
    assert offered("late") == [waits[0], ("?show=late", True), waits[1], ("?show=open", False)]
    assert offered("made up") == offered("open")


def test_what_is_late_waits_for_who_answers_for_it(riverbend, concern, ada, officer):
    """Beside those who see to it, by their role."""
    actions.assign(concern, owner=member(officer, riverbend), due=riverbend.today(), by=ada)
    assert not list(needs.late(riverbend)), "a day lasts until its end"
    assert [need.people for need in needs.due(riverbend)] == [(officer.pk,)]
    with clock.at(clock.now() + timedelta(days=1)):
        (need,) = needs.late(riverbend)
        assert (need.people, need.by) == ((officer.pk,), riverbend.today() - timedelta(days=1))
        assert need.url == f"{url('concern', concern.public_id)}#deeds"
        actions.close(concern, state="done", outcome="It is done.", by=ada)
        assert not list(needs.late(riverbend))


def test_a_correction_that_names_an_officer_waits_for_a_coordinator(riverbend, concern, ada, client_for):
    """Nobody had to look at it, and so nobody did. Somebody says that it stays apart, or takes it back."""
    actions.correct(concern, text="Officer Smith was so kind to my mother, please thank him.")
    concern.refresh_from_db()
    assert concern.is_withheld, "the premise: nobody knows yet whether it is a complaint"
    (need,) = needs.apart(riverbend)
    assert need.url == url("concern", concern.public_id)
    page = client_for(ada).get(need.url).text
    assert "Keep it apart" in page
    assert "Take it back" in page
    actions.withhold(concern, reason=concern.withheld, by=ada)
    assert not list(needs.apart(riverbend))
    assert "Keep it apart" not in client_for(ada).get(need.url).text, "she has said so"


def test_so_does_what_comes_back_with_the_name_of_one(riverbend, concern, ada):
    """By the code: one of us who opens it again sees what they write."""
    actions.close(concern, state="done", outcome="It is done.", by=ada)
    actions.reopen(concern, words="Officer Smith shouted at my mother there.")
    concern.refresh_from_db()
    assert concern.is_withheld, "the premise"
    (need,) = needs.apart(riverbend)
    assert need.key == f"concern:{concern.public_id}"
    actions.release(concern, by=ada)
    assert not list(needs.apart(riverbend))


def test_what_one_of_us_set_apart_waits_for_nobody(riverbend, concern, ada):
    actions.close(concern, state="done", outcome="It is done.", by=ada)
    actions.reopen(concern, words="It is dark still.")
    assert [need.key for need in needs.reopened(riverbend)] == [f"concern:{concern.public_id}"]
    actions.withhold(concern, reason="officer", by=ada)
    assert not list(needs.apart(riverbend))
    assert not list(needs.reopened(riverbend))


def test_our_words_put_right_wait_for_who_answers(riverbend, concern, ada, officer):
    actions.assign(concern, owner=member(officer, riverbend), due=riverbend.today(), by=ada)
    actions.correct(concern, text="It is the other corner of the street.")
    (need,) = needs.corrected(riverbend)
    assert need.people == (officer.pk,)
    actions.progress(concern, text="The other corner: we looked.", public=True, by=officer)
    assert not list(needs.corrected(riverbend))


def test_what_the_clock_deletes_soon_is_looked_at_first(riverbend, concern, ada):
    actions.close(concern, state="done", outcome="It is done.", by=ada)
    assert not list(needs.ending(riverbend))
    with clock.at(clock.now() + timedelta(days=riverbend.words_retention_days - 20)):
        (need,) = needs.ending(riverbend)
        assert need.by == riverbend.today() + timedelta(days=20)
        assert need.url.endswith("?show=ending")
        actions.redact(concern, because="They asked us to.", by=ada)
        assert not list(needs.ending(riverbend))


def test_by_neighborhood_and_by_what_it_is_about(riverbend, ada, client_for):
    there = town(riverbend)
    ben_says(riverbend, neighborhood=there["Eastbank"], words="East")
    ben_says(riverbend, key="2", neighborhood=there["Mill Row"], category="noise", words="West")
    browser = client_for(ada)
    assert "West" not in browser.get(url("concerns"), {"neighborhood": there["Eastbank"].pk}).text
    assert "East<" not in browser.get(url("concerns"), {"category": "noise"}).text
    for nonsense in ({"neighborhood": "x"}, {"category": "politics"}, {"show": "all", "page": "-3"}):
        page = browser.get(url("concerns"), nonsense)
        assert page.status_code == 200
        assert "West" in page.text


def test_an_empty_list_says_what_to_do(riverbend, ada, officer, client_for):
    assert "Print cards before the walk" in client_for(ada).get(url("concerns")).text
    assert url("cards") not in client_for(officer).get(url("concerns")).text


def test_the_list_asks_the_database_a_few_things(riverbend, ada, client_for, django_assert_num_queries):
    there = town(riverbend)
    browser = client_for(ada)

    def fill(n):
        for each in range(n):
            made = ben_says(riverbend, key=f"{n}:{each}", neighborhood=there["Eastbank"]).concern
            actions.assign(made, owner=member(ada, riverbend), due=riverbend.today(), by=ada)

    fill(2)
    browser.get(url("concerns"))
    # session, user, agency, member, duties, labels, tab counts, page count, rows, areas and owners of the filter,
    # and the same for those that are ticked, what can be undone
    with django_assert_num_queries(14):
        browser.get(url("concerns"))
    fill(9)
    with django_assert_num_queries(14):
        browser.get(url("concerns"))


def test_a_concern_asks_the_database_a_few_things(
    riverbend, concern, ada, client_for, django_assert_num_queries
):
    browser = client_for(ada)
    browser.get(url("concern", concern.public_id))
    # session, user, agency, member, duties, the concern, its steps, who could answer (twice), labels, places,
    # replies, promises, parts, those linked, and three for what is suggested
    with django_assert_num_queries(21):
        browser.get(url("concern", concern.public_id))
    for n in range(6):
        actions.progress(concern, text=f"Step number {n}", by=ada)
    with django_assert_num_queries(21):
        browser.get(url("concern", concern.public_id))


# -- cards and rules ------------------------------------------------------------------------------
def test_a_sheet_of_cards_is_shown_once(riverbend, ada, client_for, client):
    browser = client_for(ada)
    sheet = browser.post(url("cards"), {"count": "20", "origin_label": "Peace Walk in Eastbank"})
    printed = re.findall(r'class="card-code">([^<]+)<', sheet.text)
    assert len(set(printed)) == 20 == Card.objects.count()
    assert sheet.text.count("<svg") >= 20
    assert "no-store" in sheet["Cache-Control"]
    assert sheet.text.count('lang="es"') >= 20
    typed = sheet.text.replace("<wbr>", "")
    assert "testserver/riverbend/follow" in typed or "localhost:8000/riverbend/follow" in typed
    again = browser.get(url("cards")).text
    assert not any(code in again for code in printed)
    assert "20 cards are out" in again
    opened = client.get(reverse("followthrough:page", args=["riverbend", printed[7]]))
    assert "Nothing has been written down under this code yet" in opened.text


def test_a_card_says_the_same_whoever_printed_it(riverbend, ada, client_for):
    sheet = client_for(ada).post("/es" + url("cards"), {"count": "10"}).text
    assert sheet.count("/<wbr>riverbend/<wbr>follow<") == 10, "a line ends after a slash, never within a word"
    assert "/es/riverbend/follow" not in sheet.replace("<wbr>", "")


@pytest.mark.parametrize("count", ["0", "-1", "7", "100000", "many", ""])
def test_no_other_number_of_cards(riverbend, ada, client_for, count):
    assert client_for(ada).post(url("cards"), {"count": count}).status_code == 422
    assert not Card.objects.exists()


def test_only_who_coordinates_makes_cards_and_rules(riverbend, dent, officer, client_for):
    for user in (dent, officer):
        assert client_for(user).post(url("cards"), {"count": "10"}).status_code == 403
        assert client_for(user).post(url("rules"), {"days": "1"}).status_code == 403
    assert not Card.objects.exists()
    assert not Rules.objects.exists()


def test_ada_says_what_the_agency_promises(riverbend, elsewhere, ada, officer, eve, client_for):
    browser = client_for(ada)
    given = {
        "days": "7",
        "acknowledge_days": "2",
        "confirm_days": "10",
        "in_front": "3",
        "shown_after_days": "7",
        "days_of_lighting": "5",
        "owner": member(officer, riverbend).pk,
        "complaints": "The office.",
        "reports": "Call.",
    }
    assert browser.post(url("rules"), given).status_code == 302
    assert browser.post(url("rules"), given).status_code == 302
    rules = Rules.objects.get()
    assert (rules.days, rules.acknowledge_days, rules.confirm_days) == (7, 2, 10)
    about_lights = ben_says(riverbend).concern
    assert about_lights.owner == member(officer, riverbend)
    assert about_lights.due == riverbend.today() + timedelta(days=5), "its topic has days of its own"
    noise = ben_says(riverbend, "noise", category="noise").concern
    assert noise.due == riverbend.today() + timedelta(days=7)
    assert browser.post(url("rules"), given | {"days_of_lighting": ""}).status_code == 302
    about_lights.refresh_from_db()
    assert about_lights.due == riverbend.today() + timedelta(days=5), "promises already made stay"
    assert ben_says(riverbend, "later").concern.due == riverbend.today() + timedelta(days=7)
    for wrong in (
        {"days": "0"},
        {"in_front": "0"},
        {"days_of_lighting": "999"},
        {"days": "999"},
        {"days": ""},
        {"owner": member(eve, elsewhere).pk},
        {"complaints_url": "javascript:alert(1)"},
    ):
        assert browser.post(url("rules"), given | wrong).status_code == 422, wrong
    assert Rules.objects.get().days == 7


def test_words_of_a_concern_are_never_in_the_trail(riverbend, ada, client_for):
    ben_says(riverbend)
    page = client_for(ada).get(reverse("front:audit", args=["riverbend"]))
    assert "received" in page.text
    assert WORDS not in page.text
