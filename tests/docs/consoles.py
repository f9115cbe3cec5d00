"""Console blocks in our documents: run again, so that a page cannot show an answer that nobody gets.

    python -m tests.docs.consoles docs/howto/real-city.md     writes the answers anew, into the page

A line that begins with `$ bin/alongside` is run, and what stands under it is what it printed. `[…]` stands for
anything, on a line or over many. Public ids are random: each reads ID.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from alongside.cli.__main__ import alongside

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
PROMPT = "$ bin/alongside "
GAP = "[…]"
PUBLIC_ID = re.compile(r"^  [a-z0-9]{10}(?=  )")


@dataclass(frozen=True)
class Example:
    """One command of a page, and what the page says that it prints."""

    command: str
    said: list[str]

    @property
    def agrees(self) -> re.Pattern[str]:
        """What must have been printed: these lines, with anything where the page leaves a gap."""
        return re.compile(".*".join(map(re.escape, "\n".join(self.said).split(GAP))), re.S)


def commands_of(page: str) -> list[Example]:
    examples: list[Example] = []
    for block in BLOCK.findall(page):
        for line in block.splitlines():
            if line.startswith(PROMPT):
                examples.append(Example(line.removeprefix(PROMPT), []))
            else:
                examples[-1].said.append(line)
    return examples


def run(command: str, shared: Path) -> list[str]:
    """What a command prints, ids taken out. Raises where it fails."""
    words = [word.replace("$DATA", str(shared)) for word in shlex.split(command)]
    done = CliRunner().invoke(alongside, words, catch_exceptions=False)
    assert done.exit_code == 0, f"{command}: {done.output}"
    return [PUBLIC_ID.sub("  ID", line).rstrip() for line in done.stdout.rstrip().splitlines()]


def write(page: Path, shared: Path) -> None:
    """The page with what its commands print today. What is true still stays as it is, with its gaps."""
    text = page.read_text()

    def answered(block: re.Match[str]) -> str:
        lines = []
        for example in commands_of(block[0]):
            printed = run(example.command, shared)
            still_true = example.said and example.agrees.fullmatch("\n".join(printed))
            lines += [f"{PROMPT}{example.command}", *(example.said if still_true else printed)]
        return "\n".join(["```console", *lines, "```"])

    page.write_text(BLOCK.sub(answered, text))


if __name__ == "__main__":
    import os
    import sys

    import django

    django.setup()

    from alongside.cli.database import bring_up_to_date

    bring_up_to_date()
    here = Path(__file__).resolve().parents[2]
    write(Path(sys.argv[1]), Path(os.environ.get("ALONGSIDE_SHARED_DATA", here.parent / "shared" / "data")))
