"""What we write to whoever is asked: the question, a reminder, what changed, thanks. Each with its own link.

Each is made when it leaves, from the roster and the gathering as they are then, or is true no longer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import bearers
from alongside.agencies.models import Agency, Member
from alongside.core import formats
from alongside.core.authored import Words
from alongside.core.errors import phrase
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.gatherings.letters import (
    BACK_AGAIN,
    BEGUN,
    CALLED_OFF,
    OTHER_DAY,
    OTHERWISE,
    OVER,
    TAKES_PLACE,
    behind_its_link,
)
from alongside.gatherings.topics import by_gathering
from alongside.outreach import actions as outreach
from alongside.outreach.models import Letter, Mail, Message, Untrue
from alongside.outreach.models import State as Leaves
from alongside.outreach.subscriptions.models import Happening
from alongside.people.actions import LetGo
from alongside.people.models import Partner
from alongside.rosters import timing
from alongside.rosters.models import INVITEES, Invitee, Part, PartnerInvitation, Post, State

NO_LONGER = phrase("They are not on the list any more.")
NOT_REACHED = phrase("They are not written to at this address any more.")


# -- writing them down ------------------------------------------------------------------------------
def write(invitee: Invitee, news: str, **facts: object) -> bool:
    """Write a message, in the transaction that makes its news true, in the language of who reads it.

    False where we have no address, or a dead one, or they want none of it: then a person has to speak to them.
    """
    if not invitee.email or not invitee.wants(news):
        return False
    # Nothing is left to answer, and only a partner has more to say.
    is_last = news == "released" or (news == "cancelled" and not invitee.may_leave)
    token = "" if is_last else _token(invitee)
    return _tell(invitee, news, whose=invitee.key, token=token, **facts)


def say_gone(invitee: Invitee) -> bool:
    """A draft is thrown away, and its roster with it: what there is to say goes along as facts."""
    gathering = invitee.gathering
    if not invitee.email or not invitee.wants("cancelled"):
        return False
    return _tell(
        invitee,
        "called_off",
        whose=invitee.person.key,
        title=gathering.title.stored,
        place=gathering.place.stored,
        on=gathering.on.isoformat(),
        at=gathering.at.isoformat("minutes"),
    )


def _tell(invitee: Invitee, news: str, *, whose: Origin, **facts: object) -> bool:
    gathering = invitee.gathering
    message = Message(
        f"rosters.{news}",
        agency=gathering.agency,
        to=invitee.email,
        language=invitee.language,
        about=gathering.key,
        whose=whose,
        facts=facts,
        thing=invitee,
        typed_until=timing.link_ends(gathering).date() if _typed_by_link(invitee) else None,
    )
    try:
        return outreach.tell(message).state not in {Leaves.FAILED, Leaves.WITHDRAWN}
    except outreach.BadAddress:  # a table may have brought anything: the others must still hear
        return False


def _typed_by_link(invitee: Invitee) -> bool:
    """Whoever has the link to a partner's entry chose the address: it need not be theirs."""
    return isinstance(invitee.person, Partner) and invitee.person.email_by_link


def _token(invitee: Invitee) -> str:
    """A fresh key to a page of one's own."""
    agency = invitee.gathering.agency
    to = invitee.person if isinstance(invitee.person, Member) else invitee.person.key
    token, _bearer = bearers.issue(invitee.link_is_for, invitee.key, agency=agency, to=to)
    return token


def forget(gone: LetGo) -> None:
    """A partner let go of its address: no mail to it keeps it, and none goes out any more."""
    agency = gone.partner.agency
    for invitee in PartnerInvitation.objects.belonging_to(partner=gone.partner):
        outreach.forget(agency, invitee.key, to=gone.email)
    outreach.forget(agency, gone.partner.key, to=gone.email)


def written_to(agency: Agency, happenings: Sequence[Happening]) -> dict[int, set[str]]:
    """Who is asked to a gathering, and hears of a change as that."""
    numbers, told = by_gathering(happenings), defaultdict[int, set[str]](set)
    for kind in INVITEES:
        rows = kind.objects.of(agency).filter(gathering__public_id__in=numbers).asked()
        for invitee in rows.with_people().select_related("gathering"):
            told[numbers[invitee.gathering.public_id]].add(invitee.email.lower())
    return told


# -- their words, when they leave -------------------------------------------------------------------
def asked(mail: Mail) -> Letter:
    """Can you come?"""
    invitee = _ahead(mail)
    if invitee.state != State.INVITED:
        raise Untrue(OTHERWISE if invitee.state in {State.COMING, State.DECLINED} else NO_LONGER)
    member, partner = _("Can you come? %(title)s"), _("Will you come with us? %(title)s")
    return _made(mail, invitee, partner if invitee.may_leave else member)


def reminder(mail: Mail) -> Letter:
    """It is soon."""
    invitee = _asked(mail)
    if not timing.is_near(invitee.gathering):
        raise Untrue(BEGUN if invitee.gathering.has_begun else OTHER_DAY)
    mail.must_be_the_last()
    return _made(mail, invitee, _("Soon: %(title)s"))


def host(mail: Mail) -> Letter:
    """The host cannot come: you host."""
    invitee = _asked(mail)
    if not isinstance(invitee, Post) or invitee.part != Part.HOST:
        raise Untrue(phrase("Another hosts it by now."))
    mail.must_be_the_last()
    return _made(mail, invitee, _("You host: %(title)s"))


