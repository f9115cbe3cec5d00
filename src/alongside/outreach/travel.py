"""A mail as it travels, and its way to the mail server."""

from __future__ import annotations

from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

from alongside.outreach.models import Mail
from alongside.outside import smtp


def deliver(mail: Mail, to_server: smtp.Server) -> None:
    """Hand one mail over; returns once the server has taken responsibility for it."""
    smtp.hand_over(
        compose(mail),
        sender=parseaddr(settings.ALONGSIDE.mail_from)[1],
        to=sanitize_address(mail.to, "utf-8"),
        server=to_server,
    )


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
