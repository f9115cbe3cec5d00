"""A table as a value: the numbers that stand beside every map and every plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.formats import number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import gettext as _

from alongside.core import formats


@dataclass(frozen=True)
class Head:
    """A column's name; `number` sets it to the right, with `decimals` places."""

    label: str
    number: bool = False
    decimals: int | None = None


class Linked(str):
    """Names in a cell, each of which may lead to a page. It is the text of them, and a page draws it with its links."""

    links: Sequence[tuple[str, str]]

    @classmethod
    def to(cls, *links: tuple[str, str]) -> "Linked":
        """Each what is read, and its address; "" where it leads nowhere."""
        made = cls(", ".join(name for name, _url in links))
        made.links = links
        return made

    def __html__(self) -> str:
        return format_html_join(", ", "{}", ((linked(name, url),) for name, url in self.links))


def linked(name: str, url: str) -> str:
    """A name that leads to its page, where it has one."""
    return format_html('<a href="{}">{}</a>', url, name) if url else escape(name)


@dataclass(frozen=True)
class Cell:
    head: Head
    value: Any


@dataclass(frozen=True)
class Table:
    """Rows of plain values under their heads; the first column names the row.

    On a phone each row folds into a small card, unless the table is `wide` (then it scrolls in its frame) or has a word
    and one or two numbers a row: these are compared down their columns.
    """

    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Any]]
    wide: bool = False

    @property
    def folds(self) -> bool:
        """Whether its rows become cards on a phone."""
        narrow = len(self.heads) <= 3 and all(head.number for head in self.heads[1:])
        return not self.wide and not narrow

    @cached_property
    def cells(self) -> list[list[Cell]]:
        return [[Cell(head, shown(value, head)) for head, value in zip(self.heads, row)] for row in self.rows]


def shown(value: Any, head: Head) -> Any:
    """A value as it is read: grouped thousands, the right number of places, a day, a word where nothing is known."""
    match value:
        case None:
            return _("not known")
        case int() | float() if not isinstance(value, bool):
            return number(value, head.decimals)
        case date():
            return formats.day(formats.by_the_clock_here(value))
        case _:
            return value


def number(value: float, decimals: int | None = None) -> str:
    """A number in the reader's own way of writing it, rounded (Django's own formatting would cut it off)."""
    rounded = value if decimals is None else round(value, decimals)
    return number_format(rounded, decimal_pos=decimals, use_l10n=True, force_grouping=True)
