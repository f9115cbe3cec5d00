"""The same from the command line, for other programs and for how-tos."""

import json

import pytest
from click.testing import CliRunner
from shapely.geometry import mapping

from alongside.core.errors import Refusal
from alongside.walks.commands import walks
from alongside.walks.models import Walk
from alongside.walks.tests.cast import a_focus_area, a_town, box

pytestmark = pytest.mark.django_db
KEYS = {
    "area", "start", "closed", "length_m", "minutes", "streets", "geometry", "reach_covered", "reach_total",
    "bound", "step_free", "left_out",
}  # fmt: skip


@pytest.fixture
def town(riverbend):
    return a_town(riverbend)


def run(*words):
    return CliRunner().invoke(walks, [str(word) for word in words], catch_exceptions=True)


def refused(*words):
    """The one line that a command stops with."""
    done = run(*words)
    assert done.exit_code != 0
    assert done.stdout == ""
    line = str(done.exception) if isinstance(done.exception, Refusal) else done.stderr.splitlines()[-1]
    assert "\n" not in line
    return line


class TestPlan:
    def test_json_holds_what_other_programs_read(self, riverbend, town):
        focus = a_focus_area(riverbend, town[0], box(290, 190, 510, 410))
        answer = json.loads(run("plan", "riverbend", focus.public_id, "--minutes", 30, "--json").stdout)
        assert set(answer) >= KEYS
        assert answer["area"] == "Eastbank"
        assert answer["closed"] is True
        assert answer["geometry"]["type"] == "LineString"
        assert answer["geometry"]["coordinates"][0] == answer["geometry"]["coordinates"][-1]
        assert set(answer["step_free"]) == {"yes_m", "unknown_m", "no_m"}
        assert sum(answer["step_free"].values()) == pytest.approx(answer["length_m"])
        assert all(isinstance(street, str) for street in answer["streets"])
        assert answer["minutes"] <= 30
        lat, lon = answer["start"]
        assert abs(lat - town[2].lat) < 1e-3 > abs(lon - town[2].lon)
        assert not Walk.objects.exists()  # it plans only

    def test_a_file_a_start_and_a_street_to_leave_out(self, riverbend, town, tmp_path):
        file = tmp_path / "area.geojson"
        file.write_text(
            "\ufeff" + json.dumps({"type": "Feature", "geometry": mapping(box(300, 100, 500, 400))})
        )
        start = f"{town[2].lat},{town[2].lon}"
        answer = json.loads(
            run("plan", "riverbend", file, "--start", start, "--exclude", "avenue 4", "--json").stdout
        )
        assert "Avenue 4" not in answer["streets"]

    def test_people_read_sentences(self, riverbend, town):
        shown = run("plan", "riverbend", "eastbank").stdout
        assert "back where it began" in shown
        assert "Start along" in shown

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (["riverbend", "nowhere"], "no focus area’s id"),
            (["riverbend", "x" * 5000], "no focus area’s id"),
            (["riverbend", "nul\0byte"], "no focus area’s id"),
            (["nobody", "eastbank"], "no agency “nobody”"),
            (["riverbend", "eastbank", "--minutes", "0"], "from 15 to 240"),
            (["riverbend", "eastbank", "--minutes", "-5"], "from 15 to 240"),
            (["riverbend", "eastbank", "--minutes", "10000"], "from 15 to 240"),
            (["riverbend", "eastbank", "--start", "here"], "latitude and longitude"),
            (["riverbend", "eastbank", "--start", "91,0"], "latitude"),
            (["riverbend", "eastbank", "--start", "nan,nan"], "latitude"),
            (["riverbend", "eastbank", "--start", "45.5,-122.6"], "nearest street"),
        ],
    )
    def test_bad_input_is_one_line(self, riverbend, town, words, reason):
        assert reason in refused("plan", *words)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is empty"),
            (b"\x00\xff\xfe", "NUL"),
            (b"\xff\xfe", "is empty"),
            (b"{", "no GeoJSON"),
            (b"[1, 2]", "no GeoJSON"),
            (b'{"type": "Polygon", "coordinates": []}', "area is empty"),
            (b'{"type": "FeatureCollection", "features": []}', "no polygon"),
        ],
    )
    def test_bad_files_too(self, riverbend, town, tmp_path, content, reason):
        file = tmp_path / "area.geojson"
        file.write_bytes(content)
        assert reason in refused("plan", "riverbend", file)

    def test_without_streets_it_says_what_to_do(self, riverbend, tmp_path):
        file = tmp_path / "area.geojson"
        file.write_text(json.dumps(mapping(box(300, 100, 500, 400))))
        assert "alongside streets import riverbend" in refused("plan", "riverbend", file, "--start", "0,0")


class TestPublish:
    def test_one_line_makes_a_page(self, riverbend, town, client):
        day = riverbend.today().replace(year=riverbend.today().year + 1, day=1)
        done = run(
            "publish", "riverbend", "eastbank", "--on", day, "--at", "18:00", "--venue", "eastbank library",
            "--confirmed-by", "Ada Coordinator",
        )  # fmt: skip
        walk = Walk.objects.get()
        assert done.stdout.strip().endswith(walk.get_absolute_url())
        assert done.stdout.startswith("http")
        assert walk.route is not None
        assert client.get(walk.get_absolute_url()).status_code == 200

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (["--on", "1900-01-01", "--at", "18:00", "--meet", "Here"], "has passed"),
            (["--on", "2100-01-01", "--at", "18:00", "--meet", "Here"], "two years"),
            (["--on", "tomorrow", "--at", "18:00", "--meet", "Here"], "does not match"),
            (["--on", "2027-06-03", "--at", "18:00"], "say where to meet"),
            (["--on", "2027-06-03", "--at", "18:00", "--venue", "Nowhere"], "no venue"),
            (["--on", "2027-06-03", "--at", "18:00", "--meet", "Here", "--title", "x" * 5000], "140"),
        ],
    )
    def test_or_nothing_at_all(self, riverbend, town, words, reason):
        assert reason in refused("publish", "riverbend", "eastbank", "--confirmed-by", "Ada", *words)
        assert not Walk.objects.exists()

    def test_an_hour_that_is_over_leaves_no_draft_behind(self, riverbend, town):
        today = ["--on", riverbend.today(), "--at", "00:00", "--minutes", 15, "--meet", "Here"]
        assert "has passed" in refused("publish", "riverbend", "eastbank", "--confirmed-by", "Ada", *today)
        assert not Walk.objects.exists()

    def test_nobody_has_read_the_plan(self, riverbend, town):
        day = riverbend.today().replace(year=riverbend.today().year + 1, day=1)
        where = ["riverbend", "eastbank", "--on", day, "--at", "18:00", "--meet", "Here"]
        assert "--confirmed-by" in refused("publish", *where)
        assert "a name" in refused("publish", *where, "--confirmed-by", " \t ")
        assert not Walk.objects.exists()
