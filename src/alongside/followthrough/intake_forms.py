"""Forms by which somebody tells us something: on this site without an account, and at the desk for whoever called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency
from alongside.core import languages
from alongside.core.care import boxes
from alongside.core.care.patterns import Sign
from alongside.core.forms import DayField, EmailField, ModelChoiceField, Once, OpenForm, offer, offer_rows
from alongside.core.text import lines
from alongside.followthrough.actions import Intake
from alongside.followthrough.intake import why_apart
from alongside.followthrough.models import LONGEST_WORDS, Category, ConcernKind, HowItCame
from alongside.followthrough.writing import SHORTEST
from alongside.places.models import Area, AreaKind, labels_of

# To name somebody in order to thank them is meant.
MEANT_IN_THANKS = frozenset({"officer-by-name", "badge"})
HEARD_AT_MOST = timedelta(days=366)


class TellForm(boxes.CareForm):
    """What somebody says, about what, and where: the words alone are asked of everybody."""

    words = boxes.Box(
        label=_("What would you like to tell us?"),
        validators=[MaxLengthValidator(LONGEST_WORDS)],
        error_messages={"required": _("Write down what you want to tell us.")},
        help_text=_("In your own words. Please leave out names, and anything you would not say aloud."),
        widget=boxes.Lines(attrs={"rows": 6}),
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=ConcernKind.choices,
        initial=ConcernKind.CONCERN,
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(
        label=pgettext_lazy("topic", "About"), choices=Category.choices, initial=Category.OTHER
    )
    neighborhood = ModelChoiceField[Area](label=_("Neighborhood"), queryset=None, required=False)
    place = boxes.PlaceBox(
        label=_("Where, to the block"),
        required=False,
        validators=[MaxLengthValidator(160)],
        help_text=_("Such as “400 block of Oak Street”, or a corner. Never a house number."),
    )
    language = forms.ChoiceField(label=_("The language you write in"))

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        homes = Area.objects.of(agency).active().of_kind(AreaKind.NEIGHBORHOOD).listed()
        offer_rows(self, "neighborhood", homes, none=_("Somewhere else, or everywhere"))
        self.fields["neighborhood"].label = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
        offer(self, "language", [(code, languages.name_of(code)) for code in agency.languages])
        here = languages.current()
        self.initial.setdefault("language", here if here in agency.languages else agency.languages[0])
        if self.data.get(self.add_prefix("kind")) == ConcernKind.THANKS:
            self._box("words").meant = self._box("words").careful.meant = MEANT_IN_THANKS

    def clean_words(self) -> str:
        said = lines(self.cleaned_data["words"])
        if sum(map(str.isalnum, said)) < SHORTEST:
            raise forms.ValidationError(_("Say it in a few words, so that somebody can answer."))
        return said

    @property
    def apart(self) -> str:
        """Why these words are not handled here, if they are not."""
        seen = (sign for name in ("words", "place") for sign in self._box(name).careful.seen)
        return why_apart(seen)

    def intake(self, *, came: str, heard_on: date) -> Intake:
        given = self.cleaned_data
        taken = {name: given[name] for name in ("kind", "category", "words", "neighborhood", "place")}
        return Intake(came=came, heard_on=heard_on, language=given["language"], **taken)

    def _box(self, name: str) -> boxes.Box:
        field = self.fields[name]
        assert isinstance(field, boxes.Box)
        return field


class TellUsForm(TellForm, OpenForm):
    """Without an account and without a name."""

    for_somebody = forms.BooleanField(
        label=_("I bring this for somebody else"),
        required=False,
        help_text=_("You speak for a neighbor, a group or a congregation. Please do not write who it is."),
    )
    email = EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_(
            "Only if you want news of this. It is kept apart from your words, and deleted by itself."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["words", "kind", "category", "neighborhood", "place", "language", "for_somebody", "email"]

    def clean(self) -> dict[str, Any]:
        """What belongs elsewhere is not kept before whoever wrote it has seen where, and says so once more."""
        given = super().clean()
        if self.apart and not self.goes_on and "words" not in self.errors:
            self.add_error("words", self._elsewhere())
        return given

    def look_again(self, signs: Iterable[Sign]) -> str:
        return self._elsewhere() if why_apart(signs) else super().look_again(signs)

    @staticmethod
    def _elsewhere() -> str:
        return str(_("Nothing is kept yet. Please read what this looks like, and choose."))

    @property
    def goes_on(self) -> bool:
        """Whether whoever wrote it has read where it belongs, and wants it set apart all the same."""
        return self.data.get("apart") == "yes"

    @property
    def came(self) -> HowItCame:
        return HowItCame.PARTNER if self.cleaned_data["for_somebody"] else HowItCame.WEB

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that say what it is, as they stand on the page; who hears of it stands below."""
        shown = [name for name in self.field_order if name not in {"for_somebody", "email"}]
        return [self[name] for name in shown if name != "language" or len(self.agency.languages) > 1]


class HandedInForm(TellForm, Once):
    """What came on paper, by phone or by a partner, as one of us writes it down."""

    came = forms.ChoiceField(
        label=pgettext_lazy("concern", "How it came"),
        choices=[(how, how.label) for how in (HowItCame.PHONE, HowItCame.PAPER, HowItCame.PARTNER)],
        widget=forms.RadioSelect,
    )
    heard_on = DayField(label=pgettext_lazy("concern", "Said on"))
    field_order = ["came", "heard_on", "words", "kind", "category", "neighborhood", "place", "language"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        self.initial.setdefault("heard_on", agency.today())
        self.fields["words"].label = _("What was said")
        self.fields["language"].label = _("The language it was said in")

    def clean_heard_on(self) -> date:
        day: date = self.cleaned_data["heard_on"]
        today = self.agency.today()
        if day > today:
            raise forms.ValidationError(_("It cannot have been said on a day to come."))
        if day < today - HEARD_AT_MOST:
            raise forms.ValidationError(_("That is over a year ago. Please check the year."))
        return day
