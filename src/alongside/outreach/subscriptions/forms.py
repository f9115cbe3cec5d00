"""What somebody wants to hear of, and where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency
from alongside.core.forms import EmailField, OpenForm
from alongside.core.manifest import topics
from alongside.outreach.subscriptions import rooms

MOST = 200  # keys that are looked up


class AskForm(OpenForm):
    """Topics to follow, and an address. Nothing else is asked of anybody."""

    about = forms.MultipleChoiceField(
        label=_("What would you like to hear of?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you would like to hear of.")},
    )
    email = EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    field_order = ["about", "email", "x1", "form_key"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.MultipleChoiceField)
        about.choices = by_kind(rooms.offered(agency, self._came_with()))

    def _came_with(self) -> list[str]:
        """What somebody came from the page of, or has sent."""
        if not self.is_bound:
            return list(self.initial.get("about", ()))[:MOST]
        sent: list[str] = (
            self.fields["about"].widget.value_from_datadict(self.data, self.files, "about") or []
        )
        return sent[:MOST]


def by_kind(offered: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices in groups, each under what its kind is called."""
    groups = {kind: (str(topic.label), list[tuple[str, str]]()) for kind, topic in topics().items()}
    for key, words in offered.items():
        groups[key.partition(":")[0]][1].append((key, words))
    return [group for group in groups.values() if group[1]]
