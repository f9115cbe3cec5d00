"""What we write to whoever is asked: the question, a reminder, what changed, thanks. Each with its own link."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import bearers
from alongside.agencies.models import Member
from alongside.core.links import absolute
from alongside.core.readers import written_for
from alongside.outreach import actions as outreach
from alongside.people.actions import LetGo
from alongside.rosters.models import Invitee, PartnerInvitation

# Nothing is left to answer: these carry no link.
LAST_WORDS = frozenset({"member_cancelled", "member_released"})


def write(invitee: Invitee, news: str, *, link: bool = True) -> bool:
    """Write a mail into the outbox, in the transaction that makes its news true, in the language of who reads it.

    False where we have no address, or they want none of it: then a person has to speak to them. Without `link`
    where their page goes, too.
    """
    gathering, template = invitee.gathering, f"{invitee.who}_{news}"
    if not invitee.email or not invitee.wants(news):
        return False
    with written_for(invitee.language):  # a page's language is in its address, too
        own_page = _own_page(invitee) if link and template not in LAST_WORDS else ""
        words = {
            "agency": gathering.agency,
            "gathering": gathering,
            "invitee": invitee,
            "link": own_page,
            "page": absolute(gathering.get_absolute_url()) if link and not gathering.is_draft else "",
        }
        subject = subject_of(template) % {"title": f"{gathering.title}, {gathering.when}"}
        text = render_to_string(f"rosters/mail/{template}.txt", words)
        try:
            outreach.send(
                agency=gathering.agency,
                to=invitee.email,
                subject=subject,
                text=text,
                unsubscribe_url=own_page if invitee.may_leave else "",
                about=_about(invitee),
            )
        except outreach.BadAddress:  # a table may have brought anything: the others must still hear
            return False
    return True


def forget(gone: LetGo) -> None:
    """A partner let go of its address: no mail to it keeps it, and none goes out any more."""
    for invitee in PartnerInvitation.objects.belonging_to(partner=gone.partner):
        outreach.forget(gone.partner.agency, keys=_about(invitee), to=gone.email)


def _about(invitee: Invitee) -> str:
    return f"{invitee.who}:{invitee.public_id}:"


def _own_page(invitee: Invitee) -> str:
    """The address of a page of one's own, with a fresh key."""
    agency = invitee.gathering.agency
    to = invitee.person if isinstance(invitee.person, Member) else invitee.person.key
    token, _bearer = bearers.issue(invitee.link_is_for, invitee.key, agency=agency, to=to)
    return absolute(reverse(invitee.door, args=[agency.slug, token]))


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
