"""The mail server: one conversation a mail, and whether a refusal is for now or for good."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

from alongside.core.errors import phrase
from alongside.core.logs import discreet
from alongside.outreach.models import Mail

TIMEOUT = 20.0
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Temporary(Exception):
    """Not now: the server is away, busy, greylisting us, or set up wrongly. Worth another try."""


class Permanent(Exception):
    """Not ever: the server will not take this mail for this address."""


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    tls_from_the_start: bool


def server() -> Server | None:
    """The mail server of ALONGSIDE_SMTP_URL, or None where mail waits."""
    if not settings.ALONGSIDE.smtp_url:
        return None
    url = urlsplit(settings.ALONGSIDE.smtp_url)
    tls = url.scheme == "smtps"
    return Server(
        host=url.hostname or "localhost",
        port=url.port or (465 if tls else 587 if url.username else 25),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        tls_from_the_start=tls,
    )


def deliver(mail: Mail, to_server: Server) -> None:
    """Hand one mail over; returns once the server has taken responsibility for it."""
    envelope_to = sanitize_address(mail.to, "utf-8")
    envelope_from = parseaddr(settings.ALONGSIDE.mail_from)[1]
    try:
        connection = _connect(to_server)
        try:
            connection.sendmail(envelope_from, [envelope_to], compose(mail))
        finally:
            _leave(connection)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise _by_code(code, words) from refused
    except smtplib.SMTPDataError as refused:
        raise _by_code(refused.smtp_code, refused.smtp_error) from refused
    except smtplib.SMTPResponseException as refused:
        # Before the recipient was named: our own address, password or standing, not this mail.
        raise Temporary(_said(refused.smtp_code, refused.smtp_error)) from refused
    except (smtplib.SMTPException, OSError) as away:
        raise Temporary(phrase("The mail server did not answer: %(why)s", why=str(away)[:400])) from away


def _connect(to: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if to.tls_from_the_start:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT)
    try:
        _greet(connection, to, context)
    except BaseException:
        connection.close()
        raise
    return connection


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye. What goes wrong now must not make us send again what was accepted."""
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _greet(connection: smtplib.SMTP, to: Server, context: ssl.SSLContext) -> None:
    connection.ehlo()
    secret = to.tls_from_the_start
    if not secret and connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
        secret = True
    if not to.user:
        return
    if not secret and to.host not in LOOPBACK:
        raise Temporary(
            phrase("The mail server offers no encryption, and a password is not sent without it.")
        )
    connection.login(to.user, to.password)


def _by_code(code: int, words: bytes | str) -> Temporary | Permanent:
    return Permanent(_said(code, words)) if code >= 500 else Temporary(_said(code, words))


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return discreet(f"{code} {' '.join(text.split())}")[:500]


def compose(mail: Mail) -> bytes:
    """The message as it travels. The same at every attempt, down to its id and date."""
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
    }
    if mail.language:
        headers["Content-Language"] = mail.language
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
    message = EmailMultiAlternatives(
        mail.subject, mail.text, _sender(mail), [mail.to], headers=headers, reply_to=_reply_to(mail)
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # stubs know Django 6 alone


def _sender(mail: Mail) -> str:
    """Our address, under the agency's name: who speaks is who people know."""
    name, address = parseaddr(settings.ALONGSIDE.mail_from)
    return formataddr((mail.agency.name if mail.agency else name, address))


def _reply_to(mail: Mail) -> list[str]:
    return [mail.agency.contact_email] if mail.agency and mail.agency.contact_email else []
