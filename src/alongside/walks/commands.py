"""Commands of this room."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies.commands import the_agency
from alongside.agencies.models import Agency
from alongside.core import measures
from alongside.core.errors import Refusal
from alongside.core.links import absolute
from alongside.gatherings import rules
from alongside.hotspots.models import FocusArea
from alongside.methods.routing import Loop
from alongside.places.models import Area, AreaKind, Venue
from alongside.walks import actions, planning, words


class NoSuchArea(Refusal):
    """A command names an area that is not here."""


class NoSuchVenue(Refusal):
    """A command names a venue that is not here."""


@click.group()
def walks() -> None:
    """Plan and publish Peace Walks."""


def the_area(agency: Agency, said: str) -> FocusArea | Area | BaseGeometry:
    """A focus area by its id, a neighborhood by its name, or the polygon of a GeoJSON file."""
    site: FocusArea | Area | None = FocusArea.objects.filter(agency=agency, public_id=said).first()
    homes = Area.objects.filter(agency=agency, kind=AreaKind.NEIGHBORHOOD, active=True)
    site = site or homes.filter(name__iexact=said).first()
    if site is not None:
        return site
    path = Path(said)
    if _is_file(path):
        return planning.AREA.read(path)
    raise NoSuchArea(
        _(
            "“%(said)s” is no focus area’s id, no neighborhood and no file here. Focus areas: "
            "alongside hotspots run %(agency)s"
        )
        % {"said": said, "agency": agency.slug}
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # words too long for a name, or with a NUL in them
        return False


def _point(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        lat, lon = (float(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter("give latitude and longitude, as 45.52,-122.65") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise click.BadParameter("latitude lies between -90 and 90, longitude between -180 and 180")
    return lat, lon


@walks.command()
@click.argument("slug")
@click.argument("area")
@click.option("--minutes", default=60, show_default=True, help="At a talking pace.")
@click.option("--start", callback=_point, help="LAT,LON of the meeting point; else the nearest venue.")
@click.option("--exclude", multiple=True, help="A street to leave out; can be given several times.")
@click.option("--any-surface", is_flag=True, help="Allow steps and other ways that are not accessible.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def plan(
    slug: str,
    area: str,
    minutes: int,
    start: tuple[float, float] | None,
    exclude: tuple[str, ...],
    any_surface: bool,
    as_json: bool,
) -> None:
    """Find a loop through AREA: a focus area's id, a neighborhood's name, or a GeoJSON file."""
    agency = the_agency(slug)
    goal = the_area(agency, area)
    outline = goal.shape if isinstance(goal, FocusArea | Area) else goal
    name = goal.name if isinstance(goal, FocusArea | Area) else area
    start = start or planning.default_start(agency, outline)
    how: dict[str, Any] = {"minutes": minutes, "excluded": exclude, "accessible": not any_surface}
    loop = planning.loop(agency, outline, start, **how)
    better = planning.better_start(agency, outline, start, loop, **how)
    if as_json:
        click.echo(json.dumps(planning.as_json(loop, name, better)))
    else:
        click.echo(_loop_lines(name, loop, agency.units))
        if better:
            click.echo(_better_line(name, loop, better))


def _loop_lines(name: str, loop: Loop, units: str) -> str:
    share = 100 * loop.reach_covered / loop.reach_total if loop.reach_total else 0
    bound = (
        f", at most {words.at_most(loop.bound, loop.reach_total)} %"
        if loop.bound and loop.reach_total
        else ""
    )
    free = loop.step_free
    return "\n".join(
        [
            f"{name}: {measures.distance(loop.length_m, units)}, {loop.minutes:.0f} minutes, back where it began.",
            f"Meets {share:.0f} % of the people and places in the area{bound}.",
            f"Step-free: {measures.distance(free.yes_m, units)} known, {measures.distance(free.unknown_m, units)} not "
            f"known, {measures.distance(free.no_m, units)} not.",
            *(
                f"  {line.minute:3d} min  {line.text}, {line.then}"
                for line in words.cue_lines(loop.as_dict()["cues"], units)
            ),
        ]
    )


def _better_line(name: str, loop: Loop, better: planning.BetterStart) -> str:
    share = 100 * better.reach_covered / loop.reach_total
    lat, lon = better.at
    return f"From --start {lat:.5f},{lon:.5f} ({words.corner(better.streets, name)}) it would meet {share:.0f} %."


@dataclass(frozen=True)
class _Asked:
    """The options of `publish`, as they are read from the line."""

    day: datetime
    hour: datetime
    venue: str | None
    meet: str | None
    minutes: int
    title: str
    host: str
    confirmed_by: str

    def meeting(self, agency: Agency) -> actions.Meeting:
        """When and where; a venue goes by its name. Raises NoSuchVenue."""
        place = None
        if self.venue:
            place = Venue.objects.filter(agency=agency, active=True, name__iexact=self.venue).first()
            if place is None:
                raise NoSuchVenue(
                    _("no venue “%(venue)s” here. Import some: alongside venues import %(agency)s FILE.csv")
                    % {"venue": self.venue, "agency": agency.slug}
                )
        if place is None and not self.meet:
            raise click.UsageError("say where to meet: --venue NAME, or --meet WORDS.")
        return actions.Meeting(self.day.date(), self.hour.time(), place, self.meet or "", self.minutes)


@walks.command()
@click.argument("slug")
@click.argument("area")
@click.option("--on", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="As 2027-06-03.")
@click.option(
    "--at", "hour", required=True, type=click.DateTime(["%H:%M"]), help="As 18:00, on the agency's clock."
)
@click.option("--venue", help="Name of a venue to meet at.")
@click.option("--meet", help="Or, in words, where to meet.")
@click.option("--minutes", default=60, show_default=True)
@click.option("--title", default="")
@click.option("--host", default="", help="Who hosts it; else whoever confirms the plan.")
@click.option(
    "--confirmed-by",
    required=True,
    help="Name of the person who has read the walk plan and the operating rules. It stands on the plan.",
)
def publish(slug: str, area: str, **options: Any) -> None:
    """Plan a walk through AREA, publish it, lay its route where streets are known, and print its address."""
    asked = _Asked(**options)
    agency = the_agency(slug)
    meeting = asked.meeting(agency)
    goal = the_area(agency, area)
    with transaction.atomic():  # planned and published, or neither
        walk = actions.plan(
            agency,
            meeting,
            area=goal,
            title=asked.title,
            typed_host=asked.host or asked.confirmed_by,
            by=None,
        )
        version = rules.in_force(agency).version
        actions.confirm_plan(walk, rules_version=version, by=None, name=asked.confirmed_by)
        actions.publish(walk, by=None)
    try:
        actions.lay_route(walk, by=None)
    except Refusal as refusal:
        click.echo(f"no route: {refusal}", err=True)
    click.echo(absolute(walk.get_absolute_url()))
