"""A picture, to those who may see it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from alongside.agencies.doors import public
from alongside.agencies.requests import Request
from alongside.media.models import Picture, PictureState


@public
@require_safe
def picture(request: Request, public_id: str) -> HttpResponseBase:
    """A picture: cleared ones to everybody, others to those who look at them first."""
    seen = Picture.objects.visible_to(request.user, at=request.agency).kept()
    picture = get_object_or_404(seen, public_id=public_id)
    if not picture.is_whole:
        raise Http404
    answer = FileResponse(picture.path.open("rb"), content_type="image/jpeg")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # A picture that is taken back is gone at once, except where a browser just showed it.
    answer["Cache-Control"] = (
        "public, max-age=300" if picture.state == PictureState.CLEARED else "private, no-store"
    )
    return answer
