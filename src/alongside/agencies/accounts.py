"""Accounts are made by invitation: nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from alongside.agencies.models import User
from alongside.core import doors, languages
from alongside.core.readers import written_for


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As at every other door: otherwise all who come through one proxy would share one limit of wrong passwords."""
        return doors.network(doors.address(request)) or super().get_client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever has this address; else of the page on which it was asked for."""
        known = User.objects.filter(email__iexact=email).first()
        with written_for((known.language if known else "") or languages.current()):
            super().send_mail(template_prefix, email, context)
