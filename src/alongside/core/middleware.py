"""What every answer carries, whoever asks."""

import gzip
import hashlib
import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import caches
from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from alongside.core.doing import says_trouble, status_of
from alongside.core.doors import OPEN, Whence, send_again, whence_sent
from alongside.core.kept import NotWhole
from alongside.core.links import absolute
from alongside.core.text import number_in

log = logging.getLogger("alongside.pages")

PERMISSIONS = "camera=(), microphone=(), geolocation=(), browsing-topics=(), interest-cohort=()"


def addresses_lead_home(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A whole address that anybody makes of a request, a library too, begins as the settings say (`ALONGSIDE_URL`).

    The name by which a request asked is its sender's word: whoever asks for a mail to somebody else would choose where
    the link in it leads.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        def build_absolute_uri(location: str | None = None) -> str:
            return urljoin(
                absolute(request.path), request.get_full_path() if location is None else str(location)
            )

        vars(request)["build_absolute_uri"] = build_absolute_uri
        return get_response(request)

    return answer


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
        announced = number_in(request.META.get("CONTENT_LENGTH") or "0")
        if (announced is not None and announced <= LITTLE) or request.user.is_authenticated:
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
        if response.status_code >= 400 and not response.streaming and says_trouble(response):
            said = _("Error:")
            response.content = response.content.replace(b"<title>", f"<title>{said} ".encode(), 1)
        return response

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """Pages of others (signing in) answer a form with errors like all of ours."""
        form = (response.context_data or {}).get("form")
        if response.status_code == 200 and isinstance(form, BaseForm) and form.is_bound:
            response.status_code = status_of(form)
        return response


DJANGOS_OWN = "_check_referer"


class ForgedForms(CsrfViewMiddleware):
    """Django's check of a form's token. From where a form comes, `core.doors` says: “null” is no other site.

    Where a browser says nothing, the token decides, which no other site knows.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        return whence_sent(request) is not Whence.ELSEWHERE

    def _check_referer(self, request: HttpRequest) -> None:
        if whence_sent(request) is not Whence.OURS:
            getattr(super(), DJANGOS_OWN)(request)


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


REMEMBERED_SECONDS, PATIENCE_SECONDS = 30, 20


class sent_twice_is_done_once:
    """A double click, or the button pressed again because the line was slow: the second is answered as the first was.

    Two sendings are one if they are the same words to the same address by the same key, and the key is what each page
    has already: the token against forged forms, written anew for every page shown. So it holds for every form of those
    who are signed in, whether it makes a row or not, and no form can forget it. Other words are another deed, so are
    the same after something else was done, and what was refused may be sent again. A file that was made stays nobody's
    page: whoever presses again wants another.

    What is remembered lies in the memory of the one process that answers pages: of each session the last deed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.one_at_a_time = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = getattr(request, "sent_first", None)
        if key is not None:
            if (
                response.status_code < 400
                and not response.streaming
                and "Content-Disposition" not in response
            ):
                caches["answers"].set(key, response, REMEMBERED_SECONDS)
            else:
                caches["answers"].delete(key)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        if "csrfmiddlewaretoken" not in request.POST:  # no form of a page: it has ways of its own
            return None
        key, memory = _sending(request), caches["answers"]
        with self.one_at_a_time:
            if memory.get(_last_of(request)) != key:
                memory.delete(key)
                memory.set(_last_of(request), key, REMEMBERED_SECONDS)
        until = time.monotonic() + PATIENCE_SECONDS
        while not memory.add(key, None, REMEMBERED_SECONDS):
            answer: HttpResponse | None = memory.get(key)
            if answer is not None:
                return answer
            if time.monotonic() > until:
                return _still_at_it(request)
            time.sleep(0.05)
        vars(request)["sent_first"] = key  # read by ourselves, when it is answered
        return None


def _last_of(request: HttpRequest) -> str:
    return f"last-of-{request.session.session_key}"


def _sending(request: HttpRequest) -> str:
    """What makes two sendings one: who, where to, and everything that is in them."""
    files = [(name, each.name, each.size) for name, every in request.FILES.lists() for each in every]
    who = (request.session.session_key, request.get_full_path())
    said = repr((who, sorted(request.POST.lists()), sorted(files, key=repr)))
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _still_at_it(request: HttpRequest) -> HttpResponse:
    why = _("This was sent before and is still being done. Look at the page again in a minute.")
    return render(request, "403.html", {"why": why}, status=409)


class WholeFilesOnly:
    """A page that would be made of a file that is not whole is not shown. Staff read which, and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, NotWhole):
            return None
        log.error("%s: %s", request.path, problem)
        why = str(problem) if request.user.is_authenticated else ""
        return render(request, "core/not_whole.html", {"why": why}, status=503)


def a_button_is_no_page(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A browser that opens a button's own address is led to the page above it.

    The address stands in the bar after a button said why not (`core.doing.again`), where no script puts the page's.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        asks = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        page = _page_above(request.path_info) if response.status_code == 405 and asks else None
        return HttpResponseRedirect(page) if page else response

    return answer


def _page_above(path: str) -> str | None:
    """The nearest address above this one at which there is something."""
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return None


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
        if not getattr(response, OPEN, False) or response.cookies:
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
