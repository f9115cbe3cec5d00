"""What coordinators are written when the weather turns. It proposes; a person decides."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies.models import Member, Role
from alongside.core.links import absolute
from alongside.core.readers import written_for
from alongside.gatherings.models import Gathering
from alongside.outreach import actions as outreach
from alongside.weather import queries
from alongside.weather.models import Alert, Outlook


def notify(gathering: Gathering, new: list[Alert], outlook: Outlook) -> int:
    """A mail to each coordinator, in the transaction that writes the alerts: sent once, or not at all."""
    known = queries.shelter_of(gathering) or queries.suggested_shelter(gathering)
    forecast = queries.Forecast(gathering, new, outlook, known)
    people = coordinators(gathering)
    for member in people:
        _write(member, forecast)
    return len(people)


def _write(member: Member, forecast: queries.Forecast) -> None:
    gathering = forecast.gathering
    assert member.user is not None  # it is among those who can be written to
    with written_for(member.language):
        facts = {
            "gathering": gathering,
            "alerts": forecast.alerts,
            "outlook": forecast.outlook,
            "shelter": forecast.shelter,
            "move": absolute(forecast.move_url),
            "cancel": absolute(forecast.cancel_url),
            "page": absolute(reverse("weather:alerts", args=[gathering.agency.slug])),
        }
        outreach.send(
            agency=gathering.agency,
            to=member.user.email,
            subject=_("Weather: %(title)s, %(when)s") % {"title": gathering.title, "when": gathering.when},
            text=render_to_string("weather/mail/alert.txt", facts),
            key=f"weather:{forecast.alerts[0].pk}:{member.pk}",
        )


def coordinators(gathering: Gathering) -> list[Member]:
    """Those who coordinate, and can be written to."""
    here = Member.objects.of(gathering.agency).filter(active=True, user__is_active=True)
    return list(here.holding(Role.COORDINATOR).select_related("user", "rank", "agency"))
