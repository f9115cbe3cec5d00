"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Detail, Manifest, MenuLine, Step

MANIFEST = Manifest(
    public_menu=(
        MenuLine("front:home", _("Home"), 10),
        MenuLine("front:what-we-keep", _("What we keep"), 70),
    ),
    workspace_menu=(
        MenuLine("front:workspace", _("This week"), 0),
        MenuLine("front:members", _("Members"), 210, ("administrator",), "agency"),
        MenuLine("front:links", _("Links and passes"), 215, ("coordinator",), "agency"),
        MenuLine("front:settings", _("Settings"), 220, ("administrator",), "agency"),
        MenuLine("front:checklist", _("Getting started"), 230, ("coordinator",), "agency"),
        MenuLine(
            "front:audit",
            _("Audit trail"),
            260,
            ("coordinator", "commander", "information_officer", "records_officer"),
            "agency",
        ),
    ),
    public=(
        "front:install",
        "front:setup",
        "front:invitation",
        "front:home",
        "front:wall",
        "front:what-we-keep",
    ),
    steps=(
        Step(
            _("Your own words"),
            _("Ranks as your agency has them, and how long residents’ contact details are kept."),
            "front:settings",
            at=10,
            done="front.setup.has_ranks",
        ),
        Step(
            _("People"),
            _("Invite a coordinator. One person can hold every role."),
            "front:members",
            at=20,
            done="front.setup.has_people",
            needed=False,
        ),
    ),
    letters={"front.invitation": "front.letters.invitation"},
    checks={"administrator": "front.setup.nobody_yet"},
    # Apart from the deeds of these names: “Ada added the library” and “added: 12”.
    details={
        "active": _("active"),
        "added": pgettext_lazy("detail", "added"),
        "areas": _("areas"),
        "came": _("came"),
        "changed": pgettext_lazy("detail", "changed"),
        "edges": _("pieces of street"),
        "fields": Detail(_("fields"), values=("agencies.models.Agency",)),
        "file": Detail(_("file"), as_typed=True),
        "files": _("files"),
        "km": _("km"),
        "ranks": Detail(_("ranks"), as_typed=True),
        "roles": Detail(_("roles"), values=("agencies.models.Role",)),
        "to": Detail(_("to"), as_typed=True),
        "version": _("version"),
    },
)
