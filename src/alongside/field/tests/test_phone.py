"""A scribe's phone sends what it heard until each id is acknowledged; nobody else's does."""

import io

import numpy as np
import pytest
from PIL import Image

from alongside.field.models import HeadCount, Note
from alongside.field.tests.cast import Phone, a_count, a_note, a_walk, in_the_middle_of
from alongside.followthrough import queries as followthrough
from alongside.followthrough.models import Concern
from alongside.media.models import Picture
from alongside.methods.tests.streets import box, grid
from alongside.places.models import Area, AreaKind, StreetNetwork

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(riverbend):
    """Going on right now."""
    gathering = a_walk(riverbend)
    with in_the_middle_of(gathering):
        yield gathering


def a_picture(size=(40, 30), form="JPEG", **words):
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, form, **words)
    return file.getvalue()


def test_the_kit_holds_what_a_phone_needs_to_work_alone(walk):
    kit = Phone(walk).kit().json()
    assert kit["gathering"]["id"] == walk.public_id
    assert kit["gathering"]["neighborhood"] == "Eastbank"
    assert {kind["value"] for kind in kit["kinds"]} == {"concern", "idea", "question", "thanks"}
    assert "lighting" in {category["value"] for category in kit["categories"]}
    assert {"en", "es", "version"} == set(kit["consent"])
    assert len(kit["codes"]) == 12
    assert kit["codes"][0]["url"].endswith(f"/riverbend/follow/{kit['codes'][0]['code']}/")
    assert kit["warnings"]
    assert kit["limits"]["items"] == 50


def lay(agency, graph):
    """What an import of an OpenStreetMap file would leave behind."""
    edges = {"west": -0.01, "south": -0.01, "east": 0.1, "north": 0.1}
    row = StreetNetwork.objects.create(
        agency=agency, file_name="town.osm.pbf", nodes=graph.nodes, edges=graph.edges, **edges
    )
    packed = io.BytesIO()
    np.savez(packed, **graph.to_arrays())
    row.path.write_bytes(packed.getvalue())


def test_the_kit_names_the_streets_of_the_neighborhood_and_no_others(riverbend):
    graph = grid(7, 7, block=100)
    lay(riverbend, graph)
    east = Area.columns_of(box(250, -1000, 620, 2000))
    eastbank = Area.objects.create(agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", **east)
    gathering = a_walk(riverbend, neighborhood=eastbank)
    with in_the_middle_of(gathering):
        streets = Phone(gathering).kit().json()["streets"]
    everywhere = set(graph.names)
    assert streets == sorted(streets)
    assert set(streets) < everywhere, "the premise: there are others"
    assert streets


def test_two_phones_never_get_one_code(walk):
    phone = Phone(walk)
    first, second = ({card["code"] for card in phone.kit("?codes=20").json()["codes"]} for _ in range(2))
    assert len(first) == len(second) == 20
    assert not first & second


def test_a_note_is_kept_with_a_concern_behind_it(walk):
    (result,) = Phone(walk).send(a_note())
    assert result["status"] == "stored"
    note = Note.objects.get()
    assert note.concern.place == "1400 block of Oak St"
    assert note.concern.words == "The lamp by the stairs has been dark since spring."
    assert note.concern.neighborhood.name == "Eastbank"


@pytest.mark.parametrize(
    ("said", "kept"), [({}, "phone"), ({"source": "paper"}, "paper"), ({"source": ["x"]}, "phone")]
)
def test_a_note_from_a_paper_card_says_so(walk, said, kept):
    (result,) = Phone(walk).send(a_note(**said))
    assert result["status"] == "stored"
    assert Note.objects.get().source == kept


def test_twice_sent_is_once_kept(walk):
    phone, note = Phone(walk), a_note()
    assert [phone.send(note)[0]["status"] for _ in range(3)] == ["stored", "known", "known"]
    assert Note.objects.count() == Concern.objects.count() == 1


def test_a_card_handed_out_opens_the_concern(walk):
    phone = Phone(walk)
    code = phone.kit().json()["codes"][0]["code"]
    note = a_note(wants_answer=True, code=code)
    for status in ("stored", "known"):
        (result,) = phone.send(note)
        assert (result["status"], result["follow"]["code"]) == (status, code)
    assert followthrough.by_code(walk.agency, code) == Note.objects.get().concern


def test_without_a_card_the_server_gives_one_and_again_if_the_answer_was_lost(walk):
    phone, note = Phone(walk), a_note(wants_answer=True)
    codes = [phone.send(note)[0]["follow"]["code"] for _ in range(2)]
    assert {followthrough.by_code(walk.agency, code) for code in codes} == {Note.objects.get().concern}


def test_whoever_wants_no_answer_gets_no_code(walk):
    (result,) = Phone(walk).send(a_note())
    assert result["follow"] is None


def test_a_bad_item_keeps_no_good_one_back(walk):
    good, other = a_note(), a_count()
    results = Phone(walk).send(a_note(kind="gossip"), good, "nonsense", a_count(residents=-1), other)
    assert [each["status"] for each in results] == ["refused", "stored", "refused", "refused", "stored"]
    assert results[0]["why"]
    assert results[1]["client_id"] == good["client_id"]
    assert Note.objects.count() == HeadCount.objects.count() == 1


def test_a_picture_is_kept_private(walk, client):
    assert Phone(walk).photo(a_picture()).json() == {"status": "stored"}
    photo = Picture.objects.get()
    assert photo.path.exists()
    assert photo.state == "waiting"


def test_without_a_pass_nothing_is_told_and_nothing_kept(walk):
    for phone in (Phone(walk, ""), Phone(walk, "guess" * 8)):
        for answer in (phone.kit(), phone.post({"items": [a_note()]}), phone.photo(a_picture())):
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"] == "Bearer"
    assert not Note.objects.exists()
