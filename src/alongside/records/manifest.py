"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import Command, Manifest, MenuLine, NeedKind, RecordKind, Rows

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine(
            "records:requests",
            _("Requests and holds"),
            280,
            ("records_officer",),
            "records",
            also=(
                "records:person",
                "records:holds",
                "records:schedule",
                "records:certificates",
                "records:log",
            ),
        ),
    ),
    public=("records:releases", "records:yours", "records:yours-file"),
    data=("records.releases.RELEASES",),
    commands=(
        Command("take", "records.commands", under="agency"),
        Command("records", "records.commands"),
    ),
    needs=(
        NeedKind(
            "records.to_look_through",
            "records.needs.to_look_through",
            title=_("Records were asked for by law, and wait for your look"),
            counted=ngettext_lazy("%(n)d records request", "%(n)d records requests", "n"),
            button=_("Look through them"),
            view="records:request",
            roles=("records_officer",),
        ),
        NeedKind(
            "records.to_hand_over",
            "records.needs.to_hand_over",
            title=_("The file is written: give it to whoever asked, and say so"),
            counted=ngettext_lazy("%(n)d file to hand over", "%(n)d files to hand over", "n"),
            button=_("Hand it over"),
            view="records:request",
            roles=("records_officer",),
        ),
    ),
    hears={"agencies.on_lift": "records.personal.hold_was_lifted"},
    records=(
        RecordKind(
            "records.requests",
            pgettext_lazy("records", "Records requests"),
            _("What was asked to see by law, and what was decided of each record."),
            (
                Rows(
                    "records.RecordsRequest", since="opened_at", ids={"request": "public_id"}, never=("salt",)
                ),
                Rows("records.Passage", since="on", ids={"request": "request__public_id"}),
            ),
        ),
    ),
    details={"waiting": pgettext_lazy("detail", "on hold")},
)
