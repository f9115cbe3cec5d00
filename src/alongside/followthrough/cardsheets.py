"""Cards with codes, laid out to be printed and cut: ten on a sheet, shown once (`followthrough/base_sheet.html`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise

from alongside.agencies.models import Agency
from alongside.core import languages

ON_A_SHEET = 10


def sheets_of(
    made: Sequence[tuple[str, str]], agency: Agency, *, says: Promise, label: str = ""
) -> dict[str, Any]:
    """What the page of sheets needs, for these codes and the addresses behind them.

    `says` stands on each card, in each language of the agency; `label` tells whose cards they are.
    """
    cards = [{"code": code, "url": url} for code, url in made]
    return {
        "sheets": [cards[first : first + ON_A_SHEET] for first in range(0, len(cards), ON_A_SHEET)],
        "count": len(cards),
        "label": label,
        "says": languages.in_each(says, agency.languages),
    }
