"""What this room shows on pages composed of every room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, User
from alongside.core import formats
from alongside.core.tables import Head, Table
from alongside.gatherings import queries
from alongside.gatherings.models import Gathering, Question, Status
from alongside.gatherings.queries import Asked, WhoCame
from alongside.gatherings.telling import share_in_words
from alongside.places.models import Area

SHOWN_COMING, SHOWN_PAST = 3, 3
HALF_A_YEAR = timedelta(weeks=26)


def dates_here(user: User | AnonymousUser, agency: Agency, area: Area) -> dict[str, Any]:
    """What else comes in a neighborhood after the next date, and the last that took place there."""
    here = Gathering.objects.visible_to(user, at=agency).open_to_all().filter(neighborhood=area).with_places()
    past = here.past().exclude(status=Status.CANCELLED).with_corrections()
    coming = here.coming().with_numbers()[1 : SHOWN_COMING + 1]
    return {"coming": list(coming), "past": list(past[:SHOWN_PAST]), "area": area}


def feeds(_user: User | AnonymousUser, _agency: Agency, area: Area) -> dict[str, Any]:
    """How to hear of a neighborhood."""
    return {"area": area}


def who_came(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """Who came, beside who lives there, and whether they had met us before: as it was published, and nothing finer."""
    summary = queries.latest(agency)
    asked = {each.question: each for each in summary.asked} if summary else {}
    homes = asked.get(Question.HOME)
    return {
        "homes": _homes(summary, homes) if summary and homes else None,
        "before": asked.get(Question.BEFORE),
        "counted": _counted(agency),
    }


def _homes(summary: WhoCame, homes: Asked) -> Table:
    """Where those live who came, beside all who live in the same places."""
    title = _(
        "As published, from %(first)s to %(last)s. In steps of five, fewer than %(least)d kept back."
    ) % {
        "first": formats.day(summary.first),
        "last": formats.day(summary.last),
        "least": queries.RULE.floor,
    }
    heads = [
        Head(_("Where they live")),
        Head(_("Came, about"), number=True),
        Head(_("Of these answers"), number=True),
        Head(_("Of the residents of these places"), number=True),
    ]
    rows = [
        [cell.label, cell.people, share_in_words(cell.share), share_in_words(cell.residents)]
        for cell in homes.shown
    ]
    return Table(title, heads, rows)


def _counted(agency: Agency) -> dict[str, Any]:
    """Half a year: how many were held, at how many somebody counted, how many came, and just came by."""
    today = agency.today()
    then = Gathering.objects.of(agency).on_days(today - HALF_A_YEAR, today).filter(status=Status.HELD)
    of_all: dict[str, Any] = then.aggregate(
        held=Count("pk"),
        counted=Count("pk", filter=Q(came__isnull=False)),
        people=Sum("came"),
        asked_of=Sum("came", filter=Q(walk_ups__isnull=False)),
        just_came=Sum("walk_ups"),
    )
    return of_all
