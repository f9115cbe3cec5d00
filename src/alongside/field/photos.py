"""Photos that a scribe's phone sends: of places, never of people. They are kept as pictures are (`media`)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.field.actions import ItemRefused, client_id_of
from alongside.field.models import Pass
from alongside.gatherings.models import Gathering
from alongside.media import actions as media
from alongside.media.drawing import PICTURE
from alongside.media.models import Picture

MOST_PHOTOS = 100


def add_photo(opened: Pass, *, client_id: object, sent: bytes) -> Picture:
    """Keep the pixels of a picture, private until a person clears it. Sent twice is kept once."""
    key, origin = client_id_of(client_id), opened.gathering.key
    photo = media.known(opened.agency, key)
    if photo is None:
        laid_down = media.laid_down(
            PICTURE.read(sent),
            agency=opened.agency,
            origin=origin,
            client_id=key,
            came_by=f"pass:{opened.by.public_id}",
        )
        with laid_down as picture, transaction.atomic():
            # Locked, so that nobody publishes it between this and the row, which would never hear of it.
            gathering = Gathering.objects.select_for_update().get(pk=opened.gathering_id)
            _must_take_more(opened)
            photo = media.keep(picture, published=not gathering.is_draft)
    if photo.origin != str(origin):
        raise ItemRefused(_("This photo belongs to another gathering."))
    return photo


def _must_take_more(opened: Pass) -> None:
    kept = Picture.objects.of(opened.agency).that_came_from(opened.gathering.key).kept()
    if kept.count() >= MOST_PHOTOS:
        raise ItemRefused(_("This gathering has %(most)d photos already.") % {"most": MOST_PHOTOS})
