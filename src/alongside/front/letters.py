"""What we write to whoever is invited to work here."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import actions as agencies
from alongside.agencies import bearers
from alongside.agencies.models import Member, User
from alongside.core.errors import phrase
from alongside.core.links import absolute
from alongside.outreach import actions as outreach
from alongside.outreach.models import Letter, Mail, Message, Untrue


def invite(member: Member, *, email: str, token: str, by: User) -> None:
    """Write a message, in the transaction that makes the link."""
    agency = member.agency
    message = Message(
        "front.invitation",
        agency=agency,
        to=email,
        language=agencies.language_of(email, at=agency),
        about=member.key,
        whose=member.key,
        facts={"token": token, "by": str(by.membership_at(agency) or by)},
    )
    outreach.tell(message)
    outreach.look_again(agency, member.key)


def invitation(mail: Mail) -> Letter:
    """Choose a password; while the link opens and is the last one."""
    token = mail.known["token"]
    try:
        opened = agencies.open_invitation(token)
    except bearers.Useless:
        raise Untrue(phrase("It was used, taken back, or followed by another.")) from None
    words = {
        "by": mail.known["by"],
        "agency": opened.agency.name,
        "days": agencies.INVITATION_DAYS,
        "link": link_of(token),
    }
    return Letter(
        subject=_("Join %(agency)s on Alongside") % words,
        text=_(
            "%(by)s invites you to work with %(agency)s on Alongside.\n\n"
            "Open this link within %(days)s days to choose a password:\n%(link)s\n\n"
            "If you did not expect this, do nothing."
        )
        % words,
    )


def link_of(token: str) -> str:
    """In the language of the moment."""
    return absolute(reverse("front:invitation", args=[token]))
