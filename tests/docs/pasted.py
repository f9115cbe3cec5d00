"""Commands in our documents, as somebody pastes them: in blocks that are indented or fenced."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.M | re.S)
INDENTED = re.compile(r"(?:^    \S.*\n(?:^    .*\n|^\n(?=    ))*)", re.M)
SET = re.compile(r"[A-Z_]+=.*")


def blocks(page: Path) -> list[str]:
    """What is shown apart from what is said."""
    text = page.read_text()
    return [
        *FENCED.findall(text),
        *(re.sub("^    ", "", each, flags=re.M) for each in INDENTED.findall(text)),
    ]


def lines(block: str) -> Iterator[list[str]]:
    """The words of each line, without what is said about it."""
    for line in block.replace("\\\n", " ").splitlines():
        try:
            yield shlex.split(line, comments=True)
        except ValueError:  # no command
            continue


def of_ours(page: Path) -> Iterator[list[str]]:
    """What is given to `bin/alongside`, each."""
    for block in blocks(page):
        for words in lines(block):
            while words and (SET.fullmatch(words[0]) or words[0] == "$"):
                words = words[1:]
            if words[:1] == ["bin/alongside"] and "…" not in words:
                yield words[1:]
