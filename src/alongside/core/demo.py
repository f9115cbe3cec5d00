"""Demo mode: a data folder that holds a generated city, on this machine only."""

from django.conf import settings
from django.http import HttpRequest

from alongside.core import doors

LOOPBACK = {"127.0.0.1", "::1"}
MARKER = "demo.json"


def is_on() -> bool:
    """Whether the data folder holds the generated city's marker. PostgreSQL may hold real people: never there."""
    return not settings.ALONGSIDE.database_url and (settings.DATA / MARKER).is_file()


def may_sign_in(request: HttpRequest) -> bool:
    """One-click sign-in works from this machine alone, and not through a proxy."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return is_on() and not forwarded and doors.address(request) in LOOPBACK
