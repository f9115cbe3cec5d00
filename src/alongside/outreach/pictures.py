"""The picture that a shared link shows: 1200 by 630, the size every network takes.

Drawn here and not photographed, so that nobody's face is needed to invite people. Fonts are the pages' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 80
# The pages' tokens, in the light theme: a picture cannot know what theme its reader uses.
PAPER, INK, MUTED, GREEN, MARIGOLD, SOFT = "#fbf7f0", "#1d2a25", "#566159", "#1f4d3d", "#f3a712", "#e3ede4"

SERIF = ("headings-latin-900.woff2", "merriweather-latin-ext-900-normal.woff2")
SANS = ("public-sans-latin-wght-normal.woff2", "public-sans-latin-ext-wght-normal.woff2")
# Letters of the first file; all others are looked for in the second.
LATIN = range(0x0000, 0x0100)
ALSO_LATIN = frozenset("ıŒœ–—‘’‚“”„•…‹›€™−")
SMOOTH = 3
GREEN_STEPS = ((800, 560), (868, 508), (948, 500), (1016, 458))
MARIGOLD_STEPS = ((880, 590), (948, 542), (1028, 540), (1096, 500))
TITLE_SIZES = (84, 72, 62, 54, 48)
TITLE_LINES = 3


@dataclass(frozen=True)
class Face:
    """One of the pages' typefaces at one size; the letters it lacks come from its second file."""

    latin: ImageFont.FreeTypeFont | ImageFont.ImageFont
    other: ImageFont.FreeTypeFont | ImageFont.ImageFont

    def runs(self, words: str) -> list[tuple[str, ImageFont.FreeTypeFont | ImageFont.ImageFont]]:
        """The words cut where the file changes."""
        runs: list[tuple[str, ImageFont.FreeTypeFont | ImageFont.ImageFont]] = []
        for letter in words:
            font = self.latin if ord(letter) in LATIN or letter in ALSO_LATIN else self.other
            if runs and runs[-1][1] is font:
                runs[-1] = (runs[-1][0] + letter, font)
            else:
                runs.append((letter, font))
        return runs

    def width(self, words: str) -> float:
        return sum(font.getlength(run) for run, font in self.runs(words))


def share_image(*, eyebrow: str, title: str, when: str, where: str, agency: str) -> bytes:
    """A PNG that says what, when and where, for `og:image`. The same words give the same bytes."""
    eyebrow, title, when, where, agency = map(_plain, (eyebrow, title, when, where, agency))
    picture = _ground().copy()
    draw = ImageDraw.Draw(picture)
    face, size, lines = _fit(title)
    at = MARGIN
    at = _write(draw, at, eyebrow.upper(), _face(SANS, 28, 700), GREEN, 28) + 14
    for line in lines:
        at = _write(draw, at, line, face, INK, size)
    draw.rectangle((MARGIN, at + 18, MARGIN + 96, at + 26), fill=MARIGOLD)
    at += 52
    at = _write(draw, at, _shortened(when, _face(SANS, 38, 700)), _face(SANS, 38, 700), INK, 38)
    _write(draw, at, _shortened(where, _face(SANS, 34, 400)), _face(SANS, 34, 400), MUTED, 34)
    _write(
        draw, SIZE[1] - MARGIN + 2, _shortened(agency, _face(SANS, 28, 600)), _face(SANS, 28, 600), GREEN, 28
    )
    return _png(picture)


def _plain(words: str) -> str:
    """One line, and no more than could ever be shown."""
    return " ".join(words.split())[:160]


@lru_cache(maxsize=1)
def _ground() -> Image.Image:
    """A soft hill, and footprints walking up it: two people, side by side. Drawn large, so that edges are smooth."""
    large = Image.new("RGB", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH), PAPER)
    ImageDraw.Draw(large).ellipse([SMOOTH * edge for edge in (640, 430, 1560, 1200)], fill=SOFT)
    for color, steps in ((GREEN, GREEN_STEPS), (MARIGOLD, MARIGOLD_STEPS)):
        foot = _footprint(color)
        for left, top in steps:
            large.paste(foot, (left * SMOOTH, top * SMOOTH), foot)
    return large.resize(SIZE, Image.Resampling.LANCZOS)


def _footprint(color: str) -> Image.Image:
    """One shoe, walking up and to the right."""
    foot = Image.new("RGBA", (40 * SMOOTH, 40 * SMOOTH))
    draw = ImageDraw.Draw(foot)
    draw.ellipse([SMOOTH * edge for edge in (12, 0, 29, 25)], fill=color)
    draw.ellipse([SMOOTH * edge for edge in (14, 27, 27, 40)], fill=color)
    return foot.rotate(-62, resample=Image.Resampling.BICUBIC)


def _fit(title: str) -> tuple[Face, int, list[str]]:
    """The largest size at which the title takes no more than three lines; then it is cut."""
    for size in TITLE_SIZES:
        face = _face(SERIF, size)
        lines = _wrapped(title, face)
        if len(lines) <= TITLE_LINES:
            return face, size, lines
    return face, size, [*lines[: TITLE_LINES - 1], _shortened(" ".join(lines[TITLE_LINES - 1 :]), face)]


def _wrapped(words: str, face: Face) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        word = _shortened(word, face)
        if lines and face.width(f"{lines[-1]} {word}") <= SIZE[0] - 2 * MARGIN:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def _shortened(words: str, face: Face) -> str:
    """As much as fits one line, and a mark that there was more."""
    room = SIZE[0] - 2 * MARGIN
    if face.width(words) <= room:
        return words
    while words and face.width(f"{words}…") > room:
        words = words[:-1]
    return f"{words.rstrip()}…"


def _write(draw: ImageDraw.ImageDraw, at: int, words: str, face: Face, color: str, size: int) -> int:
    """One line from the left margin; returns where the next may begin."""
    across: float = MARGIN
    for run, font in face.runs(words):
        draw.text((across, at + size), run, font=font, fill=color, anchor="ls")
        across += font.getlength(run)
    return at + round(size * 1.28)


@lru_cache(maxsize=32)
def _face(files: tuple[str, str], size: int, weight: int | None = None) -> Face:
    latin, other = files
    return Face(_font(latin, size, weight), _font(other, size, weight))


def _font(name: str, size: int, weight: int | None) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = finders.find(f"fonts/{name}")
    if not path:  # the pages were not built: plainer, and still an invitation
        return ImageFont.load_default(size)
    font = ImageFont.truetype(BytesIO(Path(path).read_bytes()), size)
    if weight is not None:
        font.set_variation_by_axes([weight])
    return font


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.quantize(128).save(file, "PNG", optimize=True)
    return file.getvalue()
