"""What we write to people who come and left an address. Each mail says when and where, and carries its own link.

Each is made when it leaves, from the answer and the gathering as they are then, or is true no longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies import bearers
from alongside.core import clock, formats
from alongside.core.authored import Words
from alongside.core.errors import phrase
from alongside.core.links import absolute
from alongside.core.readers import written_for
from alongside.gatherings import access
from alongside.gatherings.models import Gathering, Notice, Rsvp, State, Status
from alongside.outreach import actions as outreach
from alongside.outreach import quiet
from alongside.outreach.models import Letter, Mail, Message, Untrue

LINK, AGAIN = "rsvp", "rsvp-again"
# What nobody has to hear at night, unless it is about tomorrow.
CAN_WAIT = frozenset({"cancelled", "moved", "word"})
# Whoever has had one of these knows when and where it is now.
SAY_WHEN = ("gatherings.moved", "gatherings.seated", "gatherings.offer")
OVER = phrase("It was over by then.")
CALLED_OFF = phrase("It was called off.")
OTHERWISE = phrase("They have answered otherwise since.")
NO_LINK = phrase("Its link opens nothing any more.")
TAKES_PLACE = phrase("It takes place.")
BACK_AGAIN = phrase("It was moved back before they heard of it.")
OTHER_DAY = phrase("It was moved to another day.")
AS_IT_WAS = phrase("It is again as it was before they heard of it.")
BEGUN = phrase("It had begun by then.")


# -- writing them down ------------------------------------------------------------------------------
def tell(
    rsvp: Rsvp, letter: str, facts: Mapping[str, object], *, once: str | None = None, batch: str = ""
) -> None:
    """Write a message, in the transaction that makes its news true. Who left no address finds it on their own page."""
    if not rsvp.address:
        return
    outreach.tell(
        Message(
            f"gatherings.{letter}",
            agency=rsvp.agency,
            to=rsvp.address,
            language=rsvp.language,
            about=rsvp.gathering.key,
            whose=rsvp.key,
            facts=facts,
            once=once,
            batch=batch,
            thing=rsvp,
            typed_until=rsvp.gathering.forget_on,
            can_wait=letter in CAN_WAIT and not quiet.is_soon(rsvp.gathering.starts),
        )
    )


class Told(NamedTuple):
    """When and where people were told that it is."""

    on: date
    at: time
    place: Words


def notify(
    rsvp: Rsvp,
    notice: Notice,
    *,
    token: str,
    before: Told | None = None,
    access_was: Mapping[str, str] | None = None,
) -> None:
    """What happened, and why, in the words of the person who decided; and what its reader knew, as they read it."""
    facts: dict[str, object] = {"token": token, "notice": notice.pk}
    if access_was:
        facts["access"] = dict(access_was)
    if before is not None:
        with written_for(rsvp.language):
            facts["before"] = when_and_where(before)
    tell(rsvp, notice.kind, facts, batch=batch_of(notice))


def batch_of(notice: Notice) -> str:
    """By this the mails of one notice are counted."""
    return f"notice:{notice.pk}"


def when_and_where(told: Told | Gathering) -> list[str]:
    """What somebody must know to stand at the right place, as facts: the place as they read it."""
    return [told.on.isoformat(), told.at.isoformat("minutes"), told.place.shown.text]


def forget(rsvp: Rsvp) -> None:
    """Whoever left an address took it back: no mail about this answer keeps it, and none goes out any more."""
    if rsvp.address:
        outreach.forget(rsvp.agency, rsvp.key, to=rsvp.address)


# -- their words, when they leave -------------------------------------------------------------------
def welcome(mail: Mail) -> Letter:
    """You are coming, or you are in line; here is your link."""
    rsvp = _ahead(mail)
    if rsvp.state not in {State.GOING, State.WAITING}:  # an offer says it all
        raise Untrue(OTHERWISE)
    subject = _("You’re coming: %(title)s") if rsvp.state == State.GOING else _("You’re in line: %(title)s")
    return _made(mail, rsvp, subject)


def again(mail: Mail) -> Letter:
    """Somebody answered again with this address: which answer counts is for whoever reads here to say."""
    rsvp: Rsvp = mail.thing or behind_its_link(mail, AGAIN)
    if rsvp.amends is None or not rsvp.gathering.may_take_place:
        raise Untrue(OTHERWISE)
    if not rsvp.address:
        raise Untrue(outreach.TAKEN_BACK)
    slug = rsvp.agency.slug
    facts = {
        "agency": rsvp.agency,
        "gathering": rsvp.gathering,
        "rsvp": rsvp,
        "first": rsvp.amends,
        "choose": absolute(reverse("gatherings:answer-again", args=[slug, mail.known["token"]])),
        "link": own_page(rsvp, mail.known["first"]),
        "page": absolute(rsvp.gathering.get_absolute_url()),
    }
    return Letter(
        subject=_("Two answers: %(title)s") % {"title": rsvp.gathering.titled},
        text=render_to_string("gatherings/mail/again.txt", facts),
        unsubscribe_url=absolute(reverse("gatherings:stop-mail", args=[slug, mail.known["first"]])),
    )


def offer(mail: Mail) -> Letter:
    """Places are free for a party in line, until the hour that holds now."""
    rsvp = _ahead(mail)
    if rsvp.state != State.OFFERED or rsvp.offer_ends is None or rsvp.offer_ends <= clock.now():
        raise Untrue(phrase("The offer has ended, or was answered."))
    if mail.known["since"] != _since(rsvp.waiting_since):
        raise Untrue(phrase("Another offer was made since."))
    return _made(mail, rsvp, _("A place is free: %(title)s"))


def seated(mail: Mail) -> Letter:
    """Who waited has places now, without being asked: nobody is turned away any more, or no time is left to ask."""
    rsvp = _ahead(mail)
    if rsvp.state != State.GOING:
        raise Untrue(OTHERWISE)
    return _made(mail, rsvp, _("You have a place: %(title)s"))


def offered(rsvp: Rsvp, *, token: str) -> None:
    """Places are free for a party in line."""
    tell(rsvp, "offer", {"token": token, "since": _since(rsvp.waiting_since)})


def _since(moment: datetime | None) -> str:
    """By this one offer is told from the next: whoever comes back stands in line anew."""
    return moment.isoformat() if moment else ""


def cancelled(mail: Mail) -> Letter:
    """It is off."""
    rsvp = _reader(mail)
    if not rsvp.gathering.is_cancelled:
        raise Untrue(TAKES_PLACE)
    return _made(mail, rsvp, _("Cancelled: %(title)s"), notice=_notice(mail))


def moved(mail: Mail) -> Letter:
    """It is elsewhere, or at another time, than its reader knows. Of several unheard moves, the last."""
    rsvp, before = _ahead(mail), mail.known["before"]
    mail.must_be_the_last(before=before, access=mail.known.get("access", {}))
    gathering, now = rsvp.gathering, when_and_where(rsvp.gathering)
    known = mail.what_is_known(before, now=now)
    if known == now and not _access_changes(mail, rsvp):
        raise Untrue(BACK_AGAIN)
    subject, was = _("Moved: %(title)s"), _was(gathering, known)
    if known[2] != now[2]:
        was["steps"] = _steps_for(rsvp)
    return _made(mail, rsvp, subject, notice=_notice(mail), **was)


def _was(gathering: Gathering, before: list[str]) -> dict[str, object]:
    """When and where it was: as the first flyers say; where it is again as they say, as its reader knew it."""
    now = when_and_where(gathering)
    when = (
        ""
        if before[:2] == now[:2]
        else formats.when(date.fromisoformat(before[0]), time.fromisoformat(before[1]))
    )
    place = "" if before[2] == now[2] else before[2]
    return {
        "was_when": gathering.formerly or when,
        "was_place": gathering.former_place.shown.with_mark or place,
    }


def word(mail: Mail) -> Letter:
    """What to bring, where to park; or what is another now of access, to whoever relies on it."""
    rsvp = _ahead(mail)
    if "access" in mail.known:
        mail.must_be_the_last(access=mail.known["access"])
        if not _access_changes(mail, rsvp):
            raise Untrue(AS_IT_WAS)
    return _made(mail, rsvp, _("About %(title)s"), notice=_notice(mail))


def reminder(mail: Mail) -> Letter:
    """It is soon. With one tap for those who cannot come after all, so that others know."""
    rsvp = _ahead(mail)
    if rsvp.state != State.GOING:
        raise Untrue(OTHERWISE)
    if rsvp.gathering.on.isoformat() != mail.known["on"]:
        raise Untrue(OTHER_DAY)
    if rsvp.gathering.has_begun:
        raise Untrue(BEGUN)
    mail.must_be_the_last(or_before=SAY_WHEN)
    cannot = absolute(reverse("gatherings:cannot-come", args=[rsvp.agency.slug, mail.known["token"]]))
    return _made(mail, rsvp, _("Reminder: %(title)s"), cannot=cannot)


def _reader(mail: Mail) -> Rsvp:
    """Whose answer it is, if they still want to hear of it, and it helps them. Raises Untrue."""
    rsvp: Rsvp = mail.thing or behind_its_link(mail, LINK)
    if rsvp.address != mail.to:
        raise Untrue(outreach.TAKEN_BACK)
    if rsvp.state == State.CANCELLED:
        raise Untrue(OTHERWISE)
    if rsvp.gathering.is_over:
        raise Untrue(OVER)
    return rsvp


def behind_its_link(mail: Mail, purpose: str) -> Any:
    """What its link opens: a mail whose link was taken back helps nobody. Raises Untrue."""
    try:
        return bearers.opened_by(purpose, mail.known["token"], at=mail.agency).thing
    except bearers.Useless:
        raise Untrue(NO_LINK) from None


def _ahead(mail: Mail) -> Rsvp:
    """The same, of what takes place."""
    rsvp = _reader(mail)
    if rsvp.gathering.status != Status.PUBLISHED:
        raise Untrue(CALLED_OFF if rsvp.gathering.is_cancelled else OVER)
    return rsvp


def _notice(mail: Mail) -> Notice:
    notice = Notice.objects.of(mail.sender).filter(pk=mail.known["notice"]).first()
    if notice is None:
        raise Untrue(phrase("What it was to say was taken back."))
    return notice


def _made(mail: Mail, rsvp: Rsvp, subject: str, **more: object) -> Letter:
    gathering, token = rsvp.gathering, mail.known["token"]
    facts = {
        "agency": rsvp.agency,
        "gathering": gathering,
        "rsvp": rsvp,
        "link": own_page(rsvp, token),
        "page": absolute(gathering.get_absolute_url()),
        **_of_access(mail, rsvp),
        **more,
    }
    template = mail.kind.partition(".")[2]
    return Letter(
        subject=subject % {"title": gathering.titled},
        text=render_to_string(f"gatherings/mail/{template}.txt", facts),
        unsubscribe_url=absolute(reverse("gatherings:stop-mail", args=[rsvp.agency.slug, token])),
        told=when_and_where(gathering),
    )


def _access_changes(mail: Mail, rsvp: Rsvp) -> list[access.AccessChange]:
    """What is another now of access than its reader knew when this was written."""
    return access.changes(mail.known.get("access", {}), access.facts_of(rsvp.gathering.venue))


def _of_access(mail: Mail, rsvp: Rsvp) -> dict[str, object]:
    """What is another now; and whether there are steps. At another place `moved` says that in any case."""
    changed = _access_changes(mail, rsvp)
    return {"access_changes": changed, "steps": _steps_for(rsvp) if changed else ""}


def _steps_for(rsvp: Rsvp) -> str:
    """Whether there is a way without steps where it is now, for whoever asked for one; empty for others."""
    return access.facts_of(rsvp.gathering.venue)["step_free"] if rsvp.without_steps else ""


def own_page(rsvp: Rsvp, token: str) -> str:
    return absolute(reverse("gatherings:answer", args=[rsvp.agency.slug, token]))


# -- what others say of it --------------------------------------------------------------------------
def what_happened(gathering: Gathering) -> str:
    """What stands before a title, where it is not as it was."""
    if gathering.is_cancelled:
        return pgettext("gathering", "Cancelled: ")
    return pgettext("gathering", "Moved: ") if gathering.was_moved else ""
