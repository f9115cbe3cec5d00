"""Ben follows what he said by a code: without an account, without a name, and without telling anybody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.core import clock
from alongside.core.doors import HALL
from alongside.followthrough import actions, codes
from alongside.followthrough.models import Concern, Deed
from alongside.followthrough.tests.cast import WORDS, ben_says, member
from alongside.outreach.models import Mail, State, Subscription
from alongside.people import consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben():
    return Client(headers={"origin": "http://testserver"})


def follow(agency):
    return reverse("followthrough:follow", args=[agency.slug])


def page_of(agency, code):
    return reverse("followthrough:page", args=[agency.slug, code])


@pytest.fixture
def his(riverbend):
    return ben_says(riverbend)


def text_of(page):
    """What a person reads of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_ben_types_his_code_and_reads_his_page(ben, riverbend, his, dent, ada):
    actions.assign(
        his.concern, owner=member(dent, riverbend), due=riverbend.today() + timedelta(days=9), by=ada
    )
    page = ben.post(follow(riverbend), {"code": his.code.lower().replace("-", " ")}, follow=True)
    assert page.status_code == 200
    assert "Major Harvey Dent answers by" in page.text
    assert "in 9 days" in page.text
    assert WORDS in page.text
    assert "400 block of Oak Street" in page.text
    assert not page.cookies, "nobody is followed around"


def test_late_is_said_plainly(ben, riverbend, his, ada):
    actions.assign(his.concern, owner=member(ada, riverbend), due=riverbend.today(), by=ada)
    assert "today" in ben.get(page_of(riverbend, his.code)).text
    with clock.at(clock.now() + timedelta(days=3)):
        page = ben.get(page_of(riverbend, his.code))
    assert "3 days late" in page.text
    assert "We are sorry" in page.text


def test_what_came_of_it(ben, riverbend, his, ada):
    actions.progress(his.concern, text="The city has the order.", by=ada)
    actions.progress(his.concern, text="Ask Jim about the budget.", by=ada, public=False)
    actions.close(his.concern, state="declined", outcome="The lamp belongs to the railway.", by=ada)
    page = ben.get(page_of(riverbend, his.code))
    assert "It cannot be done" in page.text
    assert page.text.count("The lamp belongs to the railway.") == 1
    assert "The city has the order." in page.text
    assert "Jim" not in page.text


def test_the_page_keeps_to_itself(ben, riverbend, his):
    for answer in (
        ben.get(page_of(riverbend, his.code)),
        ben.get(follow(riverbend)),
        ben.get(page_of(riverbend, "7K2M")),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]


def test_no_trail_holds_a_code(ben, riverbend, his):
    ben.get(page_of(riverbend, his.code))
    ben.post(page_of(riverbend, his.code), {"act": "correct", "text": "It is the other stop."})
    ben.post(page_of(riverbend, his.code), {"act": "contact", "email": "ben@riverbend.example"})
    trail = str(list(AuditEntry.objects.values()))
    assert his.code not in trail
    assert "ben@riverbend.example" not in trail
    assert "other stop" not in trail
    assert AuditEntry.objects.filter(verb="corrected by code").exists()


def test_no_log_holds_a_code(ben, riverbend, his, caplog):
    ben.get(page_of(riverbend, his.code))
    ben.post(page_of(riverbend, his.code), {"act": "contact", "email": "ben"})
    ben.get(page_of(riverbend, codes.new()))
    assert his.code not in caplog.text
    assert "follow" not in caplog.text


def test_a_hurried_person_pastes_the_whole_address(ben, riverbend, his):
    pasted = f"http://testserver{page_of(riverbend, his.code)}"
    assert WORDS in ben.post(follow(riverbend), {"code": pasted}, follow=True).text
    assert ben.get(follow(riverbend).rstrip("/"), follow=True).status_code == 200, (
        "as it is typed from the card"
    )


def test_a_card_nobody_used_says_so(ben, riverbend):
    [code] = actions.issue_cards(riverbend, count=1, by=None)
    page = ben.get(page_of(riverbend, code))
    assert page.status_code == 200
    assert "Nothing has been written down under this code yet" in page.text
    ben_says(riverbend, code=code)
    assert WORDS in ben.get(page_of(riverbend, code)).text


def test_a_slip_is_told_from_a_wrong_code(ben, riverbend, his):
    slip = his.code[:-1] + ("0" if his.code[-1] != "0" else "1")
    typed = ben.post(follow(riverbend), {"code": slip})
    assert typed.status_code == 422
    assert "missing or wrong" in typed.text
    assert slip in typed.text, "what was typed stays"
    wrong = ben.post(follow(riverbend), {"code": codes.new()})
    assert wrong.status_code == 422
    assert "We do not know this code" in wrong.text
    assert ben.get(page_of(riverbend, slip)).status_code == 404
    assert ben.post(follow(riverbend), {"code": ""}).status_code == 422


