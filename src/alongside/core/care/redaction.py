"""What may not be kept is taken out of what somebody wrote: one function, whatever a browser or a phone did before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alongside.core.care import blocks, patterns
from alongside.core.care.patterns import CJI, MASK, Sign

HOUSE_NUMBER = "house-number"
# What each sign stands for, as whoever wrote it is told what was taken out.
NAMES = {
    "plate": gettext_noop("a license plate"),
    "plate-alone": gettext_noop("a license plate"),
    "social-security": gettext_noop("a Social Security number"),
    "license-or-id": gettext_noop("the number of a license or ID"),
    "birth-date": gettext_noop("a date of birth"),
    "case-number": gettext_noop("a case number"),
    "warrant": gettext_noop("words about a warrant"),
    "criminal-history": gettext_noop("words about a police record"),
    "phone-number": gettext_noop("a phone number"),
    "e-mail": gettext_noop("an e-mail address"),
}


@dataclass(frozen=True)
class Redacted:
    """Words as they may be kept, and why: the signs that were seen in them, and of which something was taken out."""

    words: str
    signs: tuple[Sign, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def holds(self) -> set[str]:
        """Why a room that holds things back would hold this."""
        return {sign.hold for sign in self.signs} - {patterns.WARN_ONLY}


def redacted(text: str, *, kind: str = "", place: bool = False, meant: Collection[str] = ()) -> Redacted:
    """Identifiers and records masked, house numbers rounded to their block. Done twice it is done once.

    `place`: the whole text says where. `meant`: signs of what is asked for here, and so does no harm.
    """
    signs = tuple(sign for sign in patterns.seen_in(text, kind=kind) if sign.name not in meant)
    masked = words = patterns.masked(text)
    if HOUSE_NUMBER not in meant:
        words = _rounded(masked, place=place)
    left_out = [sign.name for sign in signs if sign.hold == CJI]
    return Redacted(words, signs, (*left_out, *([HOUSE_NUMBER] if words != masked else [])))


def _rounded(text: str, *, place: bool) -> str:
    """No house number, whatever digits it was typed in; the words as they were typed where there is none."""
    usual = patterns.in_usual_digits(text)
    if place:
        return blocks.rounded(usual)
    by_block = blocks.rounded_in(usual)
    return by_block if by_block != usual else text


def told(left_out: Iterable[str]) -> list[str]:
    """What was taken out, as sentences for whoever wrote it. A name that we do not know says nothing."""
    names = list(left_out)
    masked = list(dict.fromkeys(_(NAMES[name]) for name in names if name in NAMES))
    sentences = []
    if masked:
        sentences.append(
            _("We left out what looked like %(what)s: %(mask)s stands in its place.")
            % {"what": get_text_list(masked, _("or")), "mask": MASK}
        )
    if HOUSE_NUMBER in names:
        sentences.append(_("We keep the block, not the house number."))
    return sentences
