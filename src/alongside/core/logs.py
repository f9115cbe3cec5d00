"""What neither the log nor a failed job says: keys, addresses and words. Whoever mends a fault need not know them."""

import logging
import re

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
