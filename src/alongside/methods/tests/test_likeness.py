"""What is alike is found among what is not, by the same numbers as a slow twin, and never by place alone."""

from __future__ import annotations

import numpy as np
import pytest

from alongside.methods import likeness
from alongside.methods.likeness import Told, alike

LIGHT = Told("The street light at the bus stop has been out since March.", "lighting", "Eastbank", 100)
SAID = [
    Told("Street lights near the bus stop are dark again.", "lighting", "Eastbank", 103),
    Told("Cars race down Main Street every night.", "traffic", "Eastbank", 100),
    Told("Thank you for coming.", "other", "Mill Row", 90),
    Told("La luz de la parada del bus no funciona.", "lighting", "Eastbank", 101),
    Told("the STREET LIGHT at the bus stop has been out since march", "lighting", "Mill Row", 100),
]


def slowly(asked, others):
    """Each text as a whole row of a table, and the cosine as a book writes it."""
    texts = [asked, *others]
    grams = [
        [
            f" {word} "[at : at + 3]
            for word in "".join(
                c if c.isalnum() else " "
                for c in np.char.lower(each.words).item().replace("ó", "o").replace("í", "i")
            ).split()
            for at in range(len(word))
        ]
        for each in texts
    ]
    names = sorted({gram for each in grams for gram in each})
    table = np.array([[each.count(name) for name in names] for each in grams], dtype=float)
    weights = np.log1p(len(texts) / np.maximum((table > 0).sum(axis=0), 1))
    rows = np.where(table > 0, 1 + np.log(np.maximum(table, 1)), 0) * weights
    lengths = np.linalg.norm(rows, axis=1)
    return [
        float(rows[0] @ row / (lengths[0] * length)) if length and lengths[0] else 0.0
        for row, length in zip(rows[1:], lengths[1:], strict=True)
    ]


def test_words_are_compared_as_the_slow_twin_does():
    found = {match.index: match.words for match in alike(LIGHT, SAID, at_least=0.0, most=9)}
    slow = dict(enumerate(slowly(LIGHT, SAID)))
    assert found == pytest.approx({i: each for i, each in slow.items() if each >= likeness.FEWEST_WORDS})
    assert len(found) >= 2, "the premise: some are compared"


def test_the_same_words_come_first_and_a_plural_is_forgiven():
    assert [match.index for match in alike(LIGHT, SAID)] == [4, 0]
    first = alike(LIGHT, SAID)[0]
    assert first.words == pytest.approx(1.0)
    assert (first.same_topic, first.same_place, first.days) == (True, False, 0)


def test_the_same_place_and_topic_are_not_enough():
    elsewhere = Told("Mosquitoes everywhere", LIGHT.topic, LIGHT.place, LIGHT.day)
    assert alike(LIGHT, [elsewhere], at_least=0.0) == []
    assert alike(LIGHT, [LIGHT]), "the premise: more of the same is found"


def test_nothing_is_like_nothing():
    assert alike(Told("", "a", "b"), [Told("", "a", "b"), Told("???", "a", "b")], at_least=0.0) == []
    assert alike(LIGHT, []) == []


def test_so_many_and_no_more():
    assert len(alike(LIGHT, [LIGHT] * 9, most=3)) == 3
    assert [match.index for match in alike(LIGHT, [LIGHT] * 4)] == [0, 1, 2, 3], "equals as they were given"
