"""What the log does not say: addresses that are keys. Whoever reads the log of a fault must not open a page by it."""

import logging
import re

# A link's token (core.tokens) or the code of a card, as one part of an address. See also followthrough.codes.
KEY = re.compile(r"(?<=/)(?:[\w-]{32}|(?=[^/]*\d)[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}-?[0-9A-Za-z]{5})(?=[/\s]|$)")


class WithoutKeys(logging.Filter):
    """Puts “…” in the place of each key, and lets every line through."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(each) for each in record.args)
        return True


def _hidden(value: object) -> object:
    return KEY.sub("…", value) if isinstance(value, str) else value
