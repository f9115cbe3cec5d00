"""The agency of the path: /<agency>/… puts the agency, and who the visitor is there, on the request.

What is written in the visit is written by them (core.authored), and moments are shown and typed by its clocks.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from alongside.agencies import second_step
from alongside.agencies.models import Agency, User
from alongside.agencies.requests import SiteRequest
from alongside.core import authored


class agency_of_the_path:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        request.agency = request.member = None
        request.user = cast(User, SimpleLazyObject(partial(second_step.who, request)))
        with authored.writing(), timezone.override(None):
            return self.get_response(request)

    def process_view(
        self, request: SiteRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Before any view, and before it is asked whether a sign-in is needed."""
        slug = kwargs.pop("agency", None)
        if slug is None:
            return second_step.must_be_taken_first(request)
        request.agency = Agency.objects.filter(slug=slug).with_releases().first()
        if request.agency is None:
            raise Http404
        if request.user.is_authenticated:
            request.member = request.user.membership_at(request.agency)
        timezone.activate(request.agency.zone)
        authored.writes(by=str(request.member or ""), languages=request.agency.languages)
        return None
