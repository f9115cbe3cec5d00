"""At the desk a person settles what is held, clears pictures, types in paper cards and counts who came."""

import io

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.markup import folded

from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.field import actions, passes, themes
from alongside.field.models import ContactQuality, EnforcementException, HeadCount, Note, Pass
from alongside.field.tests.cast import Phone, a_count, a_note, a_walk, in_the_middle_of, scribe
from alongside.followthrough import actions as follow
from alongside.followthrough import queries as followthrough
from alongside.followthrough.models import Concern
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.media import actions as media
from alongside.media.models import Picture
from alongside.people.models import Partner, PartnerKind

pytestmark = pytest.mark.django_db
COMPLAINT = "Officer Smith was rude to my son"


@pytest.fixture
def walk(riverbend):
    gathering = a_walk(riverbend)
    with in_the_middle_of(gathering):
        yield gathering


def at(name, walk, *more):
    return reverse(f"field:{name}", args=[walk.agency.slug, walk.public_id, *more])


def a_picture():
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(file, "JPEG")
    return file.getvalue()


def a_partner(agency, name="Eastbank Neighbors", listed=True):
    return Partner.objects.create(agency=agency, name=name, kind=PartnerKind.ASSOCIATION, listed=listed)


def card(number=0, **said):
    blank = {"client_id": "", "kind": "concern", "language": "en"}
    said = blank | {"category": "noise", "words": "Loud at night"} | said
    return {f"card{number}-{name}": value for name, value in said.items()}


# -- who reads ------------------------------------------------------------------------------------
def test_ada_and_the_commander_read_what_was_heard_and_nobody_else_does(
    walk, ada, dent, officer, analyst, eve, client_for
):
    Phone(walk).send(a_note(words="Dark by the stairs"))
    for reader in (ada, dent):
        assert b"Dark by the stairs" in client_for(reader).get(at("heard", walk)).content
    assert client_for(officer).get(at("heard", walk)).status_code == 403
    assert client_for(analyst).get(at("heard", walk)).status_code == 403
    assert client_for(eve).get(at("heard", walk)).status_code == 404
    assert Client().get(at("heard", walk)).status_code == 302
    for stranger in (officer, analyst, eve):
        assert not Note.objects.visible_to(stranger, at=walk.agency).exists()


def test_a_complaint_about_an_officer_is_read_by_coordinators_alone(walk, ada, dent, client_for):
    Phone(walk).send(a_note(words=COMPLAINT))
    assert b"Officer Smith" in client_for(ada).get(at("heard", walk)).content
    assert b"Officer Smith" not in client_for(dent).get(at("heard", walk)).content


def test_a_promise_is_a_link_for_whoever_may_open_it(walk, ada, dent, client_for):
    """A commander reads all that was heard, and answers for some of it."""
    Phone(walk).send(a_note(words="Dark by the stairs"), a_note(words="Loud at night"))
    dark, loud = (note.concern for note in Note.objects.order_by("pk"))
    Concern.objects.filter(pk=dark.pk).update(owner=dent.membership_at(walk.agency))

    def linked(reader):
        page = client_for(reader).get(at("heard", walk)).text
        return [each for each in (dark, loud) if f"/concerns/{each.public_id}/" in page]

    assert linked(ada) == [dark, loud]
    assert linked(dent) == [dark]


def test_the_desk_asks_the_database_as_often_for_ten_walks_as_for_one(
    riverbend, ada, client_for, django_assert_max_num_queries
):
    walks = [a_walk(riverbend, title=f"Walk {number}") for number in range(10)]
    with in_the_middle_of(walks[0]):
        for each in walks:
            Phone(each).send(a_note(), a_note(words=COMPLAINT))
        client = client_for(ada)
        with django_assert_max_num_queries(12):
            page = client.get(reverse("field:desk", args=[riverbend.slug]))
    assert page.content.count(b"1 held") == 10


def test_a_walk_with_many_notes_asks_no_more(walk, ada, client_for, django_assert_max_num_queries):
    Phone(walk).send(*(a_note() for _ in range(20)), *(a_note(words=COMPLAINT) for _ in range(20)))
    client = client_for(ada)
    with django_assert_max_num_queries(22):
        client.get(at("heard", walk))


# -- what is held ---------------------------------------------------------------------------------
def held(walk, words):
    (result,) = Phone(walk).send(a_note(words=words))
    return result, Note.objects.get()


