"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import THIS_WEEK, Command, Manifest, MenuLine, Panel, Purpose

MANIFEST = Manifest(
    public_menu=(MenuLine("gatherings:coming", _("Calendar"), 50),),
    workspace_menu=(
        MenuLine(
            "gatherings:desk",
            _("All gatherings"),
            60,
            ("coordinator", "commander", "information_officer"),
            "walks",
        ),
    ),
    public=(
        "gatherings:coming",
        "gatherings:detail",
        "gatherings:join",
        "gatherings:ics",
        "gatherings:flyer",
        "gatherings:picture",
        "gatherings:share",
        "gatherings:answer",
        "gatherings:cannot-come",
        "gatherings:stop-mail",
        "gatherings:follow",
        "gatherings:feed",
        "gatherings:rss",
        "gatherings:say-who-came",
        "gatherings:who-came",
        "gatherings:area-feed",
    ),
    commands=(Command("gatherings", "gatherings.commands"),),
    panels=(
        Panel(
            THIS_WEEK,
            80,
            made_by="gatherings.panels.to_close",
            template="gatherings/_to_close.html",
            view="gatherings:held",
        ),
    ),
    bearers=(Purpose("rsvp", _("A resident’s answer"), "gatherings.actions.behind_links"),),
    details={
        "capacity": pgettext_lazy("detail", "places"),
        "cause": pgettext_lazy("detail", "cause"),
        "deputy_member": pgettext_lazy("detail", "deputy"),
        "host_member": pgettext_lazy("detail", "host"),
        "name": pgettext_lazy("detail", "name"),
        "rules": pgettext_lazy("detail", "version of the rules"),
        "told": pgettext_lazy("detail", "told"),
        "typed_deputy": pgettext_lazy("detail", "typed deputy"),
        "typed_host": pgettext_lazy("detail", "typed host"),
        "untold": pgettext_lazy("detail", "without an address"),
    },
)
