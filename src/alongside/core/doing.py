"""Do what was asked, or say why not: on the form, in a message, or in words that a page shows as it likes.

if request.method == "POST" and form.is_valid():
    with or_say_on(form):
        actions.move(gathering, **form.cleaned_data)
        return redirect(gathering)
return render(request, "gatherings/move.html", {"form": form}, status=status_of(form))
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from alongside.core.errors import Refusal

NOT_DONE = 422
"""What was sent cannot be done as it is; the page says why, with all that was typed still in it."""


class Why:
    """What stands inside is done; where it is refused, this is the sentence that says why. Empty until then."""

    words = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(problem, Refusal):
            return False
        self.words = str(problem)
        self.say()
        return True

    def say(self) -> None:
        """Where a reader finds it: nowhere but here."""

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return bool(self.words)


class _OnForm(Why):
    def __init__(self, form: forms.BaseForm, field: str | None):
        self.form, self.field = form, field

    def say(self) -> None:
        self.form.add_error(self.field, self.words)


class _Told(Why):
    def __init__(self, request: HttpRequest):
        self.request = request

    def say(self) -> None:
        messages.error(self.request, self.words)


def or_say_on(form: forms.BaseForm, field: str | None = None) -> Why:
    """Do it, or say why not on the form; at one of its fields, if that is what it is about."""
    return _OnForm(form, field)


def or_tell(request: HttpRequest) -> Why:
    """Do it, or say why not in a message, which the next page shows."""
    return _Told(request)


def status_of(*said: object) -> int:
    """200, or that it was not done: a form has errors, or there is something that says why not."""
    undone = any(each.errors if isinstance(each, forms.BaseForm) else each for each in said)
    return NOT_DONE if undone else 200
