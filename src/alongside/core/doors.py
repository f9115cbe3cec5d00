"""Doors for people without an account: a form that anybody may send, from our own pages, at a human pace."""

import hashlib
import logging
import sqlite3
from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import cache, caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from alongside.core import networks

log = logging.getLogger("alongside.doors")

Asked = ParamSpec("Asked")  # what the address names, after the request
Page = TypeVar("Page", bound=HttpRequest)
View = Callable[Concatenate[Page, Asked], HttpResponseBase]
WholePage = Callable[Concatenate[Page, Asked], HttpResponse]

# A hall of 300 people behind one address may all answer within ten minutes, twice.
HALL = 600
WINDOW_SECONDS = 600


def public_form(view: View[Page, Asked]) -> View[Page, Asked]:
    """A form without sign-in. Pages stay the same for all strangers, so the guard is where a request comes from."""

    @wraps(view)
    def guarded(request: Page, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        whence = whence_sent(request)
        if whence is Whence.ELSEWHERE:
            return _refuse(
                request, 403, _("This form was sent from another site. Open our page and send it from there.")
            )
        if whence is Whence.UNSAID and not _was_looked_at(request):
            return send_again(
                request,
                _("Your browser does not say from which page this comes: some privacy settings do that."),
                proof=_proof(request),
            )
        if too_many(request, view.__qualname__, HALL):
            return _refuse(
                request,
                429,
                _("Many answers came from your network just now. Please try again in ten minutes."),
            )
        return view(request, *args, **kwargs)

    return csrf_exempt(login_not_required(guarded))


class Whence(Enum):
    """Where a form was sent from, by what the browser itself says: no page can forge it."""

    OURS = "from one of our pages"
    ELSEWHERE = "from another site"
    UNSAID = "no word: settings for privacy, a web view in a box, a browser before 2020"


def whence_sent(request: HttpRequest) -> Whence:
    """`Sec-Fetch-Site` first, which browsers send over https alone; then the page's address, if that is said."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site not in {"", "same-origin", "none"}:
        return Whence.ELSEWHERE
    page = request.headers.get("Origin") or request.headers.get("Referer") or "null"
    if page != "null":
        return Whence.OURS if _is_ours(page, request) else Whence.ELSEWHERE
    return Whence.OURS if site else Whence.UNSAID


def one_click(view: View[Page, Asked]) -> View[Page, Asked]:
    """A page by which mail is stopped. A button on it is a public form; a mail program may press it, too (RFC 8058).

    That program is a server of Google's or Microsoft's: it names no page that it comes from, brings no cookie, and
    sends these words and no others. The token in the address is what lets it in, and stopping is all it can do.
    """
    by_hand = public_form(view)

    @wraps(view)
    def guarded(request: Page, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponseBase:
        if request.method == "POST" and is_one_click(request):
            return view(request, *args, **kwargs)
        return by_hand(request, *args, **kwargs)

    return csrf_exempt(login_not_required(guarded))


def is_one_click(request: HttpRequest) -> bool:
    """Whether a mail program presses the button of a header: exactly what the standard says, and nothing beside it.

    In whatever sort and charset it says that it comes: not all of them say one, or the right one.
    """
    if request.content_type == "multipart/form-data":
        return list(request.POST.items()) == ONE_CLICK and not request.FILES
    body = request.body.decode("ascii", "replace").strip()
    return len(body) <= A_LINE and parse_qsl(body, keep_blank_values=True) == ONE_CLICK


ONE_CLICK, A_LINE = [("List-Unsubscribe", "One-Click")], 200


def from_our_pages(request: HttpRequest) -> bool:
    """Where no word is no: for what a script of ours sends, which can say it."""
    return whence_sent(request) is Whence.OURS


def _is_ours(page: str, request: HttpRequest) -> bool:
    """Whether an address is of this install: by the name it was asked by, or by one that the settings name.

    A proxy may ask us by a name of its own, and a browser writes a name in its own letters, or with its port.
    """
    told = _host(page)
    if told is None:
        return False
    asked = _host(f"{request.scheme}://{request.get_host()}")
    return told in {asked, _host(settings.ALONGSIDE.url)} or (
        told[1] in {80, 443} and told[0] in settings.ALLOWED_HOSTS
    )


def _host(address: str) -> tuple[str, int] | None:
    """The name and the port of an address, as they are compared."""
    try:
        parts = urlsplit(address)
        name, port = parts.hostname or "", parts.port
        name = name.rstrip(".").encode("idna").decode() if not name.isascii() else name.rstrip(".")
    except ValueError:  # no port that there is, or no name
        return None
    known = {"http": 80, "https": 443}.get(parts.scheme)
    return (name, port or known) if name and known else None


LOOKED_AT, AN_HOUR = "looked_at", 3600
UNSEEN = {"form_key", "device", "act"}


def send_again(request: HttpRequest, why: str, *, proof: str = "", sign_in: str = "") -> HttpResponse:
    """Nothing typed is lost: it stands on a page of ours, from which a person sends it with one button.

    Never where a form came from elsewhere: whoever made that page would borrow the person's hand. No page can be drawn
    inside another's (X-Frame-Options). A password is not repeated, and files must be chosen anew.
    """
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", LOOKED_AT} and "password" not in name
    ]
    words = [value for name, value in sent if value.strip() and name not in UNSEEN]
    context = {
        "why": why,
        "sent": [*sent, *([(LOOKED_AT, proof)] if proof else [])],
        "words": words,
        "files": [file.name for _name, files in request.FILES.lists() for file in files],
        "by_token": not proof,
        "sign_in": sign_in,
    }
    response = render(request, "core/send_again.html", context, status=403)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def unsent(request: HttpRequest, why: str) -> HttpResponse:
    """What was typed could not be taken, by no fault of whoever sent it: it can be sent again from here, as it is.

    A form of the workspace goes by the token in it; one that anybody may send, by having been looked at here.
    """
    view = getattr(request.resolver_match, "func", None)
    return send_again(request, why, proof=_proof(request) if getattr(view, "csrf_exempt", False) else "")


def _proof(request: HttpRequest) -> str:
    """That a person of this network looked at what is sent here, within the hour."""
    return _looked_at().sign(_asked_by(request))


def _was_looked_at(request: HttpRequest) -> bool:
    try:
        told = _looked_at().unsign(request.POST.get(LOOKED_AT, "")[:400], max_age=AN_HOUR)
    except signing.BadSignature:
        return False
    return told == _asked_by(request)


def _asked_by(request: HttpRequest) -> str:
    return f"{networks.household(address(request))} {request.path}"


def _looked_at() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="alongside.looked-at")


def too_many(request: HttpRequest, door: str, limit: int) -> bool:
    """Count this request against its network's share, for minutes, whichever process it comes to."""
    return counted(f"{door}:{networks.household(address(request))}", WINDOW_SECONDS) > limit


def counted(what: str, seconds: int) -> int:
    """Count it once more, and say how often it was in so many seconds, whichever process asks.

    Where nothing can be counted (a disk that is full), nobody is kept out for it.
    """
    try:
        cache.add(f"rate:{what}", 0, seconds)
        return cache.incr(f"rate:{what}")
    except ValueError:  # it expired between the two lines
        return 0
    except sqlite3.Error as wrong:
        log.warning("requests at the doors are not counted: %s", wrong)
        return 0


def count_of(what: str) -> int:
    """How often it was counted (`counted`) in the time that was said then."""
    try:
        return int(cache.get(f"rate:{what}", 0))
    except sqlite3.Error as wrong:
        log.warning("requests at the doors are not counted: %s", wrong)
        return 0


def address(request: HttpRequest) -> str:
    """Where a request comes from; behind proxies, what the outermost trusted one saw."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return networks.caller(request.META.get("REMOTE_ADDR", ""), forwarded, settings.ALONGSIDE.proxies)


def keyed(view: View[Page, Asked]) -> View[Page, Asked]:
    """A page whose address is a key: told to no other site and to no search engine, kept by no cache, refused or not.

    Not “no-referrer”: a browser then sends a form with the origin “null”, and a person would be asked to send
    it twice.
    """

    @wraps(view)
    def quietly(request: Page, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return quietly


def same_for_strangers(view: WholePage[Page, Asked]) -> WholePage[Page, Asked]:
    """A page that is the same for every stranger: made once in a few seconds, however many ask.

    Never for a page with the key of a form in it, and none whose address is a key. Whoever brings a cookie gets a
    page of their own.
    """

    @wraps(view)
    def shared(request: Page, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        seconds = settings.ALONGSIDE.page_seconds
        if request.COOKIES or request.method not in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        if not seconds:
            return without_secret(view(request, *args, **kwargs))
        asked = f"{request.get_host()} {request.get_full_path()} {get_language()}"
        key = hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
        kept = caches["pages"].get(key)
        if kept is not None:
            content, headers = kept
            return without_secret(HttpResponse(content, headers=headers))
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not response.cookies:
            caches["pages"].set(key, (response.content, dict(response.headers)), seconds)
        return without_secret(response)

    return shared


OPEN = "open_to_all"
"""Our mark on Django's answer."""


def without_secret(response: HttpResponse) -> HttpResponse:
    """An answer that is the same for whoever asks, so that it may leave compressed (`core.middleware.compressed`).

    How well a page compresses tells what stands in it twice. Where a secret (the key of a form, somebody's own link)
    stands beside words that the address put there, whoever watches the line can guess it letter by letter (BREACH).
    """
    vars(response)[OPEN] = True
    return response


def _refuse(request: HttpRequest, status: int, why: str) -> HttpResponse:
    return render(request, f"{status}.html", {"why": why}, status=status)
