"""Pages that belong to no room."""

import sys

from django.contrib.auth.models import AnonymousUser
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from alongside.core import space
from alongside.core.doing import NO_ROOM, no_room, no_room_to_show, not_now
from alongside.core.doors import Whence, send_again, unsent, whence_sent


def something_broke(request: HttpRequest) -> HttpResponse:
    """What is answered where a page ended in an error: that; or that nothing can be written, with all that was typed.

    Called while the error is at hand, wherever it came from: a view, a session, a file that arrives.
    """
    wrong = sys.exc_info()[1]
    if not space.was_lacking(wrong) and not space.was_away(wrong):
        return server_error(request)
    request.user = AnonymousUser()  # who it is, the database knows
    sent = request.method == "POST" and whence_sent(request) is not Whence.ELSEWHERE
    try:
        response = _unsent(request, wrong) if sent else _unread(request, wrong)
    except DatabaseError:
        return server_error(request)
    response.status_code, response.headers["Retry-After"] = NO_ROOM, "60"
    return response


def _unsent(request: HttpRequest, wrong: BaseException | None) -> HttpResponse:
    return unsent(request, no_room() if space.was_lacking(wrong) else not_now())


def _unread(request: HttpRequest, wrong: BaseException | None) -> HttpResponse:
    if space.was_lacking(wrong):
        return render(request, "503.html", {"why": no_room_to_show()})
    why = _("This site cannot look into its records just now. Please try again in a minute.")
    return render(request, "503.html", {"why": why, "heading": _("One moment")})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long is sent again, with all that was typed; one that came from elsewhere is not."""
    if whence_sent(request) is Whence.OURS:
        why = _("This page was open too long, or you signed in again meanwhile.")
        return send_again(request, why)
    why = _(
        "This page was open too long, or the form came from another site. Go back, reload and send it again."
    )
    return render(request, "403.html", {"why": why}, status=403)
