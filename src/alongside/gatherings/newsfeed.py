"""News of gatherings for readers that follow us (RSS 2.0). Each change is a piece of news of its own."""

from __future__ import annotations

from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.links import absolute
from alongside.gatherings import letters
from alongside.gatherings.calendars import LOOKS_BACK, uid
from alongside.gatherings.models import Gathering, GatheringQuerySet
from alongside.places.models import Area

MOST = 60


def rss(agency: Agency, gatherings: GatheringQuerySet, *, language: str, area: Area | None = None) -> bytes:
    """The latest changes first; of one neighborhood, where one is given. What was cancelled stays, and says so."""
    here = reverse("gatherings:rss", args=[agency.slug])
    whose = agency.name
    if area is not None:
        here = reverse("gatherings:area-rss", args=[agency.slug, area.public_id])
        whose = f"{area.name}, {agency.name}"
    feed = Rss201rev2Feed(
        title=_("Come and meet us: %(name)s") % {"name": whose},
        link=absolute(reverse("gatherings:coming", args=[agency.slug])),
        description=_("Dates, moves and cancellations of walks, forums and other gatherings."),
        language=language,
        feed_url=absolute(here),
    )
    lately = gatherings.coming(since=clock.now() - LOOKS_BACK).order_by("-changed_at", "-pk")[:MOST]
    for gathering in lately:
        feed.add_item(
            title=letters.what_happened(gathering) + gathering.titled,
            link=absolute(gathering.get_absolute_url()),
            description=_described(gathering),
            # A reader shows an item again when its name changes: so each version has one of its own.
            unique_id=f"{uid(gathering)}#{gathering.sequence}",
            unique_id_is_permalink=False,
            pubdate=gathering.changed_at,
            categories=[str(gathering.is_of)],
        )
    return feed.writeString("utf-8").encode()


def _described(gathering: Gathering) -> str:
    """In the reader's language, but for words that are only in another: those say so."""
    parts = [gathering.change_reason, gathering.place, gathering.summary]
    said = [part.shown.with_mark for part in parts if part]
    return "\n\n".join([*said, *map(str, gathering.access_changes)])
