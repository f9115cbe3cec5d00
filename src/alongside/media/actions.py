"""Keep a picture, private until somebody has looked; clear it or refuse it; sweep what no row knows.

A file is written whole or not at all, before its row; a file without a row is reached by no address and swept.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit, retention
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal
from alongside.core.files import NoRoom, age, whole
from alongside.core.origins import Origin
from alongside.core.text import line
from alongside.media.drawing import Drawn, PictureRefused
from alongside.media.models import LONGEST_ALT, SHORTEST_ALT, Picture, PictureState, folder

log = logging.getLogger("alongside.media")


def known(agency: Agency, client_id: uuid.UUID) -> Picture | None:
    """A picture that was sent before."""
    picture = Picture.objects.filter(agency=agency, client_id=client_id).first()
    if picture is not None:
        picture.known = True
    return picture


@contextmanager
def laid_down(
    drawn: Drawn, *, agency: Agency, origin: Origin, client_id: uuid.UUID, came_by: str = ""
) -> Iterator[Picture]:
    """The file, whole, for a row that is to come (`keep`) and is not saved yet. Without one the file goes again.

    Around the transaction that keeps it, not within.
    """
    picture = Picture(
        agency=agency,
        origin=str(origin),
        client_id=client_id,
        came_by=came_by,
        width=drawn.width,
        height=drawn.height,
    )
    try:
        _write(picture, drawn)
        yield picture
    except BaseException:
        picture.discard()
        raise
    if picture.pk is None:
        picture.discard()


@transaction.atomic
def keep(picture: Picture, *, published: bool) -> Picture:
    """The row of a file that is laid down. Sent twice is kept once.

    `published`: whether what it came from is open to all; where not, that is said later.
    """
    picture.published = published
    try:
        with transaction.atomic():
            picture.save(force_insert=True)
    except IntegrityError:  # the same picture, a moment earlier
        before = known(picture.agency, picture.client_id)
        if before is None:
            raise
        return before
    return picture


def _write(picture: Picture, drawn: Drawn) -> None:
    try:
        with whole(picture.path) as file:
            file.write(drawn.jpeg)
        picture.keep()
    except (OSError, Refusal) as error:
        log.warning("a picture was not kept: %s", error)
        raise NoRoom(_("There is no room to keep this picture. Try again later.")) from None


# -- looking --------------------------------------------------------------------------------------
@transaction.atomic
def clear(picture: Picture, *, alt: Words | str, by: User | None) -> Picture:
    """A person looked: a place, and nobody on it. `alt` says what it shows to those who cannot see it."""
    picture = Picture.objects.select_for_update().get(pk=picture.pk)
    if picture.state == PictureState.REFUSED:
        raise PictureRefused(_("This picture was refused and is deleted."))
    plain = words_of(alt).each(partial(line, longest=LONGEST_ALT))
    alt = plain.signed(audit.name_of(by, picture.agency), before=picture.alt)
    if alt.shortest < SHORTEST_ALT:
        raise PictureRefused(_("Say in a few words what it shows, for people who cannot see it."))
    picture.state, picture.alt, picture.decided_by, picture.decided_at = (
        PictureState.CLEARED,
        alt,
        by,
        clock.now(),
    )
    picture.save(update_fields=["state", "alt", "decided_by", "decided_at"])
    audit.record(agency=picture.agency, by=by, verb="cleared", thing=picture)
    return picture


def refuse(picture: Picture, *, by: User | None) -> Picture:
    """It shows a person, or does not belong here: the file is deleted from the disk, that it was there remains."""
    with transaction.atomic():
        picture = Picture.objects.select_for_update().get(pk=picture.pk)
        if picture.state != PictureState.REFUSED:
            picture.state, picture.alt = PictureState.REFUSED, ""
            picture.decided_by, picture.decided_at = by, clock.now()
            picture.save(update_fields=["state", "alt", "decided_by", "decided_at"])
            audit.record(agency=picture.agency, by=by, verb="refused", thing=picture)
    picture.discard()
    return picture


# -- what it came from --------------------------------------------------------------------------------
def publish(agency: Agency, origin: Origin) -> None:
    """What these pictures came from is open to all now: so is each of them, once a person has cleared it."""
    Picture.objects.filter(agency=agency).that_came_from(origin).update(published=True)


def forget(agency: Agency, origin: Origin) -> None:
    """What these pictures came from was thrown away: so are they. Their files are swept."""
    Picture.objects.filter(agency=agency).that_came_from(origin).delete()


def give_up_waiting() -> int:
    """Refuse what nobody has looked at in time: their files are deleted. Returns how many."""
    over = Picture.objects.everywhere().out_of_keeping()
    pictures = list(over)
    retention.certify(over)
    for picture in pictures:
        refuse(picture, by=None)
    return len(pictures)


def sweep(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete what no address reaches: files of refused pictures, and of rows that never came to be."""
    kept = {
        f"{public_id}.jpg"
        for public_id in Picture.objects.everywhere().kept().values_list("public_id", flat=True)
    }
    gone = 0
    for file in folder().iterdir():
        if file.name not in kept and age(file) > older_than:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
