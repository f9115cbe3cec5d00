"""Write an entry, sign a day, change the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.origins import Origin
from alongside.ledger import chain, keys, queries
from alongside.ledger.chain import (
    BEGUN,
    CHANGED,
    CONFIRMED,
    FORMAT,
    LOST,
    NOTHING,
    RESTORED,
    SEALED,
    public_of,
)
from alongside.ledger.kinds import kinds
from alongside.ledger.models import Entry

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
# Codes, days, ids, digests. Words have spaces, addresses an @: they are committed to (ledger.commitments).
CODE = re.compile(r"[A-Za-z0-9:._/-]{0,128}", re.ASCII)
TO_PUT_KEYS_BACK = timedelta(days=1)


class NotForTheLedger(ValueError):
    """A room would write what the ledger does not take: a kind that it has not declared, or words."""


def record(agency: Agency, kind: str, body: Mapping[str, Any], *, about: Origin | str = "") -> Entry:
    """Add an entry, in the transaction of what it tells of: both are there, or neither. Three questions.

    `kind`: one of the room's manifest (`Manifest.ledger`). `body`: small names, and for each a whole number, a code
    (letters, digits and :._/- without a space), a list or an object of these. A text never: commit to it. `about`: the
    key of what it tells of. Until the transaction ends, whoever else writes in this agency's ledger waits. Raises
    NotForTheLedger.
    """
    if kind in chain.OWN or kind not in kinds():
        raise NotForTheLedger(f"{kind}: no manifest declares this kind of entry")
    _check(body)
    return _append(agency, kind, dict(body), about=str(Origin.of(str(about))) if about else "")


def _check(value: Any, name: str = "body") -> None:
    if isinstance(value, Mapping):
        for each, inner in value.items():
            if not (isinstance(each, str) and NAME.fullmatch(each)):
                raise NotForTheLedger(f"{each!r}: a name in an entry is small letters, digits and _")
            _check(inner, each)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, name)
    elif isinstance(value, str) and not CODE.fullmatch(value):
        raise NotForTheLedger(f"{name}: words do not enter the ledger, only a commitment to them")


@transaction.atomic
def begin(agency: Agency) -> Entry:
    """The first entry: whose ledger it is, and by which key its days are signed. Where there is one, it stays."""
    key = public_of(keys.newest(agency))
    body = {"agency": agency.slug, "format": FORMAT, "key": key, "name": agency.name}
    made = _made(BEGUN, body, n=1, previous=NOTHING, not_before="")
    try:
        with transaction.atomic():
            return Entry.objects.create(agency=agency, **made)
    except IntegrityError:  # of two who begin at once, one has
        return Entry.objects.of(agency).get(n=1)


@transaction.atomic
def seal(agency: Agency) -> Entry | None:
    """Sign the day that is over: once, and also when nothing was written on it. None where there is nothing to sign.

    What was not signed in time, because no machine ran, is covered by the next day that is.
    """
    day = agency.today() - timedelta(days=1)
    _last(agency)
    if _day_of(agency, Entry.objects.of(agency).get(n=1)) > day or day <= _last_signed(agency):
        return None
    key = _key_to_sign_with(agency)
    return _append(agency, SEALED, {"day": day.isoformat()}, by=key) if key else None


@transaction.atomic
def change_key(agency: Agency, *, by: User | None) -> Entry:
    """From here on a new key signs. The old one signs that, so that whoever trusted it may trust the new one.

    Where the old one is not here, it is said to be lost.
    """
    _last(agency)
    old = keys.find(agency, queries.key_of(agency))
    if old is None:
        keys.renew()
        return _give_up(agency, by=by)
    keys.renew()
    changed = _append(agency, CHANGED, {"key": public_of(keys.newest(agency))}, by=old)
    audit.record(agency=agency, by=by, verb="changed the key of", thing=changed)
    return changed


@transaction.atomic
def lose_key(agency: Agency, *, by: User | None) -> Entry:
    """Say that the key is lost, or may be in other hands, and which one signs from here on.

    In every ledger: the keys of all agencies are made of the secrets in one file, and whoever has that has all.
    """
    begin(agency)
    keys.renew()
    return {each.pk: _give_up(each, by=by) for each in queries.with_a_ledger()}[agency.pk]


def _give_up(agency: Agency, *, by: User | None) -> Entry:
    lost = _append(agency, LOST, {"key": public_of(keys.newest(agency))})
    audit.record(agency=agency, by=by, verb="gave up the key of", thing=lost)
    return lost


@transaction.atomic
def confirm_key(agency: Agency, *, by: User) -> Entry | None:
    """A person stands by the key that came after a loss. None where there is nothing to confirm."""
    _last(agency)
    if queries.lost_key(agency) is None:
        return None
    confirmed = _append(agency, CONFIRMED, {"key": queries.key_of(agency)})
    audit.record(agency=agency, by=by, verb="confirmed the key of", thing=confirmed)
    return confirmed


@transaction.atomic
def say_restored() -> int:
    """In each ledger: from here on this is a copy that a backup held, and which head it knew last."""
    begun = queries.with_a_ledger()
    for agency in begun:
        _last(agency)
        head = queries.last_head(agency)
        _append(agency, RESTORED, {"head": head.hash if head else NOTHING})
    return len(begun)


def _key_to_sign_with(agency: Agency) -> Ed25519PrivateKey | None:
    """The secret in use signs. Where the ledger names another key, it is changed first, or said to be lost.

    After a restore a day is left to put the keys back.
    """
    in_force = queries.key_of(agency)
    newest = keys.newest(agency)
    public = public_of(newest)
    if public == in_force:
        return newest
    old = keys.find(agency, in_force)
    if old is None and _was_just_restored(agency):
        return None
    if old is None:
        _append(agency, LOST, {"key": public})
    else:
        _append(agency, CHANGED, {"key": public}, by=old)
    return newest


def _was_just_restored(agency: Agency) -> bool:
    restored = Entry.objects.of(agency).filter(kind=RESTORED).order_by("-n").first()
    return restored is not None and clock.now() < datetime.fromisoformat(restored.at) + TO_PUT_KEYS_BACK


def _last_signed(agency: Agency) -> date:
    head = queries.last_head(agency)
    return date.fromisoformat(head.body["day"]) if head else date.min


def _day_of(agency: Agency, entry: Entry) -> date:
    """On which day of the agency's own an entry was written."""
    return datetime.fromisoformat(entry.at).astimezone(agency.zone).date()


