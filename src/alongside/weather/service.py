"""Ask the National Weather Service, as its pages ask to be asked: by name, rarely, and keeping what may be kept.

Documented at https://www.weather.gov/documentation/services-web-api. What its users found out beside that: a point
with too many digits is answered by a redirect, the hourly forecast fails now and then for minutes, and an edge
server may hand out a forecast of the day before. Each is looked after here; none of it reaches a page as an error.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from alongside.core import clock
from alongside.core.errors import phrase
from alongside.outside import web
from alongside.outside.errors import Away
from alongside.weather.models import Kept

LIMITS = web.Limits(seconds=25.0, bytes=6_000_000, same_place=True)
PAUSE = 2.0
TRIES = 2
PATIENCE = 4
TRY_AGAIN = frozenset({500, 502, 503, 504})
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=1)
NOT_COVERED_FOR = timedelta(days=1)
# An older answer is better than none, for a while.
STALE_FOR = timedelta(hours=6)
HOURLY = re.compile(r"/gridpoints/[A-Z]{3}/\d{1,4},\d{1,4}/forecast/hourly\Z")


class Silent(Exception):
    """The service gave no answer that can be used. It is asked again next time."""


class NotCovered(Exception):
    """The service has no forecast for this point: it lies outside the United States, or out at sea."""


def is_on() -> bool:
    return bool(settings.ALONGSIDE.weather_url)


def name_of_us() -> str:
    """Who asks, and whom to write to if we ask too much: the service requires it."""
    return f"Alongside ({settings.ALONGSIDE.url}, {settings.ALONGSIDE.mail_from})"


@dataclass
class Service:
    """One run's conversation with the service: what was asked once is not asked again, and a failure is one failure."""

    base: str = field(default_factory=lambda: settings.ALONGSIDE.weather_url.rstrip("/"))
    known: dict[str, dict[str, Any] | Exception] = field(default_factory=dict)
    asked: int = 0
    silences: int = 0

    def hourly(self, lat: float, lon: float) -> dict[str, Any]:
        """The forecast hour by hour for the square of the grid in which a point lies."""
        point = self.ask(f"/points/{_point(lat, lon)}")
        page = urlsplit(str(_part(point, "properties").get("forecastHourly", ""))).path
        if not HOURLY.match(page):  # we ask our own address for a path, never an address that an answer names
            raise Silent("the answer about the point names no hourly forecast")
        return self.ask(page)

    def alerts(self, lat: float, lon: float) -> dict[str, Any]:
        """The watches, warnings and advisories now in force at a point."""
        return self.ask(f"/alerts/active?point={_point(lat, lon)}")

    def ask(self, path: str) -> dict[str, Any]:
        """One page of the service, from memory, from what was kept, or from there."""
        if path not in self.known:
            try:
                self.known[path] = self._page(f"{self.base}{path}")
            except (Silent, NotCovered) as wrong:
                self.known[path] = wrong
        answer = self.known[path]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _page(self, url: str) -> dict[str, Any]:
        kept = Kept.objects.filter(url=url).first()
        if kept is not None and kept.fresh_until > clock.now():
            return _read(kept)
        try:
            return _read(self._fetch(url, kept))
        except Silent:
            if kept is not None and kept.status == 200 and kept.fetched_at > clock.now() - STALE_FOR:
                return _read(kept)
            raise

    def _fetch(self, url: str, kept: Kept | None) -> Kept:
        """Ask, and once more after a moment where the service says that it stumbled.

        After some silences it is left alone until the next run: a service that is down makes nobody wait for long.
        """
        if self.silences >= PATIENCE:
            raise Silent("the service is down: it is not asked again in this run")
        try:
            return self._insist(url, kept)
        except Silent:
            self.silences += 1
            raise

    def _insist(self, url: str, kept: Kept | None) -> Kept:
        for left in reversed(range(TRIES)):
            self.asked += 1
            try:
                answer = _get(url, kept)
            except Away as wrong:
                raise Silent(f"no answer: {wrong}") from wrong
            if answer.status == 304 and kept is not None:
                return _keep(kept, kept.status, answer.headers, kept.body)
            if answer.status == 404:
                return _keep(kept or Kept(url=url), 404, answer.headers, "")
            if answer.status == 200:
                _object(answer.text)  # only what can be read is kept
                return _keep(kept or Kept(url=url), 200, answer.headers, answer.text)
            if answer.status not in TRY_AGAIN:
                break
            if left:
                time.sleep(PAUSE)
        raise Silent(f"the service answered {answer.status}")


class Headers(Protocol):
    """Of an answer, whatever it is that holds them."""

    def get(self, name: str, /) -> str | None: ...


def _point(lat: float, lon: float) -> str:
    """A point to about 100 metres: the service redirects longer ones and ones that end in zeros."""
    return ",".join(f"{degrees:.3f}".rstrip("0").rstrip(".") for degrees in (lat, lon))


def _get(url: str, kept: Kept | None) -> web.Answer:
    """Slow, endless and wandering answers are cut off at the door."""
    headers = {"User-Agent": name_of_us(), "Accept": "application/geo+json"}
    if kept is not None and kept.status == 200:
        headers |= {"If-None-Match": kept.etag} if kept.etag else {}
        headers |= {"If-Modified-Since": kept.last_modified} if kept.last_modified else {}
    return web.fetch(url, what=phrase("The weather service"), headers=headers, limits=LIMITS)


# -- keeping ----------------------------------------------------------------------------------------
def _keep(kept: Kept, status: int, headers: Headers, body: str) -> Kept:
    kept.status, kept.body = status, body
    kept.etag = (headers.get("ETag") or kept.etag or "")[:200]
    kept.last_modified = (headers.get("Last-Modified") or kept.last_modified or "")[:60]
    kept.fetched_at = clock.now()
    kept.fresh_until = kept.fetched_at + (NOT_COVERED_FOR if status == 404 else fresh_for(headers))
    written = {
        name: getattr(kept, name)
        for name in ("status", "body", "etag", "last_modified", "fetched_at", "fresh_until")
    }
    Kept.objects.update_or_create(url=kept.url, defaults=written)
    return kept


def fresh_for(headers: Headers) -> timedelta:
    """How long an answer may be used without asking: as the service says, within a few minutes and a day."""
    said = headers.get("Cache-Control") or ""
    age = re.search(r"max-age\s*=\s*(\d{1,9})", said)
    if re.search(r"no-cache|no-store", said):
        duration = timedelta(0)
    elif age:
        duration = timedelta(seconds=int(age[1]))
    else:
        duration = _until(headers.get("Expires") or "")
    return min(max(duration, SHORTEST), LONGEST)


def _until(expires: str) -> timedelta:
    try:
        moment = parsedate_to_datetime(expires)
    except (ValueError, TypeError):
        return timedelta(0)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - clock.now()


def _read(kept: Kept) -> dict[str, Any]:
    if kept.status == 404:
        raise NotCovered(kept.url)
    return _object(kept.body)


def _object(text: str) -> dict[str, Any]:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise Silent("the answer is no JSON") from wrong
    if not isinstance(payload, dict):
        raise Silent("the answer is not what was asked for")
    return payload


def _part(payload: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = payload.get(name)
    return part if isinstance(part, dict) else {}


def moment(text: Any) -> datetime | None:
    """A date and time as the service writes it, with its offset; None for anything else."""
    try:
        parsed = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None
