"""What OpenStreetMap's tags mean for a group on foot.

Every rule here follows the key's own page in the OpenStreetMap wiki. Where the map says nothing the answer is
"not known", never "yes".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from alongside.methods.routing.graph import WayKind

Tags = Mapping[str, str]

YES, UNKNOWN, NO = 1, 0, -1

MOTORWAYS = {"motorway", "motorway_link"}
NOT_THERE = {"construction", "proposed", "planned", "abandoned", "razed", "disused"}
CLOSED = {
    "no",
    "private",
    "military",
    "customers",
    "delivery",
    "employees",
    "residents",
    "permit",
    "agricultural",
    "forestry",
    "discouraged",
}
OPEN = {"yes", "designated", "permissive", "public", "official", "destination"}
PRIVATE_SERVICE = {
    "driveway": "driveways",
    "parking_aisle": "parking aisles",
    "drive-through": "drive-throughs",
    "emergency_access": "emergency ways",
}

HIGHWAYS = {
    "footway": WayKind.FOOTWAY,
    "pedestrian": WayKind.PEDESTRIAN,
    "path": WayKind.PATH,
    "bridleway": WayKind.PATH,
    "steps": WayKind.STEPS,
    "corridor": WayKind.INDOOR,
    "cycleway": WayKind.CYCLEWAY,
    "track": WayKind.TRACK,
    "living_street": WayKind.LIVING,
    "residential": WayKind.RESIDENTIAL,
    "service": WayKind.SERVICE,
    "road": WayKind.MINOR_ROAD,
    "unclassified": WayKind.MINOR_ROAD,
    "tertiary": WayKind.MINOR_ROAD,
    "tertiary_link": WayKind.MINOR_ROAD,
    "secondary": WayKind.MAJOR,
    "secondary_link": WayKind.MAJOR,
    "primary": WayKind.MAJOR,
    "primary_link": WayKind.MAJOR,
    "trunk": WayKind.MAJOR,
    "trunk_link": WayKind.MAJOR,
}

HAS_SIDEWALK = {"both", "left", "right", "yes"}
NO_SIDEWALK = {"no", "none"}
FIRM = {
    "paved",
    "asphalt",
    "concrete",
    "concrete:plates",
    "concrete:lanes",
    "paving_stones",
    "bricks",
    "brick",
    "metal",
    "rubber",
    "tartan",
    "acrylic",
}
ROUGH = {
    "gravel",
    "pebblestone",
    "cobblestone",
    "unhewn_cobblestone",
    "rock",
    "stone",
    "dirt",
    "earth",
    "ground",
    "mud",
    "sand",
    "grass",
    "woodchips",
    "snow",
    "stepping_stones",
}
SMOOTH = {"excellent", "good", "intermediate"}
BROKEN = {"bad", "very_bad", "horrible", "very_horrible", "impassable"}
EASY_KERB = {"flush", "lowered", "no"}
HIGH_KERB = {"raised", "yes"}

STEEPEST = 8.33
"""Percent: one in twelve, the steepest ramp of the 2010 ADA Standards (405.2)."""
GENTLE = 5.0
"""Percent: no steeper than this is a walking surface, not a ramp (ADA Standards 403.3)."""
NARROWEST_M = 0.9
"""Metres, 36 inches: the least clear width of the ADA Standards (403.5.1)."""
FAST_KMH = 64.0
"""40 mph: on a road this fast without a known sidewalk a group has no business."""
BRISK_KMH = 40.0
"""25 mph: above it, a road said to have no sidewalk is one to avoid."""


@dataclass(frozen=True)
class Way:
    """What a way is to people on foot. `reason` is empty for one that can be walked, else why it was left out."""

    kind: WayKind = WayKind.OTHER
    step_free: int = UNKNOWN
    avoid: bool = False
    reason: str = ""

    @property
    def walkable(self) -> bool:
        return not self.reason


def way(tags: Tags) -> Way:
    """Whether a way can be walked, and how well."""
    highway = tags.get("highway", "")
    reason = _why_not(highway, tags)
    if reason:
        return Way(reason=reason)
    kind = _kind(highway, tags)
    return Way(kind=kind, step_free=step_free(kind, tags), avoid=_avoid(highway, kind, tags))


def _why_not(highway: str, tags: Tags) -> str:
    """Why people should not find this way on their map, or nothing."""
    foot = tags.get("foot", "")
    if highway in NOT_THERE:
        return "not built"
    if highway in MOTORWAYS or tags.get("motorroad") == "yes":
        return "motorways"
    if highway not in HIGHWAYS:
        return "no way for walking"
    if foot in {"no", "private", "use_sidepath", "discouraged"}:
        return "closed to walkers"
    if "military" in tags or tags.get("access") == "military":
        return "military"
    if tags.get("access") in CLOSED and foot not in OPEN:
        return "private"
    if tags.get("crossing") == "no" and tags.get("footway") == "crossing":
        return "closed to walkers"
    if highway == "service" and tags.get("service") in PRIVATE_SERVICE and foot not in OPEN:
        return PRIVATE_SERVICE[tags["service"]]
    if highway.startswith("trunk") and not _sidewalk(tags) and foot not in OPEN:
        return "trunk roads without a sidewalk"
    return ""


def _kind(highway: str, tags: Tags) -> WayKind:
    beside = tags.get("footway") or tags.get("path") or tags.get("cycleway")
    if highway in {"footway", "path", "cycleway", "pedestrian"}:
        if beside in {"crossing", "traffic_island"}:
            return WayKind.CROSSING
        if tags.get("footway") == "sidewalk":
            return WayKind.SIDEWALK
        if tags.get("indoor") == "yes":
            return WayKind.INDOOR
    kind = HIGHWAYS[highway]
    if kind is WayKind.MAJOR and _sidewalk(tags):
        return WayKind.MAJOR_WITH_SIDEWALK
    return kind


def _sidewalk(tags: Tags) -> bool:
    """Whether the map says that this road has a sidewalk of its own."""
    if tags.get("sidewalk") in HAS_SIDEWALK or tags.get("foot") == "designated":
        return True
    return any(tags.get(f"sidewalk:{side}") == "yes" for side in ("both", "left", "right"))


def _avoid(highway: str, kind: WayKind, tags: Tags) -> bool:
    """Whether a group should not walk along it; crossing it where ways meet is another matter."""
    if kind is WayKind.MAJOR:
        return True
    if kind is not WayKind.MINOR_ROAD or _sidewalk(tags):
        return False
    said_none = tags.get("sidewalk") in NO_SIDEWALK
    speed = _kmh(tags.get("maxspeed", ""))
    if tags.get("tunnel") == "yes":
        return True
    return speed >= FAST_KMH if not said_none else speed > BRISK_KMH + 1


def _kmh(text: str) -> float:
    """A speed limit in km/h; 0 where the map gives none that can be read."""
    match = re.match(r"\s*(\d+(?:\.\d+)?)\s*(mph)?", text)
    return float(match[1]) * (1.609 if match[2] else 1.0) if match else 0.0


# -- step-free ------------------------------------------------------------------------------------
def step_free(kind: WayKind, tags: Tags) -> int:
    """Whether wheels get along: 1 known to, 0 the map does not say, -1 known not to.

    A mapper's own word (`wheelchair`) counts most. Else it takes a firm surface and a second fact (smooth,
    gentle or with lowered kerbs) to know; one bad fact is enough to know the contrary.
    """
    said = tags.get("wheelchair", "")
    if said in {"yes", "designated"}:
        return YES
    if said == "no":
        return NO
    if kind is WayKind.STEPS:
        return YES if tags.get("ramp:wheelchair") == "yes" else NO
    slope, width, surface = incline(tags), metres(tags.get("width", "")), tags.get("surface", "")
    if (slope is not None and slope > STEEPEST) or (width is not None and width < NARROWEST_M):
        return NO
    if surface in ROUGH or tags.get("smoothness") in BROKEN or tags.get("kerb") in HIGH_KERB:
        return NO
    second = (
        tags.get("smoothness") in SMOOTH
        or (slope is not None and slope <= GENTLE)
        or tags.get("kerb") in EASY_KERB
    )
    return YES if surface in FIRM and second else UNKNOWN


def incline(tags: Tags) -> float | None:
    """How steep, in percent without sign; None for "up", "down" and silence."""
    match = re.match(r"\s*[-+]?(\d+(?:[.,]\d+)?)\s*(%|°)?", tags.get("incline", ""))
    if not match:
        return None
    value = float(match[1].replace(",", "."))
    return value * 1.75 if match[2] == "°" else value


def metres(text: str) -> float | None:
    """A width in metres: "1.5", "1.5 m", "5 ft", "5'6\\"". None for what cannot be read."""
    feet = re.fullmatch(r"\s*(\d+)\s*'\s*(?:(\d+)\s*\"?)?\s*", text)
    if feet:
        return (int(feet[1]) * 12 + int(feet[2] or 0)) * 0.0254
    match = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(m|metres?|ft|feet)?\s*", text)
    if not match:
        return None
    value = float(match[1].replace(",", "."))
    return value * 0.3048 if match[2] in {"ft", "feet"} else value


