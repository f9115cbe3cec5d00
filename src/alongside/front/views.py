"""Home pages, and the workspace's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from alongside.agencies.doors import public, staff
from alongside.agencies.models import Agency


@public
def install(request: HttpRequest) -> HttpResponse:
    """The agencies that run their programs here; where there is one, its own page."""
    agencies = list(Agency.objects.visible_to(request.user)[:200])
    if len(agencies) == 1:
        return redirect("front:home", agencies[0].slug)
    return render(request, "front/install.html", {"agencies": agencies})


@public
def home(request: HttpRequest) -> HttpResponse:
    """An agency's public first page."""
    return render(request, "front/home.html")


def after_sign_in(request: HttpRequest) -> HttpResponse:
    """To the workspace of the agency one works for."""
    member = (
        request.user.memberships.filter(active=True).select_related("agency").order_by("agency__name").first()
    )
    return redirect("front:workspace", member.agency.slug) if member else redirect("front:install")


@staff()
def this_week(request: HttpRequest) -> HttpResponse:
    """What the coordinator should do this week."""
    return render(request, "front/this_week.html")