def changed(mail: Mail) -> Letter:
    """It is elsewhere, or at another time, than its reader knows."""
    invitee, before = _asked(mail), mail.known["before"]
    mail.must_be_the_last(before=before)
    now = [timing.what_is_true(invitee.gathering)]
    if mail.what_is_known([before], now=now) == now:
        raise Untrue(BACK_AGAIN)
    return _made(mail, invitee, _("Changed: %(title)s"))


def cancelled(mail: Mail) -> Letter:
    """It is off."""
    invitee = _invitee(mail)
    if not invitee.gathering.is_cancelled:
        raise Untrue(TAKES_PLACE)
    if not invitee.is_asked:
        raise Untrue(OTHERWISE)
    return _made(mail, invitee, _("Cancelled: %(title)s"))


def called_off(mail: Mail) -> Letter:
    """A draft that is gone, with its roster."""
    known, person = mail.known, mail.thing or _person(mail)
    if person is None:
        raise Untrue(NOT_REACHED)
    on, at = date.fromisoformat(known["on"]), time.fromisoformat(known["at"])
    if on < mail.sender.today():
        raise Untrue(OVER)
    title, when = Words.from_stored(known["title"]), formats.when(on, at)
    words = {"agency": mail.sender, "title": title, "when": when, "place": Words.from_stored(known["place"])}
    return Letter(
        _("Cancelled: %(title)s") % {"title": f"{title}, {when}"},
        render_to_string("rosters/mail/called_off.txt", words),
    )


def released(mail: Mail) -> Letter:
    """You need not come."""
    invitee = _ahead(mail)
    if invitee.state != State.RELEASED:
        raise Untrue(phrase("They are on the list again."))
    member, partner = _("You are not needed: %(title)s"), _("Not needed after all: %(title)s")
    return _made(mail, invitee, partner if invitee.may_leave else member)


def thanks(mail: Mail) -> Letter:
    """It is better when residents meet you there, too."""
    invitee = _reached(mail)
    if invitee.state != State.CAME:
        raise Untrue(phrase("They were not there."))
    return _made(mail, invitee, _("Thank you: %(title)s"))


def _reached(mail: Mail) -> Invitee:
    """Whom it is written to, while they are reached there and their link opens something. Raises Untrue."""
    invitee: Invitee | None = mail.thing or _of(mail.whose)
    if invitee is None:
        raise Untrue(NO_LONGER)
    if invitee.email != mail.to or not invitee.wants(mail.kind.partition(".")[2]):
        raise Untrue(NOT_REACHED)
    return invitee


def _of(whose: str) -> Invitee | None:
    key = Origin.of(whose)
    kind = next((each for each in INVITEES if each.opens_as == key.kind), None)
    if kind is None:
        return None
    rows = kind.objects.everywhere().with_people().select_related("gathering__agency", "gathering__venue")
    found: Invitee | None = rows.filter(public_id=key.public_id).first()
    return found


def _invitee(mail: Mail) -> Invitee:
    """The same, while news of it helps them."""
    invitee = _reached(mail)
    if not timing.is_of_use(invitee.gathering):
        raise Untrue(OVER)
    return invitee


def _ahead(mail: Mail) -> Invitee:
    """The same, of what may still take place."""
    invitee = _invitee(mail)
    if not timing.is_ahead(invitee.gathering):
        raise Untrue(CALLED_OFF if invitee.gathering.is_cancelled else OVER)
    return invitee


def _asked(mail: Mail) -> Invitee:
    """The same, of somebody who was asked and has not said no."""
    invitee = _ahead(mail)
    if not invitee.is_asked:
        raise Untrue(OTHERWISE if invitee.state == State.DECLINED else NO_LONGER)
    return invitee


def _person(mail: Mail) -> Member | Partner | None:
    """Who it was, where the roster is gone: while they are with us, and reached there."""
    key = Origin.of(mail.whose)
    if key.kind == Member.KIND:
        members = Member.objects.of(mail.sender).filter(active=True, user__is_active=True)
        return members.filter(public_id=key.public_id, user__email=mail.to).first()
    return Partner.objects.of(mail.sender).filter(public_id=key.public_id, email=mail.to, active=True).first()


def _made(mail: Mail, invitee: Invitee, subject: str) -> Letter:
    gathering, token, news = invitee.gathering, mail.known["token"], mail.kind.partition(".")[2]
    if token and not mail.thing:
        behind_its_link(mail, invitee.link_is_for)
    own_page = absolute(reverse(invitee.door, args=[gathering.agency.slug, token])) if token else ""
    stop = absolute(reverse("rosters:stop-mail", args=[gathering.agency.slug, token])) if token else ""
    words = {
        "agency": gathering.agency,
        "gathering": gathering,
        "invitee": invitee,
        "link": own_page,
        "page": "" if gathering.is_draft else absolute(gathering.get_absolute_url()),
    }
    return Letter(
        subject=subject % {"title": gathering.titled},
        text=render_to_string(f"rosters/mail/{invitee.who}_{news}.txt", words),
        unsubscribe_url=stop if invitee.may_leave else "",
        told=[timing.what_is_true(gathering)],
    )
