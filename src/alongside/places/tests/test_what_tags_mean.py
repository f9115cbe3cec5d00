"""What the map says of a way, as a group on foot reads it."""

import pytest

from alongside.methods.routing.graph import WayKind
from alongside.places.streets import tags

WALKED = {
    "a footway": ({"highway": "footway"}, WayKind.FOOTWAY),
    "a sidewalk": ({"highway": "footway", "footway": "sidewalk"}, WayKind.SIDEWALK),
    "a crossing": ({"highway": "footway", "footway": "crossing"}, WayKind.CROSSING),
    "a traffic island": ({"highway": "footway", "footway": "traffic_island"}, WayKind.CROSSING),
    "a residential street": ({"highway": "residential"}, WayKind.RESIDENTIAL),
    "a residential street without a sidewalk": (
        {"highway": "residential", "sidewalk": "no"},
        WayKind.RESIDENTIAL,
    ),
    "a play street": ({"highway": "living_street"}, WayKind.LIVING),
    "a path": ({"highway": "path"}, WayKind.PATH),
    "a bridleway": ({"highway": "bridleway"}, WayKind.PATH),
    "a track": ({"highway": "track"}, WayKind.TRACK),
    "an alley": ({"highway": "service", "service": "alley"}, WayKind.SERVICE),
    "a driveway with a right of way": (
        {"highway": "service", "service": "driveway", "foot": "designated"},
        WayKind.SERVICE,
    ),
    "steps": ({"highway": "steps"}, WayKind.STEPS),
    "a cycleway": ({"highway": "cycleway"}, WayKind.CYCLEWAY),
    "a small road": ({"highway": "tertiary"}, WayKind.MINOR_ROAD),
    "a large road with a sidewalk": ({"highway": "primary", "sidewalk": "left"}, WayKind.MAJOR_WITH_SIDEWALK),
    "sidewalks said side by side": (
        {"highway": "secondary", "sidewalk:right": "yes"},
        WayKind.MAJOR_WITH_SIDEWALK,
    ),
    "a trunk road with a sidewalk": ({"highway": "trunk", "sidewalk": "both"}, WayKind.MAJOR_WITH_SIDEWALK),
    "a private road that walkers may use": (
        {"highway": "service", "access": "private", "foot": "yes"},
        WayKind.SERVICE,
    ),
    "a mall's corridor": ({"highway": "corridor"}, WayKind.INDOOR),
}
LEFT_OUT = {
    "a motorway": ({"highway": "motorway"}, "motorways"),
    "its ramp": ({"highway": "motorway_link"}, "motorways"),
    "a road for motors only": ({"highway": "primary", "motorroad": "yes"}, "motorways"),
    "a trunk road": ({"highway": "trunk"}, "trunk roads without a sidewalk"),
    "a private way": ({"highway": "service", "access": "private"}, "private"),
    "customers only": ({"highway": "service", "access": "customers"}, "private"),
    "a base": ({"highway": "residential", "access": "military"}, "military"),
    "closed to walkers": ({"highway": "residential", "foot": "no"}, "closed to walkers"),
    "where crossing is forbidden": (
        {"highway": "footway", "footway": "crossing", "crossing": "no"},
        "closed to walkers",
    ),
    "a driveway": ({"highway": "service", "service": "driveway"}, "driveways"),
    "a parking aisle": ({"highway": "service", "service": "parking_aisle"}, "parking aisles"),
    "a building site": ({"highway": "construction"}, "not built"),
    "a race track": ({"highway": "raceway"}, "no way for walking"),
    "a bus stop": ({"highway": "bus_stop"}, "no way for walking"),
    "something new": ({"highway": "teleporter"}, "no way for walking"),
}


@pytest.mark.parametrize("case", WALKED)
def test_people_may_walk(case):
    said, kind = WALKED[case]
    way = tags.way(said)
    assert way.walkable, way.reason
    assert way.kind is kind


