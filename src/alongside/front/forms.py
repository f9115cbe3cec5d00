"""What an administrator fills in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, AgencyKind, Member, Rank, Role, timezones
from alongside.core import languages
from alongside.core.forms import EmailField, LineField, ModelForm, offer, offer_rows
from alongside.front import setup

US_FIRST = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
]


def timezone_choices() -> list[tuple[str, str]]:
    """The zones of the United States first, then all there are."""
    rest = sorted(zone for zone in timezones() if "/" in zone and zone not in US_FIRST)
    return [(zone, zone.replace("_", " ")) for zone in [*US_FIRST, *rest]]


class NewPassword(forms.Form):
    """A password, typed once and shown on wish: twice typed is twice mistyped."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Four words you can remember are better than symbols."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class FirstAgency(NewPassword):
    """The first agency of an install, and who administers it."""

    code = forms.CharField(
        label=_("Setup code"),
        max_length=20,
        help_text=_("The command that started this site printed it. It proves that the machine is yours."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Name of the agency"), max_length=120)
    slug = forms.CharField(
        label=_("Address"),
        max_length=40,
        help_text=_("The last part of your public address, such as “riverbend”."),
    )
    kind = forms.ChoiceField(label=_("Kind of agency"), choices=AgencyKind.choices)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=timezone_choices)
    your_name = forms.CharField(label=_("Your name"), max_length=120)
    email = EmailField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    field_order = ["code", "name", "slug", "kind", "timezone", "your_name", "email", "password"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not constant_time_compare(code.strip().lower(), setup.code()):
            raise forms.ValidationError(
                _("That is not the code. Look at the terminal in which the site was started.")
            )
        return code


class AgencySettings(ModelForm[Agency]):
    timezone = forms.ChoiceField(label=_("Time zone"), choices=timezone_choices)
    language = forms.ChoiceField(
        label=_("Your own language"),
        choices=languages.choices,
        help_text=_("What you write first. Who has not told us their language gets mail in this one."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you write in"),
        choices=languages.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "What you write for the public has a box for each of them, and readers can switch between them. "
            "What is not written in one of them is shown in the language that it is written in, and says so."
        ),
    )

    class Meta:
        model = Agency
        field_classes = {"contact_email": EmailField}
        fields = [
            "name",
            "kind",
            "timezone",
            "languages",
            "units",
            "roof_minutes",
            "contact_email",
            "contact_retention_days",
            "words_retention_days",
            "published",
        ]

    field_order = ["name", "kind", "timezone", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["language"] = self.instance.language

    def clean(self) -> dict[str, Any]:
        """One list of languages, the agency's own first."""
        said = super().clean() or {}
        if "language" in said:
            others = [code for code in said.get("languages", []) if code != said["language"]]
            said["languages"] = [said["language"], *others]
        return said

    def changes(self) -> dict[str, Any]:
        """What is not as it was, by the name of the setting."""
        changed = {"languages" if name == "language" else name for name in self.changed_data}
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in changed}


class Ranks(forms.Form):
    ranks = forms.CharField(
        label=_("Ranks"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One on each line, the highest first. A rank that somebody holds stays even if you leave it out."
        ),
    )


class YourAccount(forms.Form):
    """What a member says of themselves."""

    language = forms.ChoiceField(
        label=_("Language of your mail"),
        required=False,
        help_text=_("Pages are in the language you choose at the top of each."),
    )
    morning = forms.BooleanField(
        label=_("A mail in the morning when something new waits for me"),
        required=False,
        help_text=_("One a day at most. All of it always stands on the first page."),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = _("As the agency writes: %(language)s") % {"language": languages.name_of(agency.language)}
        offer(self, "language", [("", first), *languages.choices()])


class MemberForm(forms.Form):
    """A member of staff, or a helper from the community."""

    name = LineField(label=_("Name"), max_length=120)
    rank = forms.ModelChoiceField(label=_("Rank"), queryset=Rank.objects.none(), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[choice for choice in Role.choices if choice[0] != Role.PARTNER],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What this person may see and do here. Several are possible."),
    )
    employee = forms.BooleanField(label=_("Employed by the agency"), required=False, initial=True)
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("An invitation goes there. Leave it empty for somebody who will not sign in."),
    )

    def __init__(
        self, *args: Any, agency: Agency, member: Member | None = None, held: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "rank", Rank.objects.of(agency))
        if member is not None:
            self.fields["active"] = forms.BooleanField(
                label=pgettext_lazy("at work here", "Active"),
                required=False,
                help_text=_without_it(held),
            )


def _without_it(held: int) -> str:
    """What it means to leave: said before, with what ends."""
    if not held:
        return gettext("Without it this person can see nothing here any more.")
    return ngettext(
        "Without it this person can see nothing here any more, and %(n)d link or pass of theirs ends.",
        "Without it this person can see nothing here any more, and %(n)d links and passes of theirs end.",
        held,
    ) % {"n": held}
