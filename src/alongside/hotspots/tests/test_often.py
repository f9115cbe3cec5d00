"""One sentence that a resident reads: how often, beside the city as a whole, and how sure."""

import pytest

from alongside.hotspots import often

BOTH = {"investigation": [2.21, 1.76, 2.72], "enforcement": [4.08, 3.6, 4.6]}


@pytest.mark.parametrize(
    ("relative", "said"),
    [
        (0.9, "about as often"),
        (1.3, "about one and a half times as often"),
        (1.74, "about one and a half times as often"),
        (1.76, "about two times as often"),
        (2.25, "about two and a half times as often"),
        (3.4, "about three times as often"),
        (10.2, "about ten times as often"),
        (12.6, "about 13 times as often"),
    ],
)
def test_a_ratio_in_words(relative, said):
    assert often.in_words(relative, 0.5 * relative, 2 * relative) == said


def test_a_word_never_lies_outside_its_own_range():
    assert often.in_words(1.74, 1.62, 1.87) == "about 1.7 times as often"
    assert often.in_words(3.6, 3.5, 3.7) == "about 3.6 times as often"


def test_both_layers_are_one_sentence_with_their_ranges():
    assert often.sentence(BOTH) == (
        "Police investigate here about two times as often as in the city as a whole (likely between 1.8 and 2.7 times) "
        "and enforce about four times as often (likely between 3.6 and 4.6 times)."
    )


@pytest.mark.parametrize("layer", ["investigation", "enforcement"])
def test_one_layer_alone(layer):
    said = often.sentence({layer: [12.6, 10.4, 15.2]})
    assert "about 13 times as often" in said
    assert "likely between 10 and 15 times" in said


def test_without_a_rate_nothing_is_said():
    assert often.sentence({}) == ""
