"""One cast for every room's tests.

Ada coordinates, Ben is a resident, Cleo a stranger, Major Dent commands a division, Eve is up to no good.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from alongside.agencies import actions, audit
from alongside.agencies.models import Agency, Rank, Role, User
from alongside.core import clock

PASSWORD = "riverbend walks at six"
RANKS = ("Chief", "Assistant Chief", "Major", "Officer")


def staff_member(agency: Agency, name: str, *roles: Role, rank: str | None = None) -> User:
    """An account with a place at an agency."""
    user = User.objects.create_user(f"{name.split()[-1].lower()}@{agency.slug}.example", PASSWORD)
    ranks = {each.name: each for each in agency_ranks(agency)} if rank else {}
    actions.add_member(agency, name=name, roles=roles, rank=ranks.get(rank or ""), user=user, by=None)
    return user


def agency_ranks(agency: Agency) -> list[Rank]:
    """Made with the first who holds one; what `set_ranks` does besides, its own tests ask."""
    made = [Rank(agency=agency, name=name, level=level) for level, name in enumerate(RANKS, start=1)]
    return list(Rank.objects.filter(agency=agency)) or Rank.objects.bulk_create(made)


def an_agency(slug: str, name: str, timezone: str) -> Agency:
    """As `create_agency` leaves one. What it refuses, its own tests ask."""
    agency = Agency.objects.create(slug=slug, name=name, timezone=timezone, kind="municipal")
    audit.record(agency=agency, by=None, verb="set up", thing=agency)
    return agency


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A page asked for in Spanish leaves its language in the thread, a form its count of tries in the cache."""
    yield
    translation.deactivate()
    cache.clear()


@pytest.fixture(scope="session")
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder after the other, none used before; `tmp_path` also names each and links to the last."""
    shelf = tmp_path_factory.mktemp("own")
    return (shelf / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_data_folder(own_folders: Iterator[Path], settings: Any) -> None:
    """Each test writes into a data folder of its own, and needs no second factor unless it is about that."""
    folder = next(own_folders)
    folder.mkdir()
    settings.DATA = folder / "data"
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # quick; no password here is a secret
    # Nobody outside is asked, and each page is made anew.
    own = {"data": settings.DATA, "require_mfa": False, "weather_url": "", "page_seconds": 0}
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update=own)


@pytest.fixture
def riverbend(db: None) -> Agency:
    return an_agency("riverbend", "Riverbend Police", "America/New_York")


@pytest.fixture
def elsewhere(db: None) -> Agency:
    return an_agency("elsewhere", "Elsewhere Police", "America/Los_Angeles")


@pytest.fixture
def ada(riverbend: Agency) -> User:
    return staff_member(riverbend, "Ada Coordinator", Role.COORDINATOR)


@pytest.fixture
def dent(riverbend: Agency) -> User:
    return staff_member(riverbend, "Harvey Dent", Role.COMMANDER, rank="Major")


@pytest.fixture
def analyst(riverbend: Agency) -> User:
    return staff_member(riverbend, "Nia Analyst", Role.ANALYST)


@pytest.fixture
def administrator(riverbend: Agency) -> User:
    return staff_member(riverbend, "Ruth Administrator", Role.ADMINISTRATOR)


@pytest.fixture
def officer(riverbend: Agency) -> User:
    return staff_member(riverbend, "Omar Officer", Role.OFFICER, rank="Officer")


@pytest.fixture
def eve(elsewhere: Agency) -> User:
    """Eve administers another agency on the same install."""
    return staff_member(elsewhere, "Eve Intruder", Role.ADMINISTRATOR)


@pytest.fixture
def client_for(db: None) -> Any:
    """A browser in which somebody is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Move the clock on: `later(seconds=40)`."""
    real, passed = clock.now, timedelta()

    def move(**by: float) -> None:
        nonlocal passed
        passed += timedelta(**by)

    monkeypatch.setattr(clock, "now", lambda: real() + passed)
    return move
