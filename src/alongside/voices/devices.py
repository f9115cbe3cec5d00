"""How a device is known again: by a random token that its browser made and keeps, sent with the form and never else.

Where no script runs, or nothing may be stored, the server makes it, and leaves it in a cookie that only this form's
address gets: on the POST, never on the page, which stays the same for every stranger. Where there are no cookies
either, every sending is a device of its own.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import translate_url

from alongside.core import languages
from alongside.voices.actions import YEAR

COOKIE = "device"
TOKEN = re.compile(r"[\w-]{20,64}", re.ASCII)


class DeviceForm(forms.Form):
    """A form whose sender is counted once a device. A page draws its field, and says so, by `voices/_once.html`.

    Whatever comes in it: what is no token is none, and nobody hears what is wrong with a box they do not see.
    """

    device = forms.Field(widget=forms.HiddenInput(attrs={"data-device": ""}), required=False)


@dataclass(frozen=True)
class Device:
    """The token of whoever sent a form; `made_here` if their browser brought none."""

    token: str
    made_here: bool = False

    def remembered(self, response: HttpResponse, request: HttpRequest) -> HttpResponse:
        """The answer to the form, with the token if the browser could not make one: at its address in each language."""
        if self.made_here:
            for code in languages.codes():
                response.set_cookie(
                    f"{COOKIE}-{code}",
                    self.token,
                    max_age=YEAR,
                    path=translate_url(request.path, code),
                    secure=settings.SESSION_COOKIE_SECURE,
                    httponly=True,
                    samesite="Strict",
                )
        return response


def of(request: HttpRequest, given: dict[str, Any]) -> Device:
    """By what the form brings, else by the cookie of an earlier sending, else a new one."""
    token = given.get("device") or ""
    known = token if TOKEN.fullmatch(token) else left_by(request)
    return Device(known) if known else Device(secrets.token_urlsafe(16), made_here=True)


def left_by(request: HttpRequest) -> str:
    """The token that an earlier sending of this very form left in a cookie; nothing, where the browser has its own.

    Whoever shows by it that this device has spoken says that the page hangs on it (`Vary: Cookie`).
    """
    left = (request.COOKIES.get(f"{COOKIE}-{code}", "") for code in languages.codes())
    return next((token for token in left if TOKEN.fullmatch(token)), "")
