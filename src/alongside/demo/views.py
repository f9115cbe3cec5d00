"""Step into anybody's shoes: one click signs in as any role of the generated city, on this machine only."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from alongside.agencies.models import User
from alongside.core import data, demo
from alongside.demo import marker
from alongside.demo.personas import PERSONAS, SLUG

A_MONTH = 30 * 24 * 60 * 60


@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who there is; a POST becomes one of them. Whoever comes with the key is given it to keep."""
    if not demo.is_asked_here(request):
        raise Http404
    if demo.is_key(request.GET.get("key", "")):
        return _let_in(redirect("demo:sign-in"))
    if not demo.may_sign_in(request):
        return render(request, "demo/locked.html", {"wrong": "key" in request.GET}, status=403)
    if request.method == "POST":
        persona = next((each for each in PERSONAS if each.email == request.POST.get("email")), None)
        if persona is None:
            raise Http404
        user = get_object_or_404(User, email=persona.email)
        login(request, user)
        return redirect("front:after-sign-in")
    city = marker.read(data.folder())
    return render(
        request,
        "demo/sign_in.html",
        {"personas": PERSONAS, "city": SLUG, "follow": city.follow if city else ""},
    )


def _let_in(response: HttpResponse) -> HttpResponse:
    """With the key in a cookie, out of the address bar."""
    response.set_cookie(
        demo.COOKIE,
        demo.key(data.folder()),
        max_age=A_MONTH,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response
