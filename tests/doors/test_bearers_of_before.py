"""Links and passes of the version before are one row each, open what they opened, and are somebody's where they can."""

from collections import Counter
from datetime import time, timedelta

import pytest

from alongside.agencies import bearers
from alongside.agencies.models import Agency, Bearer
from alongside.core import clock, tokens
from alongside.core.manifest import purposes
from alongside.field.models import HeadCount, Pass
from tests.migrating import as_before, up_to_date

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]
BEFORE = [
    ("agencies", "0001_initial"),
    ("gatherings", "0006_one_cause"),
    ("people", "0001_initial"),
    ("rosters", "0003_one_vocabulary"),
    ("field", "0006_photos_go_to_media"),
]
NOW = clock.now().replace(microsecond=0)
# Purposes that came later: the version before handed out none of these.
SINCE = {"news", "rsvp-again", "came"}


class Before:
    """Riverbend as it was: five tables of links, each with its own columns, and a walk tomorrow."""

    def __init__(self):
        self.apps = as_before(*BEFORE)
        self.tokens: dict[str, tuple[str, str]] = {}
        self.agency = self.make("agencies.Agency", slug="riverbend", name="Riverbend", timezone="UTC")
        self.rank = self.make("agencies.Rank", agency=self.agency, name="Officer", level=1)
        self.walk = self.owned(
            "gatherings.Gathering",
            title="Walk with us",
            status="published",
            published_at=NOW,
            on=(NOW + timedelta(hours=12)).date(),
            at=time(18, 0),
            timezone="UTC",
        )

    def make(self, model, **columns):
        return self.apps.get_model(model).objects.create(**columns)

    def owned(self, model, **columns):
        return self.make(model, agency=self.agency, **columns)

    def member(self, name, *roles, **columns):
        member = self.owned("agencies.Member", name=name, rank=self.rank, **columns)
        for role in roles:
            self.make("agencies.Duty", member=member, role=role)
        return member

    def partner(self, name):
        return self.owned("people.Partner", name=name, kind="clergy")

    def digest(self, name, purpose, digested=""):
        """As the version before hashed it."""
        token, digest = tokens.issue(digested or purpose)
        self.tokens[name] = purpose, token
        return digest

    def passed(self, name, **columns):
        purpose = "look-back" if columns.get("partner") else "scribe"
        digest = self.digest(name, purpose, "field")
        columns = {"purpose": "partner" if columns.get("partner") else "scribe"} | columns
        return self.owned("field.Pass", gathering=self.walk, digest=digest, **columns)


def opened(name, before):
    purpose, token = before.tokens[name]
    return bearers.opened_by(purpose, token, at=Agency.objects.get())


def test_every_link_is_one_row_and_opens_what_it_opened():
    before = Before()
    sam, temple = before.member("Sam Whitaker", "officer"), before.partner("Temple Hope")
    before.owned(
        "agencies.Invitation",
        member=before.member("Nora New"),
        email="nora@riverbend.example",
        digest=before.digest("invited", "invitation"),
        expires_at=NOW + timedelta(days=5),
    )
    before.owned(
        "agencies.Invitation",
        member=sam,
        email="sam@riverbend.example",
        digest=before.digest("accepted", "invitation"),
        expires_at=NOW + timedelta(days=5),
        accepted_at=NOW - timedelta(days=1),
    )
    rsvp = before.owned(
        "gatherings.Rsvp", gathering=before.walk, form_digest="f", party=2, state="going", joined_at=NOW
    )
    for name in ("answer", "answer, from a reminder"):
        before.make("gatherings.RsvpLink", rsvp=rsvp, digest=before.digest(name, "rsvp"))
    before.owned(
        "people.PartnerLink",
        partner=temple,
        digest=before.digest("entry", "partner"),
        expires_at=NOW + timedelta(days=50),
        used_at=NOW,
    )
    post = before.owned("rosters.Post", gathering=before.walk, member=sam, part="scribe", state="invited")
    before.make("rosters.AnswerLink", post=post, digest=before.digest("roster", "roster"))
    asked = before.owned("rosters.PartnerInvitation", gathering=before.walk, partner=temple, state="invited")
    before.make(
        "rosters.AnswerLink", invitation=asked, digest=before.digest("partner roster", "partner-roster")
    )
    before.passed("pass", holder="Officer Sam Whitaker")
    before.passed("taken back", revoked_at=NOW)
    before.passed("look back", partner=temple)
    up_to_date()
    assert Bearer.objects.count() == len(before.tokens)
    assert {purpose for purpose, _token in before.tokens.values()} == set(purposes()) - SINCE
    with clock.at(NOW + timedelta(hours=12)):
        for name in set(before.tokens) - {"accepted", "taken back"}:
            assert opened(name, before).thing
        for name in ("accepted", "taken back"):
            with pytest.raises(bearers.Useless):
                opened(name, before)
    whose = Counter(Bearer.objects.values_list("purpose", "member__name", "who"))
    temples = f"partner:{temple.public_id}"
    assert whose == {
        ("invitation", "Nora New", ""): 1,
        ("invitation", "Sam Whitaker", ""): 1,
        ("rsvp", None, ""): 2,
        ("partner", None, temples): 1,
        ("roster", "Sam Whitaker", ""): 1,
        ("partner-roster", None, temples): 1,
        ("scribe", "Sam Whitaker", ""): 1,
        ("scribe", None, ""): 1,
        ("look-back", None, temples): 1,
    }


def test_a_typed_name_is_a_members_where_it_is_exactly_ones():
    before = Before()
    before.member("Sam Whitaker", "officer")
    before.member("Lena Reed")
    before.member("Tia Long")
    before.member("Tia Long")
    before.member("Uma Moss", active=False)
    for name in ("sam whitaker", "Officer Lena Reed", "Tia Long", "Uma Moss", "Sam’s phone", ""):
        kept = before.passed(name, holder=name, cards=7)
        before.owned(
            "field.HeadCount",
            gathering=before.walk,
            device="d",
            residents=3,
            at=NOW,
            came_by=kept,
            client_id=f"00000000-0000-4000-8000-{kept.pk:012}",
        )
    ids = set(before.apps.get_model("field.Pass").objects.values_list("public_id", flat=True))
    up_to_date()
    shown = {(each.member and each.member.name, each.typed, each.by_role) for each in Bearer.objects.all()}
    assert shown == {
        ("Sam Whitaker", "", True),
        ("Lena Reed", "", False),
        (None, "Tia Long", False),
        (None, "Uma Moss", False),
        (None, "Sam’s phone", False),
        (None, "", False),
    }
    assert set(Bearer.objects.values_list("public_id", flat=True)) == ids, "photos know their pass by it"
    assert set(Pass.objects.values_list("cards", flat=True)) == {7}
    assert HeadCount.objects.exclude(came_by__bearer=None).count() == 6
