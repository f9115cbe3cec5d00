"""Run the command line: `bin/alongside COMMAND`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click
import django
from django.conf import settings

# Which module holds a command. Only that one is loaded: the lake's and the routes' libraries take seconds.
MODULE_OF = {
    "agency": "agencies.commands",
    "check": "cli.checking",
    "demo": "demo.commands",
    "gatherings": "gatherings.commands",
    "hotspots": "hotspots.commands",
    "incidents": "incidents.commands",
    "jobs": "jobs.commands",
    "partners": "people.commands",
    "places": "places.commands",
    "serve": "cli.serving",
    "staff": "people.commands",
    "streets": "places.commands",
    "venues": "places.commands",
    "walks": "walks.commands",
    "worker": "jobs.commands",
}
# What a higher room hangs under a lower room's command: the season is planned above the walks that come of it.
ADDED_TO = {"walks": ("program.commands", "season")}


class Rooms(click.Group):
    """The one command, under which each room hangs its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULE_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULE_OF:
            return None
        command = _command(MODULE_OF[cmd_name], cmd_name)
        if cmd_name in ADDED_TO and isinstance(command, click.Group):
            command.add_command(_command(*ADDED_TO[cmd_name]))
        return command


def _command(module: str, name: str) -> click.Command:
    return next(
        command
        for command in vars(import_module(f"alongside.{module}")).values()
        if isinstance(command, click.Command) and command.name == name
    )


@click.command(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def alongside() -> None:
    """Walks, forums and follow-through, for a police agency and the people it serves."""


def main() -> None:
    django.setup()
    from alongside.cli.database import bring_up_to_date
    from alongside.core.errors import Refusal

    try:
        Path(settings.DATA).mkdir(parents=True, exist_ok=True)
        bring_up_to_date()
        alongside(standalone_mode=False)
    except Refusal as refusal:
        _stop(str(refusal))
    except click.ClickException as error:
        _stop(error.format_message())
    except (click.exceptions.Abort, KeyboardInterrupt):
        _stop("stopped.")
    except FileNotFoundError as error:
        _stop(f"no such file: {error.filename}")


def _stop(why: str) -> None:
    click.echo(f"alongside: {' '.join(why.split())}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