# -- the end of the chain ---------------------------------------------------------------------------
def _append(
    agency: Agency,
    kind: str,
    body: dict[str, Any],
    *,
    about: str = "",
    by: Ed25519PrivateKey | None = None,
) -> Entry:
    with transaction.atomic():
        last = _last(agency)
        made = _made(kind, body, n=last.n + 1, previous=last.hash, not_before=last.at, about=about, by=by)
        return Entry.objects.create(agency=agency, **made)


def _last(agency: Agency) -> Entry:
    """The entry that the next one follows, ours alone until the transaction ends.

    PostgreSQL locks the first entry of each ledger, SQLite all of the database (a transaction begins IMMEDIATE). The
    last is asked for behind the lock.
    """
    ours = Entry.objects.of(agency)
    if ours.select_for_update().filter(n=1).first() is None:
        begin(agency)
        ours.select_for_update().get(n=1)
    return ours.order_by("-n")[:1].get()


def _made(
    kind: str,
    body: dict[str, Any],
    *,
    n: int,
    previous: str,
    not_before: str,
    about: str = "",
    by: Ed25519PrivateKey | None = None,
) -> dict[str, Any]:
    """The columns of an entry. Its hour, and no minute; and never an earlier one, whatever the clock says."""
    at = max(f"{clock.now():%Y-%m-%dT%H}:00:00Z", not_before)
    said: dict[str, Any] = {
        "about": about,
        "at": at,
        "body": body,
        "kind": kind,
        "n": n,
        "previous": previous,
    }
    try:
        whole = chain.with_hash(chain.signed(said, by) if by else said)
        line = chain.canonical(whole)
    except chain.NotCanonical as wrong:
        raise NotForTheLedger(f"{kind}: {wrong}") from wrong
    if len(line) >= chain.LONGEST:
        raise NotForTheLedger(f"{kind}: an entry has fewer than {chain.LONGEST} bytes")
    return {"n": n, "kind": kind, "about": about, "hash": whole["hash"], "line": line.decode()}
