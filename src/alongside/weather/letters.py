"""What coordinators are written when the weather turns. It proposes; a person decides."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies.models import Member, Role
from alongside.core.errors import phrase
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.gatherings.letters import CALLED_OFF
from alongside.gatherings.models import Gathering
from alongside.outreach import actions as outreach
from alongside.outreach.models import Letter, Mail, Message, Untrue
from alongside.weather import queries
from alongside.weather.models import Alert, Outlook


def notify(gathering: Gathering, new: list[Alert]) -> int:
    """A message to each coordinator, in the transaction that writes the alerts: sent once, or not at all."""
    people = coordinators(gathering)
    for member in people:
        assert member.user is not None  # it is among those who can be written to
        message = Message(
            "weather.alert",
            agency=gathering.agency,
            to=member.user.email,
            language=member.language,
            about=gathering.key,
            whose=member.key,
            facts={"alerts": [alert.pk for alert in new]},
            once=f"weather:{new[0].pk}:{member.pk}",
        )
        outreach.tell(message)
    return len(people)


def alert(mail: Mail) -> Letter:
    """What of it is still forecast, and nobody has decided yet."""
    asked = Alert.objects.of(mail.sender).filter(pk__in=mail.known["alerts"]).order_by("pk")
    alerts = list(asked.select_related("gathering__agency", "gathering__venue"))
    if not alerts:
        raise Untrue(CALLED_OFF)
    gathering = alerts[0].gathering
    if not any(
        member.key == Origin.of(mail.whose) for member in coordinators(gathering) if _reads(member, mail)
    ):
        raise Untrue(phrase("They do not coordinate any more."))
    if not gathering.is_ahead or gathering.has_begun:
        raise Untrue(phrase("It was called off, or had begun by then."))
    standing = [each for each in alerts if each.ended_at is None and each.about == gathering.starts]
    if not standing:
        raise Untrue(phrase("It is not forecast any more."))
    standing = [each for each in standing if each.settled_at is None]
    if not standing:
        raise Untrue(phrase("Somebody has decided already."))
    return _made(gathering, standing)


def _reads(member: Member, mail: Mail) -> bool:
    return member.user is not None and member.user.email == mail.to


def _made(gathering: Gathering, alerts: list[Alert]) -> Letter:
    known = queries.shelter_of(gathering) or queries.suggested_shelter(gathering)
    outlook = Outlook.objects.of(gathering.agency).filter(gathering=gathering).first()
    forecast = queries.Forecast(gathering, alerts, outlook, known)
    facts = {
        "gathering": gathering,
        "alerts": forecast.alerts,
        "outlook": forecast.outlook,
        "shelter": forecast.shelter,
        "move": absolute(forecast.move_url),
        "cancel": absolute(forecast.cancel_url),
        "page": absolute(reverse("weather:alerts", args=[gathering.agency.slug])),
    }
    return Letter(
        subject=_("Weather: %(title)s, %(when)s") % {"title": gathering.title, "when": gathering.when},
        text=render_to_string("weather/mail/alert.txt", facts),
    )


def coordinators(gathering: Gathering) -> list[Member]:
    """Those who coordinate, and can be written to."""
    here = Member.objects.of(gathering.agency).filter(active=True, user__is_active=True)
    return list(here.holding(Role.COORDINATOR).select_related("user", "rank", "agency"))
