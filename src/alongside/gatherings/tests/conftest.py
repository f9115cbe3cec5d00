"""The mail server that outreach tests with takes the mail of this room too."""

from alongside.outreach.tests.conftest import post_office

__all__ = ["post_office"]
