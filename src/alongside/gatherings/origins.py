"""What a row of another room keeps of a gathering beside its key: its name, and the address of its page."""

from __future__ import annotations

from typing import TypedDict

from django.utils import translation

from alongside.core import languages
from alongside.core.authored import Words
from alongside.gatherings.models import Gathering


class Shown(TypedDict):
    origin_label: Words
    origin_link: str


def shown_of(gathering: Gathering) -> Shown:
    """Its name in each language, and the address of its page in none, as they are now."""
    with translation.override(languages.ENGLISH):
        return {"origin_label": gathering.title, "origin_link": gathering.get_absolute_url()}
