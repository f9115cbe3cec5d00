"""Records: where each record of a text table begins and ends, told without trusting a CSV reader.

A fast CSV reader that meets a quote which is never closed swallows every line until the next quote, and says nothing.
So lines are counted here, and quotes line by line. A line with an even number of quotes is a record by itself. A
line with an odd number is looked at with care: it may be fine by itself, or begin a record of several lines, or be
broken; then that line alone is set aside and reading goes on at the next.

What leaves here is a block in which every record is exactly one line, so that whoever reads it can check the count.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from alongside.incidents.reading.refusals import NotATable, TooLarge
from alongside.incidents.reading.sources import Text, utf8

BLOCK_BYTES = 24 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024
# A record of more lines than this is taken for a quote that was never closed.
MOST_LINES = 60
NEWLINE, QUOTE, NUL = 10, 34, 0
DELIMITERS = [",", ";", "\t", "|"]


@dataclass
class Block:
    """Some whole records, one a line, without the heading.

    `lines` gives the line in the file where each record begins, or is None where they simply follow `first_line`.
    `broken` are the lines that hold no readable record.
    """

    data: bytes
    first_line: int
    records: int
    lines: list[int] | None = None
    broken: list[int] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many rows of the file this block answers for."""
        return self.records + len(self.broken)


@dataclass(frozen=True)
class Shape:
    """How a table is written: its delimiter, and how many columns its first line has."""

    delimiter: str
    columns: int


