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
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from alongside.core.errors import phrase
from alongside.incidents.reading.refusals import NotATable, TooLarge
from alongside.incidents.reading.sources import Text
from alongside.outside.tables import dialect_of
from alongside.outside.texts import utf8

BLOCK_BYTES = 24 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024
# A record of more lines than this is taken for a quote that was never closed.
MOST_LINES = 60
NEWLINE, QUOTE, NUL = 10, 34, 0


@dataclass
class Block:
    """Some whole records, one a line, without the heading.

    `runs`: (record, line) pairs; from that record on (counted from 0), each begins one line after the one before it.
    `broken` are the lines that hold no readable record.
    """

    data: bytes
    records: int
    runs: list[tuple[int, int]]
    broken: list[int] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many rows of the file this block answers for."""
        return self.records + len(self.broken)

    def lines(self) -> list[int]:
        """The line in the file where each record begins."""
        numbers: list[int] = []
        for (record, line), end in zip(
            self.runs, [*(r for r, _ in self.runs[1:]), self.records], strict=False
        ):
            numbers.extend(range(line, line + end - record))
        return numbers

    def without(self, places: Collection[int]) -> Block:
        """The block without the records at these places, which count as broken."""
        ends = np.flatnonzero(np.frombuffer(self.data, dtype=np.uint8) == NEWLINE)
        numbers = self.lines()
        left = Block(b"", 0, [], [*self.broken, *(numbers[place] for place in sorted(places))])
        parts: list[bytes] = []
        starts = sorted({record for record, _ in self.runs} | {place + 1 for place in places})
        starts = [start for start in starts if start < self.records]
        for begin, stop in zip(starts, [*starts[1:], self.records], strict=True):
            end = stop - 1 if stop - 1 in places else stop
            first = int(ends[begin - 1]) + 1 if begin else 0
            if end > begin:
                left.take(parts, self.data[first : int(ends[end - 1]) + 1], end - begin, numbers[begin])
        left.data = b"".join(parts)
        return left

    def take(self, parts: list[bytes], data: bytes, records: int, line: int) -> None:
        """Note that `records` more, which begin at `line`, go into `parts`."""
        if not records:
            return
        if not self.runs or self.runs[-1][1] - self.runs[-1][0] != line - self.records:
            self.runs.append((self.records, line))
        parts.append(data)
        self.records += records


@dataclass(frozen=True)
class Shape:
    """How a table is written: its delimiter, how many columns its first row has, and the lines `above` that row."""

    delimiter: str
    columns: int
    above: int = 0


def shape_of(sample: str) -> Shape:
    """How a table is written, by its beginning."""
    form = dialect_of(sample)
    shape = Shape(form.delimiter, 1, form.above)
    return replace(shape, columns=max(len(next(rows_of(sample, shape), [])), 1))


def rows_of(sample: str, shape: Shape) -> Iterator[list[str]]:
    """The rows of a sample that hold anything, the heading first, as far as they can be told apart."""
    *_above, below = sample.split("\n", shape.above)
    try:
        for row in csv.reader(io.StringIO(below, newline=""), delimiter=shape.delimiter):
            if any(map(str.strip, row)):
                yield row
    except csv.Error:
        return


def blocks(text: Text, shape: Shape, *, skip: int = 0, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Every record below the heading (`skip` records), in blocks of about `block_bytes`."""
    carry = b""
    line, above = 1, shape.above
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
        if above:
            whole, passed = _below(whole, above)
            line, above = line + passed, above - passed
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


def _below(whole: bytes, above: int) -> tuple[bytes, int]:
    """What stands below so many lines, and how many of them there were."""
    passed = min(above, whole.count(b"\n"))
    return whole.split(b"\n", passed)[passed], passed


def _refuse_endless(carry: bytes) -> None:
    if len(carry) > LONGEST_LINE:
        raise TooLarge(
            phrase("a line goes on for more than 4 MB: this is no table, or its line ends were lost.")
        )


def _block(whole: bytes, shape: Shape, first_line: int, *, last: bool) -> tuple[Block, bytes, int]:
    """The records in these lines, the lines at the end that wait for more, and how many lines are behind us."""
    view = np.frombuffer(whole, dtype=np.uint8)
    ends = np.flatnonzero(view == NEWLINE)
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.size and int(lengths.max()) > LONGEST_LINE:
        raise TooLarge(
            phrase("a line goes on for more than 4 MB: this is no table, or its line ends were lost.")
        )
    odd = _odd_lines(view, ends, QUOTE) if b'"' in whole else np.zeros(0, dtype=np.int64)
    nul = _lines_with(view, ends, NUL) if b"\0" in whole else np.zeros(0, dtype=np.int64)
    blank = _blank_lines(whole, ends, lengths, shape)
    if not (odd.size or nul.size or blank.size):
        return Block(whole, int(ends.size), [(0, first_line)]), b"", int(ends.size)
    if nul.size > 20 and nul.size > ends.size // 2:
        raise NotATable(phrase("this is no text table: it is full of zero bytes. Export it as CSV in UTF-8."))
    careful = _Careful(whole, shape, ends, odd=set(odd.tolist()), nul=set(nul.tolist()), last=last)
    block, waiting = careful.block(np.unique(np.concatenate([odd, nul, blank])).tolist(), first_line)
    return block, whole[careful.start(waiting) :], waiting


