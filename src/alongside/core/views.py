"""Pages that belong to no room."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from alongside.core import space
from alongside.core.doing import NO_ROOM, no_room
from alongside.core.doors import Whence, send_again, unsent, whence_sent


def something_broke(request: HttpRequest) -> HttpResponse:
    """What is answered where a page ended in an error: that; or that nothing can be written, with all that was typed.

    Called while the error is at hand, wherever it came from: a view, a session, a file that arrives.
    """
    if not space.was_lacking(sys.exc_info()[1]):
        return server_error(request)
    if request.method == "POST" and whence_sent(request) is not Whence.ELSEWHERE:
        response = unsent(request, no_room())
    else:
        response = render(request, "503.html", {"why": no_room()})
    response.status_code, response.headers["Retry-After"] = NO_ROOM, "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long is sent again, with all that was typed; one that came from elsewhere is not."""
    if whence_sent(request) is Whence.OURS:
        why = _("This page was open too long, or you signed in again meanwhile.")
        return send_again(request, why)
    why = _(
        "This page was open too long, or the form came from another site. Go back, reload and send it again."
    )
    return render(request, "403.html", {"why": why}, status=403)