def shape_of(sample: str) -> Shape:
    """The delimiter that cuts the first lines into the most equal numbers of fields. Comma where nothing does."""
    best = Shape(",", 1)
    best_score = (0.0, 1)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _rows(sample, delimiter) if row]
        if not widths or widths[0] < 2:
            continue
        score = (sum(w == widths[0] for w in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = Shape(delimiter, widths[0]), score
    if best.columns == 1:
        first = next(iter(_rows(sample, ",")), [""])
        best = Shape(",", max(len(first), 1))
    return best


def _rows(sample: str, delimiter: str) -> list[list[str]]:
    try:
        return list(itertools.islice(csv.reader(io.StringIO(sample), delimiter=delimiter), 200))
    except csv.Error:
        return [line.split(delimiter) for line in sample.splitlines()[:200]]


def blocks(text: Text, shape: Shape, *, skip: int = 0, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Every record after the first `skip` records (the heading), in blocks of about `block_bytes`."""
    carry = b""
    line = 1
    while True:
        raw = text.take(block_bytes)
        last = not raw
        data = carry + raw if carry else raw
        if last and not data:
            return
        whole, carry = _cut(data, last=last)
        if not whole:
            _refuse_endless(carry)
            continue
        block, rest, passed = _block(whole, shape, line, last=last)
        line += passed
        carry = rest + carry if rest else carry
        if skip:
            block, skip = _without_heading(block, skip)
        if block.read:
            yield block
        if last:
            return


def _cut(data: bytes, *, last: bool) -> tuple[bytes, bytes]:
    """Whole lines with plain line ends, and what is left of the last one."""
    if last:
        whole, carry = data if data.endswith((b"\n", b"\r")) else data + b"\n", b""
    else:
        end = data.rfind(b"\n") + 1 or data[:-1].rfind(b"\r") + 1
        whole, carry = data[:end], data[end:]
    if b"\r" in whole:
        whole = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return utf8(whole), carry


def _refuse_endless(carry: bytes) -> None:
    if len(carry) > LONGEST_LINE:
        raise TooLarge("a line goes on for more than 4 MB: this is no table, or its line ends were lost.")


def _block(whole: bytes, shape: Shape, first_line: int, *, last: bool) -> tuple[Block, bytes, int]:
    """The records in these lines, the lines at the end that wait for more, and how many lines are behind us."""
    view = np.frombuffer(whole, dtype=np.uint8)
    ends = np.flatnonzero(view == NEWLINE)
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.size and int(lengths.max()) > LONGEST_LINE:
        raise TooLarge("a line goes on for more than 4 MB: this is no table, or its line ends were lost.")
    odd = _odd_lines(view, ends, QUOTE) if b'"' in whole else np.zeros(0, dtype=np.int64)
    nul = _lines_with(view, ends, NUL) if b"\0" in whole else np.zeros(0, dtype=np.int64)
    blank = np.flatnonzero(lengths == 0)
    if not (odd.size or nul.size or blank.size):
        return Block(whole, first_line, int(ends.size)), b"", int(ends.size)
    if nul.size > 20 and nul.size > ends.size // 2:
        raise NotATable("this is no text table: it is full of zero bytes. Export it as CSV in UTF-8.")
    block, rest = _with_care(
        whole, shape, first_line, odd=set(odd.tolist()), nul=set(nul.tolist()), last=last
    )
    return block, rest, int(ends.size) - rest.count(b"\n")


def _odd_lines(view: np.ndarray, ends: np.ndarray, byte: int) -> np.ndarray:
    """Which lines hold an odd number of a byte."""
    places = np.flatnonzero(view == byte)
    upto = np.searchsorted(places, ends)
    return np.flatnonzero(np.diff(upto, prepend=0) & 1)


def _lines_with(view: np.ndarray, ends: np.ndarray, byte: int) -> np.ndarray:
    return np.unique(np.searchsorted(ends, np.flatnonzero(view == byte)))


def _with_care(
    whole: bytes, shape: Shape, first_line: int, *, odd: set[int], nul: set[int], last: bool
) -> tuple[Block, bytes]:
    lines = whole.split(b"\n")[:-1]
    kept: list[bytes] = []
    numbers: list[int] = []
    broken: list[int] = []
    at = 0
    while at < len(lines):
        if at in nul:
            broken.append(first_line + at)
        elif at in odd:
            record, length = _record_at(lines, at, shape, odd=odd, nul=nul)
            if length == 0 and not last:  # it may end in the next block
                break
            if record is None:
                broken.append(first_line + at)
            else:
                kept.append(record)
                numbers.append(first_line + at)
                at += length - 1
        elif lines[at]:
            kept.append(lines[at])
            numbers.append(first_line + at)
        at += 1
    rest = b"".join(line + b"\n" for line in lines[at:])
    data = b"".join(line + b"\n" for line in kept)
    return Block(data, first_line, len(kept), numbers, broken), rest


def _record_at(
    lines: list[bytes], at: int, shape: Shape, *, odd: set[int], nul: set[int]
) -> tuple[bytes | None, int]:
    """The record that begins at a line with an odd quote, as one line, and how many lines it took.

    (None, 1) where the line is broken; (None, 0) where the lines at hand are too few to say.
    """
    alone = _parse(lines[at], shape)
    if alone is not None:
        return alone, 1
    size = len(lines[at])
    for end in range(at + 1, min(at + MOST_LINES, len(lines))):
        size += len(lines[end]) + 1
        if size > LONGEST_LINE or end in nul:
            return None, 1
        if end in odd:
            joined = _parse(b"\n".join(lines[at : end + 1]), shape)
            if joined is not None:
                return joined, end - at + 1
    return None, 0 if at + MOST_LINES > len(lines) else 1


def _parse(record: bytes, shape: Shape) -> bytes | None:
    """A record on one line, every field quoted; None unless it is exactly one record of the table's width."""
    source = io.StringIO(record.decode(), newline="")
    try:
        rows = list(csv.reader(source, delimiter=shape.delimiter, strict=True))
    except csv.Error:
        return None
    if len(rows) != 1 or len(rows[0]) != shape.columns:
        return None
    return one_line(rows[0], shape.delimiter)


def one_line(row: list[str], delimiter: str) -> bytes:
    """A record as one line without its end, every field quoted, line ends inside fields made spaces."""
    fields = (value.replace("\r", " ").replace("\n", " ").replace('"', '""') for value in row)
    return delimiter.join(f'"{value}"' for value in fields).encode()


def _without_heading(block: Block, skip: int) -> tuple[Block, int]:
    """A block without its first record. `skip` says how many still go."""
    end = block.data.index(b"\n") + 1 if block.records else 0
    if not end:
        return block, skip
    lines = block.lines[1:] if block.lines is not None else None
    return Block(block.data[end:], block.first_line + 1, block.records - 1, lines, block.broken), skip - 1


def with_line_numbers(block: Block, delimiter: str, *, without: Collection[int] = ()) -> bytes:
    """The block's lines, each begun by its number in the file as one more field, but for those at places `without`."""
    lines = block.data.split(b"\n")[:-1]
    numbers = line_numbers(block)
    cut = delimiter.encode()
    return b"".join(
        b"%d%s%s\n" % (number, cut, line)
        for place, (number, line) in enumerate(zip(numbers, lines, strict=True))
        if place not in without
    )


def line_numbers(block: Block) -> Sequence[int]:
    """The line in the file where each record of a block begins."""
    return (
        block.lines if block.lines is not None else range(block.first_line, block.first_line + block.records)
    )
