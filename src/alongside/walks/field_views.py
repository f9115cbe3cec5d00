"""The phone in the field: the page, its worker and manifest, and what a pass lets a phone take along of a walk.

The page is a shell, the same bytes for everybody, so that a worker may keep it. The way is not public: it comes by
a pass (or by a member's sign-in, which gets a pass), and the phone keeps it with the notes until the walk is over.
"""

from __future__ import annotations

import json
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
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

from alongside.agencies.doors import public, staff
from alongside.agencies.models import Role
from alongside.agencies.requests import Request, StaffRequest
from alongside.core.doors import HALL, from_our_pages, too_many
from alongside.core.errors import Refusal
from alongside.field import actions as field
from alongside.field.models import CLOSES_AFTER
from alongside.walks import field_way
from alongside.walks.models import Walk

SCRIBES = (Role.OFFICER, Role.COMMANDER, Role.COORDINATOR)
BEARER = "Bearer "
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
def phone(request: Request, public_id: str) -> HttpResponse:
    """The page. What it shows of the walk comes later, by its pass."""
    walk = _walk(request, public_id)
    answer = HttpResponse(_shell(request, walk))
    answer["Permissions-Policy"] = PERMISSIONS
    answer["Referrer-Policy"] = "same-origin"
    return answer


@public
@require_safe
def worker(request: Request, public_id: str) -> HttpResponse:
    """The worker: which shell to keep, under a version that changes whenever a byte of it does."""
    walk = _walk(request, public_id)
    files = [static(name) for name in FILES] + [_manifest(walk)]
    shell = {
        "walk": walk.public_id,
        "page": _address("field", walk),
        "files": files,
        "version": sha256((_shell(request, walk) + " ".join(files)).encode()).hexdigest()[:16],
    }
    script = f"self.shell = {json.dumps(shell)};\nimportScripts({json.dumps(static('phone-worker.js'))});\n"
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_safe
def manifest(request: Request, public_id: str) -> HttpResponse:
    """What a phone needs to put the page on its home screen."""
    walk = _walk(request, public_id)
    page = _address("field", walk)
    about = {
        "id": page,
        "name": _("On the walk") + f" · {request.agency.name}",
        "short_name": _("On the walk"),
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


def _manifest(walk: Walk) -> str:
    return _address("field-manifest", walk)


def _shell(request: Request, walk: Walk) -> str:
    page = _address("field", walk)
    words = {
        "agency": request.agency,
        "public_id": walk.public_id,
        "way": _address("field-way", walk),
        "pass_address": _address("field-pass", walk),
        "worker": _address("field-worker", walk),
        "manifest": _manifest(walk),
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': page})}",
        "counted": [
            ("residents", _("Residents")),
            ("officers", _("Officers")),
            ("partners", _("Partners")),
        ],
    }
    return render_to_string("field/phone.html", words)


# -- what a pass opens ----------------------------------------------------------------------------
@never_cache
@csrf_exempt
@login_not_required
@require_safe
def way(request: Request, public_id: str) -> HttpResponse:
    """The way, the corners and the rules, for a phone with a pass for this walk. No cookie is looked at."""
    said = request.headers.get("Authorization", "")
    token = said.removeprefix(BEARER)[:200] if said.startswith(BEARER) else ""
    try:
        opened = field.pass_behind(token, at=request.agency)
        walk = field_way.walk_of(opened.gathering)
        if walk is None or walk.public_id != public_id:
            raise field.PassUseless(_("This pass is for another gathering."))
    except field.PassUseless as refusal:
        return _sorry(429 if too_many(request, "field", HALL) else 401, str(refusal))
    payload = field_way.payload_of(walk)
    payload["walk"]["until"] = (opened.gathering.ends + CLOSES_AFTER).isoformat()
    payload["api"] = _api(request, opened.gathering.public_id)
    return JsonResponse(payload)


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
def open_pass(request: StaffRequest, public_id: str) -> HttpResponse:
    """A pass for the phone of somebody who is signed in on it."""
    if not from_our_pages(request):
        return _sorry(403, _("This was sent from another site."))
    walk = _walk(request, public_id)
    try:
        token = field.open_pass(walk.gathering, by=request.user, holder=str(request.member))
    except Refusal as refusal:
        return _sorry(409, str(refusal))
    return JsonResponse({"token": token})


# -- small things ---------------------------------------------------------------------------------
def _walk(request: Request, public_id: str) -> Walk:
    walk: Walk = get_object_or_404(
        Walk.objects.visible_to(request.user, at=request.agency).with_dates(), public_id=public_id
    )
    return walk


def _address(name: str, walk: Walk) -> str:
    return reverse(f"walks:{name}", args=[walk.agency.slug, walk.public_id])


def _sorry(status: int, why: str) -> JsonResponse:
    return JsonResponse({"error": why}, status=status)
