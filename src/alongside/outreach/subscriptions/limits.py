"""How often anybody's word makes us write to an address: decided here, before a message is written, for every door.

Whoever types an address need not be the one who reads it. So an address that was only typed gets a few first mails a
day and a month, whatever they are about and at whichever agency; what follows from one of them (a reminder, a
cancellation) belongs to it and is free. An address that has itself said yes to news is not held so short. Nothing is
said to whoever typed it: a refusal that depended on an address would tell who else has written to us.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.encoding import punycode

from alongside.core import clock, keys, tokens
from alongside.outreach.subscriptions.models import FirstMail, Subscription

A_DAY, A_MONTH = 6, 20
# For an address that has said yes to us itself.
KNOWN_A_DAY, KNOWN_A_MONTH = 30, 150
# Mails to one mailbox about one thing.
FOLLOW_A_DAY = 8
MONTH = timedelta(days=30)
PURPOSE = "address"
# Where dots in a name make no other mailbox.
DOTLESS = frozenset({"gmail.com"})
SAME = {"googlemail.com": "gmail.com"}


def may_write(to: str, *, about: str, until: date | None = None) -> bool:
    """Whether we write to this address about this: because we did before, or because there is room for a first mail.

    Asked again about the same, the answer stays yes until that day, and a month at least.
    """
    digests = _digests(to)
    for _attempt in range(KNOWN_A_DAY):
        written = FirstMail.objects.filter(digest__in=digests, about=about).first()
        if written is not None:
            return _follows(written, until)
        first = _first(to, digests, about, until)
        if first is None or _is_mine(first):
            return first is not None
    return False


def _follows(written: FirstMail, until: date | None) -> bool:
    """What follows from a first mail, such as a reminder, is free; but no more than so many a day."""
    today = clock.now().date()
    written.that_day = written.that_day + 1 if written.last_on == today else 1
    written.last_on = today
    if written.that_day > FOLLOW_A_DAY:
        return False
    written.until = max(written.until, until or today)  # it may have been moved to a later day
    written.save(update_fields=["last_on", "that_day", "until"])
    return True


def _first(to: str, digests: list[str], about: str, until: date | None) -> FirstMail | None:
    """The next room for a first mail about this; None where there is none."""
    today = clock.now().date()
    rows = FirstMail.objects.filter(digest__in=digests, day__gt=today - MONTH)
    days = list(rows.values_list("day", flat=True))
    number, (a_day, a_month) = days.count(today), _room(to)
    if number >= a_day or len(days) >= a_month:
        return None
    row = FirstMail(digest=digests[-1], about=about, day=today, last_on=today, number=number)
    row.until = max(until or today, today + MONTH)
    return row


def forget() -> int:
    """Delete what nothing follows from any more. Returns how many."""
    gone, _by_model = FirstMail.objects.filter(until__lt=clock.now().date()).delete()
    return gone


def mailbox(address: str) -> str:
    """Whose box it is, to be counted by: `ben+1@` and `ben+2@` arrive in one."""
    name, _at, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    domain = punycode(domain)
    domain = SAME.get(domain, domain)
    name = name.partition("+")[0]
    return f"{name.replace('.', '') if domain in DOTLESS else name}@{domain}"


def _is_mine(row: FirstMail) -> bool:
    """Two at once cannot take the same room: the database refuses the second, which looks again."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _room(to: str) -> tuple[int, int]:
    known = Subscription.objects.everywhere().standing().confirmed().filter(address=to.strip().lower())
    return (KNOWN_A_DAY, KNOWN_A_MONTH) if known.exists() else (A_DAY, A_MONTH)


def _digests(to: str) -> list[str]:
    return tokens.digests(PURPOSE, mailbox(to), ring=keys.ADDRESSES)
