"""Reasons: the one named reason for which a row is set aside. The names are part of the report and stay as they are."""

UNREADABLE_ROW = "unreadable row"
NEGATIVE_COUNT = "negative count"
DATE = "unreadable or impossible date"
PLACEHOLDER = "placeholder address"
COARSE = "geocoded only to a town or postcode"
ZERO = "at 0,0 or a projection's origin"
NO_COORDINATES = "no coordinates"
UNKNOWN_CRS = "coordinates in feet or metres whose CRS cannot be told"
OUTSIDE = "outside the study area"
DUPLICATE = "duplicate"

# A row with several faults is set aside for the first of these. Inside the lake's tables a reason is its number here.
ALL = (
    UNREADABLE_ROW,
    NEGATIVE_COUNT,
    DATE,
    PLACEHOLDER,
    COARSE,
    ZERO,
    NO_COORDINATES,
    UNKNOWN_CRS,
    OUTSIDE,
    DUPLICATE,
)
CODE = {reason: code for code, reason in enumerate(ALL, start=1)}
