"""Addresses that lead here: from elsewhere (a mail, a code to scan, another program), and from a page of ours."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils import translation

# What a browser reads as slashes, or leaves out, where an address begins: after two of them stands another site's name.
SLASHES = re.compile(r"[/\\\s\x00-\x1f]*")


def absolute(path: str) -> str:
    """The address to click, of a path of ours."""
    return f"{settings.ALONGSIDE.url}{path}"


def in_nobodys_language(name: str, *args: object) -> str:
    """The address on paper for everybody: in our first language, whoever printed it; the page offers others."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(reverse(name, args=args))


def staying_here(asked: str) -> str:
    """An address that somebody asked for, to be linked to: whatever it begins with, it leads to this site."""
    return SLASHES.sub("/", asked, count=1)
