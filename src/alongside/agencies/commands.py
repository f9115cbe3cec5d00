"""Commands of this room."""

import click

from alongside.agencies import actions
from alongside.agencies.models import Agency
from alongside.core.errors import Refusal


class NoSuchAgency(Refusal):
    """A command names an agency that is not here."""


def the_agency(slug: str) -> Agency:
    """The agency a command names, or a refusal that lists those there are."""
    found = Agency.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Agency.objects.values_list("slug", flat=True)[:10]) or "none yet"
        raise NoSuchAgency(
            f"no agency “{slug}” here ({known}). Create it: alongside agency create SLUG --name NAME --timezone TZ"
        )
    return found


@click.group()
def agency() -> None:
    """Set up an agency."""


@agency.command()
@click.argument("slug")
@click.option("--name", required=True, help="As the public knows it, such as “Riverbend Police”.")
@click.option("--timezone", required=True, help="An IANA name, such as America/New_York.")
@click.option(
    "--kind",
    default="municipal",
    show_default=True,
    type=click.Choice(["municipal", "county", "tribal", "state", "campus"]),
)
def create(slug: str, name: str, timezone: str, kind: str) -> None:
    """Create an agency, whose pages begin with /SLUG/."""
    made = actions.create_agency(slug=slug, name=name, timezone=timezone, kind=kind)
    click.echo(f"{made.name} is at /{made.slug}/")
