"""Who may come in: said once on each view. Every page asks for a sign-in unless it is `@public`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.agencies import second_step
from alongside.agencies.models import Member, Role
from alongside.agencies.requests import Request, SiteRequest, StaffRequest, is_from_staff

Asked = ParamSpec("Asked")  # what the address names, after the request
Page = TypeVar("Page", bound=SiteRequest)
Open = TypeVar("Open", SiteRequest, Request)  # no StaffRequest: that is what @staff gives
View = Callable[Concatenate[Page, Asked], HttpResponseBase]


def public(view: View[Open, Asked]) -> View[Open, Asked]:
    """Open to everybody, if the agency is open to the public; staff see it before."""

    @wraps(view)
    def opened(request: Open, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponseBase:
        if request.agency is not None and not request.agency.published and request.member is None:
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(opened)


def staff(*roles: Role) -> Callable[[View[StaffRequest, Asked]], View[Request, Asked]]:
    """Open to members of this agency who hold one of the roles; to every member, where none is named."""

    def lets_in(member: Member | None) -> bool:
        return member is not None and (member.holds(roles) if roles else member.may_read(None))

    def door(view: View[StaffRequest, Asked]) -> View[Request, Asked]:
        @wraps(view)
        def guarded(request: Request, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.half_signed_in:
                return second_step.lead_on(request)
            if not is_from_staff(request):  # to others an agency's workspace does not exist
                raise Http404
            if not lets_in(request.member):
                return render(request, "403.html", {"why": _whose(roles)}, status=403)
            return view(request, *args, **kwargs)

        guarded.lets_in = lets_in  # type: ignore[attr-defined]  # links ask the door: templatetags/doors.py
        return guarded

    return door


def _whose(roles: tuple[Role, ...]) -> str:
    names = ", ".join(str(role.label) for role in roles)
    return _("This page is for: %(roles)s. Ask your administrator if you should have it.") % {"roles": names}
