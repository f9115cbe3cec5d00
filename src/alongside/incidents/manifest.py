"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import Command, Detail, Manifest, MenuLine, NeedKind

MANIFEST = Manifest(
    workspace_menu=(MenuLine("incidents:imports", _("Incidents"), 200, ("coordinator", "analyst"), "data"),),
    commands=(Command("incidents", "incidents.commands"),),
    needs=(
        NeedKind(
            "incidents.waiting",
            "incidents.needs.waiting",
            title=_("A file waits to be told what its columns are"),
            counted=ngettext_lazy("%(n)d file to read in", "%(n)d files to read in", "n"),
            button=_("Look at its columns"),
            view="incidents:columns",
            roles=("analyst",),
        ),
        NeedKind(
            "incidents.failed",
            "incidents.needs.failed",
            title=_("A file could not be read"),
            counted=ngettext_lazy("%(n)d file not read", "%(n)d files not read", "n"),
            button=pgettext_lazy("need", "See why"),
            view="incidents:import",
            roles=("analyst",),
        ),
    ),
    keys={"incident-ids": "incidents.lake_keys.uses"},
    readers={
        "incident file": "incidents.readers.LOOK",
        "incident file in a job": "incidents.readers.LOOK_AT_LEISURE",
        "incidents": "incidents.readers.READ",
        "mapping": "incidents.readers.MAPPING",
    },
    details={
        "enforcement": Detail(pgettext_lazy("detail", "kinds that are enforcement"), as_typed=True),
        "flag_metres": pgettext_lazy("detail", "meters before a row is flagged"),
        "investigation": Detail(pgettext_lazy("detail", "kinds that are investigation"), as_typed=True),
        "kept": pgettext_lazy("detail", "kept"),
        "merged": pgettext_lazy("detail", "merged"),
        "placeholders": Detail(pgettext_lazy("detail", "addresses that are no place"), as_typed=True),
        "read": pgettext_lazy("detail", "read"),
        "resolution": pgettext_lazy("detail", "size of a cell"),
        "set_aside": Detail(pgettext_lazy("detail", "set aside"), values=("incidents.words.REASONS",)),
    },
)
