"""What is done to one concern at the desk beyond the first deeds: read, promised, in front, split, linked, sorted."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alongside.core.authored import AuthoredField
from alongside.core.forms import DayField, LineField, ModelChoiceField, offer_rows
from alongside.followthrough import actions
from alongside.followthrough.forms import CloseForm as PlainCloseForm
from alongside.followthrough.forms import DeedForm, MemberField, staff_of
from alongside.followthrough.forms import ProgressForm as PlainProgressForm
from alongside.followthrough.models import LONGEST_NOTE, LONGEST_WORDS, Category, Concern
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.promises.models import ITEM, LONGEST_PROMISE
from alongside.followthrough.triage import alike, replies, sorting, splitting
from alongside.followthrough.triage.splitting import Part
from alongside.followthrough.writing import NotNow
from alongside.places.models import Area, AreaKind, labels_of


class AcknowledgeForm(DeedForm):
    def do(self, *, by: Any, **given: Any) -> None:
        actions.acknowledge(self.concern, by=by)


class ProgressForm(PlainProgressForm):
    def do(self, *, by: Any, **given: Any) -> None:
        replies.must_be_own_words(self.concern.agency, given["text"])
        super().do(by=by, **given)


class CloseForm(PlainCloseForm):
    def do(self, *, by: Any, **given: Any) -> None:
        replies.must_be_own_words(self.concern.agency, given["outcome"])
        super().do(by=by, **given)


class PromiseForm(DeedForm):
    what = AuthoredField(
        label=_("What is promised"),
        max_length=LONGEST_PROMISE,
        one_line=True,
        help_text=_("Something that anybody can check: “We will repaint the crossing”."),
    )
    owner = MemberField(label=_("Who keeps it"))
    due = DayField(label=_("By when"))
    item = LineField(
        label=_("Recommendation or action item"),
        required=False,
        max_length=40,
        validators=[ITEM],
        help_text=_("If it answers one, such as tf:4.5.1."),
    )

    def prepare(self) -> None:
        offer_rows(self, "owner", staff_of(self.concern.agency))
        self.initial.update(owner=self.concern.owner_id, due=self.concern.due)

    def do(self, *, by: Any, **given: Any) -> None:
        said = promising.Said(**given, concern=self.concern)
        promising.make(self.concern.agency, said, key=_key(self.concern, given), by=by)


def _key(concern: Concern, given: dict[str, Any]) -> str:
    """The same promise for the same day, sent twice, is once."""
    of_it = hashlib.blake2b(f"{given['what'].stored} {given['due']}".encode(), digest_size=12).hexdigest()
    return f"desk:{concern.public_id}:{of_it}"


class FrontForm(DeedForm):
    def do(self, *, by: Any, **given: Any) -> None:
        actions.put_in_front(self.concern, by=by)


class UnfrontForm(DeedForm):
    def do(self, *, by: Any, **given: Any) -> None:
        actions.take_from_front(self.concern, by=by)


class ReopenForm(DeedForm):
    words = AuthoredField(
        label=_("Why it is open again"),
        max_length=LONGEST_NOTE,
        help_text=_("The person who asked reads it."),
    )

    def do(self, *, by: Any, **given: Any) -> None:
        actions.reopen(self.concern, by=by, **given)


class SortForm(DeedForm):
    category = forms.ChoiceField(label=pgettext_lazy("topic", "About"), choices=Category.choices)
    neighborhood = ModelChoiceField[Area](label=_("Neighborhood"), queryset=None, required=False)

    def prepare(self) -> None:
        agency = self.concern.agency
        areas = Area.objects.of(agency).active().of_kind(AreaKind.NEIGHBORHOOD).listed()
        offer_rows(self, "neighborhood", areas)
        self.fields["neighborhood"].label = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
        self.initial.update(category=self.concern.category, neighborhood=self.concern.neighborhood_id)

    def do(self, *, by: Any, **given: Any) -> None:
        sorting.sort(self.concern, by=by, **given)


class SplitForm(DeedForm):
    """What else was said with it: up to three more at once, each about something."""

    def prepare(self) -> None:
        for n in (1, 2, 3):
            self.fields[f"category{n}"] = forms.ChoiceField(
                label=_about(n), choices=Category.choices, required=n == 1, initial=self.concern.category
            )
            self.fields[f"words{n}"] = forms.CharField(
                label=_words(n),
                max_length=LONGEST_WORDS,
                required=n == 1,
                widget=forms.Textarea({"rows": 2}),
            )

    def do(self, *, by: Any, **given: Any) -> None:
        parts = [Part(given[f"category{n}"] or "other", given[f"words{n}"]) for n in (1, 2, 3)]
        splitting.split(self.concern, [part for part in parts if part.words.strip()], by=by)


def _about(n: int) -> str:
    return gettext("Part %(n)d is about") % {"n": n + 1}


def _words(n: int) -> str:
    return gettext("Part %(n)d, in their words") % {"n": n + 1}


class OtherForm(DeedForm):
    """Another concern, by its id."""

    other = LineField(
        label=_("The id of the other"), max_length=40, help_text=_("It stands at the top of its page.")
    )

    def other_for(self, by: Any, other: str) -> Concern:
        seen = Concern.objects.visible_to(by, at=self.concern.agency).filter(public_id=other).first()
        if seen is None:
            raise NotNow(gettext("We find no concern of this id."))
        return seen


class LinkForm(OtherForm):
    def do(self, *, by: Any, **given: Any) -> None:
        alike.link(self.concern, self.other_for(by, given["other"]), by=by)


class PartForm(OtherForm):
    def do(self, *, by: Any, **given: Any) -> None:
        alike.part(self.concern, self.other_for(by, given["other"]), by=by)
