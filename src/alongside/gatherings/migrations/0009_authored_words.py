"""Texts for the public get their languages: what was typed is in the language of its gathering, by a person.

The column is text before and after: each text is put into its new shape as it stands, none is left out. Languages
that were typed (“English, Spanish”) become codes; a word that is no language we know stays as it is.
"""

import re
from typing import Any

from django.db import migrations, models
from django.db.models import Value

from alongside.core.authored import Authored
from alongside.core.moves import into_words

TEXTS = (
    "title",
    "summary",
    "meeting_point",
    "access_notes",
    "photo_notes",
    "change_reason",
    "previous_place",
)
PLAIN = {"title", "meeting_point", "photo_notes", "change_reason", "previous_place"}  # were no text columns

# What people type, in English and in Spanish.
CODES = {
    code: words.split("|")
    for code, words in {
        "en": "english|inglés|ingles",
        "es": "spanish|español|espanol|castellano",
        "ase": "asl|american sign language|american sign language (asl)|sign language|lengua de señas|"
        "lengua de señas americana|lenguaje de señas",
        "am": "amharic|amárico",
        "ar": "arabic|árabe",
        "bn": "bengali|bengalí",
        "bs": "bosnian|bosnio",
        "my": "burmese|birmano",
        "yue": "cantonese|cantonés",
        "chr": "cherokee|cheroqui",
        "fa": "farsi|persian|persa",
        "fr": "french|francés",
        "de": "german|alemán",
        "gu": "gujarati|guyaratí",
        "ht": "haitian creole|creole|kreyòl|criollo haitiano",
        "hi": "hindi",
        "hmn": "hmong",
        "it": "italian|italiano",
        "ja": "japanese|japonés",
        "kar": "karen",
        "km": "khmer|jemer",
        "rw": "kinyarwanda",
        "ko": "korean|coreano",
        "ku": "kurdish|kurdo",
        "lo": "lao",
        "cmn": "mandarin|mandarin chinese|mandarín",
        "nv": "navajo",
        "ne": "nepali|nepalí",
        "om": "oromo",
        "ps": "pashto|pastún",
        "pl": "polish|polaco",
        "pt": "portuguese|portugués",
        "pa": "punjabi|panyabí",
        "ru": "russian|ruso",
        "sm": "samoan|samoano",
        "so": "somali|somalí",
        "sw": "swahili|suajili",
        "tl": "tagalog|tagalo",
        "ti": "tigrinya|tigriña",
        "uk": "ukrainian|ucraniano",
        "ur": "urdu",
        "vi": "vietnamese|vietnamita",
    }.items()
}
CODE_OF = {word: code for code, words in CODES.items() for word in words}


def codes(typed: str) -> list[str]:
    """“English and Spanish, Klingon” → en, es, Klingon."""
    found: list[str] = []
    for part in re.split(r"[,;/]", typed):
        parts = re.split(r"\s+(?:and|y|e|&)\s+|\s*&\s*", part)
        known = [CODE_OF.get(each.strip().casefold(), "") for each in parts]
        found += known if all(known) else [CODE_OF.get(part.strip().casefold(), part.strip())]
    return list(dict.fromkeys(each for each in found if each))


def into_codes(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("gatherings", "Gathering").objects
    for pk, typed in rows.exclude(languages="").order_by("pk").values_list("pk", "languages").iterator(500):
        rows.filter(pk=pk).update(spoken=codes(typed))


def authored(model: str, name: str, **how: Any) -> migrations.AlterField:
    return migrations.AlterField(model, name, Authored(**how))


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0008_errors_are_phrases")]

    operations = [
        *(migrations.AlterField("gathering", name, models.TextField(blank=True)) for name in sorted(PLAIN)),
        migrations.AddField(
            "gathering", "spoken", models.JSONField(default=list, blank=True, verbose_name="Languages spoken")
        ),
        migrations.RunPython(into_codes),
        into_words("gatherings.Gathering", *TEXTS, language="language"),
        into_words("gatherings.Notice", "text", language="gathering__language"),
        into_words("gatherings.Series", "description", language=Value("en")),
        migrations.RemoveField("gathering", "languages"),
        migrations.RenameField("gathering", "spoken", "languages"),
        migrations.RemoveField("gathering", "language"),
        authored("series", "description", blank=True, max_length=2000, verbose_name="What it is"),
        authored("gathering", "title", max_length=140, verbose_name="Title"),
        authored(
            "gathering",
            "summary",
            blank=True,
            help_text="Two or three plain sentences.",
            max_length=2000,
            verbose_name="What happens",
        ),
        authored(
            "gathering",
            "meeting_point",
            blank=True,
            help_text="Such as “by the front steps”.",
            max_length=200,
            verbose_name="Where exactly",
        ),
        authored("gathering", "access_notes", blank=True, max_length=1000, verbose_name="Access"),
        authored("gathering", "photo_notes", blank=True, max_length=300, verbose_name="Photos"),
        authored("gathering", "change_reason", blank=True, editable=False, max_length=400),
        authored("gathering", "previous_place", blank=True, editable=False, max_length=600),
        authored("notice", "text", max_length=2000),
    ]
