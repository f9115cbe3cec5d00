"""Pages that belong to no room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long, or came from elsewhere."""
    why = _(
        "This page was open too long, or the form came from another site. Go back, reload and send it again."
    )
    return render(request, "403.html", {"why": why}, status=403)
