"""Residents from a table: the rows of one key are summed, since a tract cut by a district has a row for each part."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from alongside.core.errors import Refusal
from alongside.outside import tables, texts

LARGEST_BYTES = 100 * 1024 * 1024


class UnreadableCounts(Refusal):
    """A population table cannot be read."""


@dataclass
class Counts:
    """Residents by key, and what could not be used."""

    residents: dict[str, float] = field(default_factory=dict)
    rows: int = 0
    summed_keys: int = 0
    unusable: list[dict[str, object]] = field(default_factory=list)


def read_counts(content: texts.Content, *, key: str, value: str) -> Counts:
    """Sum column `value` by column `key`. Raises UnreadableCounts, which names the columns there are."""
    text = texts.text_of(content, most_bytes=LARGEST_BYTES, refused=UnreadableCounts)
    said = tables.rows_of(text, refused=UnreadableCounts)
    _line, columns = next(said, (1, []))
    for wanted in (key, value):
        if wanted not in columns:
            raise UnreadableCounts(
                _("the population file has no column “%(wanted)s”: it has %(columns)s.")
                % {"wanted": wanted, "columns": ", ".join(columns[:20]) or _("no header")}
            )
    counts, seen_again = Counts(), set()
    for line, cells in said:
        counts.rows += 1
        row = dict(zip(columns, cells, strict=False))
        name, number = plain_key(row.get(key)), whole(row.get(value))
        if not name or number is None:
            counts.unusable.append({"line": line, "reason": "no key" if not name else "not a count"})
            continue
        if name in counts.residents:
            seen_again.add(name)
        counts.residents[name] = counts.residents.get(name, 0.0) + number
    if not counts.residents:
        raise UnreadableCounts(
            _("the population file has no count in “%(value)s” that can be used.") % {"value": value}
        )
    counts.summed_keys = len(seen_again)
    return counts


def plain_key(value: object) -> str:
    """A key as both files can spell it: tables turn 21111000201 into 21111000201.0, and pad with blanks."""
    text = str(value if value is not None else "").strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def whole(value: object) -> float | None:
    """A count of people, or None for what cannot be one."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(str(value).strip().replace(",", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number < 1e9 else None
