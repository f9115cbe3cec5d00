"""What everybody reads is found by its words: written down when it is released, gone when it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alongside.agencies.models import Agency
from alongside.followthrough.public.models import Word
from alongside.followthrough.public.words import words_in, words_of

if TYPE_CHECKING:
    from alongside.followthrough.models import Concern
    from alongside.followthrough.promises.models import Promise

MOST_TYPED, MOST_FOUND, A_TIME = 6, 500, 500


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

    The time that it takes grows with how often the longest of the words stands anywhere, not with how many there are.
    """
    if not typed.strip():
        return None
    words = sorted(words_in(typed), key=len, reverse=True)[:MOST_TYPED]
    if not words:
        return []
    rows = Word.objects.of(agency).filter(**{f"{of}__isnull": False})
    found = rows.begins(words[0])
    for word in words[1:]:
        found = found.filter(**{f"{of}__in": rows.begins(word).order_by().values(of)})
    return list(found.order_by(f"-{of}").values_list(of, flat=True).distinct()[:MOST_FOUND])
