"""What waits for each member: found by every room, sorted by when, each with its button. Nothing of it is stored.

Whoever sees to more than their own (a commander without a division, where others have one) reads numbers of what lies
with the others: which kind, and who is late.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies.models import Agency, Duty, Member, Role
from alongside.agencies.templatetags.doors import may_open
from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.errors import Phrase
from alongside.core.manifest import NeedKind, follow, manifests
from alongside.core.needs import Need
from alongside.people.queries import commanders
from alongside.places.queries import divisions_of

KINDS_SAID = 4  # in the line above the list


@dataclass(frozen=True)
class Waiting:
    """A need of a kind, the moment by which it is to be done, and the division that it lies in."""

    kind: NeedKind
    need: Need
    until: datetime | None
    division: int | None

    @property
    def key(self) -> str:
        """By this it is known among others; where it stands for many, it is that of the first."""
        return self._key(self.need.key)

    @property
    def keys(self) -> set[str]:
        """By these it is known again from day to day: of all that it stands for."""
        return {self._key(each) for each in self.need.keys or [self.need.key]}

    def _key(self, of: str) -> str:
        return f"{self.kind.name} {of}"

    @property
    def count(self) -> int:
        """For how many it stands; all of them are late, or none."""
        return self.need.count

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until <= clock.now()


@dataclass(frozen=True)
class Row:
    """What one button leads to: one need, or several of a kind on the same page. The first is due first."""

    waiting: Sequence[Waiting]
    agency: Agency

    @property
    def kind(self) -> NeedKind:
        return self.waiting[0].kind

    @property
    def url(self) -> str:
        """Where the button leads: where several wait, to their list; to one alone, at once."""
        first = self.waiting[0].need
        return first.url if self.is_several else first.alone or first.url

    @property
    def about(self) -> Words | Phrase | str:
        """What it is about; of several, what they have in common, or how many there are."""
        abouts = [each.need.about for each in self.waiting]
        alike = len(abouts) == self.count and all(str(each) == str(abouts[0]) for each in abouts)
        return abouts[0] if alike else self.counted

    @property
    def title(self) -> Phrase | str:
        """What is the matter."""
        return self.waiting[0].need.says or str(self.kind.title)

    @property
    def counted(self) -> str:
        return _so_many(self.kind, self.count)

    @property
    def count(self) -> int:
        return _in_all(self.waiting)

    @property
    def is_several(self) -> bool:
        return self.count > 1

    @property
    def is_late(self) -> bool:
        return self.waiting[0].is_late

    @property
    def on(self) -> date | None:
        """The day by which it is to be done."""
        by = self.waiting[0].need.by
        return self.agency.local(by).date() if isinstance(by, datetime) else by

    @property
    def days(self) -> int:
        """How many days it is late; or how many there are left."""
        return abs((self.on - self.agency.today()).days) if self.on else 0

    @property
    def is_today(self) -> bool:
        return self.on == self.agency.today()


@dataclass(frozen=True)
class Count:
    """So many of a kind, or with one person; and how many of them are late."""

    label: str
    late: int

    @property
    def so_late(self) -> str:
        return _so_late(self.late)


@dataclass(frozen=True)
class ForMember:
    """What waits for one member; and for whoever sees to more, the numbers of what waits with others."""

    rows: list[Row]
    others: list[Waiting] = field(default_factory=list)
    by_kind: list[Count] = field(default_factory=list)
    late_with: list[Count] = field(default_factory=list)

    @property
    def in_short(self) -> list[str]:
        """“2 late”, “2 to count”, “6 requests”: how many are late, and the kinds that are most."""
        own = [each for row in self.rows for each in row.waiting]
        counted = _counted(each for each in own if not each.is_late)
        said = [_late(own), *(count.label for count in counted[:KINDS_SAID])]
        return [each for each in said if each]

    @property
    def late_in_all(self) -> str:
        """How many are late with others."""
        return _late(self.others)


class Needs:
    """Everything that waits at an agency, in the language that is switched on, and whose it is."""

    def __init__(self, agency: Agency, among: Iterable[NeedKind] | None = None) -> None:
        self.agency = agency
        wanted = kinds() if among is None else among
        found = [(kind, need) for kind in wanted for need in follow(kind.found_by)(agency)]
        divisions = divisions_of(agency, (need.where for _kind, need in found))
        waiting = [
            Waiting(kind, need, _until(need.by, agency), divisions.get(need.where)) for kind, need in found
        ]
        self.waiting = sorted(waiting, key=lambda each: (each.until is None, each.until or clock.now()))

    @cached_property
    def commands(self) -> dict[int, Member]:
        """Who commands each division."""
        return commanders(self.agency, on=self.agency.today())

    @cached_property
    def held(self) -> frozenset[str]:
        """Roles that somebody holds who can sign in. What is for others is the administrators’."""
        duties = Duty.objects.filter(
            member__agency=self.agency, member__active=True, member__user__is_active=True
        )
        return frozenset(duties.values_list("role", flat=True))

    def of(self, member: Member) -> ForMember:
        """What waits for this member: their own, and for whoever sees to more the numbers of the others’."""
        own = [each for each in self.waiting if self._is_of(member, each)]
        rows = [Row(each, self.agency) for each in _by_page(own)]
        if not self._sees_to_more(member):
            return ForMember(rows)
        mine = {each.key for each in own}
        others = [each for each in self.waiting if each.key not in mine and not each.kind.has_own_mail]
        return ForMember(rows, others, _counted(others), self._late_with(others))

    def _is_of(self, member: Member, waiting: Waiting) -> bool:
        """Whether it is theirs: by name, by a role they hold, or since it lies where they command."""
        need, roles = waiting.need, self._roles(waiting)
        if member.user_id in need.not_for or not may_open(member, waiting.kind.view):
            return False
        if member.user_id in self._named(need) or (member.roles - {Role.COMMANDER}) & roles:
            return True
        if Role.COMMANDER in member.roles & roles:
            return self._lies_with(member, waiting)
        return Role.ADMINISTRATOR in member.roles and bool(roles) and not roles & self.held

    def _roles(self, waiting: Waiting) -> frozenset[str]:
        """Of its kind; no commander's, where only whoever commands there could do it, and nobody does."""
        roles = frozenset(waiting.kind.roles)
        alone = waiting.kind.only_where_commanded and self._chief(waiting) is None
        return roles - {Role.COMMANDER} if alone else roles

    def _chief(self, waiting: Waiting) -> Member | None:
        """Who commands where it lies."""
        return self.commands.get(waiting.division) if waiting.division else None

    def _named(self, need: Need) -> list[int]:
        """The accounts of whoever it names, who answers for it before who commands there; some have none."""
        lead = self.commands.get(need.led_in) if need.led_in is not None else None
        named = [*need.people, lead.user_id if lead is not None else None]
        return [account for account in named if account is not None]

    def _lies_with(self, commander: Member, waiting: Waiting) -> bool:
        """In their division; what nobody commands is of those without one, and what lies nowhere of each."""
        chief = self._chief(waiting)
        if chief is not None:
            return chief.pk == commander.pk
        return waiting.division is None or not self._commands(commander)

    def _commands(self, member: Member) -> bool:
        return any(each.pk == member.pk for each in self.commands.values())

    def _sees_to_more(self, member: Member) -> bool:
        return Role.COMMANDER in member.roles and bool(self.commands) and not self._commands(member)

    def _late_with(self, others: Iterable[Waiting]) -> list[Count]:
        """With whom how many are late: the person named, or who commands there, or whoever holds the role."""
        late: Counter[str] = Counter()
        for each in others:
            late[self._with(each)] += each.count if each.is_late else 0
        return [Count(name, n) for name, n in sorted((+late).items(), key=lambda each: (-each[1], each[0]))]

    def _with(self, waiting: Waiting) -> str:
        named = [self._names[user] for user in self._named(waiting.need) if user in self._names]
        if named:
            return named[0]
        commander = self._chief(waiting)
        if commander is not None and Role.COMMANDER in waiting.kind.roles:
            return str(commander)
        return str(Role(waiting.kind.roles[0]).label) if waiting.kind.roles else _("Nobody in particular")

    @cached_property
    def _names(self) -> dict[int | None, str]:
        members = Member.objects.of(self.agency).exclude(user=None).select_related("rank")
        return {each.user_id: str(each) for each in members}


