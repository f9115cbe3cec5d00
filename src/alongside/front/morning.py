"""The mail in the morning: what waits for a member, in one letter a day at most, and none where nothing is new.

By the clock of the agency, once the night is over and before eleven; what its room writes of itself is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from alongside.agencies.models import Agency, Member
from alongside.core import clock
from alongside.core.readers import written_for
from alongside.front.models import Morning
from alongside.front.needs import ForMember, Needs, Waiting
from alongside.outreach import actions as outreach
from alongside.outreach import quiet
from alongside.outreach.models import Message

FIRST_HOUR, LAST_HOUR = quiet.MORNING.hour, 11


def write_all() -> int:
    """Write to everybody at every agency where it is morning. Returns how many letters."""
    return sum(write_at(agency) for agency in Agency.objects.all() if _is_morning(agency))


def _is_morning(agency: Agency) -> bool:
    return FIRST_HOUR <= agency.local(clock.now()).hour < LAST_HOUR


def write_at(agency: Agency) -> int:
    """Write to each member of one agency for whom something new waits, in their language."""
    by_language: dict[str, list[Member]] = defaultdict(list)
    for member in _readers(agency).select_related("agency", "user", "rank").prefetch_related("duties"):
        by_language[member.language].append(member)
    written = 0
    for language, readers in by_language.items():
        with written_for(language):  # links and days are the reader’s, too
            needs = Needs(agency)
            written += sum(_write(member, needs.of(member)) for member in readers)
    return written


def _readers(agency: Agency) -> QuerySet[Member]:
    """Whoever may be written to this morning still: nobody who had a letter today, or wants none."""
    settled = Morning.objects.of(agency).filter(Q(wanted=False) | Q(sent_on=agency.today()))
    members = Member.objects.of(agency).active().filter(user__is_active=True).exclude(user__email="")
    return members.exclude(pk__in=settled.values("member"))


@transaction.atomic
def _write(member: Member, needs: ForMember) -> bool:
    """One letter, if something is new since the last."""
    agency, today = member.agency, member.agency.today()
    rows = Morning.objects.select_for_update()
    morning, _made = rows.get_or_create(member=member, defaults={"agency": agency})
    waiting = sorted(keys_of(told_by_mail(needs)))
    if not morning.wanted or morning.sent_on == today or waiting == morning.told:
        return False
    new = set(waiting) - set(morning.told)
    morning.told = waiting
    if new:
        _send(member, new)
        morning.sent_on = today
    morning.save(update_fields=["told", "sent_on"])
    return bool(new)


def told_by_mail(needs: ForMember) -> list[Waiting]:
    """Their own; and of the others’, for whoever sees to more, what is late."""
    own = [each for row in needs.rows for each in row.waiting if not each.kind.has_own_mail]
    return own + [each for each in needs.others if each.is_late]


def keys_of(waiting: Iterable[Waiting]) -> set[str]:
    """By these they are known again tomorrow: each by its own, of many that are alike, too."""
    return {key for each in waiting for key in each.keys}


def _send(member: Member, new: set[str]) -> None:
    """What it says is made when it leaves: of what is done by then it does not speak."""
    assert member.user is not None
    message = Message(
        "front.morning",
        agency=member.agency,
        to=member.user.email,
        language=member.language,
        whose=member.key,
        facts={"new": sorted(new)},
        once=f"morning:{member.public_id}:{member.agency.today().isoformat()}",
        thing=member,
    )
    outreach.tell(message)


@transaction.atomic
def want(member: Member, *, wanted: bool) -> None:
    """Whether a member wants the mail in the morning."""
    Morning.objects.update_or_create(member=member, defaults={"agency": member.agency, "wanted": wanted})


def is_wanted(member: Member) -> bool:
    """Unless they said no, they do."""
    return not Morning.objects.belonging_to(member=member).filter(wanted=False).exists()
