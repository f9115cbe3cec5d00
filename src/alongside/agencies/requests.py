"""A request as a view sees it, once `agency_of_the_path` has put the agency and the visitor's place there on it.

These classes are types only: the object is Django's own, and none of them is ever made. With them a view says in its
signature what it relies on, and a type checker holds it to that; `doors` is where one becomes the next.
"""

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from alongside.agencies.models import Agency, Member, User


class SiteRequest(HttpRequest):
    """For any page of this install, of an agency or of none."""

    agency: Agency | None
    member: Member | None
    user: User | AnonymousUser


class SignedInRequest(SiteRequest):
    """For a page without a word about who may come in: whoever asks has been made to sign in."""

    user: User


class Request(SiteRequest):
    """For a page of an agency, by anybody."""

    agency: Agency
    # The list that this page stands below, where its address does not say it: a view with a line in the menu.
    stands_below: str


class StaffRequest(Request):
    """For a page behind `@staff`: whoever asks is signed in, and works here."""

    member: Member
    user: User


def is_from_staff(request: SiteRequest) -> TypeGuard[StaffRequest]:
    """Whether this person works at the agency whose page it is. Nobody is a member without a sign-in."""
    return request.member is not None
