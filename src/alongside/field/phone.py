"""What a scribe's phone speaks with: JSON, a pass in the header, no cookies.

The phone asks once for its kit, then sends what it wrote down until each id is acknowledged:

    Authorization: Bearer PASS
    GET  /<agency>/field/<gathering>/kit.json?codes=12      what it needs to work alone; fresh card codes, at most 20
    POST /<agency>/field/<gathering>/items/                 {"items": [...]}, at most 50, at most 1 MB
    POST /<agency>/field/<gathering>/photos/<client_id>/    the picture itself, at most 2 MB

Every answer is JSON. 401: the pass is wrong or out of its days. 413: too much at once. 400: no JSON. 503: try later.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies import bearers
from alongside.agencies.requests import Request
from alongside.core.doing import NOT_DONE
from alongside.core.doors import HALL, too_many
from alongside.core.errors import Refusal
from alongside.core.files import NoRoom
from alongside.core.links import absolute
from alongside.core.text import number_in
from alongside.field import actions, passes, photos, queries
from alongside.field.models import Note, Pass
from alongside.media.drawing import MOST_BYTES
from alongside.outside.readers import NotNow

MOST_ITEMS = 50
MOST_BYTES_OF_ITEMS = 1024 * 1024
CODES_AT_ONCE = 20
BEARER = "Bearer "


class TooMuch(Exception):
    """A body larger than this door takes."""


def bearer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door for phones: the pass in the header opens it, and only for its own gathering.

    No cookie is looked at, so another site's page cannot borrow one, and no origin needs to be asked for.
    """

    @wraps(view)
    def guarded(request: Request, gathering_id: str, **holes: Any) -> HttpResponse:
        try:
            opened = _pass_of(request, gathering_id)
        except bearers.Useless as refusal:
            many = too_many(request, "field", HALL)
            answer = sorry(429 if many else 401, str(refusal))
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        try:
            return view(request, opened, **holes)
        except TooMuch:
            return sorry(413, _("This is too much at once. Send less."))

    return never_cache(csrf_exempt(login_not_required(guarded)))


def _pass_of(request: Request, gathering_id: str) -> Pass:
    said = request.headers.get("Authorization", "")
    token = said[len(BEARER) :].strip() if said.startswith(BEARER) else ""
    opened = passes.pass_behind(token[:200], at=request.agency)
    if opened.gathering.public_id != gathering_id:
        raise bearers.Useless(_("This pass is for another gathering."))
    return opened


@bearer
@require_safe
def kit(request: Request, opened: Pass) -> HttpResponse:
    """Everything a phone needs to work without a signal."""
    asked = request.GET.get("codes", "12")
    count = min(int(asked), CODES_AT_ONCE) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 12
    bearers.was_used(opened.by)
    fresh = [] if passes.is_late(opened.gathering) else actions.cards_for(opened, count=count)
    codes = [_card(request, code) for code in fresh]
    return JsonResponse(queries.kit(opened) | {"codes": codes})


@bearer
@require_POST
def items(request: Request, opened: Pass) -> HttpResponse:
    """Notes and head counts, each judged and kept alone: a bad one never keeps a good one from being stored."""
    sent = _items_of(_body(request, MOST_BYTES_OF_ITEMS))
    if sent is None:
        return sorry(400, _("This is not a list of items."))
    if len(sent) > MOST_ITEMS:
        raise TooMuch
    bearers.was_used(opened.by)
    return JsonResponse(
        {"results": [_result(request, opened, item) for item in sent if not _goes_alone(item)]}
    )


def _items_of(body: bytes) -> list[Any] | None:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return None
    items = sent.get("items") if isinstance(sent, dict) else None
    return items if isinstance(items, list) else None


def _goes_alone(item: Any) -> bool:
    """A photo without its picture, from a page of before that cannot read how it is kept: not named, it waits there."""
    return isinstance(item, dict) and item.get("type") == "photo"


def _result(request: Request, opened: Pass, item: Any) -> dict[str, Any]:
    known = item if isinstance(item, dict) else {}
    result = {"client_id": _echo(known.get("client_id")), "why": "", "follow": None, "guidance": None}
    try:
        return result | _kept(request, opened, known)
    except Refusal as refusal:
        return result | {"status": "refused", "why": str(refusal)}


def _kept(request: Request, opened: Pass, item: dict[str, Any]) -> dict[str, Any]:
    match item.get("type"):
        case "note":
            said = _only(item, NOTE_FIELDS)
            note = actions.take_note(opened, client_id=said.pop("client_id"), said=actions.Jotting(**said))
            return {
                "status": _status(note),
                "follow": _card(request, note.code) if note.code else None,
                "guidance": _guidance(note),
            }
        case "count":
            return {"status": _status(actions.count_heads(opened, **_only(item, COUNT_FIELDS)))}
        case _:
            raise actions.ItemRefused(_("An item is a note or a count."))


NOTE_FIELDS = {
    "client_id",
    "kind",
    "category",
    "words",
    "place",
    "language",
    "heard_at",
    "wants_answer",
    "source",
    "code",
    "consent",
    "hold",
}
COUNT_FIELDS = {"client_id", "residents", "officers", "partners", "device", "at"}


def _only(item: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """What we know of an item; the rest is not ours to keep. The two that must be there are, if only as nothing."""
    return {"client_id": None} | {name: item[name] for name in names if name in item}


def _status(thing: Any) -> str:
    return "known" if thing.known else "stored"


def _guidance(note: Note) -> str | None:
    return queries.guidance(note) or None


@bearer
@require_POST
def photo(request: Request, opened: Pass, client_id: str) -> HttpResponse:
    """A picture of a place: its pixels are kept, and nothing else that came with it."""
    try:
        kept = photos.add_photo(opened, client_id=client_id, sent=_body(request, MOST_BYTES))
    except (NoRoom, NotNow) as refusal:
        return sorry(503, str(refusal))
    except Refusal as refusal:
        return JsonResponse({"status": "refused", "why": str(refusal)}, status=NOT_DONE)
    return JsonResponse({"status": _status(kept)})


# -- small things -----------------------------------------------------------------------------------
def _body(request: Request, most: int) -> bytes:
    """The body, read no further than it may be long."""
    announced = number_in(request.META.get("CONTENT_LENGTH") or "0")
    if announced is not None and announced > most:
        raise TooMuch
    body = request.read(most + 1)
    if len(body) > most:
        raise TooMuch
    return body


def _card(request: Request, code: str) -> dict[str, str]:
    path = reverse("followthrough:page", args=[request.agency.slug, code])
    return {"code": code, "url": absolute(path)}


def _echo(value: Any) -> str | None:
    return value[:64] if isinstance(value, str) else None


def sorry(status: int, why: str) -> JsonResponse:
    """No, in words that the phone can show."""
    return JsonResponse({"error": why}, status=status)
