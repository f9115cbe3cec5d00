"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import THIS_WEEK, Detail, Manifest, MenuLine, Panel

MANIFEST = Manifest(
    public_menu=(MenuLine("followthrough:follow", _("Your code"), 60),),
    workspace_menu=(
        MenuLine(
            "followthrough:concerns",
            _("Promises"),
            90,
            ("coordinator", "commander", "officer", "information_officer", "records_officer"),
            "walks",
        ),
    ),
    letters={"followthrough.news": "followthrough.letters.news"},
    public=("followthrough:follow", "followthrough:page", "followthrough:stop-mail"),
    panels=(
        Panel(THIS_WEEK, 30, made_by="followthrough.panels.late_here", template="followthrough/_late.html"),
    ),
    details={
        "as": Detail(pgettext_lazy("detail", "as"), values=("followthrough.models.State",)),
        "count": pgettext_lazy("detail", "how many"),
        "due": pgettext_lazy("detail", "day promised"),
        "origin": pgettext_lazy("detail", "from"),
        "origin: gathering": pgettext_lazy("detail", "gathering"),
        "owner": Detail(pgettext_lazy("detail", "who answers"), as_typed=True),
        "public": pgettext_lazy("detail", "in public"),
        "reason": Detail(pgettext_lazy("detail", "reason"), values=("followthrough.models.Withheld",)),
        "was_due": pgettext_lazy("detail", "day promised before"),
    },
)
