"""What somebody wrote for the public, in as many languages as it has been written in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.core import languages, phrases, spoken
from alongside.core.authored import hand
from alongside.core.errors import Phrase

# By BCP 47: names and numbers, which are the same for every reader, and text of which nobody knows.
NO_LANGUAGE = "und"


class How(StrEnum):
    """How a text came to be in the language it is shown in."""

    HUMAN = "human"
    MACHINE = "machine"
    MISSING = "missing"


@dataclass(frozen=True)
class Text:
    """One text in one language. `by`: who wrote it or checked it; empty where nobody's name is known."""

    text: str
    how: How = How.HUMAN
    by: str = ""


@dataclass(frozen=True, eq=False)
class Made(Mapping[str, Text]):
    """The texts of what the product says, in each language that has the words: each made when it is read."""

    said: Phrase
    known: dict[str, Text | None] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, code: str) -> Text:
        if code not in self.known:
            words = languages.in_each(self.said, [code]).get(code)
            self.known[code] = None if words is None else Text(words)
        if (text := self.known[code]) is None:
            raise KeyError(code)
        return text

    def __iter__(self) -> Iterator[str]:
        return (code for code in languages.codes() if code in self)

    def __len__(self) -> int:
        return sum(1 for _code in self)


@dataclass(frozen=True)
class Shown:
    """What a reader is shown: the text, the language it is in, and how it came to be in that language."""

    text: str
    language: str
    how: How
    # In which it was written first, if this is another.
    made_from: str = ""

    @property
    def direction(self) -> str:
        return languages.direction_of(self.language)

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language than the page."""
        return bool(self.text) and self.language not in {get_language(), NO_LANGUAGE}

    @property
    def mark(self) -> str:
        """What a reader must know of it, as a sentence; mostly nothing."""
        if not self.text or self.how == How.HUMAN:
            return ""
        if self.how == How.MACHINE:
            return _("Machine translation, not checked")
        return _("Written in %(language)s") % {"language": spoken.name_of(self.language)}

    @property
    def tag(self) -> str:
        """The language for other programs (BCP 47): `es`, or `es-t-en-t0-und` where a machine made it from English."""
        return f"{self.language}-t-{self.made_from}-t0-und" if self.how == How.MACHINE else self.language

    @property
    def with_mark(self) -> str:
        """For plain text, such as a mail: the words, and the mark behind them."""
        return f"{self.text} ({self.mark[0].lower()}{self.mark[1:]})" if self.mark else self.text

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Words:
    """One text in several languages. As text: what stands in the reader's, or else in the one it was written in.

    Two are the same where all their texts are. None is ever the same as a plain text: which one would be meant?
    """

    source: str = ""
    texts: Mapping[str, Text] = field(default_factory=dict)

    @classmethod
    def of(cls, text: object, *, language: str = "", by: str = "", how: How = How.HUMAN) -> Self:
        """Written in one language: the one somebody works in, if none is named, and by whoever writes now."""
        if not str(text):
            return cls()
        code = language or languages.current()
        return cls(code, {code: Text(str(text), how, by or hand.who())})

    @classmethod
    def made(cls, said: Phrase, *, source: str = "") -> Self:
        """What the product says so far, in each language there is, until a person writes something else."""
        texts = Made(said)
        first = source or languages.current()
        return cls(first if first in texts else languages.ENGLISH, texts) if said else cls()

    def written(self, text: object, *, language: str, by: str = "", how: How = How.HUMAN) -> Self:
        """With this text in one language, the others as they are. An empty one takes that language out.

        What the product made stays so while nobody writes anything else; then all of it is people's.
        """
        if isinstance(self.texts, Made) and self.texts.get(language) == Text(str(text), how):
            return self
        texts = {code: each for code, each in self.texts.items() if code != language}
        if str(text):
            before = self.texts.get(language)
            fresh = before is None or (before.text, before.how) != (str(text), how)
            texts[language] = Text(str(text), how, by or hand.who()) if fresh or before is None else before
        return self.among(texts)

    def among(self, texts: Mapping[str, Text]) -> Self:
        """These texts, in the order they have. The source stays what it was, unless its text is gone."""
        source = self.source if self.source in texts else next(iter(texts), "")
        first = {source: texts[source]} if source else {}
        return replace(self, source=source, texts={**first, **texts})

    def signed(self, by: str, *, before: Words | None = None) -> Self:
        """By this person, where nobody is named; what stood there `before` stays nobody's."""
        if isinstance(self.texts, Made):
            return self
        stood = before.texts if before else {}
        texts = {
            code: it if stood.get(code) == it else replace(it, by=it.by or by)
            for code, it in self.texts.items()
        }
        return replace(self, texts=texts)

    def each(self, tidy: Callable[[str], str]) -> Self:
        """With every text made tidy. What is empty then is taken out."""
        if isinstance(self.texts, Made):
            return self
        tidied = {code: replace(each, text=tidy(each.text)) for code, each in self.texts.items()}
        return self.among({code: each for code, each in tidied.items() if each.text})

    def told_in(self, language: str | None) -> Shown:
        """What a reader of this language is shown. None: of no language in particular, as in a log."""
        for code in (language or "", (language or "").partition("-")[0]):
            if code in self.texts:
                return Shown(self.texts[code].text, code, self.texts[code].how, self.source)
        if not self.texts:
            return Shown("", language or "", How.HUMAN)
        source = self.texts[self.source]
        as_it_is = not language or self.source == NO_LANGUAGE
        return Shown(source.text, self.source, source.how if as_it_is else How.MISSING)

    @property
    def shown(self) -> Shown:
        """What the reader of this page is shown."""
        return self.told_in(get_language())

    @property
    def original(self) -> str:
        """The text as it was written first: the same whoever reads, so that one can compare."""
        return self.told_in(None).text

    @property
    def said(self) -> Phrase:
        """For what keeps the name of a thing: the product's phrase, or what a person wrote first."""
        return self.texts.said if isinstance(self.texts, Made) else Phrase(self.original)

    @property
    def shortest(self) -> int:
        """How many characters its shortest text has; 0 where nothing is written."""
        return min((len(each.text) for each in self.texts.values()), default=0)

    def __bool__(self) -> bool:
        return bool(self.texts)

    def __str__(self) -> str:
        return self.shown.text

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __hash__(self) -> int:
        return hash((self.source, frozenset(self.texts.items())))

    # -- as a row keeps it -----------------------------------------------------------------------
    @property
    def stored(self) -> str:
        """The source first, so that a list in the order of its column is in the order of what people wrote."""
        if not self:
            return ""
        if isinstance(self.texts, Made):
            made = {"source": self.source, "made": phrases.packed(self.texts.said)}
            return json.dumps(made, ensure_ascii=False)
        texts = {
            code: {"text": each.text, "how": each.how.value, "by": each.by}
            for code, each in self.texts.items()
        }
        return json.dumps({"source": self.source, "texts": texts}, ensure_ascii=False)

    @classmethod
    def from_stored(cls, stored: str) -> Self:
        if not stored:
            return cls()
        kept: dict[str, Any] = json.loads(stored)
        if "made" in kept:
            return cls.made(phrases.unpacked(kept["made"]), source=kept["source"])
        texts = {
            code: Text(each["text"], How(each["how"]), each["by"]) for code, each in kept["texts"].items()
        }
        return cls(kept["source"], texts)


def marks(*written: Words) -> list[str]:
    """What a reader must know of several of them that stand together, each mark once."""
    return list(dict.fromkeys(each.shown.mark for each in written if each.shown.mark))


def words_of(value: Any) -> Words:
    """As it stands on a row: words as they are, a plain text as written now."""
    if isinstance(value, Words):
        return value
    return Words.of("" if value is None else value)
