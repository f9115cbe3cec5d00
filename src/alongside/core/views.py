"""Pages that belong to no room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.core.doors import Whence, send_again, whence_sent


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long is sent again, with all that was typed; one that came from elsewhere is not."""
    if whence_sent(request) is Whence.OURS:
        why = _("This page was open too long, or you signed in again meanwhile.")
        return send_again(request, why)
    why = _(
        "This page was open too long, or the form came from another site. Go back, reload and send it again."
    )
    return render(request, "403.html", {"why": why}, status=403)
