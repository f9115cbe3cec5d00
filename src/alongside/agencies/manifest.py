"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Command, Detail, Manifest, Purpose, RecordKind, Rows

MANIFEST = Manifest(
    commands=(Command("agency", "agencies.commands"),),
    bearers=(
        Purpose("invitation", _("An invitation to make an account"), "agencies.actions.behind_invitations"),
    ),
    details={
        "ended": pgettext_lazy("detail", "links and passes ended"),
        "days": pgettext_lazy("detail", "days"),
        "held": Detail(pgettext_lazy("detail", "what"), values=("agencies.holds.THINGS",)),
        "held kind": Detail(pgettext_lazy("detail", "records"), values=("agencies.holds.KINDS",)),
        "release": Detail(pgettext_lazy("detail", "release"), values=("agencies.models.ReleaseKind",)),
        "records": pgettext_lazy("detail", "records"),
    },
    records=(
        RecordKind(
            "agencies.audit",
            pgettext_lazy("records", "Audit trail"),
            _("Who of our staff did what to which thing, and when."),
            (Rows("agencies.AuditEntry", since="at"),),
        ),
        RecordKind(
            "agencies.releases",
            pgettext_lazy("records", "Releases, holds and disposals"),
            _(
                "What was released by law, what was held for a matter, and what was disposed of: how much, never what."
            ),
            (
                Rows("agencies.Release", since="on"),
                Rows("agencies.Hold", since="placed_at"),
                Rows("agencies.Disposal", since="at"),
            ),
        ),
    ),
)
