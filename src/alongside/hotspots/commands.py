"""Commands of this room."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click

from alongside.agencies.commands import the_agency
from alongside.hotspots import actions, answers, often, queries, reading, words
from alongside.hotspots.models import FocusArea, Layer, Run
from alongside.hotspots.templatetags.percent import as_rate
from alongside.methods.spatial import cells as hexes


def _day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.group()
def hotspots() -> None:
    """Where police are involved more often than in the city as a whole, for the people there."""


@dataclass(frozen=True)
class _Asked:
    """What to look at: the days, the layer, the size of a cell, dated rows or counts without dates."""

    first: date | None
    last: date | None
    layer: str
    resolution: int | None
    undated: bool

    @property
    def window(self) -> tuple[date, date] | None:
        if (self.first is None) != (self.last is None):
            raise click.UsageError("give both --from and --to, or neither.")
        if self.first and self.last and self.first > self.last:
            raise click.UsageError("--to is before --from.")
        return (self.first, self.last) if self.first and self.last else None


@hotspots.command()
@click.argument("slug")
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="First day, as 2026-01-31."
)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="Last day.")
@click.option("--layer", type=click.Choice(Layer.values), default=Layer.BOTH.value, show_default=True)
@click.option(
    "--resolution",
    type=click.IntRange(hexes.COARSEST, hexes.FINEST),
    help="H3 size of a cell; where not given, what the data can bear.",
)
@click.option("--undated", is_flag=True, help="Look at counts without dates. They never mix with dated rows.")
@click.option("--publish", is_flag=True, help="Show the public which neighborhoods came out, by band.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--cells", "with_cells", is_flag=True, help="With --json: every cell tested, too.")
def run(slug: str, publish: bool, as_json: bool, with_cells: bool, **options: Any) -> None:
    """Look for hot spots in SLUG's lake."""
    asked = _Asked(**options)
    window = asked.window
    agency = the_agency(slug)
    only_undated = not reading.summary(agency).dated
    made = actions.run(
        agency,
        window=window,
        layer=asked.layer,
        resolution=asked.resolution,
        undated=asked.undated or only_undated,
        by=None,
    )
    if publish:
        actions.publish(made, by=None)
    if as_json:
        click.echo(json.dumps(answers.answer(made, with_cells=with_cells)))
    else:
        _report(made)


@hotspots.command()
@click.argument("slug")
@click.option("--layer", type=click.Choice(Layer.values), default=Layer.BOTH.value, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def evaluate(slug: str, layer: str, as_json: bool) -> None:
    """Look at the method on SLUG's own history, beside three simpler lists."""
    made = actions.evaluate(the_agency(slug), layer=layer, by=None)
    if as_json:
        click.echo(json.dumps(answers.evaluated(made)))
        return
    for each in made.origins:
        made_of, seen_in = (" – ".join(each[days]) for days in ("made_of", "seen_in"))
        click.echo(f"Made of {made_of}, seen in {seen_in} ({made.get_layer_display()}).")
        for held in each["lists"]:
            click.echo(
                f"  {held['list']}: {len(held['named'])} neighborhoods, {held['again']} high again; "
                f"{100 * held['incidents']:.0f}% of the incidents, {100 * held['people']:.0f}% of the people"
            )


def _report(made: Run) -> None:
    click.echo(f"{made.window}: {_found(made)} ({made.get_layer_display()}).")
    for area in made.areas.walkable():
        click.echo(f"  {area.public_id}  {area.name}: {_measured(area)}")
    for area in made.areas.single_sites():
        click.echo(
            f"  set apart: {area.name}: one site holds {100 * (area.site_share or 0):.0f}% of {area.events:,}"
        )
    passed = queries.passed_through(made)
    if passed:
        click.echo(f"  people pass through: {', '.join(passed)}")
    before = [site for site in made.findings["single_sites"] if site["set_apart"] == "before"]
    if before:
        named = ", ".join(site["name"] for site in before if "name" in site)
        sites = "1 single site" if len(before) == 1 else f"{len(before)} single sites"
        click.echo(f"  set apart before the test: {sites}{f' ({named})' if named else ''}")
    for note in words.notes(made):
        click.echo(f"  note: {note}")


def _found(made: Run) -> str:
    """How many neighborhoods are high; where no rate can be formed, how many cells stand out."""
    rows = made.findings["neighborhoods"]
    if made.findings["high"] is None:
        return f"{made.significant:,} of {made.cells:,} cells stand out"
    high = sum(row["high"] for row in rows)
    return f"{high:,} of {len(rows):,} neighborhoods are high"


def _measured(area: FocusArea) -> str:
    band = area.get_band_display().lower() if area.band else "no band"
    if area.rate is None:
        counted = f"{area.events:,} incidents"
    else:
        counted = (
            f"{as_rate(area.rate)} a year for 1,000 residents ({as_rate(area.rate_low)} to "
            f"{as_rate(area.rate_high)})"
        )
    return "; ".join([f"{counted}, {band}", *_beside_the_whole(area)])


def _beside_the_whole(area: FocusArea) -> list[str]:
    """Of its neighborhood, by layer."""
    return [
        f"{layer} {often.rounded(value)} times the whole ({often.rounded(low)} to {often.rounded(high)})"
        for layer, (value, low, high) in area.relative.items()
    ]
