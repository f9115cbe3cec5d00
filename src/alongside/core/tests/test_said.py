"""A field for what people say cannot be made without its purpose, its clock and its eraser."""

import math

import pytest
from django.db import models

from alongside.core.said import Ends, SaidEmail, SaidLine, SaidText

KEPT = {"purpose": "To greet you.", "ends": Ends("After a day."), "eraser": "walks.jobs.forget"}

PLAIN = {SaidText: models.TextField, SaidLine: models.CharField, SaidEmail: models.EmailField}


@pytest.mark.parametrize("left_out", KEPT)
@pytest.mark.parametrize("kind", PLAIN)
def test_it_is_not_made_without_one_of_the_three(kind, left_out):
    with pytest.raises(TypeError, match=left_out):
        kind(**{name: value for name, value in KEPT.items() if name != left_out})


@pytest.mark.parametrize("kind", PLAIN)
def test_migrations_know_it_as_djangos_own(kind):
    field = kind("Name", max_length=80, blank=True, **KEPT)
    plain = PLAIN[kind](max_length=80, blank=True, verbose_name="Name")
    assert field.deconstruct()[1:] == plain.deconstruct()[1:]
    assert type(field.clone()) is type(plain)


def test_its_clock_is_told_with_the_days_of_the_agency():
    class Agency:
        def days_kept(self, setting, model):
            return {"contact_retention_days": 14, "words_retention_days": math.inf}[setting]

    ends = Ends("%(days)s days after the walk.", days="contact_retention_days")
    assert ends.told(Agency()) == "14 days after the walk."
    assert "set a day" in Ends("%(days)s days after.", days="words_retention_days").told(Agency())
