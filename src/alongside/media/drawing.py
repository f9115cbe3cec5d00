"""Pictures drawn anew: only their pixels are kept, upright and no larger than a page needs."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from alongside.core.errors import Refusal
from alongside.outside.readers import Reader

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


class PictureRefused(Refusal):
    """These bytes are no picture that can be kept."""


@dataclass(frozen=True)
class Drawn:
    """A picture as it is kept: a JPEG, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def drawn_anew(sent: bytes) -> Drawn:
    """The picture upright, at most 2,000 pixels a side, with nothing but its pixels: no place, no camera, no words."""
    pixels = _pixels_of(_upright(sent))
    file = io.BytesIO()
    pixels.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Drawn(file.getvalue(), pixels.width, pixels.height)


PICTURE = Reader(drawn_anew, seconds=20, megabytes=400, refused=PictureRefused)


def _upright(sent: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(sent), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PictureRefused(_("This picture has too many pixels. Take it smaller."))
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return upright
    except PictureRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureRefused(_("This is no picture we can keep: send a JPEG, PNG or WebP.")) from None
    except Exception:  # a decoder raises whatever it trips over: the picture is at fault
        raise PictureRefused(_("This picture is broken. Take it again.")) from None


def _pixels_of(picture: Image.Image) -> Image.Image:
    """A new picture that the old one is painted on: whatever else the old one carried stays behind."""
    paper = Image.new("RGB", picture.size, "white")
    painted = picture.convert("RGBA")
    paper.paste(painted, mask=painted)
    return paper