@pytest.mark.parametrize(
    "typed", ["' OR 1=1 --", "<script>alert(1)</script>", "../../workspace", "%00", "é" * 13, "9" * 9000]
)
def test_eve_types_what_is_no_code(ben, riverbend, his, typed):
    answer = ben.post(follow(riverbend), {"code": typed})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert WORDS not in answer.text


def test_neither_the_public_id_nor_a_code_of_elsewhere_opens_it(ben, riverbend, elsewhere, his):
    assert ben.get(page_of(riverbend, his.code)).status_code == 200
    for agency, code in (
        (riverbend, his.concern.public_id),
        (elsewhere, his.code),
        (riverbend, str(his.concern.pk)),
    ):
        answer = ben.get(page_of(agency, code))
        assert answer.status_code == 404
        assert WORDS not in answer.text


def test_a_closed_agency_shows_nothing(ben, riverbend, his, client_for, ada):
    riverbend.published = False
    riverbend.save()
    assert ben.get(page_of(riverbend, his.code)).status_code == 404
    assert ben.get(follow(riverbend)).status_code == 404
    assert client_for(ada).get(page_of(riverbend, his.code)).status_code == 200


def test_a_guesser_waits_and_a_right_code_still_opens(ben, riverbend, his, monkeypatch):
    monkeypatch.setattr("alongside.followthrough.views.HALL", 3)
    answers = [ben.get(page_of(riverbend, codes.new())).status_code for _try in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert ben.get(page_of(riverbend, his.code)).status_code == 200, "Eve locks nobody in the hall out"
    assert HALL >= 300, "a hall behind one address"


def test_ben_says_that_is_not_what_he_said(ben, riverbend, his):
    page = page_of(riverbend, his.code)
    assert ben.post(page, {"act": "correct", "text": ""}).status_code == 422
    sent = ben.post(page, {"act": "correct", "text": "It is the <b>other</b> bus stop."}, follow=True)
    assert sent.status_code == 200
    assert "&lt;b&gt;other&lt;/b&gt;" in sent.text
    assert WORDS in sent.text
    assert his.concern.steps.get(deed=Deed.CORRECTED).by_name == ""


def test_ben_leaves_an_address_and_takes_it_back(ben, riverbend, his):
    page = page_of(riverbend, his.code)
    wrong = ben.post(page, {"act": "contact", "email": "ben"})
    assert wrong.status_code == 422
    kept = "as long as what you told us is open, and delete it 30 days after the last day on which we ask you"
    assert kept in " ".join(wrong.text.split())
    left = ben.post(page, {"act": "contact", "email": "ben@riverbend.example"}, follow=True)
    contact = Subscription.objects.get()
    assert (contact.topic.partition(":")[0], contact.consent) == ("concern", consent.VERSION)
    assert "Delete my address now" in left.text
    assert "ben@riverbend.example" not in left.text, "whoever finds the card does not read the address"
    ben.post(page, {"act": "forget"})
    assert not Subscription.objects.exists()
    ben.post(page, {"act": "forget"})


def test_an_address_that_is_taken_back_is_in_no_mail_either(ben, riverbend, his, dent, ada):
    """Neither in the one that waits, which is not sent any more, nor in the one that went out."""
    other = ben_says(riverbend, key="another")
    for each in (his, other):
        actions.leave_contact(each.concern, email="ben@riverbend.example")
        actions.progress(each.concern, text="We looked at the lamp.", by=ada)
    gone_out, elsewhere = Mail.objects.order_by("pk")
    sent = {"state": State.SENT, "sent_at": clock.now(), "facts": None}
    Mail.objects.filter(pk=gone_out.pk).update(**sent)
    actions.progress(his.concern, text="A crew comes on Monday.", by=ada)
    ben.post(page_of(riverbend, his.code), {"act": "forget"})
    assert list(Mail.objects.exclude(to="")) == [elsewhere], "news of what else he asked still comes"
    assert list(Mail.objects.waiting()) == [elsewhere]


def test_he_hears_in_the_language_he_read(ben, riverbend, his):
    ben.post("/es" + page_of(riverbend, his.code), {"act": "contact", "email": "ben@riverbend.example"})
    assert Subscription.objects.get().language == "es"


def test_looking_changes_nothing(ben, riverbend, his):
    before = list(Concern.objects.values()), his.concern.steps.count(), his.concern.cards.count()
    ben.get(page_of(riverbend, his.code) + "?act=forget")
    ben.head(page_of(riverbend, his.code))
    assert before == (list(Concern.objects.values()), his.concern.steps.count(), his.concern.cards.count())


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "close"},
        {"act": "assign", "owner": "1"},
        {"act": "correct", "text": "x", "x1": "spam"},
    ],
)
def test_no_other_button_works(ben, riverbend, his, sent):
    assert ben.post(page_of(riverbend, his.code), sent).status_code == 422
    assert his.concern.steps.count() == 1


