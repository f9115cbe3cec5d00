"""What staff and partners fill in about a day in the field."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db.models import Case, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies import bearers
from alongside.agencies.models import Agency, Member, User
from alongside.core import languages
from alongside.core.authored import AuthoredField
from alongside.core.care import boxes
from alongside.core.forms import CountField, label_of, offer_rows, said_in
from alongside.field.actions import Answers
from alongside.field.models import (
    LONGEST_PLACE,
    LONGEST_RECAP,
    LONGEST_WORDS,
    SCRIBE,
    ContactQuality,
    EnforcementException,
    ExceptionKind,
    HowMany,
    Observation,
    Quality,
)
from alongside.followthrough.models import Category, ConcernKind
from alongside.gatherings.actions import MOST_PEOPLE
from alongside.gatherings.forms import HeldForm
from alongside.gatherings.models import Gathering
from alongside.media.models import LONGEST_ALT, SHORTEST_ALT
from alongside.people.models import Partner

CARDS_A_PAGE = 6
NOT_SAID = ("", _("Did not see"))


class PaperCard(forms.Form):
    """One paper card, as a scribe's phone would have asked it. A card on which nobody wrote is no mistake."""

    kind = forms.ChoiceField(label=_("What it is"), choices=ConcernKind, initial=ConcernKind.CONCERN)
    category = forms.ChoiceField(
        label=pgettext_lazy("topic", "About"), choices=[("", "–"), *Category.choices]
    )
    words = forms.CharField(
        label=_("What was said"),
        required=False,
        validators=[MaxLengthValidator(LONGEST_WORDS)],
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_WORDS}),
    )
    place = forms.CharField(
        label=_("Where, to the block"),
        required=False,
        validators=[MaxLengthValidator(LONGEST_PLACE)],
        widget=forms.TextInput(attrs={"list": "streets", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=pgettext_lazy("note", "Spoken in"), choices=languages.choices, initial=settings.LANGUAGE_CODE
    )
    code = forms.CharField(
        label=_("Code of the card they took"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    wants_answer = forms.BooleanField(label=_("Wants an answer and took no card"), required=False)

    def __init__(self, data: Any = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix, empty_permitted=True, use_required_attribute=False)

    @cached_property
    def client_id(self) -> str:
        """What a card is known by while it is shown again."""
        return str((self.data or {}).get(self.add_prefix("client_id"), ""))[:36] or str(uuid.uuid4())

    @property
    def note_id(self) -> uuid.UUID:
        """What makes a card sent twice one note, and other words on it another."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{self.client_id} {said_in(self)}")

    def has_changed(self) -> bool:
        """Whether somebody wrote on it: the kind and the language stand there beforehand."""
        return bool({"category", "words", "place", "code", "wants_answer"} & set(self.changed_data))

    @property
    def is_blank(self) -> bool:
        return not self.has_changed()


def paper_cards(data: Any = None) -> list[PaperCard]:
    """A page of cards."""
    return [PaperCard(data, prefix=f"card{number}") for number in range(CARDS_A_PAGE)]


class CameForm(HeldForm):
    """As at the desk, where the phones have proposed a number: here somebody has counted."""

    came = CountField(
        label=_("How many residents came"),
        min_value=0,
        max_value=MOST_PEOPLE,
        error_messages={"required": _("Write how many residents came, as a number.")},
    )


class PassForm(forms.Form):
    """Whose phone it is: one of ours, or a guest by name."""

    member = forms.ModelChoiceField(
        label=_("Whose phone"),
        queryset=Member.objects.none(),
        required=False,
        help_text=_("The link ends when they leave, or are taken off the roster of this gathering."),
    )
    guest = forms.CharField(
        label=_("The name of a guest"),
        max_length=80,
        required=False,
        help_text=_(
            "Only for somebody who is not in the list. It ends by its day, or when you take it back."
        ),
    )

    def __init__(self, *args: Any, gathering: Gathering, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = gathering.agency
        first = [member.pk for member in bearers.proposed(SCRIBE, gathering.key, agency=agency)]
        place = Case(When(pk__in=first, then=0), default=1)
        ours = Member.objects.visible_to(by, at=agency).active().select_related("rank")
        offer_rows(
            self, "member", ours.order_by(place, "rank__level", "name"), none=_("A guest, named below")
        )
        self.fields["member"].initial = first[0] if first else None

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if bool(self.cleaned_data.get("member")) == bool(self.cleaned_data.get("guest")):
            raise forms.ValidationError(_("Choose who it is for, or type the name of a guest: one of both."))
        return given

    @property
    def to(self) -> Member | str:
        member: Member | None = self.cleaned_data.get("member")
        return member or str(self.cleaned_data.get("guest", ""))


class PartnerPassForm(forms.Form):
    partner = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Partner.objects.none(),
        error_messages={"required": _("Choose a partner.")},
    )

    def __init__(self, *args: Any, agency: Agency, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "partner", Partner.objects.visible_to(by, at=agency).active())


class AltForm(forms.Form):
    alt = AuthoredField(
        label=_("What it shows"),
        max_length=LONGEST_ALT,
        min_length=SHORTEST_ALT,
        one_line=True,
        help_text=_("For people who cannot see it: “Broken step at the foot of the stairs”."),
    )


def _choice(label: Any, choices: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[*((str(value), name) for value, name in choices), NOT_SAID],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )


class LookBackForm(boxes.CareForm):
    """How officers met people, and the observer's checklist: seven questions, none of them must be answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in QUALITY:
            self.fields[name] = _choice(label_of(ContactQuality, name), HowMany.choices)
        for name in MARKS:
            self.fields[name] = _choice(label_of(Observation, name), Quality.choices)
        self.fields["words"] = boxes.Box(
            label=_("In your words"),
            required=False,
            validators=[MaxLengthValidator(LONGEST_WORDS)],
            widget=boxes.Lines(attrs={"rows": 3}),
            help_text=_("No names, please."),
        )

    @property
    def quality(self) -> Answers:
        given = self.cleaned_data
        return Answers(
            introduced=given["introduced"], asked_views=given["asked_views"], left_a_way=given["left_a_way"]
        )

    @property
    def marks(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*MARKS, "words")}


QUALITY = ("introduced", "asked_views", "left_a_way")
MARKS = ("voice", "neutrality", "respect", "motives")


def said_before(quality: ContactQuality | None, seen: Observation | None) -> dict[str, Any]:
    """What somebody answered before, to answer it anew."""
    rows: list[tuple[Any, tuple[str, ...]]] = [(quality, QUALITY), (seen, (*MARKS, "words"))]
    return {name: getattr(row, name) for row, names in rows if row for name in names}


class ExceptionForm(forms.Form):
    kind = forms.ChoiceField(label=_("What happened"), choices=ExceptionKind)
    count = CountField(
        label=EnforcementException._meta.get_field("count").verbose_name,
        min_value=0,
        max_value=500,
        required=False,
        help_text=_("Leave it empty if no enforcement took place."),
    )


class RecapForm(forms.Form):
    words = AuthoredField(
        label=_("In a few sentences"),
        required=False,
        max_length=LONGEST_RECAP,
        help_text=_("What it was like, and what comes next. No names, and nothing that tells who said what."),
    )
    minutes = CountField(label=_("How many minutes it took"), min_value=1, max_value=1440, required=False)
    partners = forms.ModelMultipleChoiceField(
        label=_("Partners who came"),
        queryset=Partner.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only those who agreed to be listed in public."),
    )

    def __init__(self, *args: Any, gathering: Gathering, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = Partner.objects.visible_to(by, at=gathering.agency).filter(active=True, listed=True)
        self.listed = shown.near([gathering.neighborhood_id]) if gathering.neighborhood_id else shown
        offer_rows(self, "partners", self.listed)
