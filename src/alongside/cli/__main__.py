"""Run the command line: `bin/alongside COMMAND`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import django
from django.conf import settings

from alongside.core import keys, safe
from alongside.core.backup.restoring import data_folder, is_begun
from alongside.core.errors import Refusal
from alongside.core.manifest import Command, manifests
from alongside.core.space import was_lacking

# What belongs to no room.
OWN = (
    Command("backup", "cli.moving"),
    Command("check", "cli.checking"),
    Command("keys", "cli.keys"),
    Command("language", "cli.languages"),
    Command("restore", "cli.restoring", makes_folder=True),
    Command("serve", "cli.serving"),
    Command("store", "cli.storing"),
)
NO_ROOM = "the disk is full, or takes no more. Make room, and give the same command again."
HELP = {"-h", "--help"}


def offered() -> list[Command]:
    """What every room offers. Only the module of the one asked for is loaded: some libraries take seconds."""
    return [*OWN, *(command for room in manifests().values() for command in room.commands)]


class Rooms(click.Group):
    """The one command, under which each room hangs its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(each.name for each in offered() if not each.under)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        asked = next((each for each in offered() if each.name == cmd_name and not each.under), None)
        if asked is None:
            return None
        command = _loaded(asked)
        if isinstance(command, click.Group):
            for each in offered():
                if each.under == cmd_name:
                    command.add_command(_loaded(each))
        return command


def _loaded(asked: Command) -> click.Command:
    return next(
        command
        for command in vars(import_module(f"alongside.{asked.module}")).values()
        if isinstance(command, click.Command) and command.name == asked.name
    )


def needs_data(words: Sequence[str], commands: Iterable[Command]) -> bool:
    """Whether what was typed works on the data folder. Help does not, nor what only reads the file it is given."""
    asked = _asked(words, commands)
    if asked is None or HELP & set(words) or asked.makes_folder:
        return False
    return not set(_named(words)[:2]) & set(asked.reads_files_only)


def makes_folder(words: Sequence[str], commands: Iterable[Command]) -> bool:
    """Whether what was typed comes before there is a data folder."""
    asked = _asked(words, commands)
    return asked is not None and asked.makes_folder and not HELP & set(words)


def _asked(words: Sequence[str], commands: Iterable[Command]) -> Command | None:
    return next((each for each in commands if not each.under and each.name in _named(words)[:1]), None)


def _named(words: Sequence[str]) -> list[str]:
    return [word for word in words if not word.startswith("-")]


@click.command(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def alongside() -> None:
    """Walks, forums and follow-through, for a police agency and the people it serves."""


def main() -> None:
    if makes_folder(sys.argv[1:], offered()):
        _answered()
        return
    if needs_data(sys.argv[1:], offered()):
        _run(bring_up_to_date=True)
        return
    # Strangers run these on a file that they were handed: nothing of ours stays on their machine.
    with TemporaryDirectory(prefix="alongside-") as folder:
        os.environ["ALONGSIDE_DATA"] = folder
        _run(bring_up_to_date=False)


def _run(*, bring_up_to_date: bool) -> None:
    if bring_up_to_date:
        _stop_at_a_half_restored(data_folder())
    try:
        django.setup()  # closes the data folder; where there is none yet, makes it, and the first key in it
    except OSError as error:
        _stop(f"ALONGSIDE_DATA must be a folder that may be written to: {error.filename}: {error.strerror}.")
    except Refusal as refusal:
        _stop(str(refusal))
    _answered(bring_up_to_date=bring_up_to_date)


def _stop_at_a_half_restored(home: Path) -> None:
    if is_begun(home):
        _stop(
            f"{home} is half restored: give bin/alongside restore again, which begins anew, or name another folder."
        )


def _answered(*, bring_up_to_date: bool = False) -> None:
    """Do what was typed. What cannot be done is one line, and exit code 2."""
    try:
        if bring_up_to_date:
            from alongside.cli import database

            _close_the_data_folder()
            for trouble in keys.troubles(Path(settings.DATA)):
                _stop(str(trouble))
            database.bring_up_to_date()
        alongside(standalone_mode=False)
    except Refusal as refusal:
        _stop(str(refusal))
    except click.ClickException as error:
        _stop(error.format_message())
    except (click.exceptions.Abort, KeyboardInterrupt):
        _stop("stopped.")
    except FileNotFoundError as error:
        _stop(f"no such file: {error.filename}")
    except (NotADirectoryError, IsADirectoryError, PermissionError) as error:
        _stop(f"{error.filename}: {error.strerror}.")
    except Exception as error:
        if not was_lacking(error):
            raise
        _stop(f"{NO_ROOM} ({' '.join(str(error).split())[:200]})")


def _close_the_data_folder() -> None:
    """What a version before left open, or a copy that somebody put there."""
    if closed := safe.close(Path(settings.DATA)):
        click.echo(f"The data folder is closed: {closed} things in it could be read by others.", err=True)


def _stop(why: str) -> None:
    click.echo(f"alongside: {' '.join(why.split())}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
