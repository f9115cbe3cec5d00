"""The weather of a city that is nowhere: an invented forecast, so that its pages show what one would see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering
from alongside.weather import actions, queries
from alongside.weather.models import thresholds_of
from alongside.weather.service import Service

RAIN = 75


class Invented(Service):
    """Answers as the service would, about a wet day. Nobody is asked."""

    def __init__(self, begins: datetime, words: str = "Rain Likely") -> None:
        super().__init__(base="")
        self.begins, self.words = begins, words

    def hourly(self, lat: float, lon: float) -> dict[str, Any]:
        hours = [self.begins + timedelta(hours=number) for number in range(-2, 6)]
        return {
            "properties": {
                "updateTime": clock.now().isoformat(),
                "periods": [
                    {
                        "startTime": hour.isoformat(),
                        "endTime": (hour + timedelta(hours=1)).isoformat(),
                        "temperature": 52,
                        "temperatureUnit": "F",
                        "probabilityOfPrecipitation": {"value": RAIN},
                        "windSpeed": "10 to 15 mph",
                        "shortForecast": self.words,
                    }
                    for hour in hours
                ],
            }
        }

    def alerts(self, lat: float, lon: float) -> dict[str, Any]:
        return {"features": []}


def forecast_rain(agency: Agency, *, by: User) -> None:
    """Rain for the next walk outdoors. The real service knows no such city, and so nobody asks it."""
    actions.set_thresholds(agency, by=by, active=False)
    ahead = Gathering.objects.filter(agency=agency, kind=WALK.name).published().to_begin()
    for walk in ahead.with_places():
        if queries.is_outdoors(walk):
            actions.look(walk, Invented(walk.starts), thresholds_of(agency))
            return


def forecast_thunder(gathering: Gathering) -> None:
    """Thunder for the hour of one walk."""
    invented = Invented(gathering.starts, "Showers And Thunderstorms")
    actions.look(gathering, invented, thresholds_of(gathering.agency))
