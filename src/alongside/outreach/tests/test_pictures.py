"""The picture of a shared link is the size that networks take, whatever somebody called the walk."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from alongside.outreach import pictures

WALK = {
    "eyebrow": "Peace Walk",
    "title": "Peace Walk in Old Mill",
    "when": "Thursday, June 4, 6 pm",
    "where": "Mill Street Library",
    "agency": "Riverbend Police",
}


def drawn(**changes):
    return Image.open(BytesIO(pictures.share_image(**{**WALK, **changes}))).convert("RGB")


def ink_outside_the_margins(picture):
    """Whether words ran off the side: anything but ground at the right edge above the hill."""
    strip = picture.crop((1200 - 60, 0, 1200, 420))
    return len(strip.getcolors()) > 1


def test_it_is_the_size_and_weight_that_networks_take():
    file = pictures.share_image(**WALK)
    assert Image.open(BytesIO(file)).size == (1200, 630)
    assert len(file) < 100_000
    assert pictures.share_image(**WALK) == file, "the same words, the same bytes"


@pytest.mark.parametrize("what", list(WALK))
def test_every_word_it_is_told_can_be_seen(what):
    other = drawn(**{what: "Something else"})
    assert ImageChops.difference(drawn(), other).getbbox()


@pytest.mark.parametrize(
    "title",
    ["", "x", "Wa" * 200, "a walk with neighbors " * 30, "Łódź ñandú", "散歩", "🙂", "a\nb", "\u202eabc"],
)
def test_no_title_breaks_it_or_runs_off_the_side(title):
    assert not ink_outside_the_margins(drawn(title=title, when=title, where=title, agency=title))


def test_letters_of_the_second_file_do_not_become_boxes():
    """Two letters that neither file has would look alike; these two differ."""
    assert ImageChops.difference(drawn(title="Ł"), drawn(title="Ž")).getbbox()
