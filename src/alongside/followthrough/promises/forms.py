"""Forms of promises at the desk: make one, move it, keep it, or say that we did not."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, User
from alongside.core.authored import AuthoredField
from alongside.core.forms import DayField, LineField, ModelChoiceField, Once, offer_rows
from alongside.followthrough.forms import ActForm, MemberField, staff_of
from alongside.followthrough.models import LONGEST_NOTE, Promise
from alongside.followthrough.promises import actions
from alongside.followthrough.promises.models import ITEM, LONGEST_ENDING, LONGEST_PROMISE
from alongside.followthrough.triage import replies
from alongside.places.models import Area


def areas_of(agency: Agency, user: User) -> QuerySet[Area]:
    return Area.objects.visible_to(user, at=agency).active().listed().order_by("kind", "name")


class AtOnePlaceForm(Once):
    """What was promised aloud, on a page that knows where: nobody types that again."""

    what = AuthoredField(
        label=_("What is promised"),
        max_length=LONGEST_PROMISE,
        one_line=True,
        help_text=_("Something that anybody can check: “We will repaint the crossing”."),
    )
    owner = MemberField(label=_("Who keeps it"))
    due = DayField(label=_("By when"))
    made_on = DayField(
        label=pgettext_lazy("promise", "Promised on"), required=False, help_text=_("Empty: today.")
    )
    area = ModelChoiceField[Area](label=_("For which area"), queryset=None, required=False)
    item = LineField(
        label=_("Recommendation or action item"),
        required=False,
        max_length=40,
        validators=[ITEM],
        help_text=_("If it answers one, such as tf:4.5.1."),
    )

    def __init__(self, *args: Any, agency: Agency, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "owner", staff_of(agency))
        offer_rows(self, "area", areas_of(agency, user), none=pgettext_lazy("area of a promise", "None"))

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, as `promises.actions.Said` has it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}

    @property
    def key(self) -> str:
        return f"made:{self.once}" if self.once else ""


class MakeForm(AtOnePlaceForm):
    """What was promised aloud anywhere: it is everybody's to read at once."""

    origin_label = AuthoredField(
        label=_("Where it was said"),
        required=False,
        max_length=160,
        one_line=True,
        help_text=_("Such as “Forum in the library”. Everybody reads it."),
    )


class PromiseDeed(ActForm):
    """Something that is done to one promise."""

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.promise = promise
        self.prepare()


class MoveForm(PromiseDeed):
    owner = MemberField(label=_("Who keeps it"))
    due = DayField(label=_("By when"))
    why = AuthoredField(
        label=_("Why the day moves"),
        required=False,
        max_length=LONGEST_NOTE,
        one_line=True,
        help_text=_("Needed when the day moves back. The first day stays in sight."),
    )

    def prepare(self) -> None:
        offer_rows(self, "owner", staff_of(self.promise.agency))
        self.initial.update(owner=self.promise.owner_id, due=self.promise.due)

    def do(self, *, by: User, **given: Any) -> None:
        actions.move(self.promise, by=by, **given)


class KeepForm(PromiseDeed):
    outcome = AuthoredField(
        label=_("What was done"),
        max_length=LONGEST_ENDING,
        help_text=_("Plain words that anybody can check: what, where, since when."),
    )
    evidence_url = forms.URLField(
        label=_("Where anybody can see it"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("A page with the work order, the minutes, the new rule."),
    )
    on = DayField(label=pgettext_lazy("promise", "Done on"), required=False, help_text=_("Empty: today."))

    def do(self, *, by: User, **given: Any) -> None:
        replies.must_be_own_words(self.promise.agency, given["outcome"])
        actions.keep(self.promise, by=by, **given)


class FailForm(PromiseDeed):
    outcome = AuthoredField(
        label=_("Why we did not"),
        max_length=LONGEST_ENDING,
        help_text=_("Plain words. Bad news is as easy to find as good."),
    )

    def do(self, *, by: User, **given: Any) -> None:
        replies.must_be_own_words(self.promise.agency, given["outcome"])
        actions.fail(self.promise, by=by, **given)


class PublishForm(PromiseDeed):
    def do(self, *, by: User, **given: Any) -> None:
        actions.publish(self.promise, by=by)


class TellForm(PromiseDeed):
    def do(self, *, by: User, **given: Any) -> None:
        import_module("alongside.followthrough.promises.telling").tell_all(self.promise, by)
