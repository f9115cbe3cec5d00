"""The second step of signing in, where it is decided who is a member: whoever came without it is nobody's.

Not at each door, since a door can forget it: whoever signed in by half is no member to any read, page, feed or picture
(`User.membership_at`), and is led to the other half where staff come in.
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alongside.agencies.models import User
from alongside.core import demo

# Pages of the second step that are open to whoever has it and did not take it here: to take it, and nothing else.
# By the others a password alone could put another step in its place.
TO_TAKE_IT = ("mfa_reauthenticate", "mfa_reauthenticate_webauthn")


def who(request: HttpRequest) -> User | AnonymousUser:
    """Whoever is signed in, and whether by half."""
    user: User | AnonymousUser = get_user(request)
    if isinstance(user, User):
        user.half_signed_in = is_missing(request, user)
    return user


def is_missing(request: HttpRequest, user: User) -> bool:
    """Whether they came in without a second step that they still have.

    In the demo city nobody has a telephone at hand.
    """
    if not settings.ALONGSIDE.require_mfa or demo.is_on():
        return False
    taken = [each.get("id") for each in get_authentication_records(request, user) if each["method"] == "mfa"]
    return not (taken and Authenticator.objects.filter(user=user, pk__in=taken).exists())


def lead_on(request: HttpRequest) -> HttpResponse:
    """To where the other half of signing in is done: set up the second step, or take it."""
    if _has_one(request):
        return _to_take_it(request)
    messages.info(request, _("Before you begin, set up a second step for signing in. It takes two minutes."))
    return redirect("mfa_index")


def must_be_taken_first(request: HttpRequest) -> HttpResponse | None:
    """At the pages that look after second steps: whoever has one takes it, before another is added or one removed."""
    view = request.resolver_match.url_name if request.resolver_match else None
    if not (view and view.startswith("mfa_")) or view in TO_TAKE_IT:
        return None
    half = isinstance(request.user, User) and request.user.half_signed_in
    return _to_take_it(request) if half and _has_one(request) else None


def set_up_here(
    sender: type[Authenticator],
    *,
    request: HttpRequest,
    user: User,
    authenticator: Authenticator,
    **more: Any,
) -> None:
    """Whoever sets up their first step has shown that they hold it: they need not sign in again."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _to_take_it(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse(TO_TAKE_IT[0])}?{urlencode({'next': request.get_full_path()})}")


def _has_one(request: HttpRequest) -> bool:
    return bool(Authenticator.objects.filter(user_id=request.user.pk).exists())
