"""Commands of this room. `season` hangs under `walks`, with the other commands of walks."""

from __future__ import annotations

import json
from datetime import date, datetime

import click

from alongside.agencies.commands import the_agency
from alongside.season import actions, reasons
from alongside.season.actions import Proposal
from alongside.season.models import MOST_WEEKS, USUAL_WEEKS, Week


def _day(_context: click.Context, _option: click.Parameter, value: datetime) -> date:
    return value.date()


@click.command()
@click.argument("slug")
@click.option(
    "--from",
    "start",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="First day, as 2027-01-02. The first walk is on the first usual day from then on.",
)
@click.option(
    "--weeks", default=USUAL_WEEKS, show_default=True, type=click.IntRange(1, MOST_WEEKS), help="How many."
)
@click.option(
    "--public",
    default="",
    metavar="VALUE",
    help="Draw by this public value, as it was announced. Without it the plan is not yet drawn.",
)
@click.option("--keep", is_flag=True, help="Keep it as a proposal, to be approved in the workspace.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def season(slug: str, start: date, weeks: int, public: str, keep: bool, as_json: bool) -> None:
    """Plan where SLUG walks in each week of a season. Without --keep nothing is kept.

    What is kept is drawn in the workspace alone, by a value that was named there before anybody knew it.
    """
    if keep and public:
        raise click.UsageError(
            "A season that is kept is drawn in the workspace: leave out --public, or --keep."
        )
    agency = the_agency(slug)
    proposal = actions.draft(agency, start=start, weeks=weeks, public=public, by=None)
    if keep:
        actions.keep(proposal, by=None)
    click.echo(json.dumps(answer(proposal, kept=keep)) if as_json else in_words(proposal))


def answer(proposal: Proposal, *, kept: bool) -> dict[str, object]:
    """What other programs read: the first four names are fixed."""
    made = proposal.season
    return {
        "weeks": [reasons.as_json(week) for week in proposal.weeks],
        "objective": made.objective,
        "bound": made.bound,
        "seconds": round(made.seconds, 3),
        "gap": made.gap,
        "best_without_draw": made.best,
        "drawn": not made.wants_draw,
        "draw": _draw(proposal),
        "inputs": made.inputs,
        "season": made.public_id if kept else None,
    }


def _draw(proposal: Proposal) -> dict[str, object]:
    made = proposal.season
    return {
        "commitment": made.commitment or None,
        "band": made.inputs["band"] / 100,
        "public": proposal.public or None,
        "seed": made.seed or None,
        "source": made.draw.source if made.draw else None,
        "known_on": made.draw.known_on.isoformat() if made.draw else None,
    }


def in_words(proposal: Proposal) -> str:
    """The same for people."""
    made = proposal.season
    lines = [f"{week.day}  {_where(week)}: {' '.join(reasons.because(week))}" for week in proposal.weeks]
    return "\n".join(
        [
            *lines,
            f"{made.objective:.3f} points; no plan has more than {made.bound:.3f}. "
            f"Found in {made.seconds:.1f} seconds among {made.inputs['areas']} places.",
            *_how_drawn(proposal),
        ]
    )


def _where(week: Week) -> str:
    if week.is_empty:
        return "no walk"
    return f"{week.where}, {week.venue_name or 'a roof is to be found'}" if week.indoor else week.where


def _how_drawn(proposal: Proposal) -> list[str]:
    if proposal.season.wants_draw:
        return ["Not yet drawn: alike areas come in the order of the best plan. Draw with --public VALUE."]
    return [f"Drawn by {proposal.public}, seed {proposal.season.seed}."] if proposal.public else []
