"""The words of what everybody reads, each once, so that a word finds them however many there are."""

from __future__ import annotations

from typing import Self

from django.db import connection, models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Role
from alongside.followthrough.public.words import LONGEST_WORD

LAST = chr(0x10FFFF)


class _AsItStands(Func):
    """A column of which SQLite asks no index."""

    template = "+%(expressions)s"


class WordQuerySet(AgencyQuerySet["Word"]):
    readers = frozenset({Role.COORDINATOR, Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER})

    def begins(self, typed: str) -> Self:
        """As an index finds it: PostgreSQL's knows beginnings (see the model's Meta), SQLite's an order of letters."""
        if connection.vendor == "postgresql":
            return self.filter(word__startswith=typed)
        return self.filter(word__gte=typed, word__lt=typed + LAST)

    def begins_so(self, typed: str) -> Self:
        """The same of very many words, which are looked through in another order than that of letters."""
        if connection.vendor == "postgresql":
            return self.begins(typed)
        return self.alias(spelled=_AsItStands("word")).filter(spelled__gte=typed, spelled__lt=typed + LAST)


class Word(AgencyOwned):
    """One word of what is public of a concern, or of a promise without one. It goes when the words are taken back."""

    word = models.CharField(max_length=LONGEST_WORD, editable=False)
    concern = models.ForeignKey(
        "followthrough.Concern",
        null=True,
        on_delete=models.CASCADE,
        related_name="found_by",
        editable=False,
        db_index=False,  # word_by_concern begins with it
    )
    promise = models.ForeignKey(
        "followthrough.Promise", null=True, on_delete=models.CASCADE, related_name="found_by", editable=False
    )

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of the public list")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["agency", "word", "concern"],
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
                name="word_of_concern",
            ),
            models.Index(fields=["concern", "word", "agency"], name="word_by_concern"),
            models.Index(
                fields=["agency", "word", "promise"],
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
                condition=Q(promise__isnull=False),
                name="word_of_promise",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(concern__isnull=False, promise__isnull=True)
                | Q(concern__isnull=True, promise__isnull=False),
                name="word_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.word
