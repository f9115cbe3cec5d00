"""Doors for people without an account: a form that anybody may send, from our own pages, at a human pace."""

import hashlib
import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache, caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

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
        if not from_our_pages(request):
            return _refuse(
                request, 403, _("This form was sent from another site. Open our page and send it from there.")
            )
        if too_many(request, view.__qualname__, HALL):
            return _refuse(
                request,
                429,
                _("Many answers came from your network just now. Please try again in ten minutes."),
            )
        return view(request, *args, **kwargs)

    return csrf_exempt(login_not_required(guarded))


def from_our_pages(request: HttpRequest) -> bool:
    """Browsers name the page a form was sent from; another site's page cannot forge that."""
    if "Sec-Fetch-Site" in request.headers and request.headers["Sec-Fetch-Site"] not in {
        "same-origin",
        "none",
    }:
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if origin is None or origin == "null":
        return False
    return urlsplit(origin).netloc == request.get_host()


def too_many(request: HttpRequest, door: str, limit: int) -> bool:
    """Count this request against its network's share. Not the address, a keyed hash of it is kept, for minutes."""
    who = salted_hmac("alongside.rate", network(address(request)), algorithm="sha256").hexdigest()[:24]
    key = f"rate:{door}:{who}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it expired between the two lines
        return False


def address(request: HttpRequest) -> str:
    """Where a request comes from; behind proxies, what the outermost trusted one saw."""
    proxies = settings.ALONGSIDE.proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    nearest: str = request.META.get("REMOTE_ADDR", "")
    return nearest


def network(address: str) -> str:
    """Whose address it is: with IPv6 one household has 2⁶⁴ of them, so the first half names it."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))


def keyed(view: View[Page, Asked]) -> View[Page, Asked]:
    """A page whose address is a key: told to no other site and to no search engine, kept by no cache, refused or not.

    Not “no-referrer”: a browser then sends a form with the origin “null”, which our own door must refuse.
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
        if not seconds or request.COOKIES or request.method not in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        asked = f"{request.get_host()} {request.get_full_path()} {get_language()}"
        key = hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
        kept = caches["pages"].get(key)
        if kept is not None:
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not response.cookies:
            caches["pages"].set(key, (response.content, dict(response.headers)), seconds)
        return response

    return shared


def _refuse(request: HttpRequest, status: int, why: str) -> HttpResponse:
    return render(request, f"{status}.html", {"why": why}, status=status)
