"""The real addresses, and three pages that never return."""

import re
import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from alongside.config.urls import urlpatterns as theirs


@login_not_required
def wait(_request: HttpRequest) -> HttpResponse:
    """Holds its thread, and lets every other run."""
    time.sleep(3600)
    return HttpResponse()


@login_not_required
def bomb(_request: HttpRequest) -> HttpResponse:
    """A loop of C that holds all of Python still."""
    regex_bomb()
    return HttpResponse()


def regex_bomb() -> None:
    re.fullmatch(r"(a+)+b", "a" * 60)


@login_not_required
def slow(_request: HttpRequest) -> HttpResponse:
    """What a page costs in a busy house."""
    time.sleep(1)
    return HttpResponse(b"done")


urlpatterns = [path("wait", wait), path("bomb", bomb), path("slow", slow), *theirs]
