"""What can be said of a call that brought nothing. Each is worth another try later, and each has its sentence."""

from __future__ import annotations

from datetime import datetime

from alongside.core.errors import Phrase


class Away(Exception):
    """No answer that can be used: nobody is there, or what came was no answer."""


class Forbidden(Away):
    """The address is one that this house does not call."""


class TooSlow(Away):
    """The answer did not come whole in the time there was."""


class TooLarge(Away):
    """The answer is larger than anybody wants to read."""


class Unsure(Away):
    """It fell silent in the middle. Whether it took what it was given, nobody knows."""


class Resting(Away):
    """It has not answered for some time, so it is not asked before `until`. Nothing was tried, and nothing failed."""

    def __init__(self, why: Phrase, *, until: datetime) -> None:
        super().__init__(why)
        self.until = until
