"""A line that comes again and again is written a few times; then it is counted, and the count is written."""

import io
import logging
import time

import pytest

from alongside.core.logs import Counted, Discreet


class Quick(Counted):
    SAME, KINDS, MINUTE = 3, 50, 60.0


@pytest.fixture
def counted():
    return Quick()


@pytest.fixture
def log(counted):
    """(logger, what it wrote) of a console as the settings make it, with a log of its own."""
    written = io.StringIO()
    console = logging.StreamHandler(written)
    console.addFilter(counted)
    console.addFilter(Discreet())
    loggers = [logging.getLogger("alongside.tests.counted"), Counted.log]
    for logger in loggers:
        logger.addHandler(console)
        logger.propagate = False
    yield loggers[0], written.getvalue
    counted.tell()
    for logger in loggers:
        logger.removeHandler(console)
        logger.propagate = True


def test_the_count_is_written_when_the_minute_is_over(counted, log):
    logger, written = log
    for number in range(1000):
        logger.warning("Letter %s to ben@example.org is unknown", number)
    assert written().count("\n") == 3
    assert "Letter 2 to" in written()
    counted.ends = time.monotonic()
    logger.warning("Something else")
    assert "… 997 more times in the last minute: Letter 3 to … is unknown" in written()
    assert written().endswith("Something else\n")
    logger.warning("Letter %s to ben@example.org is unknown", 1000)
    assert "Letter 1000" in written(), "a new minute"


def test_the_count_is_written_though_nothing_is_ever_logged_again(monkeypatch, log):
    monkeypatch.setattr(Quick, "MINUTE", 0.1)
    logger, written = log
    logger.handlers[0].filters[0].tell()
    for _ in range(10):
        logger.warning("Again")
    ends = time.monotonic() + 5
    while "… 7 more times" not in written() and time.monotonic() < ends:
        time.sleep(0.02)
    assert "… 7 more times in the last minute: Again" in written()


def test_two_faults_under_one_heading_are_two_kinds(log):
    logger, written = log
    for fault in (lambda: 1 / 0, lambda: [][0]):
        for _ in range(5):
            try:
                fault()
            except Exception:
                logger.exception("Internal Server Error: %s", "/riverbend/")
    assert written().count("ZeroDivisionError") == 3
    assert written().count("IndexError") == 3


def test_lines_that_differ_in_words_have_an_end_too(counted, log):
    logger, written = log
    for number in range(10_000):
        words = "".join(chr(97 + int(digit)) for digit in str(number))
        logger.warning(f"Invalid path {words} of %s", "riverbend")
    assert written().count("\n") == Quick.KINDS + Quick.SAME
    assert len(counted.seen) == Quick.KINDS + 1


def test_words_that_somebody_sent_are_one_kind(counted, log):
    """As Django says which host it was asked for: or one visitor says 200 things, and nothing else is heard."""
    logger, written = log
    for number in range(Quick.KINDS * 2):
        words = "".join(chr(97 + int(digit)) for digit in str(number))
        try:
            raise ValueError
        except ValueError:
            logger.error(f"Invalid HTTP_HOST header: {words}", exc_info=True)
    assert written().count("Invalid HTTP_HOST") == Quick.SAME
    assert len(counted.seen) == 1
