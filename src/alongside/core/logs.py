"""What neither the log nor a failed job says: keys, addresses and words. Whoever mends a fault need not know them.

And what it does not say again and again: a fault that happens 48,000 times a minute must not fill the disk.
"""

import atexit
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Hashable

from alongside.core.text import plain_lines

# A link's token (core.tokens) or the code of a card, as one part of an address. See also followthrough.codes.
KEY = re.compile(r"(?<=/)(?:[\w-]{32}|(?=[^/]*\d)[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}-?[0-9A-Za-z]{5})(?=[/\s]|$)")
# Whatever a mail server takes for one: o'hara@, "ana luz"@, @[192.0.2.1].
ADDRESS = re.compile(r"""(?:"[^"\n]{0,64}"|[\w.!#$%&'*+/=?^`{|}~-]+)@(?:\[[^]\s]+]|[\w-]+(?:\.[\w-]+)+)""")
PHONE = re.compile(r"(?<![\w-])(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}(?![\w-])")
# PostgreSQL repeats the whole row that it refuses.
ROW = re.compile(r"(?<=DETAIL:).*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)


def discreet(text: str) -> str:
    """A message for those who mend: with “…” in the place of each key, address, phone number and refused row."""
    for pattern in (ROW, KEY, ADDRESS, PHONE):
        text = pattern.sub(" …" if pattern is ROW else "…", text)
    return text


class Discreet(logging.Filter):
    """Lets every line through, and its traceback, without anybody's keys and words."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), None
        if record.exc_info:  # what stands here is written instead
            record.exc_text = discreet(logging.Formatter().formatException(record.exc_info))
        return True


class Entries(logging.Formatter):
    """An entry begins at the margin, and nothing else does.

    What it repeats of others (a path, a file, a server's reply) begins none, and tells a terminal nothing.
    """

    def format(self, record: logging.LogRecord) -> str:
        return plain_lines(super().format(record)).replace("\n", "\n    ")


class Counted(logging.Filter):
    """Writes the first lines of a kind in each minute. The rest are counted, and their number is written at its end."""

    SAME, KINDS, MINUTE = 20, 200, 60.0
    log = logging.getLogger("alongside.log")

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()
        self._begin()
        atexit.register(self.tell)

    def _begin(self) -> None:
        self.ends = time.monotonic() + self.MINUTE
        self.seen: Counter[Hashable] = Counter()
        self.words: dict[Hashable, str] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == self.log.name:
            return True
        self._look_at_the_clock()
        with self.lock:
            of_a_kind = kind(record)
            if of_a_kind not in self.seen and len(self.seen) >= self.KINDS:
                of_a_kind = "of other kinds"
            self.seen[of_a_kind] += 1
            if self.seen[of_a_kind] <= self.SAME:
                return True
            if not self.words:  # somebody has to tell, even if nothing is ever logged again
                alarm = threading.Timer(max(0.0, self.ends - time.monotonic()), self._look_at_the_clock)
                alarm.daemon = True
                alarm.start()
            if of_a_kind not in self.words:
                self.words[of_a_kind] = record.getMessage().strip().partition("\n")[0][:200]
            return False

    def _look_at_the_clock(self) -> None:
        if time.monotonic() >= self.ends:
            self.tell()

    def tell(self) -> None:
        """Write how often each thing was left out, and begin again."""
        with self.lock:
            left_out = [(self.seen[each] - self.SAME, words) for each, words in self.words.items()]
            self._begin()
        for times, words in left_out:
            self.log.warning("… %s more times in the last minute: %s", f"{times:,}", words)


def kind(record: logging.LogRecord) -> Hashable:
    """Two records of one kind say the same of different things: other numbers and names, the same fault.

    What has no names to put in may be somebody's own words (a host that we do not answer to): then the place that
    speaks is the kind, or whoever sends many words fills the log, and hides in it what is said of others.
    """
    where = None
    if record.exc_info and (trace := record.exc_info[2]):
        while trace.tb_next:
            trace = trace.tb_next
        where = record.exc_info[0], trace.tb_frame.f_code.co_filename, trace.tb_lineno
    words = re.sub(r"\d+", "0", str(record.msg)[:200]) if record.args else (record.pathname, record.lineno)
    return record.name, record.levelno, words, where
