"""A walk in Eastbank, its scribe's phone, and what people say there."""

import json
import uuid
from datetime import timedelta
from typing import Any

import shapely
from django.test import Client

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.field import actions, passes
from alongside.field.models import Pass
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_gathering
from alongside.places.models import Area, AreaKind

__all__ = ["Phone", "a_count", "a_neighborhood", "a_note", "a_walk", "in_the_middle_of", "scribe", "talk"]


def a_neighborhood(agency: Agency, name: str = "Eastbank") -> Area:
    shape = shapely.box(-85.71, 38.20, -85.69, 38.22)
    return Area.objects.create(agency=agency, kind=AreaKind.NEIGHBORHOOD, name=name, **Area.columns_of(shape))


def a_walk(agency: Agency, **words: Any) -> Gathering:
    """Published, in ten days."""
    home = words.pop("neighborhood", None) or Area.objects.filter(agency=agency, name="Eastbank").first()
    return a_gathering(agency, neighborhood=home or a_neighborhood(agency), **words)


def in_the_middle_of(gathering: Gathering) -> Any:
    """While people walk."""
    return clock.at(gathering.starts + timedelta(minutes=30))


def a_note(**said: Any) -> dict[str, Any]:
    """As a phone writes it."""
    return {
        "type": "note",
        "client_id": str(uuid.uuid4()),
        "kind": "concern",
        "category": "lighting",
        "words": "The lamp by the stairs has been dark since spring.",
        "place": "1412 Oak St",
        "language": "en",
        "wants_answer": False,
    } | said


def a_count(**said: Any) -> dict[str, Any]:
    return {
        "type": "count",
        "client_id": str(uuid.uuid4()),
        "residents": 18,
        "officers": 4,
        "partners": 2,
    } | said


def scribe(gathering: Gathering) -> Pass:
    return passes.pass_behind(passes.open_pass(gathering, by=None), at=gathering.agency)


def talk(gathering: Gathering, *, words: str = "Somebody said so", **about: int) -> None:
    """So many notes about each thing: talk(walk, lighting=6, noise=1)."""
    for category, count in about.items():
        for _each in range(count):
            said = actions.Jotting(kind="concern", category=category, words=words)
            actions.write_note(gathering, said, by=None)


class Phone:
    """A scribe's phone: a pass, no cookies."""

    def __init__(
        self, gathering: Gathering, token: str | None = None, *, client: Client | None = None
    ) -> None:
        self.token = passes.open_pass(gathering, by=None) if token is None else token
        self.base = f"/{gathering.agency.slug}/field/{gathering.public_id}/"
        self.client = client or Client(enforce_csrf_checks=True)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def kit(self, query: str = "") -> Any:
        return self.client.get(f"{self.base}kit.json{query}", headers=self.headers)

    def post(self, body: Any) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(
            f"{self.base}items/", raw, content_type="application/json", headers=self.headers
        )

    def send(self, *items: Any) -> list[dict[str, Any]]:
        answer = self.post({"items": list(items)})
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    def photo(self, data: bytes, client_id: object = None, kind: str = "image/jpeg") -> Any:
        return self.client.post(
            f"{self.base}photos/{client_id or uuid.uuid4()}/", data, content_type=kind, headers=self.headers
        )
