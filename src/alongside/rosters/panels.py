"""What this room shows on pages composed of every room."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, User
from alongside.gatherings.models import Gathering, Status
from alongside.rosters.models import Post, State

HALF_A_YEAR = timedelta(weeks=26)


def our_hours(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """What half a year of gatherings took of our people's time, and who of them met the same people again.

    Only those who were marked as having come: at how many gatherings somebody did so is said with it.
    """
    today = agency.today()
    held = Gathering.objects.of(agency).on_days(today - HALF_A_YEAR, today).filter(status=Status.HELD)
    came = Post.objects.of(agency).filter(gathering__in=held, state=State.CAME)
    rows = list(
        came.values_list("member", "gathering", "gathering__neighborhood", "gathering__minutes").distinct()
    )
    people = Counter(member for member, *_where in rows)
    met = Counter((member, home) for member, _gathering, home, _minutes in rows if home)
    again = {member for (member, _home), times in met.items() if times > 1}
    return {
        "hours": round(sum(minutes for *_who, minutes in rows) / 60),
        "people": len(people),
        "more_than_once": sum(times > 1 for times in people.values()),
        "same_place": len(again),
        "marked": len({gathering for _member, gathering, *_rest in rows}),
        "held": held.count(),
    }
