"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import Detail, Manifest, MenuLine, NeedKind, Step

MANIFEST = Manifest(
    steps=(
        Step(
            _("What you promise of each concern"),
            _("In how many days it is answered, and by whom where nobody else is named."),
            "followthrough:rules",
            at=50,
            done="followthrough.queries.has_rules",
        ),
        Step(
            _("Where crimes are reported"),
            _("Your number for what is no emergency: whoever tells of a crime is led there."),
            "followthrough:rules",
            at=51,
            done="followthrough.queries.says_where_to_report",
        ),
    ),
    public_menu=(MenuLine("followthrough:follow", _("Your code"), 60),),
    workspace_menu=(
        MenuLine(
            "followthrough:concerns",
            _("Promises"),
            110,
            ("coordinator", "commander", "officer", "information_officer", "records_officer"),
            "follow",
        ),
    ),
    letters={"followthrough.news": "followthrough.letters.news"},
    public=("followthrough:follow", "followthrough:page", "followthrough:stop-mail"),
    needs=(
        NeedKind(
            "followthrough.late",
            "followthrough.needs.late",
            title=_("The day we promised has passed. Whoever asked sees it, too"),
            counted=ngettext_lazy("%(n)d late promise", "%(n)d late promises", "n"),
            button=pgettext_lazy("need", "Answer it"),
            view="followthrough:concern",
            roles=("coordinator", "commander"),
            names_people=True,
        ),
        NeedKind(
            "followthrough.due",
            "followthrough.needs.due",
            title=_("Promised for a day that is near"),
            counted=ngettext_lazy("%(n)d promise due soon", "%(n)d promises due soon", "n"),
            button=pgettext_lazy("need", "Answer it"),
            view="followthrough:concern",
            names_people=True,
        ),
        NeedKind(
            "followthrough.corrected",
            "followthrough.needs.corrected",
            title=_("Whoever said it has put our words right"),
            counted=ngettext_lazy("%(n)d correction", "%(n)d corrections", "n"),
            button=pgettext_lazy("need", "Read it"),
            view="followthrough:concern",
            roles=("coordinator",),
            names_people=True,
        ),
        NeedKind(
            "followthrough.unowned",
            "followthrough.needs.unowned",
            title=_("Nobody answers for it yet"),
            counted=ngettext_lazy("%(n)d without an owner", "%(n)d without an owner", "n"),
            button=_("Say who answers"),
            view="followthrough:concerns",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "followthrough.apart",
            "followthrough.needs.apart",
            title=_("A correction set it apart: it may name an officer or tell of a crime"),
            counted=ngettext_lazy("%(n)d set apart", "%(n)d set apart", "n"),
            button=_("Look at it"),
            view="followthrough:concern",
            roles=("coordinator",),
        ),
        NeedKind(
            "followthrough.unwritten",
            "followthrough.needs.unwritten",
            title=_("The public reads nothing of it yet"),
            counted=ngettext_lazy("%(n)d to write for the public", "%(n)d to write for the public", "n"),
            button=_("Write the words"),
            view="followthrough:concerns",
            roles=("information_officer",),
        ),
        NeedKind(
            "followthrough.ending",
            "followthrough.needs.ending",
            title=_("The words are deleted soon"),
            counted=ngettext_lazy("%(n)d deleted soon", "%(n)d deleted soon", "n"),
            button=pgettext_lazy("need", "Look first"),
            view="followthrough:concerns",
            roles=("records_officer",),
        ),
    ),
    details={
        "as": Detail(
            pgettext_lazy("detail", "as"),
            values=("followthrough.models.State", "followthrough.promises.models.Kept"),
        ),
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
