"""Demo mode: a data folder that holds a generated city, on this machine only."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from alongside.core import doors

LOOPBACK = {"127.0.0.1", "::1"}
HERE = {"localhost", "127.0.0.1", "[::1]"}
PROXIES_SAY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
MARKER = "demo.json"


def is_on() -> bool:
    """Whether the data folder holds the generated city's marker. PostgreSQL may hold real people: never there."""
    return not settings.ALONGSIDE.database_url and (settings.DATA / MARKER).is_file()


def may_sign_in(request: HttpRequest) -> bool:
    """One-click sign-in works from this machine alone, and not through a proxy.

    A proxy on this machine may say nothing of itself; then the name that the visitor asked for is not ours.
    """
    if not is_on() or settings.ALONGSIDE.proxies or any(name in request.headers for name in PROXIES_SAY):
        return False
    return doors.address(request) in LOOPBACK and split_domain_port(request.get_host())[0] in HERE
