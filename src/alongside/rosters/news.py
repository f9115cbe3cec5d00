"""What we write to members and partners: the question, a reminder, what changed, thanks. Each with its own link."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.gatherings.models import Gathering
from alongside.gatherings.news import absolute, language_or_default
from alongside.outreach import actions as outreach
from alongside.rosters.models import PartnerInvitation, Post

OWED = frozenset({"changed", "cancelled"})


def to_member(post: Post, template: str, *, token: str = "") -> bool:
    """Write to somebody on the roster. False where we have no address: then a person has to ask them."""
    return _send(
        post.gathering,
        to=post.email,
        language=settings.LANGUAGE_CODE,
        template=f"member_{template}",
        view="rosters:answer",
        token=token,
        facts={"post": post},
    )


def to_partner(invitation: PartnerInvitation, template: str, *, token: str = "") -> bool:
    """Write to a partner, in its own language. False where it has no address, or wants no invitations.

    Whoever said that they come hears of a change all the same.
    """
    partner = invitation.partner
    if not partner.invited and template not in OWED:
        return False
    return _send(
        invitation.gathering,
        to=partner.email,
        language=language_or_default(partner.language),
        template=f"partner_{template}",
        view="rosters:partner",
        token=token,
        facts={"invitation": invitation, "partner": partner},
        may_leave=True,
    )


def _page(view: str, gathering: Gathering, token: str) -> str:
    """The page of one's own; none where there is nothing left to answer."""
    return absolute(reverse(view, args=[gathering.agency.slug, token])) if token else ""


def subject_of(template: str) -> str:
    """What the mail is about, in the language that is switched on."""
    return {
        "member_asked": _("Can you come? %(title)s"),
        "member_reminder": _("Soon: %(title)s"),
        "member_host": _("You host: %(title)s"),
        "member_changed": _("Changed: %(title)s"),
        "member_cancelled": _("Cancelled: %(title)s"),
        "member_released": _("You are not needed: %(title)s"),
        "partner_asked": _("Will you come with us? %(title)s"),
        "partner_reminder": _("Soon: %(title)s"),
        "partner_changed": _("Changed: %(title)s"),
        "partner_cancelled": _("Cancelled: %(title)s"),
        "partner_released": _("Not needed after all: %(title)s"),
        "partner_thanks": _("Thank you: %(title)s"),
    }[template]


def _send(
    gathering: Gathering,
    *,
    to: str,
    language: str,
    template: str,
    view: str,
    token: str,
    facts: dict[str, object],
    may_leave: bool = False,
) -> bool:
    """Write a mail into the outbox, in the transaction that makes its news true."""
    if not to:
        return False
    with translation.override(language):  # the addresses, too: a page's language is in its path
        link = _page(view, gathering, token)
        words = {
            "agency": gathering.agency,
            "gathering": gathering,
            "link": link,
            "page": absolute(gathering.get_absolute_url()) if not gathering.is_draft else "",
            **facts,
        }
        subject = subject_of(template) % {"title": f"{gathering.title}, {gathering.when}"}
        text = render_to_string(f"rosters/mail/{template}.txt", words)
    try:
        outreach.send(
            agency=gathering.agency,
            to=to,
            subject=subject,
            text=text,
            unsubscribe_url=link if may_leave else "",
        )
    except outreach.BadAddress:  # a table may have brought anything: the others must still hear
        return False
    return True
