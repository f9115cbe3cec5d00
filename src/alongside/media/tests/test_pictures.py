"""A picture is for nobody's eyes until a person has cleared it, and what it came from is open to all."""

import io
import uuid
from datetime import timedelta
from itertools import product

import pytest
from PIL import Image

from alongside.core.origins import Origin
from alongside.media import actions
from alongside.media.drawing import PictureRefused, drawn_anew
from alongside.media.models import Picture, PictureState, folder

pytestmark = pytest.mark.django_db
FORUM = Origin("gathering", "2222222222")


def a_jpeg():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "JPEG")
    return file.getvalue()


def a_picture(agency, *, origin=FORUM, client_id=None, published=True):
    """As a room above has it kept."""
    laid_down = actions.laid_down(
        drawn_anew(a_jpeg()), agency=agency, origin=origin, client_id=client_id or uuid.uuid4()
    )
    with laid_down as picture:
        return actions.keep(picture, published=published)


def test_only_what_is_cleared_of_what_is_open_is_open(riverbend, ada, officer, client, client_for):
    """Every state of a picture, for everybody who may come by; the desk sees what has a file."""
    for state, published in product(PictureState, (False, True)):
        picture = a_picture(riverbend)
        Picture.objects.filter(pk=picture.pk).update(state=state, alt="A step", published=published)
        address = picture.get_absolute_url()
        is_open = state == PictureState.CLEARED and published
        for browser in (client, client_for(officer)):
            assert browser.get(address).status_code == (200 if is_open else 404), (state, published)
        kept = state != PictureState.REFUSED
        assert client_for(ada).get(address).status_code == (200 if kept else 404), (state, published)


def test_eve_of_another_agency_sees_what_a_stranger_sees(riverbend, eve, client_for):
    picture = a_picture(riverbend)
    assert client_for(eve).get(picture.get_absolute_url()).status_code == 404
    actions.clear(picture, alt="A broken step", by=None)
    assert client_for(eve).get(picture.get_absolute_url()).status_code == 200


def test_it_is_sent_as_a_picture_and_nothing_else(riverbend, ada, client_for, client):
    picture = a_picture(riverbend)
    assert client_for(ada).get(picture.get_absolute_url())["Cache-Control"] == "private, no-store"
    actions.clear(picture, alt="A broken step", by=ada)
    shown = client.get(picture.get_absolute_url())
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "public, max-age=300")
    assert "sandbox" in shown["Content-Security-Policy"]


def test_recaps_of_before_name_it_by_the_same_address(riverbend):
    picture = a_picture(riverbend)
    assert picture.get_absolute_url() == f"/riverbend/field/photos/{picture.public_id}.jpg"
    assert picture.path == folder() / f"{picture.public_id}.jpg"
    assert picture.path.parts[-3:-1] == ("media", "field")


def test_when_what_it_came_from_is_open_it_is_open_too_once_it_is_cleared(riverbend, client):
    picture, other = (
        a_picture(riverbend, origin=origin, published=False)
        for origin in (FORUM, Origin("gathering", "3333333333"))
    )
    actions.clear(picture, alt="A broken step", by=None)
    actions.clear(other, alt="A broken step", by=None)
    actions.publish(riverbend, FORUM)
    assert client.get(picture.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404


def test_sent_twice_is_kept_once_and_leaves_one_file(riverbend):
    key = uuid.uuid4()
    first, again = a_picture(riverbend, client_id=key), a_picture(riverbend, client_id=key)
    assert (first, first.known, again.known) == (again, False, True)
    assert [file.name for file in folder().iterdir()] == [first.path.name]


def test_what_was_refused_is_gone_and_is_not_cleared_again(riverbend, ada):
    picture = actions.refuse(a_picture(riverbend), by=ada)
    assert not picture.path.exists()
    with pytest.raises(PictureRefused, match="is deleted"):
        actions.clear(picture, alt="A step", by=ada)


@pytest.mark.parametrize("alt", ["", "  ", "ab"])
def test_it_is_cleared_with_words_for_those_who_cannot_see_it(riverbend, ada, alt):
    picture = a_picture(riverbend)
    with pytest.raises(PictureRefused, match="what it shows"):
        actions.clear(picture, alt=alt, by=ada)
    assert Picture.objects.get().state == PictureState.WAITING


def test_files_without_a_row_are_swept_and_others_stay(riverbend):
    kept, thrown_away = (
        a_picture(riverbend, origin=origin) for origin in (FORUM, Origin("gathering", "3333333333"))
    )
    actions.forget(riverbend, Origin("gathering", "3333333333"))
    assert list(Picture.objects.all()) == [kept]
    stray = kept.path.with_name("stray.part")
    stray.write_bytes(b"half")
    assert actions.sweep() == 0, "what is being written now is left alone"
    assert actions.sweep(older_than=-timedelta(days=1)) == 2
    assert list(folder().iterdir()) == [kept.path]
    assert not thrown_away.path.exists()
