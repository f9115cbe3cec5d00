"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Manifest, Part, Way

MANIFEST = Manifest(
    public_menu=(Way("followthrough:follow", _("Your code"), 60),),
    workspace_menu=(
        Way(
            "followthrough:concerns",
            _("Promises"),
            90,
            ("coordinator", "commander", "officer", "information_officer", "records_officer"),
            "walks",
        ),
    ),
    public=("followthrough:follow", "followthrough:page"),
    parts=(
        Part("this week", 30, made_by="followthrough.parts.late_here", template="followthrough/_late.html"),
    ),
)
