"""Forms of this room. What they ask is on paper too: plain words, and nothing that is not needed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, User
from alongside.core import spoken
from alongside.core.authored import AuthoredField, Words
from alongside.core.care import boxes
from alongside.core.errors import Refusal
from alongside.core.forms import (
    CountField,
    DayField,
    EmailField,
    HourField,
    ModelForm,
    MomentField,
    OpenForm,
    a_day,
    a_moment,
    an_hour,
    offer,
    offer_rows,
)
from alongside.followthrough import codes
from alongside.gatherings import actions, hanging, queries
from alongside.gatherings.breaking import BreaksAccess
from alongside.gatherings.models import (
    LONGEST_NEEDS,
    LONGEST_REASON,
    PARTS,
    Cause,
    Gathering,
    OperatingRules,
    Question,
    Series,
    Weekday,
)
from alongside.places import nearby
from alongside.places.models import Area, AreaKind, Venue, labels_of


class PartyField(forms.CharField):
    """How many people. Read by the same verb that the command line uses, so that the words are the same."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4})
    default_error_messages = {"required": _("Write how many of you come, as a number such as 2.")}

    def clean(self, value: Any) -> int:
        try:
            return actions.party_of(super().clean(value))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None


# What somebody says of themselves beside how many they are.
SAID = ("name", "interpreter", "without_steps", "access_needs", "no_photos")


class NeedsForm(boxes.CareForm):
    """Who comes, as far as they say, and what they need. Seen and changed on their own page, until it begins."""

    name = boxes.NameBox(
        label=_("Your name"),
        required=False,
        validators=[MaxLengthValidator(80)],
        help_text=_("A first name is enough, or none at all. The host sees it."),
        widget=boxes.Line(attrs={"autocomplete": "name"}),
    )
    interpreter = boxes.Box(
        label=_("A language you would like us to have"),
        required=False,
        validators=[MaxLengthValidator(60)],
        help_text=_("Such as Spanish, Somali, or American Sign Language."),
        widget=boxes.Line(attrs={"list": "spoken"}),
    )
    without_steps = forms.BooleanField(
        label=_("We need a way without steps"),
        required=False,
        help_text=_("We tell you if the place changes to one with steps."),
    )
    access_needs = boxes.Box(
        label=_("What you need to take part"),
        required=False,
        validators=[MaxLengthValidator(LONGEST_NEEDS)],
        help_text=_("Such as a place to sit, or a ride. Please do not write about health."),
        widget=boxes.Lines(attrs={"rows": 3}),
    )
    no_photos = forms.BooleanField(
        label=_("Please keep me out of photos"),
        required=False,
        help_text=_("Ask for a green ribbon at the start: whoever wears one is not photographed."),
    )

    @property
    def spoken(self) -> list[str]:
        """Names of languages to choose from while typing; any other may be typed."""
        return [name for _code, name in spoken.choices()]

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SAID}


