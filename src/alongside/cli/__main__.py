"""Run the command line: `bin/alongside COMMAND`."""

from __future__ import annotations

import sys
from importlib import import_module, util
from pathlib import Path

import click
import django
from django.conf import settings

ROOMS = [
    "agencies",
    "places",
    "people",
    "incidents",
    "hotspots",
    "gatherings",
    "walks",
    "outreach",
    "jobs",
    "cli",
    "demo",
]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def alongside() -> None:
    """Walks, forums and follow-through, for a police agency and the people it serves."""


def mount() -> None:
    """Hang the commands of each room's commands.py under the one command."""
    for room in ROOMS:
        if util.find_spec(f"alongside.{room}") and util.find_spec(f"alongside.{room}.commands"):
            module = import_module(f"alongside.{room}.commands")
            for command in vars(module).values():
                if (
                    isinstance(command, click.Command)
                    and getattr(command, "top", True)
                    and not _is_nested(command, module)
                ):
                    alongside.add_command(command)


def _is_nested(command: click.Command, module: object) -> bool:
    """Whether a command hangs below a group of the same room."""
    groups = [each for each in vars(module).values() if isinstance(each, click.Group)]
    return any(command in group.commands.values() for group in groups)


def main() -> None:
    django.setup()
    from alongside.cli.database import bring_up_to_date
    from alongside.core.errors import Refusal

    mount()
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
