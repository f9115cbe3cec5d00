"""What every answer carries, whoever asks."""

import gzip
import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import caches
from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from alongside.core.doing import status_of
from alongside.core.doors import Whence, send_again, whence_sent

PERMISSIONS = "camera=(), microphone=(), geolocation=(), browsing-topics=(), interest-cohort=()"


def no_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nobody types a NUL into an address, and PostgreSQL breaks off when it is asked for one. Forms check their own."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return get_response(request)

    return answer


LITTLE = 2 * 1024 * 1024


class strangers_bring_little:
    """A large body is read for those who are signed in, and refused unread from all others.

    Stands before the check of a form's origin, which would read the whole of it first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if (announced.isdigit() and int(announced) <= LITTLE) or request.user.is_authenticated:
            return None
        why = _("Please sign in before you send a large file.")
        return render(request, "403.html", {"why": why}, status=413)


class errors_in_the_title:
    """What a browser's tab says, and a screen reader first of all: that something on this page went wrong.

    Known by the list of what did (`core/forms/_trouble.html`), which each page draws that refuses what was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and not response.streaming and b"data-trouble" in response.content:
            said = _("Error:")
            response.content = response.content.replace(b"<title>", f"<title>{said} ".encode(), 1)
        return response

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """Pages of others (signing in) answer a form with errors like all of ours."""
        form = (response.context_data or {}).get("form")
        if response.status_code == 200 and isinstance(form, BaseForm) and form.is_bound:
            response.status_code = status_of(form)
        return response


class ForgedForms(CsrfViewMiddleware):
    """Django's check of a form's token. From where a form comes, `core.doors` says: “null” is no other site.

    Where a browser says nothing, the token decides, which no other site knows.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        return whence_sent(request) is not Whence.ELSEWHERE

    def _check_referer(self, request: HttpRequest) -> None:
        if whence_sent(request) is not Whence.OURS:
            super()._check_referer(request)  # type: ignore[misc]  # the stubs do not know it


class SignedIn(LoginRequiredMiddleware):
    """Whoever is not signed in is led there. What was typed by somebody whose session ended meanwhile is kept."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        led = super().process_view(request, view, args, kwargs)
        if (
            led is not None
            and request.method == "POST"
            and request.POST
            and whence_sent(request) is Whence.OURS
        ):
            why = _("You are signed out. Sign in, then come back to this page and send it.")
            return send_again(request, why, sign_in=resolve_url(self.get_login_url(view)))
        return led


LEAST = 500  # bytes; below, the headers weigh more than what is saved


def compressed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What holds no secret leaves compressed, and is compressed once, however many ask.

    Stands around the check of “not modified”: a tag is made of the page itself, and is weak where the bytes differ.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        tag = response.get("ETag", "")
        if response.status_code == 304 and f"W/{tag}" in request.headers.get("If-None-Match", ""):
            response.headers["ETag"] = f"W/{tag}"
        if not getattr(response, "without_secret", False) or response.cookies:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        wanted = "gzip" in request.headers.get("Accept-Encoding", "") and tag.startswith('"')
        if wanted and response.status_code == 200 and len(response.content) >= LEAST:
            response.content = _packed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["ETag"] = f"W/{tag}"
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return answer


def _packed(content: bytes) -> bytes:
    key = f"gzip-{hashlib.blake2b(content, digest_size=16).hexdigest()}"
    kept: bytes | None = caches["pages"].get(key)
    if kept is None:
        kept = gzip.compress(content, compresslevel=6, mtime=0)
        caches["pages"].set(key, kept, max(settings.ALONGSIDE.page_seconds, 1))
    return kept


def quiet_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No sensors, no tracking, and nothing of a signed-in page left in a shared cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return answer