def test_a_record_is_held_and_goes_on_without_its_details(walk, ada, client_for):
    result, note = held(walk, "A van, plate ABC-1234, blocks the sidewalk")
    assert "ABC-1234" not in note.concern.words
    assert (note.concern.withheld, note.held) == ("cji", True)
    assert "plates" in result["guidance"]
    client_for(ada).post(at("settle", walk, note.public_id), {"how": "mask"})
    note.refresh_from_db()
    assert note.concern.words == "A van, […], blocks the sidewalk"
    assert (note.held, note.held_words) == (False, "")
    assert not note.concern.is_withheld


def test_a_record_in_the_place_of_a_place_does_not_go_on_either(walk):
    Phone(walk).send(a_note(place="By the van, plate ABC-1234, on Oak St"))
    note = Note.objects.get()
    assert (note.concern.withheld, note.held) == ("cji", True)
    assert note.concern.place == "By the van, […], on Oak St"


def test_what_looks_like_a_record_is_not_kept_for_ever(walk, ada):
    _result, note = held(walk, "plate ABC-1234")
    with pytest.raises(actions.NotNow):
        actions.settle(note, how="keep", by=ada)


def test_a_complaint_stays_apart_and_the_scribe_is_told_where_it_goes(walk, ada, client_for):
    from alongside.followthrough import actions as rules

    rules.set_rules(
        walk.agency,
        days=14,
        owner=None,
        complaints="Civilian Review Office, 502-555-0100",
        complaints_url="",
        reports="",
        by=ada,
    )
    result, note = held(walk, COMPLAINT)
    assert "Civilian Review Office" in result["guidance"]
    client_for(ada).post(at("settle", walk, note.public_id), {"how": "keep"})
    note.refresh_from_db()
    assert (note.held, note.concern.withheld) == (False, "officer")
    assert not themes.by_category(walk.agency, [walk])


def test_a_false_alarm_goes_on_as_it_was_said(walk, ada):
    _result, note = held(walk, "Somebody stole the show at the cookout")
    actions.settle(note, how="release", by=ada)
    actions.settle(note, how="release", by=ada)
    note.refresh_from_db()
    assert note.concern.words == "Somebody stole the show at the cookout"
    assert themes.by_category(walk.agency, [walk]).total() == 1


def test_erased_words_are_gone_from_both_places(walk, ada):
    _result, note = held(walk, "He has a warrant out")
    actions.settle(note, how="erase", by=ada)
    note.refresh_from_db()
    assert (note.held_words, note.concern.words, note.concern.place) == ("", "", "")
    assert note.concern.redacted_because


def test_what_is_no_record_after_all_goes_on_as_it_was_said(walk, ada, client):
    (result,) = Phone(walk).send(a_note(words="We served plates 1200 times", wants_answer=True))
    note = Note.objects.get()
    assert "1200" not in note.concern.words, "the premise"
    actions.settle(note, how="release", by=ada)
    assert "We served plates 1200 times" in client.get(result["follow"]["url"]).content.decode()
    assert not Note.objects.exclude(held_words="").exists(), "said once, kept once"


def test_a_record_erased_where_it_is_followed_is_nowhere(walk, ada, client_for):
    _result, note = held(walk, "A van, plate ABC-1234, blocks the sidewalk")
    assert b"ABC-1234" in client_for(ada).get(at("heard", walk)).content, "the premise"
    follow.redact(note.concern, because="It names somebody.", by=ada)
    note.refresh_from_db()
    assert (note.held, note.held_words, note.words) == (False, "", "")
    assert b"ABC-1234" not in client_for(ada).get(at("heard", walk)).content
    assert b"Held until" not in client_for(ada).get(at("heard", walk)).content


def test_a_record_taken_back_where_it_is_followed_goes_on_without_its_details(walk, ada, dent, client_for):
    _result, note = held(walk, "A van, plate ABC-1234, blocks the sidewalk")
    follow.release(note.concern, by=ada)
    note.refresh_from_db()
    assert (note.held, note.held_words) == (False, "")
    assert b"A van, [\xe2\x80\xa6], blocks" in client_for(dent).get(at("heard", walk)).content


def test_nobody_else_reads_what_is_held_whatever_it_is_called_meanwhile(walk, ada, dent, client_for):
    _result, note = held(walk, "A van, plate ABC-1234, blocks the sidewalk")
    follow.withhold(note.concern, reason="crime", by=ada)
    assert b"ABC-1234" in client_for(ada).get(at("heard", walk)).content
    assert b"blocks the sidewalk" not in client_for(dent).get(at("heard", walk)).content


