"""Folders of the versions before keep what they hold when they are brought up to date."""

import uuid
from datetime import date, time

import pytest
from django.utils import timezone
from tests.migrating import as_before, up_to_date

from alongside.field import actions
from alongside.field.models import Note
from alongside.followthrough.models import Card, Concern, Step
from alongside.gatherings.models import Gathering

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]
BEFORE = [
    ("field", "0001_initial"),
    ("followthrough", "0001_initial"),
    ("gatherings", "0002_other_gatherings"),
]


class Before:
    """Riverbend as it was: rows as the version before wrote them."""

    def __init__(self):
        self.apps = as_before(*BEFORE)
        self.riverbend = self.agency("riverbend")

    def make(self, model, **columns):
        return self.apps.get_model(model).objects.create(**columns)

    def agency(self, slug):
        return self.make("agencies.Agency", slug=slug, name=slug, timezone="America/New_York")

    def gathering(self, public_id, *, walk="", agency=None):
        page = {"page_view": "walks:detail", "page_id": walk} if walk else {}
        return self.make(
            "gatherings.Gathering",
            agency=agency or self.riverbend,
            public_id=public_id,
            title="Walk with us",
            on=date(2026, 6, 4),
            at=time(18, 0),
            timezone="America/New_York",
            **page,
        )

    def concern(self, key, **columns):
        usual = {"agency": self.riverbend, "heard_on": date(2026, 6, 4), "words": "Dark by the stairs"}
        return self.make("followthrough.Concern", key=key, **usual | columns)

    def note(self, gathering, concern=None, **columns):
        usual = {
            "kind": "concern",
            "category": "lighting",
            "words": "Dark by the stairs",
            "consent": "1",
            "heard_at": timezone.now(),
            "client_id": uuid.uuid4(),
        }
        agency = gathering.agency
        return self.make("field.Note", agency=agency, gathering=gathering, concern=concern, **usual | columns)

    def card(self, number, link):
        return self.make(
            "followthrough.Card",
            agency=self.riverbend,
            digest=f"{number:064}",
            expires_on=date(2027, 6, 4),
            origin_link=link,
        )


LINKS = {
    "/riverbend/walks/wwwwwwwwww/": "gathering:2222222222",
    "/es/riverbend/walks/wwwwwwwwww/": "gathering:2222222222",
    "/riverbend/gatherings/2222222222/": "gathering:2222222222",
    "/riverbend/gatherings/3333333333/": "gathering:3333333333",
    "/riverbend/walks/2222222222/": "",
    "/elsewhere/walks/wwwwwwwwww/": "",
    "/riverbend/": "",
    "": "",
}


def test_concerns_and_cards_of_before_learn_what_they_came_from():
    before = Before()
    walk = before.gathering("2222222222", walk="wwwwwwwwww")
    before.gathering("3333333333")
    before.gathering("4444444444", agency=before.agency("elsewhere"))
    before.note(walk, before.concern("noted", origin_link="/riverbend/walks/of-long-ago/"))
    for number, link in enumerate(LINKS):
        before.concern(link, origin_link=link)
        before.card(number, link)
    up_to_date()
    assert Concern.objects.get(key="noted").origin == "gathering:2222222222", "its note knows best"
    assert dict(Concern.objects.exclude(key="noted").values_list("key", "origin")) == LINKS
    assert dict(Card.objects.values_list("origin_link", "origin")) == LINKS


RAW, MASKED, PLAIN = "A van, plate ABC-1234, blocks us", "A van, […], blocks us", "Dark by the stairs"
NOW = timezone.now()
GONE = {"words": "", "place": "", "redacted_at": NOW, "redacted_because": "It names somebody."}


def apart(reason):
    return {"state": "withheld", "withheld": reason}


