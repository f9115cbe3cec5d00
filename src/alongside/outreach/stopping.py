"""The page that the header of a mail leads to (RFC 8058): looking shows one button, and pressing it stops the mail.

A mail program presses it without opening the page; `core.doors.one_click` lets it in. Every mail that may be stopped
names such a page, whichever room writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render

from alongside.agencies.requests import Request
from alongside.core.doors import is_one_click


@dataclass(frozen=True)
class Stop:
    """What stops: the question, what it means, what the button says, and what is said once it is done."""

    ask: str
    words: str
    button: str
    done: str


def page(
    request: Request, stop: Stop, *, act: Callable[[], object], over: Callable[[], bool], own_page: str
) -> HttpResponse:
    """Show the button, or press it. Pressed twice it is pressed once, and both hear that it is done."""
    if request.method == "POST":
        if not over():
            act()
        if not is_one_click(request):
            return redirect(request.path)
    facts = {"stop": stop, "over": over(), "own_page": own_page}
    return render(request, "outreach/stop.html", facts)