def _blank_lines(whole: bytes, ends: np.ndarray, lengths: np.ndarray, shape: Shape) -> np.ndarray:
    """Lines that hold nothing but what divides cells: spreadsheets write them below the last row."""
    short = np.flatnonzero(lengths <= 3 * shape.columns)  # a row of empty cells in quotes is no longer
    blank = [at for at in short.tolist() if _is_blank(whole[ends[at] - lengths[at] : ends[at]], shape)]
    return np.array(blank, dtype=np.int64)


def _is_blank(line: bytes, shape: Shape) -> bool:
    if line.strip(b'" \t' + shape.delimiter.encode()):
        return False
    return not any(map(str.strip, next(csv.reader([line.decode()], delimiter=shape.delimiter), [])))


def _odd_lines(view: np.ndarray, ends: np.ndarray, byte: int) -> np.ndarray:
    """Which lines hold an odd number of a byte."""
    places = np.flatnonzero(view == byte)
    upto = np.searchsorted(places, ends)
    return np.flatnonzero(np.diff(upto, prepend=0) & 1)


def _lines_with(view: np.ndarray, ends: np.ndarray, byte: int) -> np.ndarray:
    return np.unique(np.searchsorted(ends, np.flatnonzero(view == byte)))


class _Careful:
    """The lines of a block, looked at one by one where something is odd about them."""

    def __init__(
        self, whole: bytes, shape: Shape, ends: np.ndarray, *, odd: set[int], nul: set[int], last: bool
    ) -> None:
        self._whole, self._shape, self._ends = whole, shape, ends
        self._odd, self._nul, self._last = odd, nul, last

    def block(self, suspects: list[int], first_line: int) -> tuple[Block, int]:
        """The readable records, and the place of the first line that has to wait for more."""
        parts: list[bytes] = []
        block = Block(b"", 0, [], [])
        at = 0
        for suspect in suspects:
            if suspect < at:  # inside a record of several lines
                continue
            block.take(
                parts, self._whole[self.start(at) : self.start(suspect)], suspect - at, first_line + at
            )
            at = suspect
            length, record = self._look(suspect)
            if length == 0:
                break
            if record is not None:
                block.take(parts, record + b"\n", 1, first_line + suspect)
            elif suspect in self._odd or suspect in self._nul:
                block.broken.append(first_line + suspect)
            at += length
        else:
            end = len(self._ends)
            block.take(parts, self._whole[self.start(at) :], end - at, first_line + at)
            at = end
        block.data = b"".join(parts)
        return block, at

    def start(self, line: int) -> int:
        """Where a line begins."""
        return int(self._ends[line - 1]) + 1 if line else 0

    def _look(self, at: int) -> tuple[int, bytes | None]:
        """How many lines to pass, and the record they hold, if any. (0, None): the lines at hand are too few to say."""
        if at in self._nul or at not in self._odd:
            return 1, None
        alone = _parse(self._line(at), self._shape)
        if alone is not None:
            return 1, alone
        size = len(self._line(at))
        for end in range(at + 1, min(at + MOST_LINES, len(self._ends))):
            size += len(self._line(end)) + 1
            if size > LONGEST_LINE or end in self._nul:
                return 1, None
            if end in self._odd:
                joined = _parse(self._whole[self.start(at) : int(self._ends[end])], self._shape)
                if joined is not None:
                    return end - at + 1, joined
        reaches_on = at + MOST_LINES > len(self._ends) and not self._last
        return (0, None) if reaches_on else (1, None)

    def _line(self, at: int) -> bytes:
        return self._whole[self.start(at) : int(self._ends[at])]


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
    if not block.records:
        return block, skip
    end = block.data.index(b"\n") + 1
    (_, line), *later = block.runs
    runs = [(0, line + 1)] + [(record - 1, at) for record, at in later]
    if len(runs) > 1 and runs[1][0] == 0:
        del runs[0]
    return Block(block.data[end:], block.records - 1, runs, block.broken), skip - 1


def with_line_numbers(block: Block, delimiter: str) -> bytes:
    """The block's lines, each begun by its number in the file as one more field."""
    cut = delimiter.encode()
    lines = zip(block.lines(), block.data.split(b"\n")[:-1], strict=True)
    return b"".join(b"%d%s%s\n" % (number, cut, line) for number, line in lines)
