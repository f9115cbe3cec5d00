"""A sentence that a row keeps is facts: it is made in the language of whoever reads it."""

from datetime import date, time

import pytest
from django.utils import translation

from alongside.core.errors import Phrase, Refusal, phrase, said_by
from alongside.core.phrases import as_stored, from_stored, phrase_of

EMPTY = "the file is empty."


@pytest.mark.parametrize(
    "said",
    [
        phrase(EMPTY),
        phrase("%(file)s: %(error)s", file="calls.csv", error=phrase(EMPTY)),
        phrase(
            "On %(day)s at %(hour)s, %(n)d of %(share)s", day=date(2026, 6, 4), hour=time(18), n=3, share=0.5
        ),
        phrase("550 No such user, 100% sure"),
        phrase(""),
    ],
    ids=lambda said: said.words[:12],
)
def test_what_is_kept_comes_back(said):
    assert from_stored(as_stored(said)) == said


def test_it_is_read_in_the_language_of_whoever_reads():
    kept = from_stored(as_stored(phrase("%(file)s: %(error)s", file="calls.csv", error=phrase(EMPTY))))
    assert str(kept) == "calls.csv: the file is empty."
    with translation.override("es"):
        assert str(kept) == "calls.csv: el archivo está vacío."


def test_hours_and_days_are_written_as_their_reader_writes_them():
    said = phrase("%(day)s, %(hour)s", day=date(2026, 6, 4), hour=time(18))
    assert str(said) == "June 4, 2026, 6 p.m."
    with translation.override("es"):
        assert str(said) == "4 de junio de 2026, 6 p.m."


def test_a_refusal_is_kept_with_all_that_is_in_it():
    inner = Refusal(phrase(EMPTY))
    outer = Refusal(phrase("%(file)s: %(error)s", file="calls.csv", error=inner))
    kept = from_stored(as_stored(said_by(outer)))
    with translation.override("es"):
        assert str(kept) == "calls.csv: el archivo está vacío."


@pytest.mark.parametrize("words", ["550 No such user", "{not ours}", "Traceback:\n  100 %(x)s"])
def test_words_of_others_and_of_before_stay_as_they_came(words):
    assert (
        str(from_stored(words))
        == str(phrase_of(words))
        == str(from_stored(as_stored(Phrase(words))))
        == words
    )


def test_no_words_are_nothing():
    assert not phrase("")
    assert as_stored(phrase("")) == ""