def blocks(tags: Tags) -> bool:
    """Whether a point on a way stops people: a locked gate, a wall."""
    if tags.get("foot") in OPEN:
        return False
    if "barrier" in tags:
        return (
            tags.get("foot") == "no" or tags.get("access") in {"private", "no"} or tags.get("locked") == "yes"
        )
    return False


def kerb(tags: Tags) -> int:
    """What a point says about its kerb: 1 wheels get over it, -1 they do not, 0 nothing."""
    if tags.get("kerb") in EASY_KERB:
        return YES
    return NO if tags.get("kerb") in HIGH_KERB else UNKNOWN


# -- places ---------------------------------------------------------------------------------------
PLACES = {
    "amenity": {
        "library": "library",
        "place_of_worship": "place_of_worship",
        "school": "school",
        "kindergarten": "school",
        "college": "school",
        "university": "school",
        "community_centre": "community_center",
        "social_centre": "community_center",
        "townhall": "community_center",
        "marketplace": "shop",
        "cafe": "shop",
        "restaurant": "shop",
        "fast_food": "shop",
        "pharmacy": "shop",
        "post_office": "shop",
    },
    "leisure": {
        "park": "park",
        "playground": "park",
        "garden": "park",
        "sports_centre": "community_center",
        "dog_park": "park",
    },
    "building": {"church": "place_of_worship", "mosque": "place_of_worship", "synagogue": "place_of_worship"},
}
EMPTY_SHOPS = {"no", "vacant", "disused"}
PLACE_KEYS = (*PLACES, "shop")


def place(tags: Tags) -> str:
    """What kind of community place this is, or nothing. A private garden or playground is none."""
    if tags.get("access") in {"private", "no"}:
        return ""
    shop = tags.get("shop", "")
    if shop and shop not in EMPTY_SHOPS:
        return "mall" if shop == "mall" else "shop"
    for key, kinds in PLACES.items():
        if tags.get(key, "") in kinds:
            return kinds[tags[key]]
    return ""
