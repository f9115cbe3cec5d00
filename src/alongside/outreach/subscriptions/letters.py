"""What we write to those who follow: the question whether they want to, and the news. Each is made when it leaves."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.errors import phrase
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.outreach import actions as outreach
from alongside.outreach.models import Letter, Mail, Message, Untrue
from alongside.outreach.subscriptions import rooms
from alongside.outreach.subscriptions.models import Happening, Subscription, SubscriptionQuerySet
from alongside.outreach.subscriptions.rooms import Item


# -- writing them down ------------------------------------------------------------------------------
def ask(row: Subscription, *, token: str) -> None:
    """Somebody typed this address. The one mail that goes to it before it has said yes, once a day."""
    today = row.agency.today()
    message = Message(
        "outreach.confirm",
        agency=row.agency,
        to=row.address,
        language=row.language,
        whose=_key(row.reader),
        facts={"token": token},
        once=f"confirm:{row.reader}:{today}",
        typed_until=clock.now().date(),
    )
    outreach.tell(message)


def tell(row: Subscription, news: dict[int, Item], *, token: str, number: int) -> None:
    """All that one reader has not been told, in one mail."""
    message = Message(
        "outreach.news",
        agency=row.agency,
        to=row.address,
        language=row.language,
        whose=_key(row.reader),
        facts={"token": token, "happenings": list(news)},
        once=f"news:{row.reader}:{number}",
        thing=list(news.values()),
    )
    outreach.tell(message)


def forget(agency: Agency, reader: str) -> None:
    """Whoever left an address took it back: no mail to it keeps it, and none goes out any more."""
    outreach.forget(agency, _key(reader))


def _key(reader: str) -> Origin:
    return Origin("reader", reader)


# -- their words, when they leave -------------------------------------------------------------------
def confirm(mail: Mail) -> Letter:
    """Do you want this news?"""
    rows = _rows(mail)
    asked = rooms.said(mail.sender, rows.to_confirm() or rows)
    return _made(mail, _("Do you want news from %(agency)s?") % {"agency": mail.sender.name}, asked=asked)


def news(mail: Mail) -> Letter:
    """What happened, as far as it is still true."""
    items: Sequence[Item] = mail.thing or _items(mail)
    if not items:
        raise Untrue(phrase("Nothing of it is true any more."))
    subject, more = items[0].title, len(items) - 1
    if more:
        several = ngettext("%(first)s, and %(n)d more", "%(first)s, and %(n)d more", more)
        subject = several % {"first": subject, "n": more}
    return _made(mail, subject, items=items)


def _items(mail: Mail) -> list[Item]:
    rows = _rows(mail).confirmed()
    if not rows.exists():
        raise Untrue(outreach.TAKEN_BACK)
    happenings = list(Happening.objects.of(mail.sender).filter(pk__in=mail.known["happenings"]))
    return list(rooms.items(mail.sender, happenings).values())


def _rows(mail: Mail) -> SubscriptionQuerySet:
    """What its reader asked for, while they read at this address. Raises Untrue."""
    rows = Subscription.objects.of(mail.sender).standing()
    theirs = rows.filter(reader=Origin.of(mail.whose).public_id, address=mail.to)
    if not theirs.exists():
        raise Untrue(outreach.TAKEN_BACK)
    return theirs


def _made(mail: Mail, subject: str, **more: object) -> Letter:
    slug, token = mail.sender.slug, mail.known["token"]
    own_page = absolute(reverse("outreach:subscriptions", args=[slug, token]))
    facts = {"agency": mail.sender, "link": own_page, **more}
    return Letter(
        subject=subject,
        text=render_to_string(f"outreach/mail/{mail.kind.partition('.')[2]}.txt", facts),
        unsubscribe_url=absolute(reverse("outreach:stop-news", args=[slug, token])),
    )
