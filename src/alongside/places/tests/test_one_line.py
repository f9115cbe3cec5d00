"""A venue's name with line breaks, pasted by somebody or sent by Eve, is one line by whichever way it comes."""

from __future__ import annotations

import pytest

from alongside.places.models import Venue, VenueKind

PASTED = "Main\r\nLibrary\u2028\x85 \u202eEast\x00"
PLAIN = "Main Library East"


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
