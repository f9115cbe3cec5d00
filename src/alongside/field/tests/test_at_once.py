"""Two phones on one walk send the same thing at once: it is kept once, on both databases."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from alongside.core import clock
from alongside.field import actions
from alongside.field.models import HeadCount, Note, QuarterThemes
from alongside.field.tests.cast import Phone, a_count, a_note, a_walk, talk
from alongside.field.tests.test_attacks import picture
from alongside.field.tests.test_recap import WORDS
from alongside.followthrough.models import Card, Concern
from alongside.gatherings import actions as gatherings
from alongside.media.models import Picture

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walk(riverbend):
    """In two hours, by the real clock: a shifted one does not reach other threads."""
    soon = riverbend.local(clock.now()) + timedelta(hours=2)
    return a_walk(riverbend, on=soon.date(), at=soon.time().replace(second=0, microsecond=0))


def at_once(*deeds):
    def run(deed):
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [each.result() for each in [pool.submit(run, deed) for deed in deeds]]


def test_one_note_from_two_phones_is_one_note_and_one_concern(walk):
    phones = [Phone(walk), Phone(walk)]
    batch = [a_note(wants_answer=True) for _ in range(5)] + [a_count()]
    results = at_once(*(lambda phone=phone: phone.send(*batch) for phone in phones * 2))
    assert Note.objects.count() == Concern.objects.count() == 5
    assert HeadCount.objects.count() == 1
    for item in zip(*results, strict=True):
        assert sorted(each["status"] for each in item) == ["known", "known", "known", "stored"]


def test_two_notes_that_want_one_card_get_one_each(walk):
    phones = [Phone(walk), Phone(walk)]
    code = phones[0].kit("?codes=1").json()["codes"][0]["code"]
    results = at_once(
        *(lambda phone=phone: phone.send(a_note(code=code, wants_answer=True)) for phone in phones)
    )
    codes = [result["follow"]["code"] for (result,) in results]
    assert sorted(each == code for each in codes) == [False, True]
    assert Card.objects.filter(concern__isnull=False).values("concern").distinct().count() == 2


def test_one_picture_from_two_phones_is_one_file(walk):
    phones, key, sent = [Phone(walk), Phone(walk)], uuid.uuid4(), picture()
    answers = at_once(*(lambda phone=phone: phone.photo(sent, key).json()["status"] for phone in phones * 2))
    assert sorted(answers) == ["known", "known", "known", "stored"]
    photo = Picture.objects.get()
    assert [file.name for file in photo.path.parent.iterdir()] == [photo.path.name]


def test_two_kits_at_once_share_no_code(walk):
    phone = Phone(walk)
    kits = at_once(*(lambda: phone.kit("?codes=20").json()["codes"] for _ in range(4)))
    codes = [card["code"] for kit in kits for card in kit]
    assert len(codes) == len(set(codes)) == 80


def test_two_who_publish_at_once_publish_once(walk, ada):
    """And a quarter that is drawn at that moment does not tell it a second time."""
    with clock.at(walk.ends + timedelta(days=1)):
        recap = actions.draft_recap(walk, by=ada)
        recap = actions.edit_recap(recap, words="We walked and talked a lot.", minutes=1, partners=[], by=ada)
        recap = actions.approve_recap(recap, by=ada)
    published = at_once(*(lambda: actions.publish_recap(recap, by=ada).published_at for _ in range(3)))
    assert len(set(published)) == 1


def test_a_recap_that_is_published_while_its_quarter_is_drawn_tells_its_themes_once(riverbend, ada):
    """Told twice, the two tellings could be subtracted from each other."""
    new_year = clock.now().replace(year=2027, month=1, day=4, hour=12)
    with clock.at(new_year):
        walk = a_walk(riverbend, on=date(2027, 1, 13))
    with clock.at(new_year.replace(month=4, day=25)):
        gatherings.mark_held(walk, came=20, by=ada)
        talk(walk, lighting=6)
        recap = actions.draft_recap(walk, by=ada)
        recap = actions.edit_recap(recap, words=WORDS, minutes=60, partners=[], by=ada)
        recap = actions.approve_recap(recap, by=ada)

        def draw():
            try:
                return actions.draw_quarters(riverbend)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                published = actions.publish_recap(recap, by=ada)
                drawn = pool.submit(copy_context().run, draw)
                time.sleep(0.5)  # as long as it takes to look around
            drawn.result()
        assert published.facts["themes"] is not None
        assert not QuarterThemes.objects.filter(gatherings=walk).exists()
