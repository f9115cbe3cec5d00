"""What everybody reads is found by its words: written down when it is released, gone when it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from alongside.agencies.models import Agency
from alongside.followthrough.public.models import Word, WordQuerySet
from alongside.followthrough.public.words import words_in, words_of

if TYPE_CHECKING:
    from alongside.followthrough.models import Concern
    from alongside.followthrough.promises.models import Promise

MOST_TYPED, MOST_FOUND, A_TIME = 6, 500, 500
COMMON_ALONE, COMMON = 5_000, 20_000
"""A word in so many places, asked for alone or with others, is found sooner by looking through the latest concerns."""


def concern(found: Concern) -> None:
    """By the words that were released of it; by none, where there are none."""
    Word.objects.belonging_to(concern=found).delete()
    words = words_of(found.summary) if found.cleared_at else []
    Word.objects.bulk_create(
        [Word(agency_id=found.agency_id, concern=found, word=word) for word in words], batch_size=A_TIME
    )


def nowhere(lost: Concern) -> None:
    """It was taken back, or erased: nothing of its words stays."""
    Word.objects.belonging_to(concern=lost).delete()


def nowhere_again() -> None:
    """What a backup brought back of the words of concerns that were erased."""
    Word.objects.everywhere().filter(concern__redacted_at__isnull=False).delete()


def promise(found: Promise) -> None:
    """One that no concern has: those of a concern are found by it."""
    Word.objects.belonging_to(promise=found).delete()
    words = words_of(found.what) if found.published_at and found.concern_id is None else []
    Word.objects.bulk_create(
        [Word(agency_id=found.agency_id, promise=found, word=word) for word in words], batch_size=A_TIME
    )


def numbers(agency: Agency, typed: str, *, of: str) -> list[int] | None:
    """Concerns, or promises, in which each typed word begins one: the latest so many. None where nothing is asked.

    The time that it takes grows with how often the rarest of the words stands anywhere; of words that stand
    everywhere, with how many concerns there are until so many are found.
    """
    if not typed.strip():
        return None
    words = sorted(words_in(typed), key=len, reverse=True)[:MOST_TYPED]
    if not words:
        return []
    rows = Word.objects.of(agency).filter(**{f"{of}__isnull": False}).order_by()
    many = COMMON if len(words) > 1 else COMMON_ALONE
    common = dict.fromkeys(words, False)
    if of == "concern":  # of promises made aloud there are never so many
        common = {word: rows.begins(word)[:many].count() == many for word in words}
    first, *others = sorted(words, key=lambda word: common[word])
    found = rows.begins_so(first) if common[first] else rows.begins(first)
    for word in others:
        found = found.filter(_with(rows, word, of=of, one_by_one=common[word]))
    return list(found.order_by(f"-{of}").values_list(of, flat=True).distinct()[:MOST_FOUND])


def _with(rows: WordQuerySet, word: str, *, of: str, one_by_one: bool) -> Q | Exists:
    """Where this word stands, too: gathered once; or, of a common word, looked up for each that is asked."""
    if one_by_one:
        return Exists(rows.begins(word).filter(**{of: OuterRef(of)}))
    return Q(**{f"{of}__in": rows.begins(word).values(of)})
