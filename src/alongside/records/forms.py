"""What a records officer asks, decides and sets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.holds import KINDS, THINGS
from alongside.agencies.models import Agency, ReleaseKind
from alongside.core.forms import CountField, DayField, EmailField, LineField, offer
from alongside.core.manifest import RecordKind, record_kinds
from alongside.core.origins import Origin, OriginRefused
from alongside.records.actions import MOST_RECORDS, Asked, Word
from alongside.records.models import LONGEST_ASKED, LONGEST_EXEMPTION, Decision


def _kinds() -> list[tuple[str, str | Promise]]:
    return [(kind.name, kind.label) for kind in record_kinds().values()]


class RequestForm(forms.Form):
    """What somebody asked to see."""

    number = LineField(
        label=_("Number of the request"),
        max_length=60,
        help_text=_("As your office counts them, such as 2026-114."),
    )
    asked = forms.CharField(
        label=_("What was asked"),
        max_length=LONGEST_ASKED,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In your words, without the name of whoever asks."),
    )
    first = DayField(label=_("From"))
    last = DayField(label=pgettext_lazy("last day", "To"))
    kinds = forms.MultipleChoiceField(
        label=_("Which records"), choices=_kinds, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("This day is before the first one."))
        return given

    @property
    def said(self) -> Asked:
        return Asked(**self.cleaned_data)


class DecisionForm(forms.Form):
    """What becomes of one record."""

    decision = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[each for each in Decision.choices if each[0] != Decision.WAITING],
        widget=forms.RadioSelect,
    )
    exemption = LineField(
        label=_("By which exemption"),
        required=False,
        max_length=LONGEST_EXEMPTION,
        help_text=_("The paragraph that lets you withhold it, such as KRS 61.878(1)(a)."),
    )
    also = forms.CharField(
        label=_("Also make black"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Words just as they stand in the record, one thing a line."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("decision") in {Decision.REDACTED, Decision.WITHHELD} and not given.get("exemption"):
            self.add_error("exemption", _("Name the exemption in law."))
        return given

    @property
    def word(self) -> Word:
        given = self.cleaned_data
        return Word(given["decision"], given["exemption"], tuple(given["also"].splitlines()))


class AcceptForm(forms.Form):
    """All records of a page that nobody has decided, as they are proposed."""

    exemption = LineField(label=_("By which exemption"), required=False, max_length=LONGEST_EXEMPTION)


class HandOverForm(forms.Form):
    """That it was given to whoever asked."""

    on = DayField(label=_("Handed over on"))
    basis = LineField(
        label=pgettext_lazy("release", "Legal basis"),
        max_length=200,
        help_text=_("Such as KRS 61.870. Never anybody’s name."),
    )


class ReleaseForm(forms.Form):
    """What was released because the law demanded it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ReleaseKind.choices)
    on = DayField(label=pgettext_lazy("release", "Released on"))
    basis = LineField(
        label=pgettext_lazy("release", "Legal basis"),
        max_length=200,
        help_text=_("The law or the order, such as “KRS 61.870”. Never anybody’s name."),
    )
    records = CountField(label=_("How many records"), min_value=0, max_value=MOST_RECORDS)


class HoldForm(forms.Form):
    """What may not be disposed of, and why."""

    kind = forms.ChoiceField(label=_("Hold a kind of record"), required=False)
    key = LineField(
        label=_("Or one thing, by its key"),
        required=False,
        max_length=40,
        help_text=_("Such as gathering:7fq2mz9k4b: what is known by it, and all that came of it."),
    )
    reason = LineField(label=pgettext_lazy("hold", "Why"), max_length=400)
    matter = LineField(label=_("Number of the matter"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [("", ""), *KINDS.items()])

    def clean_key(self) -> Origin | None:
        typed = self.cleaned_data["key"].strip().lower()
        if not typed:
            return None
        try:
            key = Origin.of(typed)
        except OriginRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if key.kind not in THINGS:
            raise forms.ValidationError(_("Choose one of: %(kinds)s.") % {"kinds": ", ".join(sorted(THINGS))})
        return key

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and bool(given.get("kind")) == bool(given.get("key")):
            raise forms.ValidationError(_("Choose a kind of record, or one thing by its key."))
        return given


class LiftForm(forms.Form):
    because = LineField(label=_("Why it is lifted"), max_length=400)


class ScheduleForm(forms.Form):
    """How long a kind of record is kept, and who says so."""

    days = CountField(label=_("Days"), required=False, help_text=_("Empty: until a law, or you, set a day."))
    authority = LineField(
        label=_("By which authority"),
        required=False,
        max_length=200,
        help_text=_("The schedule and its number, such as Kentucky L5007."),
    )

    def __init__(self, *args: Any, agency: Agency, kind: RecordKind, **kwargs: Any) -> None:
        known = agency.schedule.get(kind.name, {})
        super().__init__(*args, **kwargs)
        self.initial = {name: known.get(name) for name in ("days", "authority")}


class FindForm(forms.Form):
    """Whose data somebody wants to have, and how they showed that the address is theirs."""

    email = EmailField(label=_("E-mail address"), help_text=_("Just as they left it with us."))
    proof = LineField(
        label=_("How they showed that it is theirs"),
        max_length=200,
        help_text=_("Such as “answered from it to a code that we sent”. We do not keep this."),
    )
