"""A mail as it travels: seven bits wide, its headers folded where any reader finds them; and its way to the server."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri, punycode

from alongside.core.errors import phrase
from alongside.outreach.models import Mail
from alongside.outside import smtp
from alongside.outside.servers import Server

# What every server takes. One that takes eight bits may hand on to one that does not.
SEVEN_BITS = SMTP.clone(cte_type="7bit")
WIDTH = 76
# Bytes of an encoded word, so that it is no longer than the 75 characters that are allowed (RFC 2047).
IN_A_WORD = 45
PLAIN = re.compile(r"[!-~]{1,60}")
ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]{1,60}", re.ASCII)
QUOTABLE = re.compile(r"[ -~]{1,60}")


def deliver(mail: Mail, to_server: Server) -> None:
    """Hand one mail over; returns once the server has taken responsibility for it."""
    smtp.hand_over(compose(mail), sender=_comes_back_to(mail), to=reachable(mail.to), server=to_server)


def name_of(public_id: str) -> str:
    """The Message-ID of a new mail. Nobody can guess it: who names it in a report has seen the mail."""
    return f"<{public_id}.{secrets.token_hex(8)}@{our_domain()}>"


def _comes_back_to(mail: Mail) -> str:
    """Where servers send it back: the mailbox for that; where it may have a name of its own there, that of the mail."""
    returns = settings.ALONGSIDE.mail_returns or _our_address()
    return reachable(returns.replace("*", mail.message_id.strip("<>").rpartition("@")[0]))


def our_domain() -> str:
    return _our_address().rpartition("@")[2] or "localhost"


def reachable(address: str) -> str:
    """An address in letters that every mail server knows; raises smtp.Permanent where there are none for it."""
    local, _at, domain = address.rpartition("@")
    try:
        local.encode("ascii")
        return f"{local}@{punycode(domain)}"
    except UnicodeError:
        raise smtp.Permanent(
            phrase("Mail to an address with letters such as these does not arrive.")
        ) from None


def in_ascii(url: str) -> str:
    """An address of the web in letters that every header may have, whatever letters its host has."""
    parts = urlsplit(url)
    return iri_to_uri(urlunsplit(parts._replace(netloc=punycode(parts.netloc))))


def compose(mail: Mail) -> bytes:
    """The message as it travels. The same at every attempt, down to its id and date."""
    body = EmailMessage(policy=SEVEN_BITS)
    body.set_content(mail.text)
    if mail.html:
        body.add_alternative(mail.html, subtype="html")
        body.set_boundary(f"={mail.public_id}")
    head = "".join(header(name, words) for name, words in _headers(mail))
    return head.encode("ascii") + body.as_bytes()


def _headers(mail: Mail) -> Iterator[tuple[str, Iterable[str]]]:
    """Each with its words: a line is folded between two, and never within one."""
    yield "Subject", _text(mail.subject)
    yield "From", [*_name(_sender_name(mail)), f"<{_our_address()}>"]
    yield "To", [reachable(mail.to)]
    if mail.agency and mail.agency.contact_email:
        yield "Reply-To", [reachable(mail.agency.contact_email)]
    yield "Message-ID", [mail.message_id]
    yield "Date", [format_datetime(mail.created_at)]
    yield "Auto-Submitted", ["auto-generated"]
    if mail.language:
        yield "Content-Language", [mail.language]
    if mail.unsubscribe_url:
        yield "List-Unsubscribe", [f"<{in_ascii(mail.unsubscribe_url)}>"]
        # One click in Gmail or Outlook posts these words to it (RFC 8058): `core.doors.one_click` lets them in.
        yield "List-Unsubscribe-Post", ["List-Unsubscribe=One-Click"]


def header(name: str, words: Iterable[str]) -> str:
    """One header. Its first word stands beside its name, however long: some readers find it nowhere else."""
    first, *others = words
    lines = [f"{name}: {first}"]
    for word in others:
        if len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return "\r\n".join(lines) + "\r\n"


def _text(text: str, plain: re.Pattern[str] = PLAIN) -> list[str]:
    """Words that anybody can read, as they are; from the first of the others to the last of them, encoded.

    So is whatever looks as if it were encoded, and a space that is not single.
    """
    words = text.split(" ")
    odd = [at for at, word in enumerate(words) if not plain.fullmatch(word) or "=?" in word]
    if not odd:
        return words
    before, between, after = words[: odd[0]], words[odd[0] : odd[-1] + 1], words[odd[-1] + 1 :]
    return [*before, *_encoded(" ".join(between)), *after]


def _encoded(text: str) -> Iterator[str]:
    """Encoded words, each of whole characters: every one is read by itself (RFC 2047)."""
    piece = b""
    for character in text:
        # A lone half of a character, which no letter has, would end everything.
        written = character.encode("utf-8", "replace")
        if len(piece) + len(written) > IN_A_WORD:
            yield _encoded_word(piece)
            piece = b""
        piece += written
    yield _encoded_word(piece)


def _encoded_word(piece: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(piece).decode('ascii')}?="


def _name(name: str) -> list[str]:
    """A name before an address: quoted where it has commas and the like."""
    if QUOTABLE.fullmatch(name) and not all(map(ATOM.fullmatch, name.split(" "))):
        return ['"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return _text(name, ATOM) if name else []


def _sender_name(mail: Mail) -> str:
    """The agency's: who speaks is who people know."""
    return mail.agency.name if mail.agency else parseaddr(settings.ALONGSIDE.mail_from)[0]


def _our_address() -> str:
    return reachable(parseaddr(settings.ALONGSIDE.mail_from)[1])
