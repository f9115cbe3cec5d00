"""What the product had said of a gathering, in the language of whoever pressed the button, becomes facts again.

Its titles, what happens, and the reasons that a forecast proposed are known by their words, in each language. What is
not word for word one of them, a person wrote, and stays. So do operating rules: whoever set them set these words.
"""

import re
from collections.abc import Callable, Iterator
from datetime import time
from functools import cache
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import translation
from django.utils.formats import time_format

from alongside.core.authored import Words
from alongside.core.errors import Phrase

# The words of then, in the two languages of then, and the phrase of now that they are read as.
Reading = tuple[str, str, str]
TITLES: tuple[Reading, ...] = (
    ("Walk with us in %(place)s", "Camine con nosotros en %(place)s", ""),
    ("Walk with us from %(place)s", "Camine con nosotros desde %(place)s", ""),
)
SUMMARIES: tuple[Reading, ...] = (
    (
        "An hour around the neighborhood, at a talking pace. Nobody is there to enforce anything: come and say what is "
        "on your mind.",
        "Una hora por el vecindario, a paso de conversación. Nadie va a aplicar la ley: venga y diga lo que tiene en "
        "mente.",
        "",
    ),
    (
        "%(minutes)d minutes around the neighborhood, at a talking pace. Nobody is there to enforce anything: come and "
        "say what is on your mind.",
        "%(minutes)d minutos por el vecindario, a paso de conversación. Nadie va a aplicar la ley: venga y diga lo que "
        "tiene en mente.",
        "",
    ),
)
REASONS: tuple[Reading, ...] = (
    (
        "The National Weather Service says: %(event)s.",
        "El Servicio Nacional de Meteorología dice: %(event)s.",
        "",
    ),
    (
        "Around %(hour)s, thunderstorms are forecast.",
        "Hacia las %(hour)s, se pronostican tormentas eléctricas.",
        "",
    ),
    (
        "Around %(hour)s, a %(n)s %% chance of rain or snow.",
        "Hacia las %(hour)s, un %(n)s %% de probabilidad de lluvia o nieve.",
        "",
    ),
    (
        "Around %(hour)s, wind up to %(speed)s mph.",
        "Hacia las %(hour)s, viento de hasta %(speed)s mph.",
        "Around %(hour)s, wind up to %(n)s.",
    ),
    (
        "Around %(hour)s, it feels like %(degrees)s °F.",
        "Hacia las %(hour)s, sensación térmica de %(degrees)s °F.",
        "Around %(hour)s, it feels like %(n)s.",
    ),
)
UNITS = {"speed": "%(speed)s mph", "degrees": "%(degrees)s °F"}
SAID: dict[str, dict[str, tuple[Reading, ...]]] = {
    "Gathering": {"title": TITLES, "summary": SUMMARIES, "change_reason": REASONS},
    "Notice": {"text": REASONS},
}
HOLE = re.compile(r"%\\\((\w+)\\\)[sd]")


@cache
def hours(language: str) -> dict[str, time]:
    """Each minute of a day as it is written in a language."""
    with translation.override(language):
        return {time_format(each): each for each in (time(n // 60, n % 60) for n in range(1440))}


def number(text: str) -> int:
    """Only what is written as it will be read: “1,200” a person wrote."""
    if str(int(text)) != text:
        raise ValueError(text)
    return int(text)


def read_part(name: str, text: str, language: str) -> tuple[str, object]:
    """What went into a sentence, as a fact again; ValueError or KeyError where it is none."""
    if name in UNITS:
        return "n", Phrase(UNITS[name], {name: number(text)})
    readers: dict[str, Callable[[], object]] = {
        "hour": lambda: hours(language)[text],
        "n": lambda: number(text),
        "minutes": lambda: number(text),
        "event": lambda: Phrase(text),
    }
    return name, readers.get(name, lambda: text)()


def read_as(reading: Reading, text: str, language: str) -> Phrase | None:
    """The phrase of now that was read as this text in this language."""
    english, spanish, now = reading
    template = re.escape(spanish if language == "es" else english).replace("%%", "%")
    found = re.fullmatch(HOLE.sub(r"(?P<\1>.+)", template), text)
    if found is None:
        return None
    try:
        parts = dict(read_part(name, part, language) for name, part in found.groupdict().items())
    except (KeyError, ValueError):
        return None
    return Phrase(now or english, parts)


def known_again(words: Words, phrases: tuple[Reading, ...]) -> Phrase | None:
    """The one phrase that stands in all of its texts."""
    readings = [
        {said for each in phrases if (said := read_as(each, text.text, language))}
        for language, text in words.texts.items()
    ]
    common = set.intersection(*readings) if readings else set()
    return common.pop() if len(common) == 1 else None


def of_rows(rows: Any, field: str, phrases: tuple[Reading, ...]) -> Iterator[tuple[int, Words]]:
    for pk, words in rows.exclude(**{field: ""}).values_list("pk", field).iterator(chunk_size=500):
        if said := known_again(words, phrases):
            yield pk, Words.made(said, source=words.source)


def make_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, fields in SAID.items():
        rows = apps.get_model("gatherings", name)._default_manager
        for field, phrases in fields.items():
            for pk, words in list(of_rows(rows, field, phrases)):
                rows.filter(pk=pk).update(**{field: words})


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0010_authored_rules")]

    operations = [migrations.RunPython(make_again, migrations.RunPython.noop)]
