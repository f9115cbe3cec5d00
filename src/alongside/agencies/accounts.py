"""Accounts are made by invitation: nobody signs up. Mail about one leads to where the settings say that we are."""

import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ResetPasswordForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from alongside.agencies.models import User
from alongside.core import doors, languages, networks
from alongside.core.links import absolute
from alongside.core.readers import written_for
from alongside.jobs import actions as jobs

NEW_PASSWORD = "agencies.new_password"  # noqa: S105 - the name of a job


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

    def is_safe_url(self, url: str) -> bool:
        """Whether somebody who signs in, out or once more is led on to there: to a page of ours, named by its path.

        A whole address may have any name that is let in, and `localhost` is one: whoever reads it has one of their own.
        """
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As at every other door: otherwise all who come through one proxy would share one limit of wrong passwords."""
        return networks.household(doors.address(request)) or super().get_client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever has this address; else of the page on which it was asked for.

        The site is named by the settings: a request may have asked for us by any name that is let in.
        """
        known = User.objects.filter(email__iexact=email).first()
        with written_for((known.language if known else "") or languages.current()):
            self.render_mail(
                template_prefix, email, {"email": email, "current_site": _site(), **context}
            ).send()

    def format_email_subject(self, subject: str) -> str:
        return f"[{_site()['name']}] {subject}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Made by a worker, for whom there is no request."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute(path.replace("UID-KEY", key))


def _site() -> dict[str, str]:
    """What the library's words call us."""
    name = urlsplit(settings.ALONGSIDE.url).netloc
    return {"name": name, "domain": name}


class AskForNewPassword(ResetPasswordForm):  # type: ignore[misc]  # allauth comes without types
    """Whoever types an address is answered the same and as soon, whether it has an account here or none.

    One row is written, and a worker looks whether there is a mail to it. The row knows accounts and keeps no address.
    """

    def save(self, request: HttpRequest, **more: Any) -> str:
        jobs.enqueue(NEW_PASSWORD, accounts=[user.pk for user in self.users], language=languages.current())
        return str(self.cleaned_data["email"])


def mail_new_password(accounts: list[int], *, language: str) -> None:
    """The link by which an account gets a new password, to the address that the account has."""
    for user in User.objects.filter(pk__in=accounts, is_active=True):
        with written_for(user.language or language):
            request_password_reset(None, user.email, [user], None)
