"""Links and passes: made for one purpose, hashed, checked at one door, seen and ended from one list.

A room says in its manifest what its links are for (`core.manifest.Purpose`), and what lies behind each (`Behind`). The
door and the list ask the same, so that neither can tell of an end that the other does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alongside.agencies import audit
from alongside.agencies.models import Agency, Bearer, BearerQuerySet, Member, Role, User
from alongside.core import clock, formats, tokens
from alongside.core.errors import Refusal
from alongside.core.manifest import Purpose, follow, manifests, purposes
from alongside.core.origins import Origin
from alongside.core.text import line

KEPT_AFTER = timedelta(days=30)
"""How long it is still to be seen what was ended; then the row goes."""
AT_ONCE = 500
USELESS = gettext_noop(
    "This link is wrong, was used up, or has ended. If you need a new one, ask the agency."
)


class Useless(Refusal):
    """A link or pass that never was, is over, or was ended: whoever tries hears the same."""


class TooEarly(Useless):
    """It is right, and its day has not come."""

    def __init__(self, since: datetime, agency: Agency) -> None:
        super().__init__(_("This works from %(day)s on.") % {"day": formats.moment(agency.local(since))})


@dataclass(frozen=True)
class Behind:
    """What lies behind a link or pass now, as the room says whose thing it is.

    `until` and `since` come from the thing, and move with it. It `stands` while its person, where that is nobody of
    ours, and the thing are still what it was given for.
    """

    thing: Any
    what: str
    until: datetime | None = None
    since: datetime | None = None
    person: str = ""
    stands: bool = True


Asked = Mapping[int, Behind]
"""What a room answers of its links: by their numbers, and without those whose thing is gone."""


@dataclass(frozen=True)
class Held:
    """A link or pass with what lies behind it now; nothing where its thing is gone."""

    bearer: Bearer
    behind: Behind | None

    @property
    def thing(self) -> Any:
        return self.behind and self.behind.thing

    @property
    def person(self) -> str:
        """Who has it, as far as anybody knows."""
        if self.bearer.member:
            return str(self.bearer.member)
        if self.bearer.typed:
            return _("typed: %(name)s") % {"name": self.bearer.typed}
        return (self.behind.person if self.behind else "") or _("a guest")

    @property
    def until(self) -> datetime | None:
        """The first of its own day and the thing's."""
        days = (self.bearer.ends_at, self.behind.until if self.behind else None)
        return min((day for day in days if day), default=None)

    @property
    def is_early(self) -> bool:
        return bool(self.behind and self.behind.since and clock.now() < self.behind.since)

    @property
    def is_over(self) -> bool:
        """It opens nothing, and will not again."""
        if self.bearer.ended_at or self.behind is None or not self.behind.stands:
            return True
        return not _is_with_us(self.bearer) or (self.until is not None and self.until <= clock.now())


def _is_with_us(bearer: Bearer) -> bool:
    """Whoever left, and whoever lost the role they were given it for, holds it no more."""
    member = bearer.member
    if member is None:
        return True
    if not member.active or (member.user is not None and not member.user.is_active):
        return False
    return not bearer.by_role or member.holds(_roles(purposes()[bearer.purpose]))


def _roles(purpose: Purpose) -> list[Role]:
    return [Role(name) for name in purpose.roles]


# -- making -----------------------------------------------------------------------------------------
def issue(
    purpose: str,
    opens: Origin,
    *,
    agency: Agency,
    to: Member | Origin | str = "",
    ends_at: datetime | None = None,
    by: User | None = None,
    code: str = "",
) -> tuple[str, Bearer]:
    """A new link or pass: its token, which nobody can read again, and its row.

    `to`: one of ours, the key of somebody whom a room above knows, a name that was typed, or nobody by name. `code`:
    the token, where people type it; it has as many random bits as its purpose needs.
    """
    known = purposes()[purpose]
    token, digest = tokens.issue(known.digested or known.name, code)
    member = to if isinstance(to, Member) else None
    return token, Bearer.objects.create(
        agency=agency,
        purpose=purpose,
        digest=digest,
        opens=str(opens),
        member=member,
        who=str(to) if isinstance(to, Origin) else "",
        typed=line(to, 80) if isinstance(to, str) else "",
        by_role=member is not None and bool(known.roles) and member.holds(_roles(known)),
        ends_at=ends_at,
        made_by=by,
    )


def proposed(purpose: str, opens: Origin, *, agency: Agency) -> list[Member]:
    """Who of ours would be given one, as rooms say that know more: none of them may be."""
    said = [room.proposes[purpose] for room in manifests().values() if purpose in room.proposes]
    return [member for name in said for member in follow(name)(opens, agency)]


# -- the door ---------------------------------------------------------------------------------------
def opened_by(purpose: str, token: str, *, at: Agency | None = None) -> Held:
    """What a token opens, for this purpose, at this agency (or at whichever). Raises Useless.

    Two questions and those of the room, however many links there are.
    """
    known = purposes()[purpose]
    rows = Bearer.objects.of(at) if at else Bearer.objects.everywhere()
    digests = tokens.digests(known.digested or known.name, token)
    bearer = rows.filter(purpose=purpose, digest__in=digests).with_people().first()
    opened = next(iter(held([bearer] if bearer else [])), None)
    if opened is None or opened.is_over:
        raise Useless(_(USELESS))
    if opened.is_early and opened.behind and opened.behind.since:
        raise TooEarly(opened.behind.since, opened.bearer.agency)
    return opened


