"""Two crawls of the same city, before and after: which pages differ, in which words, and by how many pixels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

Said = dict[str, Any]

LISTS = ("text", "hidden", "words", "fields", "doors")
# What differs whenever a page is asked for, and means nothing.
PASSING = [
    (re.compile(r"\b\d+ (seconds?|minutes?|hours?) ago\b"), "(just now)"),
    (re.compile(r"\bhace \d+ (segundos?|minutos?|horas?)\b"), "(just now)"),
    (re.compile(r"\b[A-Z2-7]{32}\b"), "(a new secret)"),
    (re.compile(r"\b(csrfmiddlewaretoken|form_key)=[\w-]+"), r"\1=(token)"),
]
# The audit trail tells of the crawl itself: who came when, and what was downloaded.
AUDIT = "/workspace/audit/"
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.+-]+|\d{1,2}(:\d\d)? [ap]\.m\.|\b(noon|midnight|mediodía|medianoche)\b"
)
SHARE = 0.0005  # of all pixels: fewer than this is a hair's breadth
MOST_LINES = 24


@dataclass
class Difference:
    """What two crawls do not agree on."""

    missing: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    words: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.new or self.words)


def settled(line: str) -> str:
    """A line without what passes: its blanks, the time since, tokens."""
    line = " ".join(line.split())
    for passing, instead in PASSING:
        line = passing.sub(instead, line)
    return line


def lines(said: Said) -> list[str]:
    """A page as lines to compare, each with where on the page it is."""
    facts = [f"{name}: {said[name]}" for name in sorted(said) if name not in LISTS]
    listed = [f"{name}| {line}" for name in LISTS for line in said.get(name, [])]
    return [line for line in map(settled, [*facts, *listed]) if not line.endswith("|")]


def resolved(pages: Mapping[str, Said], key: str) -> Said:
    """What a page says, be it the same as another's."""
    return pages[pages[key].get("same_as", key)]


def comparable(pages: Mapping[str, Said], key: str) -> list[str]:
    said = lines(resolved(pages, key))
    return [MOMENT.sub("(then)", line) for line in said] if AUDIT in key else said


def compare(before: Mapping[str, Said], after: Mapping[str, Said]) -> Difference:
    """Pages of which one crawl knows nothing, and those whose words differ, under what differs in them."""
    difference = Difference(
        missing=sorted(before.keys() - after.keys()), new=sorted(after.keys() - before.keys())
    )
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key in sorted(before.keys() & after.keys()):
        if changes := changed(*(comparable(crawl, key) for crawl in (before, after))):
            alike[changes].append(key)
    difference.words = dict(alike)
    return difference


def changed(before: list[str], after: list[str]) -> tuple[str, ...]:
    """A short unified diff; empty where both are the same."""
    return tuple(list(unified_diff(before, after, lineterm="", n=1))[2:])


def report_lines(difference: Difference) -> Iterator[str]:
    for key in difference.missing:
        yield f"missing: {key}"
    for key in difference.new:
        yield f"new: {key}"
    for changes, keys in difference.words.items():
        others = f" and {len(keys) - 1} more, the same way: {', '.join(keys[1:4])} …" if len(keys) > 1 else ""
        yield f"differs: {keys[0]}{others}"
        yield from (f"    {line}" for line in changes[:MOST_LINES])
        if len(changes) > MOST_LINES:
            yield f"    … {len(changes) - MOST_LINES} more lines"


def share_of_pixels(before: Image.Image, after: Image.Image) -> float:
    """How much of the larger picture differs."""
    size = (max(before.width, after.width), max(before.height, after.height))
    difference = ImageChops.difference(on_paper(before, size), on_paper(after, size))
    red, green, blue = difference.split()
    anything = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return 1 - anything.histogram()[0] / (size[0] * size[1])


def on_paper(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture on a sheet of this size, so that what only one of them shows counts as different."""
    sheet = Image.new("RGB", size, (255, 0, 255))
    sheet.paste(picture.convert("RGB"), (0, 0))
    return sheet


def side_by_side(before: Image.Image, after: Image.Image) -> Image.Image:
    gap, height = 16, max(before.height, after.height)
    both = Image.new("RGB", (before.width + gap + after.width, height), (255, 0, 255))
    both.paste(before.convert("RGB"), (0, 0))
    both.paste(after.convert("RGB"), (before.width + gap, 0))
    return both


def compare_pictures(before: Path, after: Path, into: Path) -> Iterator[str]:
    """A line for each picture that is missing, new or differs; those that differ visibly are laid side by side."""
    names = {folder: {each.name for each in folder.glob("*.png")} for folder in (before, after)}
    yield from (f"picture missing: {name}" for name in sorted(names[before] - names[after]))
    yield from (f"picture new: {name}" for name in sorted(names[after] - names[before]))
    for name in sorted(names[before] & names[after]):
        with Image.open(before / name) as first, Image.open(after / name) as second:
            share = share_of_pixels(first, second)
            if share:
                sizes = "" if first.size == second.size else f", {first.size} is now {second.size}"
                yield f"picture: {name}: {share:.4%} of its pixels differ{sizes}"
            if share > SHARE:
                into.mkdir(parents=True, exist_ok=True)
                side_by_side(first, second).save(into / name)
