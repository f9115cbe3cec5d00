"""What we write to people who come and left a contact. Each mail says when and where, and carries its own link."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.core.links import absolute
from alongside.core.readers import written_for
from alongside.gatherings.models import Gathering, Notice, NoticeKind, Rsvp
from alongside.outreach import actions as outreach


def welcome(rsvp: Rsvp, *, token: str) -> None:
    """You are coming, or you are in line; here is your link."""
    with written_for(rsvp.language):
        subject = _("You’re coming: %(title)s") if rsvp.state == "going" else _("You’re in line: %(title)s")
        _send(rsvp, subject, "welcome", token)


def offer(rsvp: Rsvp, *, token: str) -> None:
    """Places are free for a party in line. Who left no address finds the offer on their own page."""
    with written_for(rsvp.language):
        _send(rsvp, _("A place is free: %(title)s"), "offer", token)


def seated(rsvp: Rsvp, *, token: str) -> None:
    """Who waited has places now, without being asked: nobody is turned away any more, or no time is left to ask."""
    with written_for(rsvp.language):
        _send(rsvp, _("You have a place: %(title)s"), "seated", token)


def notify(rsvp: Rsvp, notice: Notice, *, token: str) -> None:
    """What happened, and why, in the words of the person who decided."""
    with written_for(rsvp.language):
        subject = {
            NoticeKind.CANCELLED: _("Cancelled: %(title)s"),
            NoticeKind.MOVED: _("Moved: %(title)s"),
            NoticeKind.WORD: _("About %(title)s"),
        }[NoticeKind(notice.kind)]
        _send(rsvp, subject, notice.kind, token, notice=notice)


def remind(rsvp: Rsvp, *, token: str, key: str) -> None:
    """It is soon. With one tap for those who cannot come after all, so that others know."""
    with written_for(rsvp.language):
        cannot = absolute(reverse("gatherings:cannot-come", args=[rsvp.agency.slug, token]))
        _send(rsvp, _("Reminder: %(title)s"), "reminder", token, key=key, cannot=cannot)


def what_happened(gathering: Gathering) -> str:
    """What stands before a title, where it is not as it was."""
    if gathering.is_cancelled:
        return _("Cancelled: ")
    return _("Moved: ") if gathering.was_moved else ""


def own_page(rsvp: Rsvp, token: str) -> str:
    return absolute(reverse("gatherings:answer", args=[rsvp.agency.slug, token]))


def _send(
    rsvp: Rsvp, subject: str, template: str, token: str, *, key: str | None = None, **more: object
) -> None:
    """Write a mail into the outbox, in the transaction that makes its news true."""
    if not hasattr(rsvp, "contact"):
        return
    gathering = rsvp.gathering
    link = own_page(rsvp, token)
    facts = {
        "agency": rsvp.agency,
        "gathering": gathering,
        "rsvp": rsvp,
        "link": link,
        "page": absolute(gathering.get_absolute_url()),
        **more,
    }
    outreach.send(
        agency=rsvp.agency,
        to=rsvp.contact.email,
        subject=subject % {"title": f"{gathering.title}, {gathering.when}"},
        text=render_to_string(f"gatherings/mail/{template}.txt", facts),
        unsubscribe_url=absolute(reverse("gatherings:stop-mail", args=[rsvp.agency.slug, token])),
        key=key,
        about="" if key else _about(rsvp),
    )


def forget(rsvp: Rsvp) -> None:
    """Whoever left an address took it back: no mail about this answer keeps it, and none goes out any more."""
    if hasattr(rsvp, "contact"):
        for keys in (_about(rsvp), reminder_keys(rsvp)):
            outreach.forget(rsvp.agency, keys=keys, to=rsvp.contact.email)


def _about(rsvp: Rsvp) -> str:
    return f"rsvp:{rsvp.public_id}:"


def reminder_keys(rsvp: Rsvp) -> str:
    """How the key of each reminder begins: which one, and for which day, is said by whoever sends it."""
    return f"remind:{rsvp.public_id}:"
