"""What is shown of the program: tables that agree with each other, and pictures with nobody on them."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from alongside.core.care import patterns
from alongside.core.demo import way_in
from alongside.demo import ahead, company, drawings, heard, marker, notes, season
from alongside.demo.tests.test_building import UNTIL
from alongside.field import themes
from alongside.followthrough import codes
from alongside.followthrough.models import Category, ConcernKind

SAID = [(week, say) for week, said in heard.NOTES.items() for say in said]


def test_every_walk_that_was_held_has_notes_and_a_recap_that_is_told_or_owed() -> None:
    held = {each.week for each in season.SATURDAYS if each.became == season.HELD}
    assert held == set(heard.RECAPS)
    assert held <= set(heard.NOTES)
    assert all(5 <= len(said) <= 15 for said in heard.NOTES.values())


def test_notes_name_kinds_and_subjects_that_there_are() -> None:
    assert {say.kind for _week, say in SAID} == set(ConcernKind.values)
    assert {say.about for _week, say in SAID} <= set(Category.values)
    assert {say.language for _week, say in SAID} == {"en", "es"}
    assert {say.about for _week, say in SAID} <= set(heard.USUAL)


def test_only_what_should_be_held_looks_as_if_it_should() -> None:
    for _week, say in SAID:
        signs = {sign.hold for sign in patterns.seen_in(say.words, kind=say.kind) if sign.hold}
        assert signs <= {say.hold}, say.words
    assert Counter(say.hold for _week, say in SAID if say.hold) == {"officer": 1, "crime": 1}


def test_several_walks_have_themes_that_may_be_published_and_some_have_too_few() -> None:
    shown = []
    for week in heard.RECAPS:
        counts = Counter(say.about for say in heard.NOTES[week] if not say.hold)
        result = themes.publishable(counts, people=20)
        shown.append(bool(result and result["shown"]))
    assert shown.count(True) >= 4
    assert False in shown


def test_one_concern_is_followed_and_its_promise_is_late() -> None:
    followed = [say for _week, say in SAID if say.followed]
    assert len(followed) == 1
    assert followed[0].wants_answer
    assert followed[0].fate is not None
    assert followed[0].fate.became == heard.LATE


def test_the_week_that_is_changed_is_one_of_the_season() -> None:
    assert 1 <= ahead.CHANGED_WEEK <= ahead.WEEKS
    weeks = {each.week for each in season.SATURDAYS}
    assert {guest.week for guest in company.GUESTS} <= weeks


@pytest.mark.parametrize("draw", notes.PHOTOGRAPHED.values())
def test_a_drawing_is_a_picture_of_few_bytes(draw: object) -> None:
    assert callable(draw)
    sent = draw()
    assert Image.open(io.BytesIO(sent)).size == (drawings.WIDTH, drawings.HEIGHT)
    assert len(sent) < 100_000


def test_the_mark_keeps_the_code_of_the_card(tmp_path: Path) -> None:
    code = codes.new()
    marker.finish(tmp_path, seed=1, until=UNTIL, follow=code)
    mark = marker.read(tmp_path)
    assert mark is not None
    assert mark.follow == code


@pytest.mark.django_db
def test_the_sign_in_page_shows_the_card_where_there_is_one(settings: Any) -> None:
    folder = Path(settings.DATA)
    folder.mkdir(parents=True, exist_ok=True)
    code = codes.new()
    marker.finish(folder, seed=1, until=UNTIL, follow=code)
    here = Client(headers={"host": "localhost"})
    here.get(way_in(folder))
    assert f"/riverbend/follow/{code}/" in here.get("/demo/").text
    marker.finish(folder, seed=1, until=UNTIL)
    without = here.get("/demo/")
    assert without.status_code == 200
    assert "/follow/" not in without.text
