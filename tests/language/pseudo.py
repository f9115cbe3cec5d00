"""Two languages that nobody speaks, made from every phrase: what a third and a fourth language would meet.

    python -m tests.language.pseudo FOLDER      their catalogues, into the `locale` folder of a data folder

`qaa` has long words with an accent on each letter, between brackets, so that cut text shows. `qab` runs from right to
left. Neither has one letter of English: an English word on a page of theirs is one that no catalogue can translate.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from alongside.core import catalogs

LONG, TURNED = "qaa", "qab"
NAMES = {LONG: "Ƚøøńǧ ẇøøŕðš", TURNED: "Țůŕńëð"}
DIRECTIONS = {LONG: "ltr", TURNED: "rtl"}
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "ąƀçðëƒǧħïĵķłṁńøƥɋŕšŧůṽẇẋýžĄƁÇÐËƑǦĦÏĴĶŁṀŃØƤɊŔŠŦŮṼẆẊÝŽ"
ACCENT = str.maketrans(PLAIN, ACCENTED)
LONGER = re.compile(r"[ąëïøůĄËÏØŮ]")  # every vowel twice, every fourth letter more
EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.S)
TURN, BACK = "\u202e", "\u202c"
# What stays as it is in a phrase: its holes, tags, line ends, and what Django reads as a format.
KEPT = re.compile(rf"({catalogs.HOLE.pattern}|%%|\n|\\n)")


def _long(text: str) -> str:
    stretched = re.sub(r"(\w)(?=\w{3})(?<=\w\w)", r"\1", LONGER.sub(r"\g<0>\g<0>", text.translate(ACCENT)))
    return re.sub(r"(\w{4})(?=\w)", lambda match: match[1] + match[1][-1], stretched)


def _turned(text: str) -> str:
    """The blanks at its edges stay outside, where what is filled in comes next."""
    start, words, end = EDGES.fullmatch(text).groups()
    return f"{start}{TURN}{words.translate(ACCENT)}{BACK}{end}" if words else text


def said(code: str, text: str) -> str:
    """A phrase in one of the two. White space at its edges stays: sentences are put together by it."""
    start, words, end = EDGES.fullmatch(text).groups()
    if not words:
        return text
    say = _long if code == LONG else _turned
    pieces = [piece if KEPT.fullmatch(piece) else say(piece) for piece in KEPT.split(words) if piece]
    return f"{start}[{''.join(pieces)}]{end}" if code == LONG else f"{start}{''.join(pieces)}{end}"


def make(folder: Path) -> None:
    """Both catalogues, as a city would lay them into its data folder."""
    for code, name in NAMES.items():
        path = catalogs.begin(folder, code, name=name, direction=DIRECTIONS[code])
        catalog = catalogs.read(path)
        for message in catalogs.phrases(catalog):
            each = tuple(said(code, form) for form in catalogs.forms(message.id))
            message.string = each[0] if isinstance(message.id, str) else each
        catalogs.write(catalog, path)
    catalogs.compile_all(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]) / "locale")
