"""Colors that everybody can read: each ink on each ground it is used on, in light and in dark."""

import re
from functools import cache
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "assets" / "css" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for words, 1.4.11 for what one must see to use a page
GROUNDS = ("paper", "card", "sunken")

READ = [
    *(
        ("ink", ground)
        for ground in (*GROUNDS, "green-soft", "marigold-soft", "clay-soft", "river-soft", "map-land")
    ),
    *(("muted", ground) for ground in GROUNDS),
    *(("green", ground) for ground in (*GROUNDS, "green-soft")),
    *(("green-hover", ground) for ground in GROUNDS),
    *(("clay", ground) for ground in (*GROUNDS, "clay-soft")),
    ("river", "river-soft"),
    ("marigold-ink", "marigold-soft"),
    ("on-green", "green"),
    ("on-green", "green-hover"),
    ("on-marigold", "marigold"),
    ("on-marigold", "marigold-hover"),
    ("on-deep", "deep"),
    ("marigold", "deep"),
]
SEEN = [
    *(("edge", ground) for ground in GROUNDS),
    *(("focus", ground) for ground in (*GROUNDS, "green-soft", "map-land")),
    ("on-deep", "deep"),
    ("green", "line"),
    ("map-route", "map-land"),
    ("map-route", "map-area"),
    ("map-edge", "map-land"),
]


@cache
def tokens(mode: str) -> dict[str, str]:
    """The colors of one mode: dark is light, redefined."""
    light, dark = TOKENS.read_text().split("@media screen and (prefers-color-scheme: dark)")
    colors = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", light))
    return colors | dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", dark)) if mode == "dark" else colors


def luminance(color: str) -> float:
    """Relative luminance, 0 to 1, as WCAG defines it."""
    shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_what_the_standard_means() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_words_can_be_read(mode: str, ink: str, ground: str) -> None:
    colors = tokens(mode)
    assert contrast(colors[ink], colors[ground]) >= TEXT


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SEEN)
def test_shapes_can_be_seen(mode: str, shape: str, ground: str) -> None:
    colors = tokens(mode)
    assert contrast(colors[shape], colors[ground]) >= SHAPE


def test_dark_redefines_the_same_names_and_adds_none() -> None:
    light, dark = TOKENS.read_text().split("@media screen and (prefers-color-scheme: dark)")
    names = {mode: set(re.findall(r"--([\w-]+):", text)) for mode, text in (("light", light), ("dark", dark))}
    assert names["dark"] <= names["light"]
