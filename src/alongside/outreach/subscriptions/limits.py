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
DOTLESS = frozenset({"gmail.com", "googlemail.com"})


def may_write(to: str, *, about: str, until: date | None = None) -> bool:
    """Whether we write to this address about this: because we did before, or because there is room for a first mail.

    Asked again about the same, the answer stays yes until that day, and a month at least.
    """
    written = FirstMail.objects.filter(digest__in=_digests(to), about=about).first()
    return _follows(written, until) if written is not None else first(to, about=about, until=until)


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


def was_written(to: str, *, about: str) -> bool:
    """Whether a first mail about this went to the address."""
    return FirstMail.objects.filter(digest__in=_digests(to), about=about).exists()


def first(to: str, *, about: str, until: date | None = None) -> bool:
    """Take room for a first mail about this; False where there is none, or it was taken before."""
    today = clock.now().date()
    row = FirstMail(digest=_digests(to)[-1], about=about, day=today, last_on=today)
    row.until = max(until or today, today + MONTH)
    a_day, a_month = _room(to)
    for _attempt in range(a_day):
        row.number, this_month = _taken(to, today)
        if row.number >= a_day or this_month >= a_month or was_written(to, about=about):
            return False
        if _is_mine(row):
            return True
    return False


def forget() -> int:
    """Delete what nothing follows from any more. Returns how many."""
    gone, _by_model = FirstMail.objects.filter(until__lt=clock.now().date()).delete()
    return gone


def mailbox(address: str) -> str:
    """Whose box it is, to be counted by: `ben+1@` and `ben+2@` arrive in one."""
    name, _at, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
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


def _taken(to: str, today: date) -> tuple[int, int]:
    """How many first mails today, and in a month."""
    rows = FirstMail.objects.filter(digest__in=_digests(to), day__gt=today - MONTH)
    days = list(rows.values_list("day", flat=True))
    return days.count(today), len(days)


def _digests(to: str) -> list[str]:
    return tokens.digests(PURPOSE, mailbox(to), ring=keys.ADDRESSES)
