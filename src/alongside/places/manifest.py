"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Command, Detail, Manifest, MenuLine, Step

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine(
            "places:areas",
            pgettext_lazy("menu", "Places"),
            220,
            ("coordinator", "analyst"),
            "data",
            also=("places:streets", "places:exposure", "places:venues"),
        ),
    ),
    commands=(
        Command("places", "places.commands"),
        Command("streets", "places.commands"),
        Command("venues", "places.commands"),
    ),
    steps=(
        Step(
            _("Boundaries"),
            _("Upload neighborhoods and divisions, or draw them. A first walk works without."),
            "places:areas",
            at=30,
            done="places.queries.has_areas",
            needed=False,
        ),
    ),
    readers={
        "table": "places.sheets.SHEET",
        "table or spreadsheet": "places.sheets.TABLE",
        "areas": "places.boundaries.files.AREAS",
        "drawing": "places.boundaries.files.DRAWING",
        "residents": "places.boundaries.files.COUNTS",
        "fields": "places.guesses.FIELDS",
        "streets": "places.streets.reading.STREETS",
    },
    details={
        "kind": Detail(pgettext_lazy("detail", "kind"), values=("places.models.AreaKind",)),
        "removed": pgettext_lazy("detail", "removed"),
        "rows": pgettext_lazy("detail", "rows"),
        "weights": Detail(pgettext_lazy("detail", "weights"), as_typed=True),
    },
)