@pytest.mark.parametrize(
    "said", [{"act": "correct", "text": "The other lamp"}, {"act": "contact", "email": "jo@example.org"}]
)
def test_a_field_that_a_browser_filled_in_is_seen_and_nobody_is_thanked(ben, riverbend, his, said):
    address = page_of(riverbend, his.code)
    page = ben.post(address, said | {"x1": "https://jo.people.example"})
    assert "Your browser filled this in" in page.text
    assert "people.example" not in page.text
    assert list(said.values())[1] in page.text, "what was typed is still there"
    assert ben.post(address, said | {"x1": ""}).status_code == 302


def test_a_form_of_another_site_is_refused(riverbend, his):
    eve = Client(headers={"origin": "https://evil.example"})
    sent = eve.post(page_of(riverbend, his.code), {"act": "correct", "text": "I take it back."})
    assert sent.status_code == 403
    assert his.concern.steps.count() == 1


def test_what_is_not_handled_here_says_where_to_go(ben, riverbend, ada):
    actions.set_rules(
        riverbend,
        days=14,
        owner=None,
        complaints="Office of Civilian Review, 555-0100.",
        complaints_url="https://review.example/",
        reports="Call 555-0199.",
        by=ada,
    )
    complaint, crime, details = (
        ben_says(riverbend, key=why, withheld=why) for why in ("officer", "crime", "cji")
    )
    pages = [ben.get(page_of(riverbend, each.code)).text for each in (complaint, crime, details)]
    assert "Office of Civilian Review, 555-0100." in pages[0]
    assert 'href="https://review.example/"' in pages[0]
    assert "Call 555-0199." in pages[1]
    assert "555-0100" not in pages[1]
    assert "without them" in pages[2]
    assert not any(WORDS in page or "That is not what I said" in page for page in pages)


def test_erased_words_are_gone_and_say_why(ben, riverbend, his, ada):
    actions.redact(his.concern, because="It named a neighbor.", by=ada)
    page = ben.get(page_of(riverbend, his.code))
    assert "It named a neighbor." in page.text
    assert WORDS not in page.text


def test_a_word_in_another_language_is_marked(ben, riverbend):
    received = ben_says(riverbend, words="La luz está apagada.", language="es")
    assert '<blockquote class="said" lang="es">' in ben.get(page_of(riverbend, received.code)).text


def test_a_page_asks_the_database_a_few_things(ben, riverbend, his, ada, django_assert_num_queries):
    actions.assign(his.concern, owner=member(ada, riverbend), due=riverbend.today(), by=ada)
    url = page_of(riverbend, his.code)
    ben.get(url)
    # The agency, the card, the concern, its address; its steps, promises, handings on, the rules, what is alike.
    with django_assert_num_queries(11):
        ben.get(url)
    for n in range(8):
        actions.progress(his.concern, text=f"Step number {n}", by=ada)
    with django_assert_num_queries(11):
        ben.get(url)


def test_a_mail_program_stops_the_news_by_one_click(riverbend, his, ada):
    actions.leave_contact(his.concern, email="ben@neighbors.example")
    actions.progress(his.concern, text="The city has the order.", by=ada)
    path = re.sub(r"^https?://[^/]+", "", Mail.objects.get().unsubscribe_url)
    gmail = Client(enforce_csrf_checks=True)
    kind = "application/x-www-form-urlencoded"
    for words in ("", "List-Unsubscribe=No", "act=forget", "List-Unsubscribe=One-Click&act=forget"):
        assert gmail.post(path, words, content_type=kind).status_code == 403
    assert gmail.get(path).status_code == gmail.head(path).status_code == 200
    assert Subscription.objects.count() == 1, "looking stops nothing"
    for _twice in range(2):
        assert gmail.post(path, "List-Unsubscribe=One-Click", content_type=kind).status_code == 200
    assert not Subscription.objects.exists()
    assert (Mail.objects.get().state, Mail.objects.get().to) == (State.WITHDRAWN, "")
