"""What a concern or a photo keeps of the gathering it came from: a key that stays, and what is shown of it."""

from __future__ import annotations

from typing import TypedDict

from django.utils import translation

from alongside.core.origins import Origin
from alongside.gatherings.models import Gathering


class Shown(TypedDict):
    origin_label: str
    origin_link: str


def key_of(gathering: Gathering) -> Origin:
    """By this its concerns and photos are found, wherever its page is."""
    return Origin("gathering", gathering.public_id)


def shown_of(gathering: Gathering) -> Shown:
    """Its name and its page as they are now, in no particular language."""
    with translation.override("en"):
        return {"origin_label": gathering.title, "origin_link": gathering.get_absolute_url()}