@pytest.mark.parametrize("case", LEFT_OUT)
def test_people_may_not_walk_and_the_reason_is_named(case):
    said, reason = LEFT_OUT[case]
    assert tags.way(said).reason == reason


@pytest.mark.parametrize(
    ("said", "avoid"),
    [
        ({"highway": "primary"}, True),
        ({"highway": "secondary", "sidewalk": "no"}, True),
        ({"highway": "secondary", "sidewalk": "separate"}, True),
        ({"highway": "secondary", "sidewalk": "both"}, False),
        ({"highway": "tertiary"}, False),
        ({"highway": "tertiary", "maxspeed": "45 mph"}, True),
        ({"highway": "tertiary", "maxspeed": "45 mph", "sidewalk": "right"}, False),
        ({"highway": "tertiary", "maxspeed": "30 mph", "sidewalk": "none"}, True),
        ({"highway": "tertiary", "maxspeed": "25 mph", "sidewalk": "none"}, False),
        ({"highway": "unclassified", "tunnel": "yes"}, True),
        ({"highway": "residential", "sidewalk": "no", "maxspeed": "35 mph"}, False),
        ({"highway": "footway"}, False),
    ],
)
def test_a_group_keeps_off_fast_roads_without_a_sidewalk(said, avoid):
    assert tags.way(said).avoid is avoid


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"highway": "footway"}, 0),
        ({"highway": "footway", "surface": "asphalt"}, 0),
        ({"highway": "footway", "surface": "asphalt", "smoothness": "good"}, 1),
        ({"highway": "footway", "surface": "concrete", "incline": "2%"}, 1),
        ({"highway": "footway", "surface": "concrete", "incline": "-6.5%"}, 0),
        ({"highway": "footway", "surface": "concrete", "incline": "up"}, 0),
        ({"highway": "footway", "incline": "10%"}, -1),
        ({"highway": "footway", "incline": "10°"}, -1),
        ({"highway": "footway", "surface": "gravel"}, -1),
        ({"highway": "path", "smoothness": "bad"}, -1),
        ({"highway": "footway", "width": "0.6"}, -1),
        ({"highway": "footway", "width": "2 ft"}, -1),
        ({"highway": "footway", "width": "5'6\""}, 0),
        ({"highway": "footway", "wheelchair": "yes", "surface": "gravel"}, 1),
        ({"highway": "footway", "wheelchair": "no", "surface": "asphalt"}, -1),
        ({"highway": "footway", "wheelchair": "limited"}, 0),
        ({"highway": "steps"}, -1),
        ({"highway": "steps", "ramp:wheelchair": "yes"}, 1),
        ({"highway": "footway", "footway": "crossing", "kerb": "raised"}, -1),
    ],
)
def test_step_free_is_known_only_where_the_map_says_so(said, known):
    assert tags.way(said).step_free == known


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"amenity": "library"}, "library"),
        ({"amenity": "place_of_worship", "religion": "muslim"}, "place_of_worship"),
        ({"leisure": "park"}, "park"),
        ({"leisure": "park", "access": "private"}, ""),
        ({"shop": "bakery"}, "shop"),
        ({"shop": "mall"}, "mall"),
        ({"shop": "vacant"}, ""),
        ({"amenity": "school"}, "school"),
        ({"amenity": "community_centre"}, "community_center"),
        ({"amenity": "parking"}, ""),
        ({"building": "church"}, "place_of_worship"),
        ({}, ""),
    ],
)
def test_community_places_are_known_by_their_kind(said, kind):
    assert tags.place(said) == kind


def test_a_locked_gate_stops_people_and_an_open_one_does_not():
    assert tags.blocks({"barrier": "gate", "access": "private"})
    assert tags.blocks({"barrier": "fence", "foot": "no"})
    assert not tags.blocks({"barrier": "gate"})
    assert not tags.blocks({"barrier": "gate", "access": "private", "foot": "yes"})
    assert not tags.blocks({"barrier": "bollard"})
