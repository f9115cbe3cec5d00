"""Look at the forecast for what is coming, and write to the coordinators. Nothing is moved or called off by itself."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.core.forms import first_error
from alongside.gatherings.actions import Change
from alongside.gatherings.models import Gathering, Status
from alongside.places.models import Venue
from alongside.weather import judging, letters, queries, service
from alongside.weather.models import (
    DAYS_AHEAD,
    HOURS_AHEAD,
    Alert,
    Kept,
    Level,
    Outlook,
    Shelter,
    Sight,
    Stage,
    Thresholds,
    thresholds_of,
)
from alongside.weather.sayings import sky_of

log = logging.getLogger(__name__)
FORGET_AFTER = timedelta(days=7)


class NoShelter(Refusal):
    """A place that cannot be where one goes in bad weather."""


class NothingToSettle(Refusal):
    """Nothing is forecast for it any more."""


class OddThresholds(Refusal):
    """Thresholds that cannot be."""


# -- looking ----------------------------------------------------------------------------------------
def watch() -> int:
    """Look once at the forecast of everything that is coming, at every agency. Returns how many were looked at.

    The service is asked outside of any transaction, once for each square of its grid.
    """
    if not service.is_on():
        return 0
    asked = service.Service()
    coming = _coming()
    wanted = {agency.pk: thresholds_of(agency) for agency in {each.agency for each in coming}}
    looked = 0
    for gathering in coming:
        if wanted[gathering.agency_id].active:
            try:
                look(gathering, asked, wanted[gathering.agency_id])
            except Exception:  # one gathering's bad luck is not the next one's
                log.exception("could not look at the weather of gathering %s", gathering.public_id)
            looked += 1
    return looked


def _coming() -> list[Gathering]:
    """Published, under the open sky, and beginning within three days."""
    near = Gathering.objects.published().to_begin(within=DAYS_AHEAD).with_places()
    return [each for each in near if queries.is_outdoors(each)]


def look(gathering: Gathering, asked: service.Service, wanted: Thresholds) -> list[Alert]:
    """Ask for the hours of one gathering, write down what is forecast, and send what is new. Returns the new alerts."""
    point = queries.point_of(gathering)
    if point is None:
        return _write(gathering, Outlook(sight=Sight.NO_POINT), None)
    try:
        said = asked.hourly(*point)
        there = judging.during(judging.hours(said, now=clock.now()), gathering.starts, gathering.ends)
        official = judging.notices(asked.alerts(*point)) if wanted.official else []
    except service.NotCovered:
        return _write(gathering, Outlook(sight=Sight.NOT_COVERED), None)
    except service.Silent as wrong:
        log.warning("no forecast for gathering %s: %s", gathering.public_id, wrong)
        return _write(gathering, Outlook(sight=Sight.SILENT), None)
    if not there:
        return _write(gathering, Outlook(sight=Sight.BEYOND), None)
    findings = judging.findings(there, official, starts=gathering.starts, ends=gathering.ends, wanted=wanted)
    return _write(gathering, _outlook(there, judging.made_at(said)), findings)


def _outlook(there: list[judging.Hour], made_at: datetime | None) -> Outlook:
    felt = [hour.felt_f for hour in there if hour.felt_f is not None]
    rain = [hour.rain_percent for hour in there if hour.rain_percent is not None]
    wind = [hour.wind_mph for hour in there if hour.wind_mph is not None]
    return Outlook(
        sight=Sight.SEEN,
        made_at=made_at,
        sky=sky_of(there[0].words),
        low_f=round(min(felt)) if felt else None,
        high_f=round(max(felt)) if felt else None,
        rain_percent=round(max(rain)) if rain else None,
        wind_mph=round(max(wind)) if wind else None,
    )


SEEN = ("sight", "made_at", "sky", "low_f", "high_f", "rain_percent", "wind_mph")


@transaction.atomic
def _write(gathering: Gathering, outlook: Outlook, findings: list[judging.Finding] | None) -> list[Alert]:
    """Keep what was seen. Without a forecast (None) the alerts stay as they are: not to know is no all-clear."""
    now = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    if now.status != Status.PUBLISHED or now.starts != gathering.starts or now.venue_id != gathering.venue_id:
        return []  # it was moved or called off while we asked
    _keep_outlook(gathering, outlook)
    if findings is None:
        return []
    alerts = [_alert(gathering, each) for each in findings]
    standing = Alert.objects.filter(gathering=gathering, ended_at__isnull=True)
    standing.exclude(pk__in=[alert.pk for alert, _is_news in alerts]).update(ended_at=clock.now())
    new = [alert for alert, is_news in alerts if is_news]
    if new:
        letters.notify(gathering, new)
    return new


def _keep_outlook(gathering: Gathering, outlook: Outlook) -> None:
    """While the service is silent, what was seen before for that hour stays, with the hour at which it was seen."""
    before = Outlook.objects.filter(gathering=gathering, about=gathering.starts, sight=Sight.SEEN)
    if outlook.sight == Sight.SILENT and before.exists():
        return
    seen = {name: getattr(outlook, name) for name in SEEN}
    Outlook.objects.update_or_create(
        gathering=gathering,
        defaults={"agency": gathering.agency, "about": gathering.starts, "looked_at": clock.now(), **seen},
    )


def _alert(gathering: Gathering, finding: judging.Finding) -> tuple[Alert, bool]:
    """The row for what was found, and whether to notify somebody: once for each stage and level, upwards only."""
    same = {
        "gathering": gathering,
        "about": gathering.starts,
        "hazard": finding.hazard,
        "stage": _stage(gathering),
        "event": finding.event,
    }
    known = {alert.level: alert for alert in Alert.objects.filter(**same)}
    seen = {"value": finding.value, "worst_at": finding.worst_at, "last_seen": clock.now(), "ended_at": None}
    if finding.level in known:
        alert = known[finding.level]
        for name, value in seen.items():
            setattr(alert, name, value)
        alert.save(update_fields=list(seen))
        return alert, False
    alert = Alert.objects.create(agency=gathering.agency, level=finding.level, **same, **seen)
    return alert, Level(finding.level) > max(known, default=0)


def _stage(gathering: Gathering) -> Stage:
    return Stage.HOURS if gathering.starts - clock.now() <= HOURS_AHEAD else Stage.DAYS


# -- deciding ---------------------------------------------------------------------------------------
@transaction.atomic
def settle(gathering: Gathering, *, by: User | None) -> Iterable[Alert]:
    """Somebody looked, and it goes ahead. What is forecast later is sent anew."""
    alerts = queries.alerts_for([gathering]).get(gathering.pk, [])
    if not alerts:
        raise NothingToSettle(_("Nothing is forecast for it any more."))
    open_ones = [alert for alert in alerts if alert.settled_at is None]
    for alert in open_ones:
        alert.settled_at, alert.settled_by = clock.now(), audit.name_of(by, gathering.agency)
        alert.save(update_fields=["settled_at", "settled_by"])
    if open_ones:
        detail = {"alerts": sorted({alert.hazard for alert in open_ones})}
        audit.record(
            agency=gathering.agency, by=by, verb="left as planned, having seen the forecast of", thing=gathering,
            detail=detail,
        )  # fmt: skip
    return alerts


@transaction.atomic
def set_thresholds(agency: Agency, *, by: User | None, **words: object) -> Thresholds:
    """From where on the coordinators are warned, and whether anybody looks at all."""
    made = Thresholds.objects.select_for_update().filter(agency=agency).first() or Thresholds(agency=agency)
    for name, value in words.items():
        setattr(made, name, value)
    if made.cold_f >= made.heat_f:
        raise OddThresholds(_("Cold lies below heat: check the two numbers."))
    try:
        made.full_clean()
    except ValidationError as error:
        raise OddThresholds(first_error(error, named=True)) from None
    made.save()
    audit.record(agency=agency, by=by, verb="set", thing=made)
    return made


@transaction.atomic
def set_shelter(gathering: Gathering, *, venue: Venue | None, by: User | None) -> Shelter | None:
    """Settle beforehand where one goes in bad weather; None: nowhere. The same again changes nothing."""
    if venue is not None and venue.agency_id != gathering.agency_id:
        raise NoShelter(_("This place belongs to another agency."))
    now = Shelter.objects.filter(gathering=gathering).first()
    if (now.venue_id if now else None) == (venue.pk if venue else None):
        return now
    Shelter.objects.filter(gathering=gathering).delete()
    made = (
        Shelter.objects.create(agency=gathering.agency, gathering=gathering, venue=venue) if venue else None
    )
    audit.record(
        agency=gathering.agency,
        by=by,
        verb="settled the place for bad weather of",
        thing=gathering,
        detail={"venue": venue.name if venue else ""},
    )
    return made


@transaction.atomic
def follow(change: Change) -> None:
    """The place for bad weather is near the meeting point: moved far from it, nothing is settled any more."""
    gathering = change.gathering
    if not change.fields & {"venue", "meeting_point"} or not gathering.former_place:
        return
    shelter = Shelter.objects.filter(gathering=gathering).select_related("venue").first()
    if shelter and shelter.venue_id != gathering.venue_id and not queries.is_near(gathering, shelter.venue):
        shelter.delete()


def forget_old() -> int:
    """Throw away answers of the service that nobody has asked for in a week."""
    return Kept.objects.filter(fetched_at__lt=clock.now() - FORGET_AFTER).delete()[0]
