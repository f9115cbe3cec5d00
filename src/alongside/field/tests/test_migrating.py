"""Folders of the versions before keep what they hold when they are brought up to date."""

import uuid
from datetime import date, time

import pytest
from django.utils import timezone
from tests.migrating import as_before, up_to_date

from alongside.followthrough.models import Card, Concern

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [
    ("field", "0001_initial"),
    ("followthrough", "0001_initial"),
    ("gatherings", "0002_other_gatherings"),
]


class Before:
    """Riverbend as it was: rows as the version before wrote them."""

    def __init__(self):
        self.apps = as_before(*BEFORE)
        self.riverbend = self.agency("riverbend")

    def make(self, model, **columns):
        return self.apps.get_model(model).objects.create(**columns)

    def agency(self, slug):
        return self.make("agencies.Agency", slug=slug, name=slug, timezone="America/New_York")

    def gathering(self, public_id, *, walk="", agency=None):
        page = {"page_view": "walks:detail", "page_id": walk} if walk else {}
        return self.make(
            "gatherings.Gathering",
            agency=agency or self.riverbend,
            public_id=public_id,
            title="Walk with us",
            on=date(2026, 6, 4),
            at=time(18, 0),
            timezone="America/New_York",
            **page,
        )

    def concern(self, key, **columns):
        usual = {"agency": self.riverbend, "heard_on": date(2026, 6, 4), "words": "Dark by the stairs"}
        return self.make("followthrough.Concern", key=key, **usual | columns)

    def note(self, gathering, concern=None, **columns):
        usual = {
            "kind": "concern",
            "category": "lighting",
            "words": "Dark by the stairs",
            "consent": "1",
            "heard_at": timezone.now(),
            "client_id": uuid.uuid4(),
        }
        agency = gathering.agency
        return self.make("field.Note", agency=agency, gathering=gathering, concern=concern, **usual | columns)

    def card(self, number, link):
        return self.make(
            "followthrough.Card",
            agency=self.riverbend,
            digest=f"{number:064}",
            expires_on=date(2027, 6, 4),
            origin_link=link,
        )


LINKS = {
    "/riverbend/walks/wwwwwwwwww/": "gathering:2222222222",
    "/es/riverbend/walks/wwwwwwwwww/": "gathering:2222222222",
    "/riverbend/gatherings/2222222222/": "gathering:2222222222",
    "/riverbend/gatherings/3333333333/": "gathering:3333333333",
    "/riverbend/walks/2222222222/": "",
    "/elsewhere/walks/wwwwwwwwww/": "",
    "/riverbend/": "",
    "": "",
}


def test_concerns_and_cards_of_before_learn_what_they_came_from():
    before = Before()
    walk = before.gathering("2222222222", walk="wwwwwwwwww")
    before.gathering("3333333333")
    before.gathering("4444444444", agency=before.agency("elsewhere"))
    before.note(walk, before.concern("noted", origin_link="/riverbend/walks/of-long-ago/"))
    for number, link in enumerate(LINKS):
        before.concern(link, origin_link=link)
        before.card(number, link)
    up_to_date("field")
    assert Concern.objects.get(key="noted").origin == "gathering:2222222222", "its note knows best"
    assert dict(Concern.objects.exclude(key="noted").values_list("key", "origin")) == LINKS
    assert dict(Card.objects.values_list("origin_link", "origin")) == LINKS
