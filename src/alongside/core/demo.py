"""Demo mode: a data folder that holds a generated city, and the door by which one click signs in to it.

The door opens to whoever brings its key, which lies in the data folder for its owner alone; `bin/demo` prints the link
that has it, and a cookie keeps it. So “from this machine” is true also behind a proxy that says nothing of itself.
"""

import re
import secrets
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.crypto import constant_time_compare

from alongside.core import doors
from alongside.core.files import whole

LOOPBACK = {"127.0.0.1", "::1"}
HERE = {"localhost", "127.0.0.1", "[::1]"}
PROXIES_SAY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
MARKER, KEY = "demo.json", "demo-key"
COOKIE = "demo"
KEYS = re.compile(r"[\w-]{32}", re.ASCII)


def is_on() -> bool:
    """Whether the data folder holds the generated city's marker. PostgreSQL may hold real people: never there."""
    return not settings.ALONGSIDE.database_url and (settings.DATA / MARKER).is_file()


def is_asked_here(request: HttpRequest) -> bool:
    """Whether there is such a door for this request: from this machine alone, and not through a proxy that is seen."""
    if not is_on() or settings.ALONGSIDE.proxies or any(name in request.headers for name in PROXIES_SAY):
        return False
    return doors.address(request) in LOOPBACK and split_domain_port(request.get_host())[0] in HERE


def may_sign_in(request: HttpRequest) -> bool:
    """One-click sign-in works from this machine alone, for whoever came by the link with the key."""
    return is_asked_here(request) and is_key(request.COOKIES.get(COOKIE, ""))


def is_key(given: str) -> bool:
    return constant_time_compare(given, key(settings.DATA))


def key(folder: Path) -> str:
    """The key of the door in this data folder, made on first need. What is no whole key there opens nothing."""
    if kept := _kept(folder):
        return kept
    with whole(folder / KEY, mode=0o600, over=(folder / KEY).exists()) as file:
        file.write(secrets.token_urlsafe(24).encode())
    return _kept(folder)  # of two that start together, one key wins


def _kept(folder: Path) -> str:
    """The key that lies there; nothing where there is none, or half of one."""
    path = folder / KEY
    kept = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
    return kept if KEYS.fullmatch(kept) else ""


def way_in(folder: Path) -> str:
    """The path, with the key, that opens the door."""
    return f"/demo/?key={key(folder)}"


def door(folder: Path, port: int) -> str:
    """The link that opens it, by the number at which we listen.

    By the name `localhost` a browser may ask `::1` first, where somebody else of this machine may listen for the key.
    """
    return f"http://127.0.0.1:{port}{way_in(folder)}"