# What the note said, what its concern said; then (held, what the note keeps, what the concern says).
WORDS_OF_BEFORE = {
    "nothing special": ({}, {}, (False, "", PLAIN)),
    "a record, held": ({"words": RAW, "hold": "cji"}, {"words": MASKED, **apart("cji")}, (True, RAW, MASKED)),
    "marked as a record": ({"hold": "cji"}, apart("cji"), (True, "", PLAIN)),
    "a complaint, held": ({"hold": "officer"}, apart("officer"), (True, "", PLAIN)),
    "a crime, held": ({"hold": "crime"}, apart("crime"), (True, "", PLAIN)),
    "a complaint, kept apart": (
        {"hold": "officer", "settled_at": NOW},
        apart("officer"),
        (False, "", PLAIN),
    ),
    "a record, masked by a person": (
        {"words": MASKED, "settled_at": NOW},
        {"words": MASKED},
        (False, "", MASKED),
    ),
    "no record after all": ({"words": RAW, "settled_at": NOW}, {"words": MASKED}, (False, "", RAW)),
    "a record, taken back where it is followed": (
        {"words": RAW, "hold": "cji"},
        {"words": MASKED},
        (False, "", MASKED),
    ),
    "a record, erased": (
        {"words": "", "hold": "cji", "settled_at": NOW},
        {**apart("cji"), **GONE},
        (False, "", ""),
    ),
    "erased where it is followed, long ago": ({"words": RAW, "hold": "cji"}, GONE, (False, "", "")),
    "withheld by a person": ({}, apart("officer"), (False, "", PLAIN)),
    "put right where it is followed": ({}, {"words": "Dark by the steps"}, (False, "", "Dark by the steps")),
    "no words": ({"words": ""}, {"words": "Concern: Street lights"}, (False, "", "")),
    "nobody followed it": ({}, None, (False, "", PLAIN)),
    "a record that nobody followed": ({"words": RAW, "hold": "cji"}, None, (True, RAW, "[…]")),
    "erased, and nobody followed it": (
        {"words": "", "hold": "crime", "settled_at": NOW},
        None,
        (False, "", ""),
    ),
}


def test_words_of_before_are_kept_once():
    before, named = Before(), {}
    walk = before.gathering("2222222222", walk="wwwwwwwwww")
    for name, (said, followed, _kept) in WORDS_OF_BEFORE.items():
        concern = None if followed is None else before.concern(name, **followed)
        named[before.note(walk, concern, **said).public_id] = name
    up_to_date()
    notes = Note.objects.select_related("concern", "gathering__agency")
    assert {named[note.public_id]: (note.held, note.held_words, note.concern.words) for note in notes} == {
        name: kept for name, (_said, _followed, kept) in WORDS_OF_BEFORE.items()
    }
    for note in notes:
        assert note.concern.origin == "gathering:2222222222"
        assert bool(note.concern.withheld) >= note.held, "whatever waits is withheld"
    followed = {name for name, (_said, followed, _kept) in WORDS_OF_BEFORE.items() if followed is not None}
    assert {named[note.public_id] for note in notes if note.concern.key.startswith("note:")} == {
        *WORDS_OF_BEFORE
    } - followed
    assert Step.objects.filter(deed="received").count() == 3, "what is followed from now on says so"


def test_what_was_held_before_is_settled_after():
    before = Before()
    walk = before.gathering("2222222222", walk="wwwwwwwwww")
    for how in ("mask", "release", "erase"):
        concern = before.concern(how, words=MASKED, **apart("cji"))
        before.note(walk, concern, words=RAW, hold="cji")
    up_to_date()
    for note in Note.objects.select_related("concern"):
        actions.settle(note, how=note.concern.key, by=None)
    assert dict(Concern.objects.values_list("key", "words")) == {"mask": MASKED, "release": RAW, "erase": ""}
    assert not Note.objects.exclude(held=False, held_words="").exists()


def test_what_recaps_have_told_of_heads_stays_told():
    """Once it is brought up to date, another number than a published recap's is a correction; others are not."""
    before = Before()
    for public_id, columns, told in HEADS_OF_BEFORE:
        walk = before.gathering(public_id)
        before.apps.get_model("gatherings.Gathering").objects.filter(pk=walk.pk).update(**columns)
        said = {"approved_by": "Ada", "approved_at": NOW, "published_at": NOW} if told else {}
        before.make(
            "field.Recap", agency=before.riverbend, gathering=walk, publish_by=date(2026, 6, 11), **said
        )
    up_to_date()
    told = Gathering.objects.everywhere().exclude(heads_told_on=None)
    assert {each.public_id: each.heads_told_on for each in told} == {"2222222222": NOW.date()}


HELD = {"status": "held", "published_at": NOW}
HEADS_OF_BEFORE = [
    ("2222222222", {**HELD, "came": 18}, True),
    ("3333333333", {**HELD, "came": 18}, False),
    ("4444444444", HELD, True),
]
