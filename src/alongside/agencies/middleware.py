"""The agency of the path: /<agency>/… puts the agency, and who the visitor is there, on the request.

What is written in the visit is written by them (core.authored).
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from alongside.agencies.models import Agency
from alongside.agencies.requests import SiteRequest
from alongside.core import authored


class agency_of_the_path:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        request.agency = request.member = None
        with authored.writing():
            return self.get_response(request)

    def process_view(self, request: SiteRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Before any view, and before it is asked whether a sign-in is needed."""
        slug = kwargs.pop("agency", None)
        if slug is None:
            return
        request.agency = Agency.objects.filter(slug=slug).first()
        if request.agency is None:
            raise Http404
        if request.user.is_authenticated:
            request.member = request.user.membership_at(request.agency)
        authored.writes(by=str(request.member or ""), languages=request.agency.languages)
