"""Do what was asked, or say why not, on the page on which it was asked: nothing typed is lost, and nobody is sent away.

if request.method == "POST" and form.is_valid():
    with or_say_on(form):
        actions.move(gathering, **form.cleaned_data)
        return redirect(gathering)
return render(request, "gatherings/move.html", {"form": form}, status=status_of(form))

A button or a form with an address of its own answers with the page on which it stands, as that is now:

with refused := Why():
    actions.publish(gathering, by=request.user)
    return redirect(gathering)
return again(request, refused, "gatherings:overview", request.agency.slug, public_id)

A disk that is full is said in the same way, and a database that does not answer, whatever was to be written: nothing
was saved, and what was typed stands there. Where no form was asked in this way, `core.views.something_broke` keeps it.
"""

from __future__ import annotations

import logging
from copy import copy
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.urls import resolve
from django.utils.translation import gettext as _

from alongside.core import space
from alongside.core.errors import Refusal
from alongside.core.text import begun_large

Form = TypeVar("Form", bound=forms.BaseForm)

NOT_DONE = 422
"""What was sent cannot be done as it is; the page says why, with all that was typed still in it."""

NO_ROOM = 503
"""It could be done, but nothing can be written just now: whoever sends it again in a while is right."""


def no_room() -> str:
    """What a page says where nothing can be written, and what to do."""
    return _(
        "Nothing was saved: this site cannot write to its disk just now, which may be full. What you typed still "
        "stands here. Send it again in a few minutes; if that does not help, reach us in another way."
    )


def not_now() -> str:
    """The same, where the database does not answer, or lets nobody write."""
    return _(
        "Nothing was saved: this site cannot write anything down just now. What you typed still stands here. Send it "
        "again in a few minutes; if that does not help, reach us in another way."
    )


def no_room_to_show() -> str:
    """The same where nothing was sent: a page that must be written to be read."""
    return _(
        "This site cannot write to its disk just now, which may be full. Load this page again in a few minutes; if "
        "that does not help, reach us in another way."
    )


log = logging.getLogger("alongside.doing")


class Why:
    """What stands inside is done; where it is refused, these are the sentences that say why. None until then."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.no_room = False
        self.passing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        lacking, away = space.was_lacking(problem), space.was_away(problem)
        self.no_room = lacking or away
        if self.no_room:  # whoever sent a form can change nothing about it, whatever was being written for it
            log.error("nothing was saved, %s: %s", "for want of room" if lacking else "for now", problem)
            self.say(no_room() if lacking else not_now())
        elif isinstance(problem, Refusal):
            self.passing = problem.passing
            self.say(str(problem))
        return bool(self.lines)

    def say(self, sentence: str) -> None:
        self.lines.append(begun_large(sentence))

    def __str__(self) -> str:
        return " ".join(self.lines)

    def __bool__(self) -> bool:
        return bool(self.lines)


class _OnForm(Why):
    def __init__(self, form: forms.BaseForm, field: str | None):
        super().__init__()
        self.form, self.field = form, field

    def say(self, sentence: str) -> None:
        super().say(sentence)
        sentence = self.lines[-1]
        if self.no_room:
            self.form.add_error(None, ValidationError(sentence, code=NO_ROOM_CODE))
        else:
            code = PASSING_CODE if self.passing else None
            self.form.add_error(self.field, ValidationError(sentence, code=code))


def or_say_on(form: forms.BaseForm, field: str | None = None) -> Why:
    """Do it, or say why not on the form; at one of its fields, if that is what it is about."""
    return _OnForm(form, field)


def status_of(*said: object) -> int:
    """200, or that it was not done: a form has errors, or there is something that says why not."""
    if any(_for_want_of_room(each) for each in said):
        return NO_ROOM
    undone = any(each.errors if isinstance(each, forms.BaseForm) else each for each in said)
    return NOT_DONE if undone else 200


NO_ROOM_CODE, PASSING_CODE = "no-room", "passing"


def is_passing(form: forms.BaseForm) -> bool:
    """Whether all that a form says passes: nothing in it is wrong, and it can be sent again as it is."""
    said = [each.code for errors in form.errors.as_data().values() for each in errors]
    return bool(said) and set(said) <= {NO_ROOM_CODE, PASSING_CODE}


def _for_want_of_room(said: object) -> bool:
    if isinstance(said, forms.BaseForm):
        return said.is_bound and said.has_error(NON_FIELD_ERRORS, NO_ROOM_CODE)
    return isinstance(said, Why) and said.no_room


@dataclass(frozen=True)
class Undone:
    """What was asked on a page and could not be done: why, by which form, or by a button that was sent where."""

    lines: list[str]
    form: forms.BaseForm | None
    to: str
    said: QueryDict

    def is_of(self, to: str, **said: str) -> bool:
        """Whether it was a button that is sent to this address, with these values if it has any."""
        return self.to == to and all(self.said.get(name) == value for name, value in said.items())


def again(request: HttpRequest, wrong: Why | forms.BaseForm, to: str, *args: object) -> HttpResponse:
    """The page on which something was asked that could not be done, as it is now; and why not.

    The page finds its form by `came_back`. Where it draws that form no more, it says what was wrong all the same.
    """
    url = resolve_url(to, *args)
    form = wrong if isinstance(wrong, forms.BaseForm) else None
    lines = wrong.lines if isinstance(wrong, Why) else []
    answer = _shown(request, url, Undone(lines, form, request.path, request.POST))
    if form is not None and not says_trouble(answer):
        lines = [str(line) for problems in form.errors.values() for line in problems]
        answer = _shown(request, url, Undone(lines, None, request.path, request.POST))
    if answer.status_code in {200, NOT_DONE}:
        answer.status_code = status_of(wrong) if status_of(wrong) == NO_ROOM else NOT_DONE
    return answer


TROUBLE = b'" data-trouble'
"""Between two attributes: what somebody typed has no such quotes on a page."""


def says_trouble(answer: HttpResponse) -> bool:
    """Whether a page draws a list of what went wrong (`core/forms/_trouble.html`, `core/_refused.html`)."""
    return TROUBLE in answer.content


LEADS_ON = 5  # times at most: a page that leads to itself is answered as it stands


def _shown(request: HttpRequest, url: str, undone: Undone) -> HttpResponse:
    """What the page at this address answers, or the one to which it leads on; with the doors that stand before it."""
    for _time in range(LEADS_ON):
        parts = urlsplit(url)
        looking = copy(request)
        looking.method, looking.path, looking.path_info = "GET", parts.path, parts.path
        looking.GET, looking.POST = QueryDict(parts.query), QueryDict()
        looking.resolver_match = there = resolve(parts.path)
        setattr(looking, UNDONE, undone)
        # The agency is left out: the request knows it.
        kwargs = {name: part for name, part in there.kwargs.items() if name != "agency"}
        answer: HttpResponse = there.func(looking, *there.args, **kwargs)
        if answer.status_code not in {301, 302}:
            break
        url = answer.headers["Location"]
    return answer


UNDONE = "undone"


def came_back(request: HttpRequest, kind: type[Form], *, prefix: str | None = None) -> Form | None:
    """The form of this kind with what is wrong in it, where a page is shown again because of it."""
    undone: Undone | None = getattr(request, UNDONE, None)
    form = undone.form if undone else None
    return form if isinstance(form, kind) and form.prefix == prefix else None
