"""Names with line breaks, pasted by somebody or sent by Eve, become one line by whichever way they come."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alongside.core import text
from alongside.places.models import Venue, VenueKind

PASTED = "Main\r\nLibrary\u2028\x85 \u202eEast\x00"
PLAIN = "Main Library East"

typed = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    alphabet="aé ́\u0308\u115f\u3164\u200d\u202e\u2028\n\r\t\0\x0b\x85.", max_size=12
)


@given(typed)
@example("\u3164")
@example("\u0301")
@example("A\u200d")
def test_a_line_is_one_and_stays_as_it_is(said):
    line = text.whole_line(said)
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(mark) in {"Cc", "Zl", "Zp"} for mark in line)
    assert text.whole_line(line) == line


@given(typed)
def test_what_is_plain_at_a_glance_is_what_is_left_when_each_mark_is_looked_at(said):
    if text._is_plain(said):
        slowly = " ".join("".join(text._shown(mark) for mark in text._whole(said)).split())
        assert slowly == said
        assert any(text._is_seen(mark) for mark in said)


@pytest.mark.database
class TestEachWayOntoARow:
    @pytest.fixture
    def hall(self, riverbend):
        return Venue(agency=riverbend, name=PASTED, address=PASTED, kind=VenueKind.LIBRARY, lat=38, lon=-85)

    def kept(self):
        return set(Venue.objects.values_list("name", "address"))

    def test_put_on_it(self, hall):
        assert hall.name == PLAIN
        hall.name = f"{PASTED}\n"
        assert hall.name == PLAIN
        hall.save()
        assert self.kept() == {(PLAIN, PLAIN)}

    def test_made_in_bulk(self, hall):
        Venue.objects.bulk_create([hall])
        assert self.kept() == {(PLAIN, PLAIN)}

    def test_changed_in_the_database(self, hall):
        hall.save()
        Venue.objects.update(name=f"{PASTED}\n1", address=f"\t{PASTED}")
        assert self.kept() == {(f"{PLAIN} 1", PLAIN)}

    def test_changed_in_bulk(self, hall):
        hall.save()
        hall.__dict__["name"] = PASTED  # past the row's own door
        Venue.objects.bulk_update([hall], ["name"])
        assert self.kept() == {(PLAIN, PLAIN)}

    def test_found_by_what_was_typed(self, hall, riverbend):
        hall.save()
        assert Venue.objects.filter(name=PASTED).exists()
        _found, is_new = Venue.objects.get_or_create(
            agency=riverbend, name=PASTED, defaults={"kind": VenueKind.OTHER, "lat": 1, "lon": 1}
        )
        assert not is_new
