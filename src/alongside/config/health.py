"""`/healthz`: whether the house can do what it is there for, for a proxy or a monitor that asks every few seconds.

It says yes or no, to whoever asks: from which machine that is, nobody behind a proxy can tell. Why not, the log says
once, and `alongside check` in detail.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alongside.core import space
from alongside.jobs import health

log = logging.getLogger("alongside.health")

DJANGOS_MARK = "_has_been_logged"
"""Django's own, on an answer: it writes a line of each 5xx, and whoever asks how we are may ask each second."""


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 and “ok”, or 503 and “not ok”. Asked anew each time; costs one question to the database."""
    why = next(troubles(), "")
    _say_once(why)
    answer = "not ok\n" if why else "ok\n"
    response = HttpResponse(answer, content_type="text/plain; charset=utf-8", status=503 if why else 200)
    vars(response)[DJANGOS_MARK] = True
    return response


def troubles() -> Iterator[str]:
    """What keeps us from working. Asks the database once: whoever answers that is there, and knows of the worker."""
    yield from space.trouble(Path(settings.DATA), space.NEARLY_NONE)
    try:
        if not health.a_worker_is_here():
            yield "no worker has given a sign of life within a minute"
    except DatabaseError as wrong:
        yield f"the database does not answer ({type(wrong).__name__})"


_said = [""]


def _say_once(why: str) -> None:
    """Whoever asks, asks often: the log says when it changes."""
    if why != _said[0]:
        log.warning("not well: %s", why) if why else log.info("well again")
    _said[0] = why
