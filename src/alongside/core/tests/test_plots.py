"""Plots drawn on the server, each with every number it draws."""

import pytest
from django.template import Context, Template
from django.utils import translation

from alongside.core import plots
from alongside.core.plots import Interval, Point
from alongside.core.tables import number

ROWS = [Interval("Eastbank", 41.2, 35.8, 47.3), Interval("Mill Row", 28.9, 22.1, 37.0)]


def rendered(plot: plots.Plot) -> str:
    return Template("{% load look %}{% plot_figure plot %}").render(Context({"plot": plot}))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 47.3, [0, 20, 40, 60]),
        (0, 1, [0, 0.5, 1]),
        (-3, 5, [-4, -2, 0, 2, 4, 6]),
        (0, 0.004, [0, 0.001, 0.002, 0.003, 0.004]),
    ],
)
def test_ticks_are_round_numbers_around_the_data(low: float, high: float, ticks: list[float]) -> None:
    assert list(plots.nice_scale(low, high, 0, 100).ticks) == pytest.approx(ticks)


def test_one_lonely_value_still_has_a_scale() -> None:
    scale = plots.nice_scale(7, 7, 0, 100)
    assert scale.ticks[0] < 7 < scale.ticks[-1]


def test_an_interval_reaches_as_far_as_its_doubt() -> None:
    plot = plots.intervals("Rates", ROWS)
    whiskers = [mark.at for mark in plot.marks if mark.look == "whisker"]
    dots = [mark.at for mark in plot.marks if mark.look == "dot"]
    assert len(whiskers) == len(dots) == 2
    for whisker, dot in zip(whiskers, dots):
        assert float(whisker["x1"]) < float(dot["cx"]) < float(whisker["x2"])
    widths = [float(whisker["x2"]) - float(whisker["x1"]) for whisker in whiskers]
    assert widths[1] / widths[0] == pytest.approx((37.0 - 22.1) / (47.3 - 35.8), rel=0.02)


LETTER = 6.4  # units that a letter takes at most, at the size of the drawing


def box(mark: plots.Mark) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of some words, with room to spare."""
    wide, x, y = LETTER * len(mark.words), float(mark.at["x"]), float(mark.at["y"])
    left = x - wide if "end" in mark.look else x - wide / 2 if "middle" in mark.look else x
    return left, left + wide, y - 11, y + 4


@pytest.mark.parametrize("average", [0.0, 0.4, 9.0, 21.0, 30.0, 44.0, 60.0])
def test_the_line_to_compare_with_goes_through_no_name(average: float) -> None:
    long = Interval("Smoketown Jackson and Shelby Park, first division, north-west", 24.0, 20.0, 28.0)
    plot = plots.intervals("Rates", [*ROWS, long], reference=(average, "whole agency"))
    words = [box(mark) for mark in plot.marks if mark.tag == "text"]
    lines = [mark.at for mark in plot.marks if mark.look == "reference"]
    assert len(lines) == 4, "one at its name, and one beside each bar"
    for line in lines:
        x, top, bottom = float(line["x1"]), float(line["y1"]), float(line["y2"])
        assert not [each for each in words if each[0] <= x <= each[1] and top < each[3] and each[2] < bottom]
    for at, one in enumerate(words):
        assert -1 <= one[0] < one[1] <= plots.WIDTH + 1, "inside the drawing"
        for other in words[at + 1 :]:
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
            assert apart, (one, other)
    assert long.label in rendered(plot), "the table has it whole"


def test_the_numbers_and_the_words_stand_beside_the_drawing() -> None:
    page = rendered(plots.intervals("Rates", ROWS))
    assert "between 35.8 and 47.3" in page
    assert page.count('<td data-label="At least" class="number">') == 2
    assert 'role="img"' in page


def test_a_line_has_a_band_only_where_there_is_doubt() -> None:
    sure = plots.line("Walks", [Point("Jan", 3), Point("Feb", 5)])
    unsure = plots.line("Walks", [Point("Jan", 3, 2, 4), Point("Feb", 5, 4, 6)])
    assert "band-fill" not in {mark.look for mark in sure.marks}
    assert "band-fill" in {mark.look for mark in unsure.marks}
    assert len(sure.table.heads) == 2
    assert len(unsure.table.heads) == 4


def test_nothing_to_draw_is_no_error() -> None:
    for plot in (plots.intervals("Rates", []), plots.line("Walks", []), plots.bars("Who came", [])):
        assert "<svg" in rendered(plot)


def test_a_bar_is_as_long_as_its_count() -> None:
    marks = plots.bars("Who came", [("Residents", 100), ("Clergy", 25), ("None", 0)]).marks
    longest, quarter, none = [float(mark.at["width"]) for mark in marks if mark.tag == "rect"]
    assert quarter == pytest.approx(longest / 4, rel=0.01)
    assert none == 0


def test_the_curve_says_what_the_busiest_part_holds() -> None:
    plot = plots.concentration("Few places", [(0.05, 0.4), (1.0, 1.0)], heads=("Places", "Incidents"))
    assert plot.description == "The busiest 5% hold 40%."
    assert ["5%", "40%"] in [list(row) for row in plot.table.rows]
    assert plots.held_by([(0.1, 0.5), (1.0, 1.0)], 0.05) == pytest.approx(0.25)


def test_thirty_thousand_cells_make_a_light_page() -> None:
    cells = [((step + 1) / 30_000, ((step + 1) / 30_000) ** 0.4) for step in range(30_000)]
    plot = plots.concentration("Few places", cells, heads=("Places", "Incidents"))
    assert len(rendered(plot)) < 12_000


def test_words_from_outside_are_escaped() -> None:
    page = rendered(plots.bars("<b>", [("<script>", 1)]))
    assert "<script>" not in page
    assert "<b>" not in page


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert number(1234.5, 1) == "1,234.5"
    with translation.override("es"):
        assert number(1234.5, 1) == "1,234.5", "as Spanish is written in American cities"
    with translation.override("de"):
        assert number(1234.5, 1) == "1.234,5"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"), [(211.7, 0, "212"), (0.19, 1, "0.2"), (1999.96, 1, "2,000.0")]
)
def test_numbers_are_rounded_not_cut_off(value, decimals, shown):
    assert number(value, decimals) == shown
