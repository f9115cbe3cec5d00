"""Pictures that a scribe might have taken, drawn here: places, and nobody on them."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 640
DUSK, WALL, MORTAR, GROUND, DARK = "#39455c", "#7d5648", "#6d4a3e", "#4d4b4a", "#2a2c30"
SKY, GRASS, PATH, WOOD, LEAF = "#bcd3e0", "#7f9b6b", "#c9bda6", "#8a6440", "#55754a"


def alley() -> bytes:
    """An alley in the dusk, with four lamps that are out."""
    picture, pen = _paper(DUSK)
    pen.polygon([(0, HEIGHT), (380, 330), (580, 330), (WIDTH, HEIGHT)], fill=GROUND)
    pen.polygon([(0, 0), (380, 230), (380, 330), (0, HEIGHT)], fill=WALL)
    pen.polygon([(WIDTH, 0), (580, 230), (580, 330), (WIDTH, HEIGHT)], fill=WALL)
    for step in range(1, 12):
        share = step / 12
        pen.line([(0, HEIGHT * share), (380, 230 + 100 * share)], fill=MORTAR, width=3)
        pen.line([(WIDTH, HEIGHT * share), (580, 230 + 100 * share)], fill=MORTAR, width=3)
    for x, top in ((120, 120), (280, 210), (680, 210), (840, 120)):
        pen.line([(x, top), (x, top + 260 - abs(x - 480) // 4)], fill=DARK, width=7)
        pen.ellipse([x - 17, top - 22, x + 17, top + 12], fill="#5a6070", outline=DARK, width=5)
    return _jpeg(picture)


def bench() -> bytes:
    """A new bench halfway up a hill."""
    picture, pen = _paper(SKY)
    pen.polygon([(0, 470), (WIDTH, 230), (WIDTH, HEIGHT), (0, HEIGHT)], fill=GRASS)
    pen.polygon([(0, 600), (WIDTH, 330), (WIDTH, 400), (0, HEIGHT)], fill=PATH)
    _tree(pen, 760, 250)
    for height in (352, 380, 408):
        pen.rectangle([330, height, 600, height + 16], fill=WOOD)
    for x in (350, 566):
        pen.rectangle([x, 424, x + 14, 476], fill=DARK)
    return _jpeg(picture)


def street() -> bytes:
    """A sign for trucks behind a tree."""
    picture, pen = _paper(SKY)
    pen.rectangle([0, 430, WIDTH, HEIGHT], fill=GROUND)
    for x in range(20, WIDTH, 160):
        pen.rectangle([x, 530, x + 80, 540], fill="#e8e2d4")
    pen.rectangle([0, 400, WIDTH, 436], fill="#a8a39b")
    pen.rectangle([560, 200, 570, 410], fill="#8b8f94")
    pen.ellipse([505, 130, 625, 250], fill="#ffffff", outline="#b03a30", width=16)
    _tree(pen, 490, 300)
    return _jpeg(picture)


def _tree(pen: ImageDraw.ImageDraw, x: int, foot: int) -> None:
    pen.rectangle([x - 12, foot - 110, x + 12, foot + 110], fill=WOOD)
    for east, north, across in ((-70, -150, 130), (-10, -190, 140), (-40, -100, 120)):
        pen.ellipse([x + east, foot + north, x + east + across, foot + north + across], fill=LEAF)


def _paper(color: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (WIDTH, HEIGHT), color)
    return picture, ImageDraw.Draw(picture)


def _jpeg(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()
