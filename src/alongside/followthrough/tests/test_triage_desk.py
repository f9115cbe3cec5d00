"""Triage at the desk: the list and its tabs, one after the other, many at once, replies, what is late, who left."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast import staff_member

from alongside.agencies.models import Member, Role
from alongside.core import clock
from alongside.followthrough import actions
from alongside.followthrough.models import Bulk, Concern, Deed, Promise, State, Template
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.public import timeline
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.triage import replies, splitting
from alongside.followthrough.triage.splitting import Part
from alongside.people import actions as people

pytestmark = pytest.mark.django_db


def url(name, *args, agency="riverbend"):
    return reverse(f"followthrough:{name}", args=[agency, *args])


def do(client, concern, deed, kept="", **given):
    sent = {f"{deed}-{name}": value for name, value in given.items()}
    return client.post(url("act", concern.public_id, deed) + kept, sent)


@pytest.fixture
def three(riverbend):
    home = town(riverbend)["Eastbank"]
    about = ("lighting", "traffic", "noise")
    return [
        ben_says(
            riverbend, f"note:{n}", words=f"It is number {n}.", category=topic, neighborhood=home
        ).concern
        for n, topic in enumerate(about)
    ]


def shown(browser, **asked):
    return re.findall(r"It is number (\d)", browser.get(url("concerns"), asked).text)


# -- the list -------------------------------------------------------------------------------------
def test_each_tab_holds_what_waits(riverbend, three, ada, client_for):
    browser, today = client_for(ada), riverbend.today()
    actions.assign(three[0], owner=member(ada, riverbend), due=today + timedelta(days=2), by=ada)
    actions.put_in_front(three[0], by=ada)
    actions.close(three[1], state="done", outcome="It is done.", by=ada)
    assert shown(browser, show="new") == ["2"]
    assert shown(browser, show="near") == ["0"]
    assert shown(browser, show="front") == ["0"]
    assert shown(browser, show="reopened") == []
    actions.reopen(three[1], words="It is not.")
    assert shown(browser, show="reopened") == ["1"]


def test_what_is_asked_for_stands_in_the_address(riverbend, three, ada, dent, client_for):
    browser = client_for(ada)
    actions.assign(three[2], owner=member(dent, riverbend), due=riverbend.today(), by=ada)
    assert shown(browser, q="NUMBER 1") == ["1"]
    assert shown(browser, q=three[0].public_id) == ["0"]
    assert shown(browser, owner=member(dent, riverbend).pk) == ["2"]
    assert shown(browser, state="owned") == ["2"]
    assert shown(browser, came="web") == []
    assert len(shown(browser, came="heard")) == 3
    assert len(shown(browser, owner="nobody", state="gone", q="")) == 3, "what it does not know is ignored"
    page = browser.get(url("concerns"), {"q": "number", "category": "noise", "show": "open"}).text
    assert "q=number&amp;category=noise&amp;show=open" in page
    page = browser.get(url("concerns"), {"q": 'a&b="<c>'}).text
    assert "q=a%26b%3D%22%3Cc%3E&amp;show=open" in page


def test_the_next_in_this_list_until_it_ends(riverbend, three, ada, client_for):
    browser = client_for(ada)
    kept = "?show=new"

    def beside(concern):
        page = browser.get(url("concern", concern.public_id) + kept).text
        found = [re.search(rf'rel="{rel}"[^>]*href="([^"]+)"', page, re.S) for rel in ("prev", "next")]
        return [each and each[1] for each in found]

    one, two, last = (url("concern", each.public_id) + kept for each in three)
    assert [beside(each) for each in three] == [[None, two], [one, last], [two, None]]
    answer = do(browser, three[1], "acknowledge", kept=kept)
    assert answer["Location"] == two, "a deed comes back to the same list"
    assert beside(three[1]) == [one, last], "it has left the list, and knows its place in it"
    assert beside(three[0]) == [None, last]
    assert 'rel="next"' not in browser.get(url("concern", three[0].public_id)).text


# -- one concern ----------------------------------------------------------------------------------
def test_what_comes_next_has_the_one_filled_button(riverbend, ada, dent, client_for):
    concern = ben_says(riverbend, neighborhood=town(riverbend)["Eastbank"]).concern
    browser = client_for(ada)

    def filled():
        page = browser.get(url("concern", concern.public_id)).text
        return re.findall(r'class="btn main">([^<]+)<', page)

    due = riverbend.today() + timedelta(days=9)
    assert filled() == ["Mark it as read"]
    do(browser, concern, "acknowledge")
    assert filled() == ["Save who answers"]
    do(browser, concern, "assign", owner=member(dent, riverbend).pk, due=due)
    assert filled() == ["Promise"]
    given = {"what": "We will mend the lamp.", "owner": member(dent, riverbend).pk, "due": due}
    assert do(browser, concern, "promise", **given, item="tf:4.5.1").status_code == 302
    do(browser, concern, "promise", **given, item="tf:4.5.1")
    promise = Promise.objects.get()
    assert (promise.concern, promise.item, promise.owner) == (concern, "tf:4.5.1", member(dent, riverbend))
    assert filled() == ["Close"]
    do(browser, concern, "close", state="done", outcome="The lamp works.")
    assert filled() == ["Release"]
    do(browser, concern, "reopen", words_en="It was the wrong lamp.", words_es="Era otra lámpara.")
    assert concern.steps.get(deed=Deed.REOPENED).text.texts["es"].text == "Era otra lámpara."
    concern.refresh_from_db()
    assert concern.state == State.PROMISED


def test_why_one_of_us_opened_it_again_is_public_once_it_was_released(riverbend, three, ada):
    """In our words it is ours to release; in the words of whoever asked it never is."""
    concern = three[0]
    for by in (ada, None):
        actions.close(concern, state="done", outcome="It is done.", by=ada)
        actions.reopen(concern, words="By us." if by else "In his words.", by=by)
    concern = actions.clear(concern, summary="A light is out.", by=ada)
    told = [str(each.text) for each in timeline.of_concern(concern, concern.steps.all())]
    assert "By us." in told
    assert "In his words." not in told


def test_a_fourth_in_front_is_refused_with_a_sentence(riverbend, ada, client_for):
    home, browser = town(riverbend)["Eastbank"], client_for(ada)
    made = [ben_says(riverbend, f"note:{n}", neighborhood=home).concern for n in range(4)]
    assert [do(browser, each, "front").status_code for each in made] == [302, 302, 302, 422]
    page = do(browser, made[3], "front").text
    assert "3 are in front here already" in page
    assert do(browser, made[0], "unfront").status_code == 302
    assert do(browser, made[3], "front").status_code == 302


def test_split_link_and_part_at_the_desk(riverbend, elsewhere, three, ada, client_for):
    browser = client_for(ada)
    given = {"category1": "traffic", "words1": "Cars race."}
    assert do(browser, three[0], "split", **given).status_code == 302
    part = Concern.objects.get(split_from=three[0])
    assert "The first part" in browser.get(url("concern", part.public_id)).text
    assert part.public_id in browser.get(url("concern", three[0].public_id)).text
    assert do(browser, three[0], "split", category1="traffic", words1=" ").status_code == 422
    assert do(browser, three[0], "link", other=three[1].public_id).status_code == 302
    page = browser.get(url("concern", three[1].public_id)).text
    assert f'value="{three[0].public_id}"' in page
    for wrong in (three[0].public_id, "nothing", ben_says(elsewhere).concern.public_id):
        assert do(browser, three[0], "link", other=wrong).status_code == 422, wrong
    assert do(browser, three[0], "part", other=three[1].public_id).status_code == 302
    assert three[1].steps.last().deed == Deed.PARTED


def test_an_officer_does_so_only_to_what_they_answer_for(riverbend, three, ada, officer, client_for):
    actions.assign(three[0], owner=member(officer, riverbend), due=riverbend.today(), by=ada)
    browser = client_for(officer)
    assert do(browser, three[0], "sort", category="noise").status_code == 302
    assert do(browser, three[1], "sort", category="noise").status_code == 404
    assert do(browser, three[0], "link", other=three[1].public_id).status_code == 422, (
        "they may not see the other"
    )
    archivist = client_for(staff_member(riverbend, "Rhea Records", Role.RECORDS_OFFICER))
    assert do(archivist, three[1], "sort", category="lighting").status_code == 403


def test_to_another_body_it_goes_by_the_page_that_names_it(riverbend, three, ada, client_for):
    """“It was passed on”, and nobody would know to whom."""
    browser = client_for(ada)
    answer = do(browser, three[0], "close", state="passed", outcome_en="Others can mend it.")
    assert answer.status_code == 422
    assert Concern.objects.get(pk=three[0].pk).is_open
    assert do(browser, three[0], "close", state="declined", outcome_en="It cannot be.").status_code == 302


# -- replies --------------------------------------------------------------------------------------
def test_a_reply_fills_the_box_and_is_not_sent_before_its_gaps_are_filled(riverbend, three, ada, client_for):
    browser = client_for(ada)
    text = {"text_en": "We ordered [what].", "text_es": "Pedimos [qué]."}
    assert browser.post(url("replies"), {"name": "Ordered", **text}).status_code == 302
    template = Template.objects.get()
    act = url("act", three[0].public_id, "progress")
    typed = {"progress-text_en": "I called them.", "progress-public": "no"}
    begun = browser.post(act, {**typed, "begin": "1", "reply": template.public_id}).text
    assert "I called them.\n\nWe ordered [what].</textarea>" in begun, "nothing that was typed is lost"
    assert "Pedimos [qué].</textarea>" in begun
    for words in (text["text_en"], "We ordered [what], truly."):
        answer = do(browser, three[0], "progress", text_en=words, text_es="", public="yes")
        assert answer.status_code == 422
        assert words in answer.text, "nothing that was typed is lost"
    assert do(browser, three[0], "close", state="done", outcome="We ordered [what].").status_code == 422
    assert three[0].steps.count() == 1
    assert do(browser, three[0], "progress", text_en="We ordered a lamp.", public="yes").status_code == 302


def test_replies_are_written_by_who_answers_for_many(riverbend, elsewhere, ada, officer, eve, client_for):
    template = replies.keep(riverbend, name="Ordered", text="We ordered [what].", by=ada)
    browser, one = client_for(ada), url("reply", template.public_id)
    assert browser.post(one, {"name": "Ordered", "text_en": "Thank you."}).status_code == 422
    assert browser.post(one, {"name": "Ordered", "text_en": "We got [what]."}).status_code == 302
    assert "We got [what]." in str(Template.objects.get().text.texts["en"].text)
    gone = url("delete-reply", template.public_id)
    assert client_for(officer).post(gone).status_code == 403
    assert (
        client_for(eve).post(url("delete-reply", template.public_id, agency="elsewhere")).status_code == 404
    )
    assert browser.post(gone).status_code == 302
    assert not Template.objects.exists()


# -- many -----------------------------------------------------------------------------------------
def many(browser, concerns, deed, **given):
    chosen = [each.public_id for each in concerns]
    return browser.post(url("many") + "?show=open", {"chosen": chosen, "deed": deed, **given})


def test_many_at_once_and_undone(riverbend, three, ada, dent, client_for):
    browser = client_for(ada)
    answer = many(browser, three, "assign", owner=member(dent, riverbend).pk)
    assert answer["Location"] == url("concerns") + "?show=open"
    page = browser.get(answer["Location"]).text
    assert "3 done." in page
    assert "You changed 3 concerns" in page
    actions.progress(three[1], text="I went there.", by=dent)
    row = Bulk.objects.get()
    assert browser.post(url("undo", row.public_id) + "?show=open").status_code == 302
    page = browser.get(url("concerns")).text
    assert "2 as they were." in page
    assert f"({three[1].public_id}) stays as it is" in page
    assert "You changed" not in page
    assert browser.post(url("undo", row.public_id)).status_code == 422


def test_what_cannot_be_done_to_many_keeps_the_ticks(riverbend, three, ada, officer, client_for):
    browser = client_for(ada)
    answer = many(browser, three[:2], "assign")
    assert answer.status_code == 422
    assert "Choose who answers." in answer.text
    assert answer.text.count("checked") == 2
    assert many(browser, [], "acknowledge").status_code == 422
    assert many(browser, three, "redact").status_code == 422
    assert many(browser, three, "sort", category="youth").status_code == 302
    assert set(Concern.objects.values_list("category", flat=True)) == {"youth"}
    speaker = client_for(staff_member(riverbend, "Pia Speaker", Role.INFORMATION_OFFICER))
    assert many(speaker, three, "acknowledge").status_code == 403
    assert 'name="chosen"' not in speaker.get(url("concerns")).text
    many(client_for(officer), three, "acknowledge")
    assert not Concern.objects.exclude(acknowledged_at=None).exists(), "an officer chooses of what they see"


# -- late, and left -------------------------------------------------------------------------------
def test_what_is_late_stands_by_commander(riverbend, three, ada, dent, officer, client_for):
    there = {area.name: area for area in type(three[0].division).objects.all()}
    people.give_command(there["First"], to=member(dent, riverbend), since=riverbend.today(), by=None)
    said = promising.Said("A new lamp.", member(ada, riverbend), riverbend.today(), area=there["Second"])
    promising.make(riverbend, said, by=ada, public=True)
    with clock.at(clock.now() + timedelta(days=30)):
        page = client_for(ada).get(url("overdue")).text
        assert "4 are late" in page
        assert page.index("Major Harvey Dent") < page.index("It is number 0") < page.index("A new lamp.")
        theirs = client_for(officer).get(url("overdue")).text
        assert "It is number" not in theirs


def test_who_left_is_handed_over_at_one_page(
    riverbend, elsewhere, three, ada, dent, officer, eve, client_for
):
    for each in three[:2]:
        actions.assign(each, owner=member(dent, riverbend), due=riverbend.today(), by=ada)
    Member.objects.filter(pk=member(dent, riverbend).pk).update(active=False)
    gone = Member.objects.get(name="Harvey Dent")
    page, browser = url("hand-over", gone.public_id), client_for(ada)
    assert "still answers for 2" in browser.get(page).text
    for wrong in (gone.pk, member(eve, elsewhere).pk, ""):
        assert browser.post(page, {"to": wrong}).status_code == 422
    assert browser.post(page, {"to": member(officer, riverbend).pk}).status_code == 302
    assert "answers for nothing that is open" in browser.get(page).text
    assert three[0].steps.last().facts["was_owner"] == "Major Harvey Dent"
    assert client_for(officer).get(page).status_code == 403
    assert client_for(eve).get(url("hand-over", gone.public_id, agency="elsewhere")).status_code == 404


def test_whoever_holds_the_code_of_the_first_opens_the_parts(riverbend, ada, client):
    told = ben_says(riverbend, words="The light is out, and cars race.")
    (part,) = splitting.split(told.concern, [Part("traffic", "Cars race.")], by=ada)
    page = url("page", told.code)
    first = client.get(page).text
    assert f"?part={part.public_id}" in first
    assert "Cars race." in client.get(page, {"part": part.public_id}).text
    stranger = ben_says(riverbend, "note:2", words="Somebody else’s.").concern
    assert "Somebody else’s." not in client.get(page, {"part": stranger.public_id}).text
