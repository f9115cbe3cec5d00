"""A page as its reader meets it: what is seen or read aloud, and the English that must not be in it."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from alongside.core import catalogs

SPANISH = next(path for path in catalogs.catalogs() if path.parts[-3] == "es")
READ_ALOUD = ("alt", "aria-label", "content", "data-copied", "data-label", "placeholder", "title")
IN_META = {"description", "og:title", "og:description", "og:site_name", "og:image:alt", "twitter:image:alt"}
EMPTY = {"base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "track", "wbr"}
FEWEST_WORDS = 4


class Reader(HTMLParser):
    """Collects what a reader of one language is given; what says to be in another is not for them."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.phrases: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _listens(self) -> bool:
        return self._open[-1][1] if self._open else True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "meta" and not {said.get("name"), said.get("property")} & IN_META:
            said.pop("content", None)
        listens = self._listens if said.get("lang") is None else said["lang"] == self.language
        listens = listens and said.get("translate") != "no"
        if listens:
            self.phrases += [_plain(said[name] or "") for name in READ_ALOUD if name in said]
        if tag not in EMPTY:
            self._open.append((tag, listens and tag not in {"code", "script", "style"}))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _listens in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self._listens and data.strip():
            self.phrases.append(_plain(data))


def _plain(text: str) -> str:
    return " ".join(text.split())


def phrases(html: str, language: str = "es") -> list[str]:
    reader = Reader(language)
    reader.feed(html)
    return [phrase for phrase in reader.phrases if phrase]


def holes(text: str) -> list[str]:
    """What must be the same in every language: placeholders, tags, percent signs."""
    return sorted([*catalogs.HOLE.findall(text), *re.findall("%%", text)])


@cache
def english() -> frozenset[str]:
    """Stretches of English, between their placeholders, that are long enough to be no coincidence."""
    return frozenset(
        piece
        for message in catalogs.phrases(catalogs.read(SPANISH))
        for phrase in catalogs.forms(message.id)
        for piece in _pieces(phrase)
        if not any(piece in spanish for spanish in catalogs.forms(message.string))
    )


def _pieces(phrase: str) -> list[str]:
    pieces = (_plain(piece.replace("%%", "%")) for piece in catalogs.HOLE.split(phrase))
    return [piece for piece in pieces if len(re.findall(r"[A-Za-z’]+", piece)) >= FEWEST_WORDS]


def leftovers(html: str) -> list[str]:
    """English that a reader of the Spanish page is still given."""
    page = "\n".join(phrases(html))
    return [piece for piece in english() if piece in page]
