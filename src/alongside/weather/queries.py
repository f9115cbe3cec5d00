"""What pages ask: what is forecast for a gathering, and where one could go instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from alongside.agencies.models import Agency, User
from alongside.core import phrases
from alongside.gatherings.models import Gathering, GatheringQuerySet
from alongside.places import nearby
from alongside.places.models import Venue
from alongside.weather.models import Alert, Outlook, Shelter, Sight, Thresholds

LOOKED_AT = 60


def point_of(gathering: Gathering) -> tuple[float, float] | None:
    """Latitude and longitude to ask about: the venue's, else the middle of the neighborhood."""
    venue, home = gathering.venue, gathering.neighborhood
    if venue is not None:
        return venue.lat, venue.lon
    return ((home.south + home.north) / 2, (home.west + home.east) / 2) if home else None


def is_outdoors(gathering: Gathering) -> bool:
    return gathering.venue is None or not gathering.venue.has_roof


def alerts_for(gatherings: Iterable[Gathering]) -> dict[int, list[Alert]]:
    """What stands for each, by the gathering's number, the worst first: one question for a whole list.

    Only what is about the hour at which it now begins, and only under the open sky.
    """
    wanted = {each.pk: each for each in gatherings if is_outdoors(each) and not each.has_begun}
    by_gathering: dict[int, list[Alert]] = defaultdict(list)
    if wanted:
        for alert in Alert.objects.belonging_to(gathering__in=list(wanted)).standing().worst_first():
            gathering = wanted[alert.gathering_id]
            if alert.about == gathering.starts:
                alert.gathering, alert.agency = gathering, gathering.agency
                by_gathering[gathering.pk].append(alert)
    return dict(by_gathering)


@dataclass(frozen=True)
class Forecast:
    """Everything about the weather of one gathering, for its desk."""

    gathering: Gathering
    alerts: list[Alert]
    outlook: Outlook | None
    shelter: Venue | None

    @property
    def shelter_said(self) -> str:
        """What one must know of the place that is offered: how far it is, and whether there are steps."""
        point = point_of(self.gathering)
        if self.shelter is None or point is None:
            return ""
        (near,) = nearby.nearest([self.shelter], nearby.at(*point))
        return nearby.described(near, self.gathering.agency)

    @property
    def is_settled(self) -> bool:
        return bool(self.alerts) and all(alert.settled_at for alert in self.alerts)

    @property
    def because(self) -> str:
        """A reason that people will understand, each in their language, to begin with: as a link hands it over."""
        return phrases.handed_over(self.alerts[0].said) if self.alerts else ""

    @property
    def move_url(self) -> str:
        """The form that moves it, with the shelter and the reason put in. A person sends it, or does not."""
        proposed = {"venue": self.shelter.pk if self.shelter else "", "because": self.because}
        return self._form("move", proposed)

    @property
    def cancel_url(self) -> str:
        return self._form("cancel", {"because": self.because})

    def _form(self, name: str, proposed: Mapping[str, object]) -> str:
        address = reverse(f"gatherings:{name}", args=[self.gathering.agency.slug, self.gathering.public_id])
        return f"{address}?{urlencode({key: value for key, value in proposed.items() if value})}"


def forecast_of(gathering: Gathering) -> Forecast:
    """The weather of one gathering."""
    return forecasts_of([gathering])[0]


def forecasts_of(gatherings: list[Gathering]) -> list[Forecast]:
    """The weather of each."""
    alerts = alerts_for(gatherings)
    outlooks = {each.gathering_id: each for each in Outlook.objects.belonging_to(gathering__in=gatherings)}
    shelters = {
        each.gathering_id: each.venue
        for each in Shelter.objects.belonging_to(gathering__in=gatherings).select_related("venue")
    }
    return [
        Forecast(
            gathering=each,
            alerts=alerts.get(each.pk, []),
            outlook=_current(outlooks.get(each.pk), each),
            shelter=shelters.get(each.pk) or (suggested_shelter(each) if each.pk in alerts else None),
        )
        for each in gatherings
    ]


def _current(outlook: Outlook | None, gathering: Gathering) -> Outlook | None:
    """An outlook for the hour at which it now begins, of a gathering that is outdoors and ahead."""
    if outlook is None or not is_outdoors(gathering) or gathering.has_begun:
        return None
    outlook.gathering = gathering
    return outlook if outlook.is_current and outlook.sight != Sight.BEYOND else None


def warned(user: User | AnonymousUser, agency: Agency) -> list[Forecast]:
    """The gatherings of an agency that weather stands against, soonest first."""
    return forecasts_of([each for each, _alerts in against(Gathering.objects.visible_to(user, at=agency))])


def against(rows: GatheringQuerySet) -> list[tuple[Gathering, list[Alert]]]:
    """Those of the next ones that weather stands against, and what, the worst first."""
    coming = list(rows.with_places().with_numbers().published().coming()[:LOOKED_AT])
    alerts = alerts_for(coming)
    return [(each, alerts[each.pk]) for each in coming if each.pk in alerts]


def shelter_of(gathering: Gathering) -> Venue | None:
    """Where it goes in bad weather, if somebody settled that."""
    shelter = Shelter.objects.belonging_to(gathering=gathering).select_related("venue").first()
    return shelter.venue if shelter else None


def suggested_shelter(gathering: Gathering) -> Venue | None:
    """The first that `places.nearby` offers: in reach on foot, open to us then, with room, step-free before others."""
    point = point_of(gathering)
    if point is None or not is_outdoors(gathering):
        return None
    asked = nearby.Asked(gathering.on, gathering.at, gathering.minutes, gathering.numbers.going)
    found = nearby.shelters(gathering.agency, nearby.at(*point), asked)
    return next((near.venue for near in found), None)


def is_near(gathering: Gathering, venue: Venue) -> bool:
    """Whether one can go there on short notice; yes, where nobody knows the meeting point."""
    point = point_of(gathering)
    return point is None or nearby.in_reach(nearby.nearest([venue], nearby.at(*point))[0], gathering.agency)


def has_thresholds(agency: Agency) -> bool:
    """Whether somebody has looked at when to warn."""
    return Thresholds.objects.of(agency).exists()