def test_the_database_keeps_no_words_of_a_note_that_nobody_holds(walk):
    note = said(walk, words="Dark by the stairs")
    for wrong in ({"held_words": "Dark"}, {"held": True, "settled_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.filter(pk=note.pk).update(**wrong)


def test_a_card_without_words_says_what_it_is_about_in_the_readers_language(walk, ada, officer, client_for):
    client_for(officer).post(at("cards", walk), card(0, words=""))
    note = Note.objects.get()
    assert (note.words, note.concern.words) == ("", "")
    promise = reverse("followthrough:concern", args=[walk.agency.slug, note.concern.public_id])
    assert "Concern: Noise" in client_for(ada).get(promise).content.decode()
    assert "Inquietud: Ruido" in client_for(ada).get(f"/es{promise}").content.decode()


def said(walk, **words):
    """A note that nothing holds back, and its concern."""
    Phone(walk).send(a_note(**words))
    return Note.objects.select_related("concern").latest("pk")


def test_words_erased_where_they_are_followed_are_erased_where_they_were_heard(walk, ada, client_for):
    note, other = said(walk, words="My sister Maria lives behind the mill."), said(walk, words="More lamps.")
    follow.redact(note.concern, because="It names somebody.", by=ada)
    note.refresh_from_db()
    assert (note.words, note.concern.place) == ("", "")
    desk = client_for(ada).get(at("heard", walk)).content
    assert b"Maria" not in desk
    assert other.words.encode() in desk


def test_what_turns_out_to_be_a_complaint_is_read_by_coordinators_alone(walk, ada, dent, client_for):
    note = said(walk, words="The tall one from the night shift shouted at us.")
    assert note.words.encode() in client_for(dent).get(at("heard", walk)).content
    follow.withhold(note.concern, reason="officer", by=ada)
    assert note.words.encode() not in client_for(dent).get(at("heard", walk)).content
    assert note.words.encode() in client_for(ada).get(at("heard", walk)).content
    follow.release(note.concern, by=ada)
    assert note.words.encode() in client_for(dent).get(at("heard", walk)).content


def test_what_the_scribe_marks_is_held_whatever_the_words(walk):
    Phone(walk).send(a_note(words="It was bad", hold="crime"), a_note(words="fine", hold="nonsense"))
    assert sorted(Note.objects.values_list("concern__withheld", "held")) == [("", False), ("crime", True)]


# -- who came -------------------------------------------------------------------------------------
def test_phones_propose_and_a_person_says_how_many_came(walk, ada, client_for):
    first, second = Phone(walk), Phone(walk)
    first.send(a_count(residents=12, at=clock.now().isoformat()), a_count(residents=19))
    second.send(a_count(residents=17))
    assert HeadCount.objects.count() == 3, "the history stays"
    client = client_for(ada)
    assert b'value="19"' in client.get(at("heard", walk)).content
    walk.refresh_from_db()
    assert walk.came is None, "never silently"
    client.post(at("came", walk), {"came": "18"})
    walk.refresh_from_db()
    assert (walk.came, walk.status) == (18, "held")


def test_another_number_than_everybody_has_read_says_why_here_too(walk, ada, client_for):
    """Both pages on which a count is written ask the same, and neither forgets what the other wrote."""
    gatherings.mark_held(walk, came=18, walk_ups=4, by=ada)
    gatherings.tell_heads(walk)
    client = client_for(ada)
    assert "Why it is another number" in client.get(at("heard", walk)).text
    refused = client.post(at("came", walk), {"came": "21", "walk_ups": "4"})
    assert refused.status_code == 422
    assert "Write why, since everybody has read the other number." in refused.text
    assert client.post(at("came", walk), {"came": "18", "walk_ups": "5"}).status_code == 302, (
        "no other number"
    )
    said = {"came": "21", "walk_ups": "5", "reason": "Three came in at the corner, uncounted."}
    assert client.post(at("came", walk), said).status_code == 302
    walk.refresh_from_db()
    assert (walk.came, walk.walk_ups) == (21, 5)
    (correction,) = walk.heads_corrected
    assert (correction.before, correction.after, correction.told) == (18, 21, None)
    with pytest.raises(gatherings.NotNow, match="How many came is published"):
        gatherings.count_heads(walk, came=1, by=ada)


def test_before_anybody_has_read_it_a_number_is_put_right_without_a_word(walk, ada, client_for):
    gatherings.mark_held(walk, came=18, by=ada)
    client = client_for(ada)
    assert "Why it is another number" not in client.get(at("heard", walk)).text
    assert client.post(at("came", walk), {"came": "21"}).status_code == 302
    walk.refresh_from_db()
    assert (walk.came, walk.heads_corrected) == (21, [])


@pytest.mark.parametrize("number", ["", "-1", "many", "9" * 30])
def test_a_number_that_nobody_counted_is_refused(walk, ada, client_for, number):
    client_for(ada).post(at("came", walk), {"came": number})
    assert Gathering.objects.get(pk=walk.pk).came is None


# -- photos ---------------------------------------------------------------------------------------
def test_a_picture_is_seen_by_the_desk_until_it_is_cleared(walk, ada, officer, client, client_for):
    Phone(walk).photo(a_picture())
    photo = Picture.objects.get()
    address = photo.get_absolute_url()
    assert client_for(ada).get(address).status_code == 200
    assert client.get(address).status_code == client_for(officer).get(address).status_code == 404
    decide = reverse("field:decide", args=[walk.agency.slug, photo.public_id])
    client_for(ada).post(decide, {"how": "clear", f"{photo.public_id}-alt": " "})
    assert client.get(address).status_code == 404, "without words nobody who cannot see knows what it shows"
    client_for(ada).post(decide, {"how": "clear", f"{photo.public_id}-alt": "A broken step"})
    shown = client.get(address)
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown["Content-Security-Policy"]


def test_a_refused_picture_is_gone_from_the_disk(walk, ada, client_for):
    Phone(walk).photo(a_picture())
    photo = Picture.objects.get()
    assert photo.path.exists()
    client_for(ada).post(reverse("field:decide", args=[walk.agency.slug, photo.public_id]), {"how": "refuse"})
    assert not photo.path.exists()
    assert client_for(ada).get(photo.get_absolute_url()).status_code == 404
    with pytest.raises(Refusal, match="refused and is deleted"):
        media.clear(photo, alt="A step", by=ada)


# -- paper ----------------------------------------------------------------------------------------
def test_several_paper_cards_are_kept_at_once(walk, officer, client_for):
    client = client_for(officer)
    page = client.post(
        at("cards", walk), card(0) | card(1, words="Thank you", kind="thanks", category="youth")
    )
    assert page.status_code == 200
    assert "2 notes are kept" in page.content.decode()
    assert set(Note.objects.values_list("source", flat=True)) == {"paper"}


def test_a_bad_card_stays_on_the_page_and_keeps_no_other_back(walk, officer, client_for):
    page = client_for(officer).post(at("cards", walk), card(0, category="") | card(1))
    assert page.status_code == 422
    assert Note.objects.count() == 1
    assert b"Loud at night" in page.content


def test_the_same_form_sent_twice_is_one_note(walk, officer, client_for):
    client = client_for(officer)
    form = card(0, client_id="6f8a0c9e-9f6f-4f60-a1ab-7a2a9e4f5a11")
    for _ in range(2):
        client.post(at("cards", walk), form)
    assert Note.objects.count() == 1


def test_a_code_that_was_handed_out_opens_the_note_and_a_wrong_one_is_told(walk, officer, client_for):
    (code,) = actions.cards_for(scribe(walk), count=1)
    client = client_for(officer)
    client.post(at("cards", walk), card(0, code=code.lower().replace("-", " ")))
    assert followthrough.by_code(walk.agency, code) == Note.objects.get().concern
    page = client.post(at("cards", walk), card(0, code="AAAA-AAAA-AAAAA", words="Other"))
    assert "opens the note instead" in page.content.decode()


def test_other_words_on_a_card_that_comes_back_are_another_note(walk, officer, client_for):
    client, form = client_for(officer), card(0, client_id="6f8a0c9e-9f6f-4f60-a1ab-7a2a9e4f5a11")
    for words in ("The lamp is out", "The bench is broken", "The bench is broken"):
        assert client.post(at("cards", walk), form | {"card0-words": words}).status_code == 200
    assert sorted(note.concern.words for note in Note.objects.all()) == [
        "The bench is broken",
        "The lamp is out",
    ]


def test_empty_cards_are_left_out(walk, officer, client_for):
    page = client_for(officer).post(
        at("cards", walk), card(0, category="", words="") | card(1, category="", words="")
    )
    assert page.status_code == 200
    assert not Note.objects.exists()


def test_whoever_was_not_there_types_no_cards(walk, analyst, eve, client_for):
    assert client_for(analyst).post(at("cards", walk), card()).status_code == 403
    assert client_for(eve).post(at("cards", walk), card()).status_code == 404
    assert not Note.objects.exists()


# -- passes ---------------------------------------------------------------------------------------
def test_ada_hands_over_a_link_and_takes_it_back(walk, ada, client_for):
    client = client_for(ada)
    page = client.post(at("open-pass", walk), {"guest": "Omar"})
    token = page.content.decode().split(f"/gatherings/{walk.public_id}/field/#")[1].split("<")[0]
    phone = Phone(walk, token)
    assert phone.send(a_note())[0]["status"] == "stored"
    assert token not in client.get(at("heard", walk)).content.decode(), "shown once"
    client.post(at("revoke", walk, Pass.objects.get().by.public_id))
    assert phone.post({"items": [a_note()]}).status_code == 401
    assert Note.objects.count() == 1


def test_only_who_answers_for_it_hands_out_links(walk, officer, client_for):
    assert client_for(officer).post(at("open-pass", walk), {}).status_code == 403
    assert not Pass.objects.exists()


# -- looking back ---------------------------------------------------------------------------------
def test_a_member_looks_back_and_may_leave_out_what_they_did_not_see(walk, ada, officer, client_for):
    client = client_for(officer)
    client.post(at("look-back", walk), {"introduced": "3", "voice": "4", "words": "They listened"})
    client.post(at("look-back", walk), {"introduced": "2"})
    (quality,) = ContactQuality.objects.all()
    assert (quality.introduced, quality.asked_views) == (2, None)
    assert client.post(at("look-back", walk), {"voice": "5"}).status_code == 422
    client.post(at("look-back", walk), {"introduced": "2", "words": "They listened"})
    desk = client_for(ada).get(at("heard", walk)).content.decode()
    assert "They listened" in desk
    assert "Omar Officer" in desk


def test_exceptions_are_kind_and_count_and_a_partner_confirms_what_it_read(walk, officer, client, client_for):
    desk = client_for(officer)
    desk.post(at("say-exception", walk), {"kind": "citation", "count": "1"})
    partner = a_partner(walk.agency)
    token = passes.open_pass(walk, by=None, to=partner)
    link = reverse("field:partner-look-back", args=[walk.agency.slug, token])
    page = folded(client.get(link).content.decode())
    assert "Citation: 1" in page
    desk.post(at("say-exception", walk), {"kind": "citation", "count": "2"})
    ours = {"headers": {"Origin": "http://testserver"}}
    stale = client.post(link, {"act": "confirm", "as_read": "citation:1"}, **ours)
    assert stale.status_code == 422
    assert not EnforcementException.objects.get().is_confirmed
    client.post(link, {"act": "confirm", "as_read": "citation:2"}, **ours)
    assert EnforcementException.objects.get().confirmed_by_partner == partner


def test_a_changed_count_must_be_confirmed_anew(walk, ada):
    said = actions.say_exception(walk, kind="arrest", count=1, by=ada)
    actions.confirm_exceptions(walk, partner=a_partner(walk.agency), as_read=actions.fingerprint([said]))
    assert EnforcementException.objects.get().is_confirmed
    actions.say_exception(walk, kind="arrest", count=1, by=ada)
    assert EnforcementException.objects.get().is_confirmed, "saying the same again changes nothing"
    actions.say_exception(walk, kind="arrest", count=2, by=ada)
    assert not EnforcementException.objects.get().is_confirmed


def test_none_is_a_statement_too_and_does_not_unsay_what_happened(walk, ada):
    actions.say_exception(walk, kind="none", count=0, by=ada)
    actions.say_exception(walk, kind="stop", count=1, by=ada)
    assert [each.kind for each in EnforcementException.objects.all()] == ["stop"]
    with pytest.raises(actions.NotNow):
        actions.say_exception(walk, kind="none", count=0, by=ada)


def test_a_partner_looks_back_by_link_and_a_scribes_pass_opens_nothing_there(walk, client):
    partner = a_partner(walk.agency)
    link = reverse(
        "field:partner-look-back", args=[walk.agency.slug, passes.open_pass(walk, by=None, to=partner)]
    )
    answer = client.post(
        link, {"respect": "4", "words": "Good talks"}, headers={"Origin": "http://testserver"}
    )
    assert answer.status_code == 200
    assert ContactQuality.objects.get().partner == partner
    elsewhere = client.post(link, {"respect": "1"}, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    scribes = reverse("field:partner-look-back", args=[walk.agency.slug, passes.open_pass(walk, by=None)])
    assert client.get(scribes).status_code == 404
    assert Phone(walk, link.rstrip("/").rpartition("/")[2]).kit().status_code == 401


def test_before_it_began_there_is_nothing_to_look_back_on(riverbend, ada):
    ahead = a_walk(riverbend)
    with pytest.raises(actions.NotNow):
        actions.say_exception(ahead, kind="none", count=0, by=ada)
    with pytest.raises(actions.NotNow):
        actions.draft_recap(ahead, by=ada)
