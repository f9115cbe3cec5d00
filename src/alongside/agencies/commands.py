"""Commands of this room."""

import click
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import actions
from alongside.agencies.models import Agency, Member, Rank, Role
from alongside.core.errors import Refusal


class NoSuchAgency(Refusal):
    """A command names an agency that is not here."""


def the_agency(slug: str) -> Agency:
    """The agency a command names, or a refusal that lists those there are."""
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        known = ", ".join(Agency.objects.values_list("slug", flat=True)[:10]) or "none yet"
        raise NoSuchAgency(
            _(
                "no agency “%(slug)s” here (%(known)s). Create it: alongside agency create SLUG --name "
                "NAME --timezone TZ"
            )
            % {"slug": slug, "known": known}
        )
    return agency


class NoSuchRank(Refusal):
    """A command names a rank the agency does not have."""


writes_in = click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language it writes in, its own first; may be given again.",
)


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
@writes_in
def create(slug: str, name: str, timezone: str, kind: str, languages: tuple[str, ...]) -> None:
    """Create an agency, whose pages begin with /SLUG/."""
    made = actions.create_agency(slug=slug, name=name, timezone=timezone, kind=kind, languages=languages)
    click.echo(f"{made.name} is at /{made.slug}/")


@agency.command()
@click.argument("slug")
@click.option("--name", help="As the public knows it.")
@click.option("--timezone", help="An IANA name, such as America/New_York.")
@click.option("--email", "contact_email", help="Where the public can write to.")
@click.option(
    "--retention-days", "contact_retention_days", type=int, help="How long residents’ contacts are kept."
)
@click.option("--ranks", help="From the highest, with commas between: “Chief, Major, Officer”.")
@click.option("--open/--closed", "published", default=None, help="Whether strangers see the public pages.")
@writes_in
def change(slug: str, ranks: str | None, languages: tuple[str, ...], **said: object) -> None:
    """Change what agency SLUG says of itself, and its settings."""
    agency = the_agency(slug)
    changes = {name: value for name, value in said.items() if value is not None}
    if languages:
        changes["languages"] = list(languages)
    if changes:
        actions.change_agency(agency, by=None, **changes)
    if ranks is not None:
        actions.set_ranks(agency, names=ranks.split(","), by=None)
    if not changes and ranks is None:
        raise click.UsageError("say what to change: see --help.")
    click.echo(f"{agency.name}: changed.")


@agency.command()
@click.argument("slug")
@click.option("--name", required=True, help="Who is invited.")
@click.option("--email", required=True, help="What they will sign in with.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    default=["administrator"],
    show_default=True,
    type=click.Choice(Role.values),
)
@click.option("--rank", help="One of the agency's ranks.")
def invite(slug: str, name: str, email: str, roles: tuple[str, ...], rank: str | None) -> None:
    """Add a member to agency SLUG and print the link by which they make their account."""
    agency = the_agency(slug)
    held = Rank.objects.filter(agency=agency, name__iexact=rank).first() if rank else None
    if rank and held is None:
        raise NoSuchRank(
            _(
                "no rank “%(rank)s” at %(slug)s: set the ranks first, alongside agency change %(slug)s "
                "--ranks …"
            )
            % {"rank": rank, "slug": slug}
        )
    known = Member.objects.filter(agency=agency, invitation__email__iexact=email).first()
    member = known or actions.add_member(agency, name=name, roles=roles, rank=held, by=None)
    token = actions.invite(member, email=email, by=None)
    click.echo(settings.ALONGSIDE.url + reverse("front:invitation", args=[token]))
