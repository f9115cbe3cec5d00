"""`alongside language`: a language of a city's own, by its catalogue in the data folder."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import locale, settings
from django.utils.translation import to_locale

from alongside.core import built, catalogs, languages
from alongside.core.errors import Refusal, phrase


class NoSuchCode(Refusal):
    """A language is asked for by something that is no code."""


class Unusable(Refusal):
    """A catalogue is broken."""


class AlreadyHere(Refusal):
    """There is a catalogue of this language; it is not written over."""


@click.group()
def language() -> None:
    """Put this city's pages into another language."""


@language.command()
@click.argument("code")
@click.option("--name", default="", help="As its speakers call it, such as Soomaali.")
@click.option("--right-to-left", is_flag=True, help="Written from right to left.")
def new(code: str, name: str, right_to_left: bool) -> None:
    """Begin the catalogue of a language: every phrase, to be given its words with any editor."""
    if not languages.is_a_code(code):
        raise NoSuchCode(
            phrase(
                "“%(code)s” is no code of a language: two or three letters, as so, ht or pt-br.", code=code
            )
        )
    known = locale.LANG_INFO.get(code, {})
    if code in languages.codes() or _path(code).exists():
        raise AlreadyHere(phrase("There is a catalogue of “%(code)s” already: change that.", code=code))
    if not name and not known:
        raise NoSuchCode(phrase("Say what its speakers call “%(code)s”: --name NAME.", code=code))
    is_rtl = right_to_left or bool(known.get("bidi"))
    path = catalogs.begin(
        _folder(), code, name=name or known["name_local"], direction="rtl" if is_rtl else "ltr"
    )
    _tell(path)


@language.command()
def update() -> None:
    """Bring this city's catalogues up to date with this version, compile them, and say what they lack."""
    for path in catalogs.catalogs(_folder()):
        try:
            catalogs.bring_up_to_date(path)
        except catalogs.Unreadable as error:
            raise Unusable(phrase("%(path)s: %(error)s", path=path, error=error)) from error
        _tell(path)
    catalogs.compile_all(_folder())
    data = Path(settings.DATA)
    if _folder().is_dir():
        (data / built.OF_THE_CITY.stamp).write_text(f"{built.OF_THE_CITY.today(data)}\n")


def _tell(path: Path) -> None:
    lacking, all_of_it = len(catalogs.missing(path)), len(catalogs.read(path))
    click.echo(f"{path}: {all_of_it} phrases, {lacking} without words")


def _folder() -> Path:
    return Path(settings.DATA) / languages.OF_A_CITY


def _path(code: str) -> Path:
    return _folder() / to_locale(code) / "LC_MESSAGES" / "django.po"
