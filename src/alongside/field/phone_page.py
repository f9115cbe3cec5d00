"""The phone in the field: the page, its worker and manifest, and what a pass lets a phone take along of a gathering.

The page is a shell, the same bytes for everybody, so that a worker may keep it. What is not public, as the way of a
walk, comes by a pass (or by a member's sign-in, which gets a pass), and the phone keeps it with the notes until the
gathering is over. A room above says which kinds of gatherings have a way (`way` in the kind's file).
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies import bearers
from alongside.agencies.doors import public, staff
from alongside.agencies.requests import Request, StaffRequest
from alongside.core import formats, languages
from alongside.core.care import wording
from alongside.core.doors import from_our_pages, without_secret
from alongside.core.errors import Refusal
from alongside.core.links import absolute
from alongside.core.manifest import follow
from alongside.field import passes
from alongside.field.models import SCRIBES, Pass
from alongside.field.phone import bearer, sorry
from alongside.gatherings.models import Gathering

# A place on the map is asked for on this page alone, by a button, and rounded before it is used.
PERMISSIONS = "camera=(), microphone=(), geolocation=(self), browsing-topics=(), interest-cohort=()"
FILES = (
    "phone.css",
    "phone.js",
    "fonts/public-sans-latin-wght-normal.woff2",
    "core/mark.svg",
)
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


# -- the shell: the same for everybody ------------------------------------------------------------
@public
@require_safe
def page(request: Request, gathering_id: str) -> HttpResponse:
    """The page. What it shows of the gathering comes later, by its pass."""
    gathering = _gathering(request, gathering_id)
    answer = without_secret(HttpResponse(_shell(request, gathering)))
    answer["Permissions-Policy"] = PERMISSIONS
    answer["Referrer-Policy"] = "same-origin"
    return answer


@public
@require_safe
def worker(request: Request, gathering_id: str) -> HttpResponse:
    """The worker: which shell to keep, under a version that changes whenever a byte of it does."""
    gathering = _gathering(request, gathering_id)
    files = [static(name) for name in FILES] + [_address("phone-manifest", gathering)]
    shell = {
        "gathering": gathering.public_id,
        "page": _address("phone", gathering),
        "files": files,
        "version": sha256((_shell(request, gathering) + " ".join(files)).encode()).hexdigest()[:16],
    }
    script = f"self.shell = {json.dumps(shell)};\nimportScripts({json.dumps(static('phone-worker.js'))});\n"
    answer = without_secret(HttpResponse(script, content_type="text/javascript; charset=utf-8"))
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_safe
def manifest(request: Request, gathering_id: str) -> HttpResponse:
    """What a phone needs to put the page on its home screen."""
    gathering = _gathering(request, gathering_id)
    page = _address("phone", gathering)
    about = {
        "id": page,
        "name": f"{_name(gathering)} · {request.agency.name}",
        "short_name": _name(gathering),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#14352a",
        "theme_color": "#14352a",
        "icons": [
            {
                "src": static(_icon(size, purpose)),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in ICONS
        ],
    }
    return JsonResponse(about, content_type="application/manifest+json")


def _icon(size: int, purpose: str) -> str:
    return f"field/icon-{size}{'-maskable' if purpose == 'maskable' else ''}.png"


def _name(gathering: Gathering) -> str:
    return _("On the walk") if gathering.is_of.on_foot else _("At the gathering")


def _shell(request: Request, gathering: Gathering) -> str:
    page = _address("phone", gathering)
    words = {
        "agency": request.agency,
        "site": absolute(""),
        "gathering_id": gathering.public_id,
        "name": _name(gathering),
        "is_walk": gathering.is_of.on_foot,
        "page": page,
        "way": _address("way", gathering),
        "pass_address": _address("phone-pass", gathering),
        "worker": _address("phone-worker", gathering),
        "manifest": _address("phone-manifest", gathering),
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': page})}",
        "halves": formats.halves_of_the_day(),
        "spoken": list(languages.in_each(wording.CONSENT, request.agency.languages)),
        "counted": [
            ("residents", _("Residents")),
            ("officers", _("Officers")),
            ("partners", _("Partners")),
        ],
    }
    return render_to_string("field/phone.html", words)


# -- what a pass opens ----------------------------------------------------------------------------
@bearer
@require_safe
def way(request: Request, opened: Pass) -> HttpResponse:
    """What the gathering is, and its way, if it has one, for a phone with a pass."""
    gathering = opened.gathering
    about = {
        "id": gathering.public_id,
        "title": str(gathering.title),
        "at": formats.hour(gathering.at),
        "when": gathering.when,
        "place": str(gathering.place),
        "until": passes.ends_of(gathering, opened.by).isoformat(),
    }
    api = _api(request, gathering.public_id)
    way = None if passes.is_late(gathering) else _way_of(gathering)
    return JsonResponse({"gathering": about, "api": api, "way": way})


def _way_of(gathering: Gathering) -> dict[str, Any] | None:
    """What the room above that knows this kind of gathering hands in."""
    if not gathering.is_of.way:
        return None
    handed_in: dict[str, Any] | None = follow(gathering.is_of.way)(gathering)
    return handed_in


def _api(request: Request, gathering_id: str) -> dict[str, str]:
    slug = request.agency.slug
    return {
        "kit": reverse("field:kit", args=[slug, gathering_id]),
        "items": reverse("field:items", args=[slug, gathering_id]),
        "photos": reverse("field:photos", args=[slug, gathering_id, "client-id"]),
    }


@never_cache
@csrf_exempt  # the shell holds no token, being the same for everybody: where the request comes from is asked instead
@require_POST
@staff(*SCRIBES)
def open_pass(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """A pass for the phone of somebody who is signed in on it. Its page asks each time it is opened without one: that
    there is none yet is an answer, and no refusal."""
    if not from_our_pages(request):
        return sorry(403, _("This was sent from another site."))
    gathering = _gathering(request, gathering_id)
    try:
        token = passes.open_pass(gathering, to=request.member, by=request.user, at_once=True)
    except bearers.TooEarly as early:
        return JsonResponse({"token": None, "why": str(early)})
    except Refusal as refusal:
        return sorry(409, str(refusal))
    return JsonResponse({"token": token})


# -- small things ---------------------------------------------------------------------------------
def _gathering(request: Request, gathering_id: str) -> Gathering:
    mine = Gathering.objects.visible_to(request.user, at=request.agency)
    gathering: Gathering = get_object_or_404(mine.select_related("agency"), public_id=gathering_id)
    return gathering


def _address(name: str, gathering: Gathering) -> str:
    return reverse(f"field:{name}", args=[gathering.agency.slug, gathering.public_id])
