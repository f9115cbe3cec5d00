"""Ben asks for a walk, or objects to a label: no account, no name, and an answer by a code."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.cast import staff_member

from alongside.agencies.models import AuditEntry, Role
from alongside.core import clock
from alongside.core.authored import Words
from alongside.hotspots import actions
from alongside.hotspots.candidates import past
from alongside.hotspots.models import LONGEST_PETITION, Petition, PetitionKind
from alongside.hotspots.tests import town
from alongside.voices.models import Voice

pytestmark = pytest.mark.django_db


def url(name, *args, language="en"):
    with translation.override(language):
        return reverse(f"hotspots:{name}", args=["riverbend", *args])


@pytest.fixture
def homes(riverbend):
    return town.draw(riverbend)


def filled(page, **words):
    """What a browser sends back of a form: its key, and what was typed."""
    key = re.search(r'name="form_key" value="([^"]+)"', page.text)[1]
    return {"form_key": key, "neighborhood": "", "place": "", "text": "", "x1": ""} | words


def ask(name="ask", language="en", **words):
    ben = Client(headers={"origin": "http://testserver"})
    form = ben.get(url(name, language=language))
    return ben.post(url(name, language=language), filled(form, **words), follow=True)


def test_ben_asks_for_a_walk_and_keeps_a_code(homes):
    landed = ask(neighborhood=homes["Shelby"].pk, text="Come by the bus stop.")
    petition = Petition.objects.get()
    assert petition.where == "Shelby"
    assert landed.redirect_chain[-1][0] == url("petition", petition.public_id)
    assert petition.public_id in landed.text
    assert "noindex" in landed.text
    assert not landed.cookies, "nobody is followed around"


def test_a_place_in_his_own_words_will_do(homes):
    ask(place="The skate park")
    assert Petition.objects.get().where == "The skate park"


def test_nowhere_is_nowhere(homes):
    page = ask(text="Come!")
    assert page.status_code == 422
    assert "Say where" in page.text
    assert "Come!" in page.text
    assert not Petition.objects.exists()


def test_what_is_too_long_is_kept_on_the_page(homes):
    words = "We walk here every day. " * 100
    assert len(words) > LONGEST_PETITION
    page = ask(neighborhood=homes["Shelby"].pk, text=words)
    assert page.status_code == 422
    assert words.strip() in page.text
    assert not Petition.objects.exists()


def test_the_same_form_sent_twice_is_one_petition(homes):
    ben = Client(headers={"origin": "http://testserver"})
    sent = filled(ben.get(url("ask")), neighborhood=homes["Shelby"].pk)
    first, second = ben.post(url("ask"), sent), ben.post(url("ask"), sent)
    assert first["Location"] == second["Location"]
    assert Petition.objects.count() == 1
    ben.post(url("ask"), filled(ben.get(url("ask")), neighborhood=homes["Shelby"].pk))
    assert Petition.objects.count() == 2, "a new form is a new petition"


def asked(agency) -> int:
    """How many have asked for a walk, as the next place is chosen."""
    return sum(past(agency).requests.values())


def test_a_device_is_counted_once_for_a_neighborhood_and_read_each_time(riverbend, homes):
    ben, cleo = "b" * 22, "c" * 22
    first = town.a_petition(riverbend, homes["Shelby"], device=ben, text="Come on a Saturday.")
    again = town.a_petition(riverbend, homes["Shelby"], device=ben, text="Or on a Sunday.")
    assert asked(riverbend) == 1
    assert {each.text: each.counts for each in Petition.objects.all()} == {
        first.text: False,
        again.text: True,
    }
    town.a_petition(riverbend, homes["Hilltop"], device=ben)
    town.a_petition(riverbend, homes["Shelby"], device=cleo)
    assert asked(riverbend) == 3, "another place, and another device"
    label = town.a_petition(riverbend, homes["Shelby"], device=ben, kind=PetitionKind.LABEL)
    assert label.counts, "another purpose"
    assert asked(riverbend) == 3


def test_a_place_in_ones_own_words_is_read_and_not_counted(riverbend, homes):
    for _ in range(2):
        town.a_petition(riverbend, device="b" * 22, place="The skate park")
    assert Petition.objects.filter(counts=True).count() == 2
    assert not Voice.objects.exists()


def test_without_a_script_the_device_is_known_by_a_cookie_of_this_form_alone(riverbend, homes):
    ben = Client(headers={"origin": "http://testserver"})
    page = ben.get(url("ask"))
    assert not page.cookies
    assert 'name="device" data-device' in page.text
    sent = ben.post(url("ask"), filled(page, neighborhood=homes["Shelby"].pk))
    assert {(each.key, each["path"]) for each in sent.cookies.values()} == {
        ("device-en", url("ask")),
        ("device-es", url("ask", language="es")),
    }
    for cookie in sent.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
    again = ben.post(url("ask"), filled(ben.get(url("ask")), neighborhood=homes["Shelby"].pk))
    assert not again.cookies
    spanish = url("ask", language="es")
    ben.post(spanish, filled(ben.get(spanish), neighborhood=homes["Shelby"].pk))
    assert asked(riverbend) == 1
    assert Petition.objects.count() == 3


def test_what_the_browser_made_leaves_no_cookie(homes, riverbend):
    for words in ({"text": "Come."}, {"text": "Please."}):
        ben = Client(headers={"origin": "http://testserver"})
        sent = ben.post(
            url("ask"),
            filled(ben.get(url("ask")), device="Zm9vYmFyYmF6cXV4cXV1eA", neighborhood=homes["Shelby"].pk)
            | words,
        )
        assert sent.status_code == 302
        assert not sent.cookies
    assert asked(riverbend) == 1


@pytest.mark.parametrize(
    "token", ["short", "x" * 65, "x" * 21 + "\0", "x" * 21 + "🦊", "'; DROP TABLE voice; --"]
)
def test_a_token_that_is_none_is_made_anew(homes, token):
    ben = Client(headers={"origin": "http://testserver"})
    sent = ben.post(url("ask"), filled(ben.get(url("ask")), device=token, neighborhood=homes["Shelby"].pk))
    assert sent.status_code == 302
    assert sent.cookies
    assert Petition.objects.count() == 1


def test_the_page_says_that_it_counts_devices_and_not_people(homes):
    for language, words in (("en", "does not prove one person"), ("es", "no demuestra que sea una persona")):
        assert words in " ".join(Client().get(url("ask", language=language)).text.split())


def test_a_machine_that_fills_the_hidden_field_is_told_and_leaves_no_row(homes):
    page = ask(neighborhood=homes["Shelby"].pk, x1="https://cheap.example")
    assert page.status_code == 422
    assert "there to catch programs" in page.text
    assert not Petition.objects.exists()


def test_eve_cannot_send_it_from_her_own_site(homes):
    sent = filled(Client().get(url("ask")), place="Here")
    answer = Client(headers={"origin": "https://evil.example"}).post(url("ask"), sent)
    assert answer.status_code == 403
    assert not Petition.objects.exists()


def test_a_neighborhood_of_another_agency_is_no_answer(homes, elsewhere):
    theirs = town.draw(elsewhere)["Shelby"]
    assert ask(neighborhood=theirs.pk).status_code == 422
    assert not Petition.objects.exists()


def test_an_objection_is_to_a_label_that_is_published(riverbend, homes):
    """What the form offers is what it takes: a neighborhood of which our pages say something."""
    words = {"text": "You call us a focus. We are a home."}
    made = town.a_run(riverbend, published=False)
    town.a_focus_area(made, homes["Shelby"])
    town.a_focus_area(made, homes["Eastbank"], band=None)
    assert ask("object", neighborhood=homes["Shelby"].pk, **words).status_code == 422, "a draft says nothing"
    actions.publish(made, by=None)
    for quiet in ("Eastbank", "Hilltop"):
        assert ask("object", neighborhood=homes[quiet].pk, **words).status_code == 422
        assert f'value="{homes[quiet].pk}"' not in Client().get(url("object")).text
    assert not Petition.objects.exists()
    ask("object", neighborhood=homes["Shelby"].pk, **words)
    assert Petition.objects.get().neighborhood == homes["Shelby"]
    ask("ask", neighborhood=homes["Hilltop"].pk)
    assert Petition.objects.filter(neighborhood=homes["Hilltop"]).exists(), "a walk may be asked for anywhere"


def test_an_objection_needs_words(riverbend, homes):
    town.a_focus_area(town.a_run(riverbend), homes["Shelby"])
    assert ask("object", neighborhood=homes["Shelby"].pk).status_code == 422
    ask("object", neighborhood=homes["Shelby"].pk, text="You call us a focus. We are a home. 🙂")
    petition = Petition.objects.get()
    assert petition.kind == PetitionKind.LABEL
    assert "🙂" in petition.text


def test_in_spanish_the_words_are_marked_as_spanish(homes):
    landed = ask(language="es", neighborhood=homes["Shelby"].pk, text="Vengan un sábado.")
    assert Petition.objects.get().language == "es"
    assert landed.redirect_chain[-1][0].startswith("/es/")
    assert '<p lang="es">Vengan' in landed.text


def test_a_closed_agency_takes_no_petitions_from_strangers(riverbend, homes):
    sent = filled(Client().get(url("ask")), place="Here")
    riverbend.published = False
    riverbend.save()
    assert Client().get(url("ask")).status_code == 404
    assert Client(headers={"origin": "http://testserver"}).post(url("ask"), sent).status_code == 404


def test_ada_answers_and_ben_reads_it_by_his_code(riverbend, homes, ada, client_for):
    petition = town.a_petition(riverbend, homes["Shelby"])
    desk = client_for(ada)
    assert "Waits for an answer" in desk.get(url("petitions")).text
    desk.post(url("petition-answer", petition.public_id), {"text": "We will come on May 9."})
    page = Client().get(url("petition", petition.public_id)).text
    assert "We will come on May 9." in page
    assert "Ada Coordinator" in page
    assert AuditEntry.objects.filter(verb="answered", actor=ada).exists()


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_an_answer_says_something_and_not_too_much(riverbend, homes, ada, client_for, words):
    petition = town.a_petition(riverbend, homes["Shelby"])
    assert (
        client_for(ada).post(url("petition-answer", petition.public_id), {"text": words}).status_code == 422
    )
    with pytest.raises(actions.PetitionRefused):
        actions.answer(petition, text=words, by=ada)
    petition.refresh_from_db()
    assert petition.answered_at is None


def test_nia_reads_petitions_but_does_not_answer_them(riverbend, homes, analyst, client_for):
    petition = town.a_petition(riverbend, homes["Shelby"])
    desk = client_for(analyst)
    assert desk.get(url("petitions")).status_code == 200
    assert desk.get(url("petition-answer", petition.public_id)).status_code == 403


def test_a_code_that_is_none_leads_nowhere(riverbend):
    assert Client().get(url("petition", "x2x3x4x5x6")).status_code == 404


def test_the_action_refuses_what_the_form_refuses(riverbend):
    for words, why in [
        ({"kind": PetitionKind.WALK}, "Say where"),
        ({"kind": PetitionKind.LABEL, "place": "Here"}, "what is wrong"),
        ({"kind": "complaint", "place": "Here"}, "complaint"),
        ({"kind": PetitionKind.WALK, "place": "Here", "text": "x" * 1501}, "1500"),
    ]:
        with pytest.raises(actions.PetitionRefused, match=why):
            actions.petition(riverbend, form_key="a key", device=town.a_device(), **words)
    assert not Petition.objects.exists()


# -- erasing --------------------------------------------------------------------------------------
@pytest.fixture
def named(homes, riverbend):
    """Ben wrote what he should not have, of a place that he typed."""
    words = {"place": "By Lil's house", "text": "Lil deals there."}
    return town.a_petition(riverbend, **words)


def test_ada_erases_what_may_not_be_kept_and_the_reason_remains(named, ada, client_for):
    desk, erase = client_for(ada), url("petition-erase", named.public_id)
    assert "Lil deals there." in desk.get(erase).text, "it is read once more"
    assert desk.post(erase, {"because": " "}).status_code == 422
    assert Petition.objects.get().text, "without a reason nothing goes"
    listed = desk.post(erase, {"because": "It names a neighbor."}, follow=True).text
    assert "It names a neighbor." in listed
    row = Petition.objects.get()
    assert (row.text, row.place, str(row.answer)) == ("", "", "")
    for page in (
        listed,
        desk.get(erase).text,
        desk.get(url("petition-answer", named.public_id)).text,
        Client().get(url("petition", named.public_id)).text,
    ):
        assert "Lil" not in page
        assert "It names a neighbor." in page
    [line] = AuditEntry.objects.filter(verb="erased", actor=ada)
    assert "Lil" not in f"{line.thing_name} {line.detail}"


def test_erased_it_is_still_counted_and_waits_for_nobody(riverbend, homes, ada):
    petition = town.a_petition(riverbend, homes["Shelby"])
    before = past(riverbend)
    assert homes["Shelby"].pk in before.asked
    assert Petition.objects.of(riverbend).waiting().count() == 1
    actions.erase_petition(petition, because="It names a neighbor.", by=ada)
    assert past(riverbend) == before
    assert Petition.objects.of(riverbend).waiting().count() == 0
    petition.refresh_from_db()
    with pytest.raises(actions.PetitionRefused, match="nothing left to answer"):
        actions.answer(petition, text="We come.", by=ada)


def test_who_answers_does_not_erase(named, dent, analyst, client_for):
    for user in (dent, analyst):
        assert client_for(user).get(url("petition-erase", named.public_id)).status_code == 403
        sent = client_for(user).post(url("petition-erase", named.public_id), {"because": "I say so."})
        assert sent.status_code == 403
    assert Petition.objects.get().text == "Lil deals there."


def test_a_records_officer_finds_the_list_and_erases(riverbend, named, client_for):
    desk = client_for(staff_member(riverbend, "Rae Records", Role.RECORDS_OFFICER))
    assert url("petition-erase", named.public_id) in desk.get(url("petitions")).text
    assert desk.post(url("petition-erase", named.public_id), {"because": "It names one."}).status_code == 302
    assert Petition.objects.get().erased_because == "It names one."


@pytest.mark.parametrize(("language", "why"), [("en", "took it back"), ("es", "lo retiró")])
def test_ben_takes_back_what_he_wrote_by_his_code(named, ada, client_for, language, why):
    ben = Client(headers={"origin": "http://testserver"})
    page = url("petition", named.public_id, language=language)
    ben.get(page)
    assert Petition.objects.get().text, "looking changes nothing"
    assert ben.post(page, {"act": "burn"}).status_code == 422
    landed = ben.post(page, {"act": "take-back"}, follow=True)
    assert why in landed.text
    assert "Lil" not in landed.text
    assert ben.post(page, {"act": "take-back"}).status_code == 302, "twice is once"
    assert AuditEntry.objects.filter(verb="erased", actor=None).count() == 1
    assert "took it back" in client_for(ada).get(url("petitions")).text


def test_eve_takes_back_nothing(named):
    page = url("petition", named.public_id)
    assert (
        Client(headers={"origin": "https://evil.example"}).post(page, {"act": "take-back"}).status_code == 403
    )
    stranger = Client(headers={"origin": "http://testserver"})
    assert stranger.post(url("petition", "x2x3x4x5x6"), {"act": "take-back"}).status_code == 404
    assert Petition.objects.get().text == "Lil deals there."


def test_an_upgrade_deletes_nothing_that_was_not_promised_to_go(riverbend, homes, ada):
    """Clocks that come with an upgrade begin on that day, for what is older, too; and the public page says so."""
    asked = town.a_petition(riverbend, homes["Shelby"])
    Petition.objects.filter(pk=asked.pk).update(
        answered_at=clock.now() - timedelta(days=2000), answer=Words.of("We come.", language="en")
    )
    riverbend.clocks_since = riverbend.today()
    riverbend.save(update_fields=["clocks_since"])
    kept = timedelta(days=riverbend.words_retention_days)
    for later, there in ((timedelta(0), True), (kept - timedelta(days=1), True), (kept, False)):
        with clock.at(clock.now() + later + timedelta(minutes=1)):
            actions.forget_petitions()
            assert bool(Petition.objects.get(pk=asked.pk).text) == there
    page = Client().get(reverse("front:what-we-keep", args=[riverbend.slug])).text
    assert "We made these promises on" in page