def kinds() -> list[NeedKind]:
    """All that rooms say may wait for a person."""
    return [kind for room in manifests().values() for kind in room.needs]


def needs_of(member: Member) -> ForMember:
    """What waits for one member now. Kinds that can be none of theirs are not looked for."""
    return Needs(member.agency, [kind for kind in kinds() if _may_concern(member, kind)]).of(member)


def _may_concern(member: Member, kind: NeedKind) -> bool:
    if member.roles & {Role.ADMINISTRATOR, Role.COMMANDER}:
        return True
    return kind.names_people or bool(member.roles & set(kind.roles))


def _so_late(n: int) -> str:
    """“2 late”."""
    return ngettext("%(n)d late", "%(n)d late", n) % {"n": n}


def _so_many(kind: NeedKind, n: int) -> str:
    """“2 to count”."""
    return str(kind.counted % {"n": n})


def _late(waiting: Iterable[Waiting]) -> str:
    """How many of these are late; nothing where none is."""
    late = _in_all(each for each in waiting if each.is_late)
    return _so_late(late) if late else ""


def _in_all(waiting: Iterable[Waiting]) -> int:
    """How many these stand for."""
    return sum(each.count for each in waiting)


def _until(by: date | datetime | None, agency: Agency) -> datetime | None:
    """A day is over when it is over there."""
    if by is None or isinstance(by, datetime):
        return by
    return datetime.combine(by + timedelta(days=1), time.min, agency.zone)


def _by_page(waiting: Iterable[Waiting]) -> list[list[Waiting]]:
    """Together what one button ends, in the order of the first of each."""
    pages: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
    for each in waiting:
        pages[each.kind.name, each.need.url].append(each)
    return list(pages.values())


def _counted(waiting: Iterable[Waiting]) -> list[Count]:
    """So many of each kind, the most first, those with the late ones before."""
    kinds_of: dict[str, list[Waiting]] = defaultdict(list)
    for each in waiting:
        kinds_of[each.kind.name].append(each)
    counts = [
        (_in_all(each for each in some if each.is_late), _in_all(some), _so_many(some[0].kind, _in_all(some)))
        for some in kinds_of.values()
    ]
    return [
        Count(label, late)
        for late, _n, label in sorted(counts, key=lambda each: (-each[0], -each[1], each[2]))
    ]