class JoinForm(NeedsForm, OpenForm):
    """“I’ll come.” Only the number is asked of everybody."""

    party = PartyField(
        label=_("How many of you come?"),
        initial="1",
        help_text=_("Count yourself and your children."),
    )
    email = EmailField(
        label=_("E-mail, for news of this gathering"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    wait = forms.BooleanField(label=_("Put us on the waiting list"), required=False, widget=forms.HiddenInput)

    field_order = ["party", "wait"]

    def offer_the_line(self, refusal: actions.GatheringIsFull) -> None:
        """It filled up while somebody was typing: say so, keep what they typed, and let them choose."""
        self.fields["wait"].widget = forms.CheckboxInput()
        self.add_error("party", str(refusal))

    @property
    def answer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("party", "form_key", "wait")}

    def guest(self, language: str) -> actions.Guest:
        return actions.Guest(language=language, email=self.cleaned_data["email"], **self.said)


class CardForm(forms.Form):
    """The code of a card, as it is printed."""

    code = forms.CharField(
        label=_("The code on your card"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Like 7K2M-9QDX-4TB8W."),
    )

    def clean_code(self) -> str:
        try:
            return codes.read(self.cleaned_data["code"])
        except codes.Mistyped:
            raise forms.ValidationError(
                _("That is no code of ours: a character is missing or another one. Look at your card again.")
            ) from None


class CardsForm(forms.Form):
    """How many cards are made at once."""

    count = CountField(
        label=_("How many cards"),
        min_value=1,
        max_value=actions.MOST_CARDS,
        error_messages={"max_value": _("At most %(limit_value)s cards are made at once.")},
        help_text=_("One for each resident who came, and none for us."),
    )


class WhoCameForm(OpenForm):
    """Who came, if they choose to say. Each question can be left out."""

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question, answers in queries.answers_to(agency).items():
            many = question == Question.HOME
            nothing = [("", _("I’d rather not say"))]
            self.fields[question.value] = forms.ChoiceField(
                label=question.label,
                choices=[*nothing, *answers],
                required=False,
                widget=forms.Select() if many else forms.RadioSelect(),
            )

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that people see."""
        return [self[question.value] for question in Question if question.value in self.fields]

    @property
    def answers(self) -> dict[str, str]:
        return {question.value: self.cleaned_data.get(question.value, "") for question in Question}


class PartyForm(forms.Form):
    party = PartyField(label=_("How many of you come?"))


class SpokenBoxes(forms.CheckboxSelectMultiple):
    """Languages: those that are chosen or asked for most in sight, the others folded away."""

    template_name = "gatherings/spoken_boxes.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = [box for _group, some, _index in context["widget"]["optgroups"] for box in some]
        first = {*spoken.FIRST, *(value or [])}
        context["widget"] |= {
            "first": [box for box in boxes if box["value"] in first],
            "others": [box for box in boxes if box["value"] not in first],
        }
        return context


class GatheringForm(ModelForm[Gathering]):
    """Plan a gathering, or change what is said of it."""

    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), choices=spoken.choices, widget=SpokenBoxes, required=False
    )

    class Meta:
        model = Gathering
        fields = [
            "kind",
            "series",
            "title",
            "summary",
            "on",
            "at",
            "minutes",
            "venue",
            "meeting_point",
            "neighborhood",
            "typed_host",
            "typed_deputy",
            "languages",
            "access_notes",
            "needs_by",
            "photo_notes",
            "capacity",
            "guide_low",
            "guide_high",
            "rsvp_closes",
        ]
        labels = {"series": _("Series"), "venue": _("Venue"), "neighborhood": _("Neighborhood")}
        field_classes = {"on": DayField, "at": HourField, "needs_by": DayField, "rsvp_closes": MomentField}
        widgets = {
            "on": a_day(),
            "at": an_hour(),
            "needs_by": a_day(),
            "rsvp_closes": a_moment(),
            "summary": forms.Textarea(attrs={"rows": 4}),
            "access_notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, agency: Agency, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, agency, by, near=self.instance)
        offer(self, "languages", spoken.choices(self.instance.languages))
        if self.instance.pk and not self.instance.is_draft:
            for name in hanging.MOVES:  # these move, with a reason
                del self.fields[name]
        if self.instance.has_own_page:  # it is shown as what it is
            del self.fields["kind"]
        for name in self.instance.roster_names:
            del self.fields[name]

    def clean_languages(self) -> list[str]:
        """Those of before keep their order: whoever put Spanish first meant it."""
        chosen = self.cleaned_data["languages"]
        return list(dict.fromkeys([code for code in self.instance.languages if code in chosen] + chosen))

    def _post_clean(self) -> None:
        """The action checks the whole, in the transaction that writes it; the form reads the fields."""


def choose_from(
    form: forms.BaseForm,
    agency: Agency,
    by: User,
    *,
    near: Gathering | None = None,
    to_move: bool = False,
) -> None:
    """Only this agency's series, venues and neighborhoods, and of venues those still in use.

    Venues come by their distance from where a gathering is; `to_move`: in the order in which one moves to them.
    """
    lists = {
        "series": Series.objects.visible_to(by, at=agency).filter(active=True),
        "venue": Venue.objects.visible_to(by, at=agency).active(),
        "neighborhood": Area.objects.visible_to(by, at=agency)
        .active()
        .of_kind(AreaKind.NEIGHBORHOOD)
        .listed(),
    }
    for name, rows in lists.items():
        if name in form.fields:
            offer_rows(form, name, rows)
    if "venue" in form.fields:
        _offer_places(form, agency, near, to_move=to_move)
    if "neighborhood" in form.fields:
        form.fields["neighborhood"].label = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]


def _offer_places(form: forms.BaseForm, agency: Agency, near: Gathering | None, *, to_move: bool) -> None:
    """Each place in one line with what one must know of it, the nearest first."""
    field: Any = form.fields["venue"]
    around, asked = None, nearby.Asked()
    if near is not None:
        around = hanging.ground_of(near)
        people = near.numbers.going if near.pk else 0
        asked = nearby.Asked(near.on, near.at, near.minutes, people) if near.pk else asked
    offered = nearby.choices(list(field.queryset), agency, around, asked=asked, in_order=to_move)
    offer(form, "venue", [("", field.empty_label), *offered])


# Of one date we know which weather it was.
OF_A_DATE = [cause for cause in Cause if cause != Cause.WEATHER]


class ReasonForm(forms.Form):
    """A public reason, and who is there for those who did not hear."""

    reason = AuthoredField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        help_text=_("Everybody can read this, on the page and in the mail."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    stand_in = forms.CharField(
        label=_("Who stands at the meeting point that people know"),
        validators=[MaxLengthValidator(120)],
        help_text=_("Somebody who tells people who come anyway. Only staff see the name."),
    )
    cause = forms.ChoiceField(
        label=_("In one word"),
        choices=[("", _("Not said")), *((cause.value, cause.label) for cause in OF_A_DATE)],
        required=False,
        help_text=_("So that a season’s account can count what kept us in."),
    )


OF_A_NEW_PLACE = ("neighborhood", "access_notes", "photo_notes")


class NewPlaceForm(ReasonForm):
    """Words that are said of one place. They are asked for anew: the ramp of the old one is not at the new one."""

    access_notes = AuthoredField(
        label=_("Access at the new place"),
        max_length=1000,
        required=False,
        help_text=_("What was said of the old place is not said of the new one."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photo_notes = AuthoredField(
        label=_("Photos at the new place"), max_length=300, one_line=True, required=False
    )
    neighborhood = forms.ModelChoiceField(
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("Where the venue is"),
        help_text=_("Choose it where there is no venue, or where its own is another."),
    )
    accepts = forms.Field(label=_("Move it all the same"), required=False, widget=forms.MultipleHiddenInput)

    def ask_to_accept(self, refusal: BreaksAccess) -> None:
        """Name what breaks, each with a box; nothing is ticked for anybody."""
        named = [(each.key, str(each)) for each in refusal.broken]
        self.fields["accepts"].required = True  # its label says so
        self.fields["accepts"].widget = forms.CheckboxSelectMultiple(choices=named)
        agreed = set(self.cleaned_data.get("accepts", ())) & {each.key for each in refusal.broken}
        sent: Any = self.data
        sent = sent.copy()
        sent.setlist(self.add_prefix("accepts"), sorted(agreed))
        self.data = sent


class MoveForm(NewPlaceForm):
    on = DayField(label=_("New date"))
    at = HourField(label=_("New time"))
    venue = forms.ModelChoiceField(label=_("New venue"), queryset=Venue.objects.none(), required=False)
    meeting_point = AuthoredField(label=_("Where exactly"), max_length=200, one_line=True, required=False)
    field_order = [*hanging.MOVES, *OF_A_NEW_PLACE, "cause", "reason", "stand_in", "accepts"]


class ComingForm(NewPlaceForm):
    """What becomes different for all dates of a series that are still to come. What is left empty stays."""

    weekday = forms.TypedChoiceField(
        label=_("Another weekday"),
        choices=[("", _("As it is")), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    at = HourField(
        label=_("Another time"),
        required=False,
    )
    venue = forms.ModelChoiceField(
        label=_("Another venue"), queryset=Venue.objects.none(), required=False, empty_label=_("As it is")
    )
    meeting_point = AuthoredField(label=_("Where exactly"), max_length=200, one_line=True, required=False)
    field_order = [
        "weekday",
        "at",
        "venue",
        "meeting_point",
        *OF_A_NEW_PLACE,
        "cause",
        "reason",
        "stand_in",
        "accepts",
    ]

    @property
    def changes(self) -> dict[str, Any]:
        """What was filled in: an empty field changes nothing."""
        return {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], Words())
        }


class WordForm(forms.Form):
    text = AuthoredField(
        label=_("Your words"),
        max_length=LONGEST_REASON,
        help_text=_("A sentence or two: what to bring, where to park."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class HeldForm(forms.Form):
    came = CountField(
        label=_("How many residents came?"),
        min_value=0,
        max_value=actions.MOST_PEOPLE,
        required=False,
        help_text=_("As counted there. Leave it empty if nobody counted."),
    )
    walk_ups = CountField(
        label=_("How many of them just came by?"),
        min_value=0,
        max_value=actions.MOST_PEOPLE,
        required=False,
        help_text=_("Without saying so before. Only if somebody counted it; no names."),
    )
    reason = AuthoredField(
        label=_("Why it is another number"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Only if you change it. The number is published: everybody reads this beside it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gathering = gathering
        if not queries.heads_are_told(gathering):
            del self.fields["reason"]

    def clean(self) -> None:
        """A correction says why."""
        said = self.cleaned_data
        if "came" in said and not said.get("reason") and queries.corrects(self.gathering, said["came"]):
            self.add_error("reason", _("Write why, since everybody has read the other number."))


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("A calendar or a table"),
        help_text=_("A file that ends in .ics, .csv, .xlsx or .json, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".ics,.csv,.xlsx,.ods,.json,text/calendar,text/csv"}),
    )


class SeriesForm(ModelForm[Series]):
    class Meta:
        model = Series
        fields = ["kind", "name", "description", "weekday", "at", "minutes", "active"]
        field_classes = {"at": HourField}
        widgets = {
            "at": an_hour(),
            "description": forms.Textarea(attrs={"rows": 3}),
        }

    def _post_clean(self) -> None:
        """The action checks the whole, in the transaction that writes it; the form reads the fields."""


class RulesForm(ModelForm[OperatingRules]):
    """The seven parts of the rules."""

    class Meta:
        model = OperatingRules
        fields = list(PARTS)

    def _post_clean(self) -> None:
        """The action checks the whole, in the transaction that writes it; the form reads the fields."""
