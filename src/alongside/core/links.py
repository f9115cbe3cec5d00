"""Addresses that lead here from elsewhere: a mail, a code to scan, another program."""

from django.conf import settings


def absolute(path: str) -> str:
    """The address to click, of a path of ours."""
    return f"{settings.ALONGSIDE.url}{path}"
