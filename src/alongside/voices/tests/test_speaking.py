"""A device speaks once, in two tabs and in a crowd; nobody can tell from the database what else it said."""

from __future__ import annotations

import math
import re
import secrets
from datetime import timedelta
from pathlib import Path

import pytest

from alongside.core import clock, key_use, keys
from alongside.core.origins import Origin
from alongside.voices import actions, queries
from alongside.voices.models import Matter, Voice

pytestmark = pytest.mark.django_db

BENCH = Origin("thread", "7fq2mz9k4b")
LIGHT = Origin("thread", "8gr3nz2m5c")
VOTE = Origin("poll", "7fq2mz9k4b")


@pytest.fixture
def bens() -> str:
    return secrets.token_urlsafe(16)


def me_too(agency, token, about=BENCH, purpose="me-too", **more):
    return actions.speak(agency, purpose=purpose, about=about, token=token, **more)


def counted(agency, about=BENCH, purpose="me-too"):
    return queries.counts(agency, purpose=purpose, about=about)


def test_twice_is_once(riverbend, bens):
    first, again = me_too(riverbend, bens), me_too(riverbend, bens)
    assert (first.new, again.new) == (True, False)
    assert first.voice == again.voice
    assert counted(riverbend) == {"": 1}
    me_too(riverbend, secrets.token_urlsafe(16))
    assert counted(riverbend) == {"": 2}


def test_the_first_word_holds_unless_the_room_says_the_later_one_does(riverbend, bens):
    me_too(riverbend, bens, VOTE, "vote", what="bench")
    kept = me_too(riverbend, bens, VOTE, "vote", what="light")
    assert (kept.voice.what, kept.before) == ("bench", "bench")
    changed = me_too(riverbend, bens, VOTE, "vote", what="light", replaces=True)
    assert (changed.new, changed.before) == (False, "bench")
    assert counted(riverbend, VOTE, "vote") == {"light": 1}


def test_what_one_device_said_in_two_places_cannot_be_joined(riverbend, elsewhere, bens):
    """Whoever holds the database alone sees no two digests alike: of another thing, kind, purpose or agency."""
    me_too(riverbend, bens)
    me_too(riverbend, bens, LIGHT)
    me_too(riverbend, bens, VOTE)
    me_too(riverbend, bens, BENCH, "dispute")
    me_too(elsewhere, bens)
    digests = list(Voice.objects.values_list("digest", flat=True))
    assert len({digest.partition(".")[2] for digest in digests}) == 5
    assert not any(bens in digest for digest in digests)
    others = [secrets.token_urlsafe(16) for _ in range(5)]
    for token in others:
        me_too(riverbend, token)
    marks = {digest.partition(".")[0] for digest in Voice.objects.values_list("digest", flat=True)}
    assert len(marks) == 1, "the key is named, which is the same for all"


def test_a_new_key_lets_no_device_speak_twice(riverbend, bens, settings):
    me_too(riverbend, bens)
    keys.rotate(settings.DATA, keys.VOICES)
    assert not me_too(riverbend, bens).new
    assert me_too(riverbend, secrets.token_urlsafe(16)).new
    with clock.at(clock.now() + timedelta(days=300)):
        assert key_use.forget_what_nothing_needs() == 0, "a voice that is kept holds its key"
        assert not me_too(riverbend, bens).new


def test_after_a_year_the_device_is_forgotten_and_the_voice_counted(riverbend, bens, settings):
    me_too(riverbend, bens, lasts=timedelta(days=30))
    assert actions.forget_devices() == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert actions.forget_devices() == 1
        assert counted(riverbend) == {"": 1}
        assert not Voice.objects.exclude(digest="").exists()
        assert me_too(riverbend, bens).new, "asked again, everybody may answer again"
        assert actions.forget_devices() == 0


def test_closed_it_keeps_its_count_and_no_device(riverbend, bens):
    me_too(riverbend, bens)
    me_too(riverbend, bens, LIGHT)
    actions.close(riverbend, purpose="me-too", about=BENCH)
    assert counted(riverbend) == {"": 1}
    assert Voice.objects.exclude(digest="").count() == 1, "another matter goes on"
    with pytest.raises(actions.MatterIsClosed):
        me_too(riverbend, bens)
    actions.close(riverbend, purpose="me-too", about=BENCH)
    assert counted(riverbend) == {"": 1}


def test_speaking_asks_the_database_as_often_however_many_have_spoken(
    riverbend, bens, django_assert_num_queries
):
    for _ in range(30):
        me_too(riverbend, secrets.token_urlsafe(16))
    assert Matter.objects.count() == 1
    with django_assert_num_queries(6):  # the savepoint's two, the matter, its lock, who has spoken, the voice
        me_too(riverbend, bens)


def test_a_browser_remembers_for_as_long_as_the_server_does() -> None:
    """Two files say how long a year is; whoever changes one finds the other here."""
    script = (Path(actions.__file__).parent / "assets" / "index.js").read_text()
    (factors,) = re.findall(r"const YEAR = ([\d *]+);", script)
    milliseconds = math.prod(int(each) for each in factors.split("*"))
    assert timedelta(milliseconds=milliseconds) == actions.YEAR
