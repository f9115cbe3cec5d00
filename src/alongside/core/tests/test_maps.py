"""Maps drawn on the server."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from django.template import Context, Template
from django.utils import translation
from shapely.geometry import LineString, Point, box
from tests.markup import folded

from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Table

TABLE = Table(
    "Walks", [Head("Neighborhood"), Head("Walks", number=True)], [["Eastbank", 1200], ["Mill Row", None]]
)
EASTBANK = Shape(box(-85.76, 38.20, -85.74, 38.22), "chosen", "Eastbank", written=True)


def drawn(*shapes: Shape, **more: Any) -> Map:
    return Map(title="Where we walk", shapes=shapes, table=TABLE, **more)


def rendered(figure: Map, live: str = "ask") -> str:
    return Template("{% load look %}{% map_figure map live=live %}").render(
        Context({"map": figure, "live": live})
    )


def test_north_is_up_and_east_is_right() -> None:
    frame = drawn(EASTBANK).frame
    west_x, south_y = frame.point(-85.76, 38.20)
    east_x, north_y = frame.point(-85.74, 38.22)
    assert west_x < east_x
    assert north_y < south_y


def test_a_kilometre_is_as_long_up_as_across() -> None:
    """At 60 degrees north a degree of longitude is half as long as one of latitude."""
    frame = drawn(Shape(box(10.0, 59.99, 10.04, 60.01), "area")).frame
    across = frame.point(10.02, 60)[0] - frame.point(10.0, 60)[0]
    upright = frame.point(10, 60.0)[1] - frame.point(10, 60.01)[1]
    assert across == pytest.approx(upright, rel=0.01)


def test_holes_lines_and_points_are_drawn() -> None:
    ring = box(0, 0, 1, 1).difference(box(0.4, 0.4, 0.6, 0.6))
    figure = drawn(
        Shape(ring, "area"), Shape(LineString([(0, 0), (1, 1)]), "route"), Shape(Point(0.5, 0.5), "start")
    )
    area, route, start = figure.drawn
    assert area.path.count("M") == 2
    assert area.path.endswith("Z")
    assert not route.path.endswith("Z")
    assert start.radius > 0


def test_many_parts_of_one_shape_are_each_drawn_and_nothing_breaks_on_none() -> None:
    two = box(0, 0, 1, 1).union(box(2, 2, 3, 3))
    assert len(drawn(Shape(two, "area")).drawn) == 2
    assert drawn(Shape(Point(), "place")).drawn == []
    assert "<svg" in rendered(drawn())


def test_a_shape_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not a kind"):
        Shape(Point(0, 0), "bad-neighborhood")


def test_the_table_comes_with_the_map_and_says_what_is_not_known() -> None:
    page = rendered(drawn(EASTBANK))
    assert "The map as a table" in page
    assert "1,200" in page
    assert "not known" in page
    assert re.search(r'<text class="map-label"[^>]*>Eastbank</text>', folded(page))


def test_a_day_in_a_table_is_written_as_a_day() -> None:
    heads, rows = [Head("Neighborhood"), Head("Last one")], [["Eastbank", date(2026, 6, 4)]]
    for language, day in {"en": "June 4, 2026", "es": "4 de junio de 2026"}.items():
        with translation.override(language):
            assert [cell.value for cell in Table("Walks", heads, rows).cells[0]] == ["Eastbank", day]


def test_the_live_map_gets_the_same_shapes_and_a_still_one_gets_none() -> None:
    figure = drawn(EASTBANK, name="walks")
    data = re.search(
        r'<script id="walks-shapes" type="application/json">(.*?)</script>', rendered(figure), re.DOTALL
    )
    assert data
    (feature,) = json.loads(data.group(1))["features"]
    assert feature["properties"]["kind"] == "chosen"
    assert feature["properties"]["at"] == [-85.75, 38.21]
    assert "data-map-wake" in rendered(figure)
    assert "<script" not in rendered(figure, live="")
    assert "data-map=" not in rendered(figure, live="")


def test_a_name_from_outside_cannot_leave_its_place() -> None:
    evil = '</script><script>alert("1")</script>"'
    page = rendered(drawn(Shape(Point(0, 0), "place", evil, written=True), credit=evil, name="m"))
    assert "<script>alert" not in page
    assert page.count("</script>") == 1


def test_the_bounds_may_be_narrower_than_the_shapes() -> None:
    river = Shape(box(-86, 38, -85, 39), "water")
    figure = drawn(river, EASTBANK, bounds=(-85.76, 38.2, -85.74, 38.22))
    assert figure.frame == drawn(EASTBANK).frame
    assert figure.geojson["bbox"] == [-85.76, 38.2, -85.74, 38.22]


# -- drawn once -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "other",
    [
        drawn(Shape(box(-85.76, 38.20, -85.74, 38.23), "chosen", "Eastbank", written=True)),
        drawn(Shape(box(-85.76, 38.20, -85.74, 38.22), "chosen", "Westbank", written=True)),
        drawn(Shape(box(-85.76, 38.20, -85.74, 38.22), "area", "Eastbank", written=True)),
        drawn(EASTBANK, note="As of today"),
        drawn(EASTBANK, legend=[("chosen", "Here")]),
        Map(title="Where we walk", shapes=[EASTBANK], table=Table("Walks", TABLE.heads, [["Eastbank", 3]])),
    ],
)
def test_a_figure_is_drawn_once_and_any_other_anew(other: Map, monkeypatch: pytest.MonkeyPatch) -> None:
    caches["drawings"].clear()
    first = rendered(drawn(EASTBANK))
    assert "Eastbank" in first
    monkeypatch.setattr(Map, "drawn", property(lambda _: pytest.fail("drawn again")))
    assert rendered(drawn(EASTBANK)) == first
    monkeypatch.undo()
    assert rendered(other) != first
    with translation.override("es"):
        assert rendered(drawn(EASTBANK)) != first


@pytest.mark.parametrize(
    ("numbers", "wide", "look"),
    [
        ([True], False, "narrow"),
        ([True, True], False, "narrow"),
        ([True, True, True], False, "stack"),
        ([True, False], False, "stack"),
        ([True, True], True, ""),
    ],
)
def test_on_a_phone_numbers_are_compared_down_a_column_and_words_fold(numbers, wide, look):
    heads = [Head("Where"), *(Head("How many", number=each) for each in numbers)]
    table = Table("Walks", heads, [["Eastbank", *("1" for _each in numbers)]], wide=wide)
    drawn = Template('{% include "core/_table.html" %}').render(Context({"table": table}))
    assert f'class="{f"table {look}".strip()}"' in folded(drawn)
