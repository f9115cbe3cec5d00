"""No photo of a draft is shown to a stranger; photos of the versions before are found where they were."""

import io
import uuid
from datetime import date, time

import pytest
from PIL import Image
from tests.migrating import as_before, up_to_date

from alongside.core.authored import Words
from alongside.field import actions, passes, photos, queries
from alongside.field.tests.cast import a_walk, in_the_middle_of, scribe
from alongside.gatherings import actions as gatherings
from alongside.media import actions as media
from alongside.media.models import Picture

BEFORE = [("field", "0005_words_in_one_place")]


def a_picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def draft(riverbend):
    """A walk that nobody has published, on whose day somebody takes a photo all the same."""
    return gatherings.plan(
        riverbend,
        kind="walk",
        title="A walk that may be",
        on=riverbend.today(),
        at=time(23, 0),
        meeting_point="The mill",
        by=None,
    )


def photographed(gathering, ada):
    """A photo that a phone sent and Ada cleared."""
    with in_the_middle_of(gathering):
        opened = passes.pass_behind(passes.open_pass(gathering, by=ada), at=gathering.agency)
        photo = photos.add_photo(opened, client_id=uuid.uuid4(), sent=a_picture())
        assert photo.came_by == f"pass:{opened.by.public_id}"
        return media.clear(photo, alt="A broken step", by=ada)


@pytest.mark.django_db
def test_a_photo_of_a_draft_is_shown_to_nobody_until_the_draft_is(
    draft, ada, officer, client, client_for, django_assert_max_num_queries
):
    address = photographed(draft, ada).get_absolute_url()
    assert client_for(ada).get(address).status_code == 200
    assert client.get(address).status_code == client_for(officer).get(address).status_code == 404
    gatherings.publish(draft, by=ada)
    with django_assert_max_num_queries(4):
        assert client.get(address).status_code == 200
    assert client_for(officer).get(address).status_code == 200


@pytest.mark.django_db
def test_what_becomes_of_it_later_takes_no_photo_back(draft, ada, client):
    address = photographed(draft, ada).get_absolute_url()
    gatherings.publish(draft, by=ada)
    gatherings.cancel(draft, reason="Thunder is near", by=ada)
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_with_a_draft_that_is_thrown_away_go_its_photos_and_no_others(draft, riverbend, ada):
    kept = photographed(a_walk(riverbend), ada)
    photographed(draft, ada)
    gatherings.discard(draft, by=ada)
    assert list(Picture.objects.all()) == [kept]


@pytest.mark.django_db
def test_the_desk_counts_and_the_recap_shows_its_own(riverbend, ada):
    walk, other = a_walk(riverbend), a_walk(riverbend)
    photo = photographed(walk, ada)
    photographed(other, ada)
    with in_the_middle_of(walk):
        waiting = photos.add_photo(scribe(walk), client_id=uuid.uuid4(), sent=a_picture())
        assert waiting.published, "the premise"
        assert {line.gathering: line.photos for line in queries.lately(ada, riverbend)} == {walk: 1, other: 0}
        recap = actions.draft_recap(walk, by=ada)
        words = "We talked on the corner for an hour."
        recap = actions.edit_recap(recap, words=words, minutes=60, partners=[], by=ada)
        actions.publish_recap(actions.approve_recap(recap, by=ada), by=ada)
        assert list(queries.recap_of(walk).photos) == [photo]


@pytest.mark.heavy
@pytest.mark.django_db(transaction=True)
def test_photos_of_before_are_pictures_with_their_files():
    apps = as_before(*BEFORE)

    def make(model, **columns):
        return apps.get_model(model).objects.create(**columns)

    riverbend = make("agencies.Agency", slug="riverbend", name="Riverbend", timezone="America/New_York")

    def gathering(public_id, **columns):
        usual = {"title": "A walk", "on": date(2026, 6, 4), "at": time(18, 0), "timezone": "America/New_York"}
        return make("gatherings.Gathering", agency=riverbend, public_id=public_id, **usual | columns)

    def photo(number, of, **columns):
        usual = {"client_id": uuid.UUID(int=number), "width": 40, "height": 30}
        return make(
            "field.Photo", agency=riverbend, gathering=of, public_id=f"pppppppp{number}", **usual | columns
        )

    walk = gathering("2222222222", status="held", published_at="2026-06-01T12:00Z")
    draft = gathering("3333333333")
    opened = make("field.Pass", agency=riverbend, gathering=walk, public_id="4444444444", digest="d")
    cleared = {"state": "cleared", "alt": "A broken step"}
    photo(12, walk, came_by=opened, **cleared)
    photo(13, walk, state="refused")
    photo(14, draft, **cleared)
    up_to_date()
    rows = Picture.objects.order_by("public_id").values_list(
        "public_id", "origin", "came_by", "state", "alt", "published", "client_id"
    )
    step = Words.of("A broken step", language="en")
    assert list(rows) == [
        (
            "pppppppp12",
            "gathering:2222222222",
            "pass:4444444444",
            "cleared",
            step,
            True,
            uuid.UUID(int=12),
        ),
        ("pppppppp13", "gathering:2222222222", "", "refused", Words(), True, uuid.UUID(int=13)),
        ("pppppppp14", "gathering:3333333333", "", "cleared", step, False, uuid.UUID(int=14)),
    ]
    assert [each.public_id for each in Picture.objects.open_to_all()] == ["pppppppp12"]
    assert Picture.objects.first().path.parts[-3:] == ("media", "field", "pppppppp12.jpg")
