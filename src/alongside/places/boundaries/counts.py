"""Residents from a table: the rows of one key are summed, since a tract cut by a district has a row for each part."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from alongside.core.errors import Refusal

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


def read_counts(content: bytes, *, key: str, value: str) -> Counts:
    """Sum column `value` by column `key`. Raises UnreadableCounts, which names the columns there are."""
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), restkey="_rest", strict=False)
    columns = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = columns
    for wanted in (key, value):
        if wanted not in columns:
            raise UnreadableCounts(
                _("the population file has no column “%(wanted)s”: it has %(columns)s.")
                % {"wanted": wanted, "columns": ", ".join(columns[:20]) or _("no header")}
            )
    counts, seen_again = Counts(), set()
    try:
        for row in reader:
            counts.rows += 1
            name, number = plain_key(row.get(key)), whole(row.get(value))
            if not name or number is None:
                counts.unusable.append(
                    {"line": reader.line_num, "reason": "no key" if not name else "not a count"}
                )
                continue
            if name in counts.residents:
                seen_again.add(name)
            counts.residents[name] = counts.residents.get(name, 0.0) + number
    except csv.Error as error:
        raise UnreadableCounts(
            _("the population file cannot be read near line %(line)s: %(error)s.")
            % {"line": reader.line_num, "error": error}
        ) from None
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


def _text(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise UnreadableCounts(
            _("the population file is larger than 100 MB: keep only its key and its count.")
        )
    if not content.strip(b"\xef\xbb\xbf \r\n"):
        raise UnreadableCounts(_("the population file is empty."))
    if b"\x00" in content:
        raise UnreadableCounts(_("the population file holds NUL bytes: save it as CSV in UTF-8."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
