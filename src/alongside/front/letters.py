"""What we write to whoever is invited to work here; and in the morning, to whom something waits for."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import actions as agencies
from alongside.agencies import bearers
from alongside.agencies.models import Member, User
from alongside.core.errors import phrase
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.front.morning import keys_of, told_by_mail
from alongside.front.needs import ForMember, needs_of
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


# -- in the morning ---------------------------------------------------------------------------------
def morning(mail: Mail) -> Letter:
    """What waits for one member and was new when it was written; not a word of what is done since."""
    member = mail.thing or _reader(mail)
    if member is None:
        raise Untrue(phrase("They do not work here any more."))
    needs = needs_of(member)
    new = keys_of(told_by_mail(needs)).intersection(mail.known["new"])
    if not new:
        raise Untrue(phrase("It was done before they were told."))
    return _made(member, needs, new)


def _reader(mail: Mail) -> Member | None:
    rows = Member.objects.of(mail.sender).active().filter(user__is_active=True, user__email=mail.to)
    known = rows.filter(public_id=Origin.of(mail.whose).public_id)
    return known.select_related("agency", "user", "rank").prefetch_related("duties").first()


def _made(member: Member, needs: ForMember, new: set[str]) -> Letter:
    slug = member.agency.slug
    own = [row for row in needs.rows if not row.kind.has_own_mail]
    fresh = [row for row in own if new & keys_of(row.waiting)]
    words = {
        "agency": member.agency,
        "new": fresh,
        "known": len(own) - len(fresh),
        "needs": needs,
        "page": absolute(reverse("front:workspace", args=[slug])),
        "stop": absolute(reverse("front:you", args=[slug])),
        "site": absolute(""),
    }
    short = " · ".join(needs.in_short) or needs.late_in_all
    return Letter(
        subject=_("For you: %(short)s") % {"short": short},
        text=render_to_string("front/mail/morning.txt", words),
    )
