"""Codes on cards: said over the phone, typed with one thumb, and never guessed.

Twelve random characters of 32 (60 bits) and a thirteenth that tells a slip from a wrong code: the characters are
numbers of the field GF(32), weighted by powers of its generator, and the last makes the sum zero. So one wrong
character, or any two exchanged, is always seen (Wagner and Putter, Comm. ACM 32(1), 1989, for the idea).
"""

from __future__ import annotations

import re
import secrets

# Crockford's: without I, L, O, which are read as digits, and without U. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
GROUPS = (4, 4, 5)
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
BETWEEN = re.compile(r"[\s\-‐-―_.·]+")


class Mistyped(ValueError):
    """These characters are no code of ours: one is missing, wrong or in another's place."""


def new() -> str:
    """A code as it is printed: 7K2M-9QDX-4TB8W."""
    free = [secrets.randbelow(32) for _ in range(LENGTH - 1)]
    return shown("".join(ALPHABET[number] for number in [*free, _check(free)]))


def read(typed: str) -> str:
    """The code somebody meant, whatever case, blanks and hyphens they typed. Raises Mistyped.

    Whoever pastes the whole address of their page means the code at its end.
    """
    last = typed[:300].strip().rstrip("/").rpartition("/")[2]
    plain = BETWEEN.sub("", last).upper().translate(READ_AS)
    if len(plain) != LENGTH or any(mark not in ALPHABET for mark in plain):
        raise Mistyped
    numbers = [ALPHABET.index(mark) for mark in plain]
    if _check(numbers[:-1]) != numbers[-1]:
        raise Mistyped
    return shown(plain)


def shown(plain: str) -> str:
    """In groups, as people say it."""
    first, second, _third = GROUPS
    return "-".join([plain[:first], plain[first : first + second], plain[first + second :]])


def _check(numbers: list[int]) -> int:
    """What the last character must be: Horner's rule over GF(32)."""
    total = 0
    for number in numbers:
        total = _times_generator(total ^ number)
    return total


def _times_generator(number: int) -> int:
    """Times x, modulo the primitive polynomial x⁵ + x² + 1."""
    number <<= 1
    return number ^ 0b100101 if number & 0b100000 else number
