"""What is refused at the desk is said where it was asked for: nothing typed is lost, and the reader is led to it."""

import re

import pytest
from django.urls import reverse

from alongside.core.errors import Refusal
from alongside.field import passes
from alongside.field.tests.cast import a_walk
from alongside.media.tests.test_pictures import a_picture


@pytest.fixture
def walk(riverbend):
    return a_walk(riverbend)


def heard(walk, name="heard", *args):
    return reverse(f"field:{name}", args=["riverbend", *([walk.public_id] if walk else []), *args])


def links_to(page):
    """Where the summary leads: each link must end at something."""
    summary = page.text.partition("data-trouble")[2].partition("</div>")[0]
    return re.findall(r'href="#([^"]+)"', summary)


def test_words_for_a_photo_that_are_too_short_are_still_there_to_be_mended(walk, ada, client_for):
    photo, other = [a_picture(walk.agency, origin=walk.key) for _each in range(2)]
    page = client_for(ada).post(
        heard(None, "decide", photo.public_id), {f"{photo.public_id}-alt": "x", "how": "clear"}
    )
    assert page.status_code == 422
    assert "<title>Error:" in " ".join(page.text.split())
    assert re.search(r'role="alert" tabindex="-1" data-trouble autofocus', page.text)
    [link] = links_to(page)
    field = page.text.partition(f'id="{link}"')[0].rpartition("<")[2] + page.text.partition(f'id="{link}"')[2]
    assert 'value="x"' in page.text, "what was typed is still there"
    assert 'aria-invalid="true"' in field.partition(">")[0]
    assert page.text.count("data-trouble") == 1, "the other photo's form is as it was"
    assert other.public_id in page.text
    assert f'data-here="{heard(walk, "photos-desk")}"' in page.text


def test_in_spanish_the_title_says_so_too(walk, ada, client_for):
    address = "/es" + heard(walk, "came").removeprefix("/en")
    page = client_for(ada).post(address, {"came": "muchos"})
    assert page.status_code == 422
    assert "<title>Error:" in page.text


def test_a_button_says_beside_itself_why_not(walk, ada, client_for, monkeypatch):
    desk = client_for(ada)
    passes.open_pass(walk, to="Pat Guest", by=ada)
    address = re.search(r'action="([^"]+/revoke[^"]*|[^"]+/passes/[^"]+)"', desk.get(heard(walk)).text)[1]

    def refuse(*_args, **_kwargs):
        raise Refusal("Not now.")

    monkeypatch.setattr("alongside.agencies.bearers.end", refuse)
    page = desk.post(address)
    assert page.status_code == 422
    beside = page.text.partition(f'action="{address}"')[2].partition("</form>")[0]
    assert "Not now." in beside
    assert page.text.count("Not now.") == 2, "at the top of the page, and beside this button alone"
