"""Pictures of places: only their pixels are kept, apart from everybody's eyes until a person has looked.

A file is written whole or not at all, before its row; a file without a row is reached by no address and swept.
"""

from __future__ import annotations

import io
import os
import time
import warnings

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core import clock, data
from alongside.core.errors import Refusal
from alongside.field.actions import ItemRefused, client_id_of, line
from alongside.field.models import Pass, Photo, PhotoState

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2000
MOST_PHOTOS = 100
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


class PhotoRefused(Refusal):
    """These bytes are no picture that can be kept."""


class NoRoom(Refusal):
    """The disk is full, or would not write."""


def add_photo(opened: Pass, *, client_id: object, sent: bytes) -> Photo:
    """Keep the pixels of a picture, private until a person clears it. Sent twice is kept once."""
    key = client_id_of(client_id)
    known = Photo.objects.of(opened.agency).filter(client_id=key).first()
    if known is None:
        picture = drawn_anew(sent)
        photo = Photo(
            agency=opened.agency,
            gathering=opened.gathering,
            client_id=key,
            width=picture.width,
            height=picture.height,
            came_by=opened,
        )
        try:
            return _keep(photo, picture)
        except IntegrityError:  # the same picture, a moment earlier
            known = Photo.objects.of(opened.agency).get(client_id=key)
    if known.gathering_id != opened.gathering_id:
        raise ItemRefused(_("This photo belongs to another gathering."))
    known.known = True
    return known


def drawn_anew(sent: bytes) -> Image.Image:
    """The picture upright, at most 2,000 pixels a side, with nothing but its pixels: no place, no camera, no words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(sent), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PhotoRefused(_("This picture has too many pixels. Take it smaller."))
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _pixels_of(upright)
    except PhotoRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PhotoRefused(_("This is no picture we can keep: send a JPEG, PNG or WebP.")) from None
    except (OSError, ValueError, SyntaxError, TypeError, IndexError, MemoryError, EOFError, OverflowError):
        raise PhotoRefused(_("This picture is broken. Take it again.")) from None


def _pixels_of(picture: Image.Image) -> Image.Image:
    """A new picture that the old one is painted on: whatever else the old one carried stays behind."""
    paper = Image.new("RGB", picture.size, "white")
    painted = picture.convert("RGBA")
    paper.paste(painted, mask=painted)
    return paper


@transaction.atomic
def _keep(photo: Photo, picture: Image.Image) -> Photo:
    """The row and the file: the file is whole before the row is, and goes again where the row cannot be."""
    if (
        Photo.objects.belonging_to(gathering=photo.gathering).exclude(state=PhotoState.REFUSED).count()
        >= MOST_PHOTOS
    ):
        raise ItemRefused(_("This gathering has %(most)d photos already.") % {"most": MOST_PHOTOS})
    _write(photo, picture)
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
    except Exception:
        photo.path.unlink(missing_ok=True)
        raise
    return photo


def _write(photo: Photo, picture: Image.Image) -> None:
    part = photo.path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            picture.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
            file.flush()
            os.fsync(file.fileno())
        part.replace(photo.path)
    except OSError:
        part.unlink(missing_ok=True)
        raise NoRoom(_("There is no room to keep this picture. Try again later.")) from None


# -- looking --------------------------------------------------------------------------------------
@transaction.atomic
def clear_photo(photo: Photo, *, alt: str, by: User | None) -> Photo:
    """A person looked: a place, and nobody on it. `alt` says what it shows to those who cannot see it."""
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    if photo.state == PhotoState.REFUSED:
        raise PhotoRefused(_("This picture was refused and is deleted."))
    alt = line(alt, 250)
    if len(alt) < 3:
        raise PhotoRefused(_("Say in a few words what it shows, for people who cannot see it."))
    photo.state, photo.alt, photo.decided_by, photo.decided_at = PhotoState.CLEARED, alt, by, clock.now()
    photo.save(update_fields=["state", "alt", "decided_by", "decided_at"])
    audit.record(agency=photo.agency, by=by, verb="cleared", thing=photo)
    return photo


def refuse_photo(photo: Photo, *, by: User | None) -> Photo:
    """It shows a person, or does not belong here: the file is deleted from the disk, that it was there remains."""
    with transaction.atomic():
        photo = Photo.objects.select_for_update().get(pk=photo.pk)
        if photo.state != PhotoState.REFUSED:
            photo.state, photo.alt = PhotoState.REFUSED, ""
            photo.decided_by, photo.decided_at = by, clock.now()
            photo.save(update_fields=["state", "alt", "decided_by", "decided_at"])
            audit.record(agency=photo.agency, by=by, verb="refused", thing=photo)
    photo.path.unlink(missing_ok=True)
    return photo


def sweep(*, older_than_seconds: float = 86_400) -> int:
    """Delete what no address reaches: files of refused photos, and of rows that never came to be."""
    folder = data.folder("media", "field")
    kept = {
        f"{public_id}.jpg"
        for public_id in Photo.objects.everywhere()
        .exclude(state=PhotoState.REFUSED)
        .values_list("public_id", flat=True)
    }
    gone, now = 0, time.time()  # a file's age is by the machine's own clock
    for file in folder.iterdir():
        if file.name not in kept and now - file.stat().st_mtime > older_than_seconds:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
