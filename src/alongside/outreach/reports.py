"""Reports of mail servers (RFC 3464), as letters: read in a process apart, since anybody can write one."""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from alongside.core.errors import Refusal, phrase
from alongside.core.ids import ALPHABET, LENGTH
from alongside.core.logs import discreet
from alongside.core.text import whole_line
from alongside.outside import smtp
from alongside.outside.readers import Reader

# The part of a Message-ID that is ours alone, wherever it stands: `<…@`, or in the address of the envelope `+…@`.
NAME = re.compile(rf"(?<=[<+])[{ALPHABET}]{{{LENGTH}}}(?:\.[0-9a-f]{{16}})?(?=[@=])", re.IGNORECASE)
STATUS = {"message/delivery-status", "message/global-delivery-status"}
ACTIONS = {"failed", "delayed", "delivered", "relayed", "expanded"}
AT_MOST = 20  # names in one report; it is about one mail
A_PART = 65536
LONGEST_SAID = 2000
CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


class NoReport(Refusal):
    """A letter that nobody can make sense of but a person."""


@dataclass(frozen=True)
class Failure:
    """What a report says of one address: it was not reached, and never will be. `dead`: nobody is there."""

    why: str
    dead: bool


@dataclass(frozen=True)
class Report:
    """What a letter says of mail that came back. `names`: all that may be the name of a mail of ours.

    `says_something`: it tells in words that we know what became of a mail. A letter of another kind says nothing.
    """

    names: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    says_something: bool = False


def report_in(raw: bytes) -> Report:
    """What a letter says of mail that came back. Raises NoReport."""
    try:
        letter = message_from_bytes(raw)
        reports = list(_reports(letter))
        return Report(
            names=frozenset(_names(letter) if reports else ()),
            failures=tuple(failure for report in reports for failure in _failures(report)),
            says_something=any(_action(block) in ACTIONS for report in reports for block in report),
        )
    # Letters that are none, headers within headers, kinds of them, parts without end.
    except (ValueError, MessageError, LookupError, RecursionError):
        raise NoReport(phrase("the letter is broken.")) from None


REPORT = Reader(report_in, seconds=10, megabytes=200, refused=NoReport, queued=True)


def _reports(letter: Message) -> Iterator[list[Message]]:
    """What became of mail, address by address, also in a letter that somebody passed on."""
    for part in letter.walk():
        if part.get_content_type() in STATUS and isinstance(part.get_payload(), list):
            yield _blocks(part)


def _blocks(part: Message) -> list[Message]:
    """What a report says of each address, however it was packed for the way."""
    inner = part.get_payload()
    text = b"\n\n".join(each.as_bytes() for each in inner if isinstance(each, Message))
    match str(part.get("Content-Transfer-Encoding", "")).strip().lower():
        case "base64":
            text = base64.b64decode(text)
        case "quoted-printable":
            text = quopri.decodestring(text)
    return [message_from_bytes(block.strip() + b"\n") for block in re.split(rb"\r?\n(?:[ \t]*\r?\n)+", text)]


def _action(block: Message) -> str:
    """`failed`, and the like; some add in brackets why."""
    return str(block.get("Action", "")).partition("(")[0].strip().lower()


def _failures(report: list[Message]) -> Iterator[Failure]:
    """Late is not failed, and what was relayed has arrived as far as anybody knows."""
    for block in report:
        if _action(block) != "failed":
            continue
        said = whole_line(str(block.get("Diagnostic-Code", ""))[:LONGEST_SAID])
        status = CODE.search(str(block.get("Status", "")))
        code = status[0] if status else ""
        if code in {"", "5.0.0"} and (finer := CODE.search(said)):
            code = finer[0]
        yield Failure(discreet(said or code)[:500] or "5.0.0", dead=code in smtp.NOBODY_THERE)


def _names(letter: Message) -> set[str]:
    """All that may be the name of a mail of ours, in whatever header or part it stands."""
    found: set[str] = set()
    for part in letter.walk():
        told = [f"{name}: {value}" for name, value in part.items()]
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            told.append(payload[:A_PART].decode("utf-8", "replace"))
        for text in told:
            found |= {each.lower() for each in NAME.findall(text)}
        if len(found) > AT_MOST:
            return set()
    return found
