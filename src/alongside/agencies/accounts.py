"""Accounts are made by invitation: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from alongside.core import doors


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As at every other door: otherwise all who come through one proxy would share one limit of wrong passwords."""
        return doors.network(doors.address(request)) or super().get_client_ip(request)
