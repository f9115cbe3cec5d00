"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Detail, Manifest, MenuLine, Step

MANIFEST = Manifest(
    public_menu=(
        MenuLine("front:home", _("Home"), 10),
        MenuLine("front:neighborhoods", _("Neighborhoods"), 45),
        MenuLine("front:what-we-keep", _("What we keep"), 70, foot=True),
    ),
    workspace_menu=(
        MenuLine("front:workspace", _("This week"), 0),
        MenuLine(
            "front:chief", _("Is it working?"), 5, ("commander", "coordinator", "administrator"), "plan"
        ),
        MenuLine("front:members", _("Members"), 320, ("administrator",), "setup"),
        MenuLine("front:links", _("Links and passes"), 340, ("coordinator",), "setup"),
        MenuLine("front:settings", _("Settings"), 310, ("administrator",), "setup"),
        MenuLine(
            "front:checklist",
            _("Getting started"),
            300,
            ("coordinator",),
            "setup",
            also=("front:statements",),
        ),
        MenuLine(
            "front:audit",
            _("Audit trail"),
            290,
            ("coordinator", "commander", "information_officer", "records_officer"),
            "records",
        ),
    ),
    pages={"neighborhood": "front:neighborhood"},
    public=(
        "front:install",
        "front:setup",
        "front:invitation",
        "front:home",
        "front:neighborhoods",
        "front:neighborhood",
        "front:wall",
        "front:what-we-keep",
        "front:accessibility",
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
            _("Languages"),
            _("What you write for the public has a box for each: choose those that your neighbors read."),
            "front:settings",
            at=15,
            done="front.setup.has_chosen_languages",
            needed=False,
        ),
        Step(
            _("What you promise in public"),
            _(
                "Sentences that stand on public pages in your agency’s name, each once one of you has accepted it."
            ),
            "front:statements",
            at=60,
            done="agencies.statements.all_are_settled",
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
    letters={"front.invitation": "front.letters.invitation", "front.morning": "front.letters.morning"},
    checks={"administrator": "front.setup.nobody_yet"},
    # Apart from the deeds of these names: “Ada added the library” and “added: 12”.
    details={
        "statement": Detail(pgettext_lazy("detail", "statement"), as_typed=True),
        "active": pgettext_lazy("detail", "active"),
        "added": pgettext_lazy("detail", "added"),
        "areas": pgettext_lazy("detail", "areas"),
        "came": pgettext_lazy("detail", "came"),
        "changed": pgettext_lazy("detail", "changed"),
        "edges": pgettext_lazy("detail", "pieces of street"),
        "fields": Detail(pgettext_lazy("detail", "fields"), values=("agencies.models.Agency",)),
        "file": Detail(pgettext_lazy("detail", "file"), as_typed=True),
        "files": pgettext_lazy("detail", "files"),
        "km": pgettext_lazy("detail", "km"),
        "ranks": Detail(pgettext_lazy("detail", "ranks"), as_typed=True),
        "roles": Detail(pgettext_lazy("detail", "roles"), values=("agencies.models.Role",)),
        "to": Detail(pgettext_lazy("detail", "to"), as_typed=True),
        "version": pgettext_lazy("detail", "version"),
    },
)
