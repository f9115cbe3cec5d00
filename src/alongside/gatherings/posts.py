"""Words about a gathering to paste into any network, message or mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from alongside.core.authored import marks
from alongside.core.links import absolute
from alongside.gatherings import letters
from alongside.gatherings.models import Gathering
from alongside.outreach.pictures import share_image

# The shortest limit of the networks in use; an address counts as it stands.
SHORT = 280


@dataclass(frozen=True)
class Post:
    """A text under its label, for core's field to copy from."""

    id: str
    label: str
    text: str
    rows: int


def posts(gathering: Gathering) -> list[Post]:
    """A short text, and one that says everything. What was cancelled or moved says so first."""
    return [
        Post("short-text", _("Short, up to 280 characters"), short(gathering), 5),
        Post("long-text", _("Everything"), long(gathering), 12),
    ]


def short(gathering: Gathering) -> str:
    link = absolute(gathering.get_absolute_url())
    said = "\n".join([headline(gathering), gathering.when, str(gathering.place)])
    return f"{Truncator(said).chars(SHORT - len(link) - 1)}\n{link}"


def long(gathering: Gathering) -> str:
    parts = [
        headline(gathering),
        f"{gathering.when}\n{gathering.place}",
        gathering.change_reason.shown.with_mark,
        gathering.summary.shown.with_mark,
        gathering.access_notes.shown.with_mark,
        "\n".join(map(str, gathering.access_changes)),
        _("Languages: %(languages)s") % {"languages": gathering.spoken_there} if gathering.languages else "",
        "" if gathering.is_cancelled else _("Everybody is welcome. No account and no name needed."),
        absolute(gathering.get_absolute_url()),
    ]
    return "\n\n".join(part for part in parts if part)


def headline(gathering: Gathering) -> str:
    return f"{letters.what_happened(gathering)}{gathering.title.shown.with_mark}"


def picture(gathering: Gathering) -> bytes:
    """The same news as a PNG, for networks that show a picture beside a link."""
    return share_image(
        eyebrow=" · ".join([str(gathering.is_of), *marks(gathering.title)]),
        title=f"{letters.what_happened(gathering)}{gathering.title}",
        when=gathering.when,
        where=str(gathering.place),
        agency=gathering.agency.name,
    )