def use_up(bearer: Bearer) -> None:
    """It opens once, and this was it. Whoever comes at the same moment comes too late. Raises Useless."""
    now = clock.now()
    rows = Bearer.objects.of(bearer.agency_id).filter(pk=bearer.pk, ended_at=None)
    if not rows.update(used_at=now, ended_at=now):
        raise Useless(_(USELESS))


def use_unseen(bearer: Bearer) -> None:
    """It opens once, and this was it; of it nothing stays, not even when. Raises Useless."""
    gone, _each = Bearer.objects.of(bearer.agency_id).filter(pk=bearer.pk, ended_at=None).delete()
    if not gone:
        raise Useless(_(USELESS))


def was_used(bearer: Bearer) -> None:
    """When something was last done with it: a list shows that a phone still works, or that it fell silent."""
    Bearer.objects.of(bearer.agency_id).filter(pk=bearer.pk).update(used_at=clock.now())


def held(rows: Iterable[Bearer]) -> list[Held]:
    """Each with what lies behind it, in their order: the room of each purpose is asked once."""
    rows = list(rows)
    asked: dict[str, list[Bearer]] = defaultdict(list)
    for bearer in rows:
        asked[bearer.purpose].append(bearer)
    behind: dict[int, Behind] = {}
    for purpose, theirs in asked.items():
        behind |= follow(purposes()[purpose].behind)(theirs)
    return [Held(bearer, behind.get(bearer.pk)) for bearer in rows]


def things_of(rows: Sequence[Bearer], things: QuerySet[Any]) -> dict[int, Any]:
    """What each opens, of a room's own things, by the link's number; without those whose thing is gone."""
    ids = {Origin.of(bearer.opens).public_id for bearer in rows}
    by_key = {str(thing.key): thing for thing in things.filter(public_id__in=ids)}
    return {bearer.pk: by_key[bearer.opens] for bearer in rows if bearer.opens in by_key}


# -- whose, and of what -----------------------------------------------------------------------------
def opening(opens: Origin, *, agency: Agency, purpose: str = "") -> BearerQuerySet:
    """All that open one thing, for a purpose or for any."""
    rows = Bearer.objects.of(agency).filter(opens=str(opens))
    return rows.filter(purpose=purpose) if purpose else rows


def of_person(person: Origin, *, agency: Agency) -> BearerQuerySet:
    """All that one person has, and that may still open something."""
    return Bearer.objects.of(agency).had_by(person).not_ended()


def still_held(rows: BearerQuerySet) -> list[Held]:
    """Of these, what has not ended with its person, its thing or its day."""
    return [each for each in held(rows.not_ended().with_people()) if not each.is_over]


# -- ending -----------------------------------------------------------------------------------------
@transaction.atomic
def end(bearer: Bearer, *, by: User | None) -> None:
    """It opens nothing any more, and never again. What came by it stays. Ended twice is ended once."""
    if end_all(Bearer.objects.of(bearer.agency_id).filter(pk=bearer.pk), by=by):
        audit.record(agency=bearer.agency, by=by, verb="took back", thing=bearer)


def end_all(rows: BearerQuerySet, *, by: User | None) -> int:
    """End these, as part of a deed that the trail tells of. Returns how many there were to end."""
    return rows.filter(ended_at=None).update(ended_at=clock.now(), ended_by=by)


@transaction.atomic
def end_all_of(person: Origin, *, agency: Agency, by: User | None) -> int:
    """End whatever somebody holds, one of ours or not. Returns how many."""
    rows = of_person(person, agency=agency)
    theirs = still_held(rows)
    if theirs:
        end_all(rows, by=by)
        whose = theirs[0].bearer
        audit.record(
            agency=agency,
            by=by,
            verb="took all links and passes from",
            thing=whose.member or whose,
            detail={"ended": len(theirs)},
        )
    return len(theirs)


def end_what_is_over(member: Member, *, by: User | None) -> int:
    """What somebody of ours cannot hold any more, having left or lost a role, ends for good. Returns how many."""
    rows = of_person(member.key, agency=member.agency)
    gone = [each.bearer.pk for each in held(rows.with_people()) if not _is_with_us(each.bearer)]
    return end_all(rows.filter(pk__in=gone), by=by)


# -- forgetting -------------------------------------------------------------------------------------
def forget(opens: Iterable[Origin]) -> int:
    """Delete what opened these things, which are forgotten themselves."""
    keys, gone = iter([str(each) for each in opens]), 0
    while some := list(islice(keys, AT_ONCE)):
        gone += Bearer.objects.everywhere().filter(opens__in=some).delete()[0]
    return gone


def forget_old() -> int:
    """Delete those that are over for a month, or whose thing is gone. The cost grows with those that are handed out."""
    last, gone, long_ago = 0, 0, clock.now() - KEPT_AFTER
    while rows := list(
        Bearer.objects.everywhere().filter(pk__gt=last).with_people().order_by("pk")[:AT_ONCE]
    ):
        last = rows[-1].pk
        old = [each.bearer.pk for each in held(rows) if _is_old(each, long_ago)]
        gone += Bearer.objects.everywhere().filter(pk__in=old).delete()[0]
    return gone


def _is_old(each: Held, long_ago: datetime) -> bool:
    days = [day for day in (each.bearer.ended_at, each.until) if day]
    return each.behind is None or (bool(days) and min(days) < long_ago)
