"""Accounts are made by invitation: nobody signs up."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import login
from django.http import HttpRequest

from alongside.agencies.models import User
from alongside.core import doors, languages
from alongside.core.readers import written_for


def begin(request: HttpRequest, user: User) -> None:
    """Sign in whoever has just chosen their password: they have shown that they know it, and are not asked again."""
    login(request, user)
    record_authentication(request, user, "password", email=user.email)


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not of whoever has shown all they have a moment ago: nobody types a password twice in a row."""
        if not super().is_reauthentication_required(app=app):
            return False
        user = self.request.user
        enough = {"mfa"} if Authenticator.objects.filter(user_id=user.pk).exists() else {"mfa", "password"}
        shown = [each for each in get_authentication_records(self.request, user) if each["method"] in enough]
        lately = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(each["at"] > lately for each in shown)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As at every other door: otherwise all who come through one proxy would share one limit of wrong passwords."""
        return doors.network(doors.address(request)) or super().get_client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever has this address; else of the page on which it was asked for."""
        known = User.objects.filter(email__iexact=email).first()
        with written_for((known.language if known else "") or languages.current()):
            super().send_mail(template_prefix, email, context)
