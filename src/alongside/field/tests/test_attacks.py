"""What a fool, a hurried person and Eve send to the doors that phones speak to."""

import io
import json
import time
import uuid
import zlib
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image, PngImagePlugin

from alongside.core import clock, files
from alongside.field import actions, passes, photos
from alongside.field import phone as door
from alongside.field.models import HeadCount, Note
from alongside.field.tests.cast import Phone, a_count, a_note, a_walk, in_the_middle_of
from alongside.followthrough.models import Concern
from alongside.media.drawing import MOST_BYTES
from alongside.media.models import Picture, folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(riverbend):
    gathering = a_walk(riverbend)
    with in_the_middle_of(gathering):
        yield gathering


def nothing_was_kept():
    return not (Note.objects.exists() or HeadCount.objects.exists() or Picture.objects.exists())


# -- the pass -------------------------------------------------------------------------------------
def test_a_pass_opens_its_own_gathering_on_its_days_and_nothing_else(riverbend, elsewhere):
    walk, other, theirs = a_walk(riverbend), a_walk(riverbend, title="Another"), a_walk(elsewhere)
    token = passes.open_pass(walk, by=None)
    with in_the_middle_of(walk):
        assert Phone(walk, token).kit().status_code == 200, "the premise"
        assert Phone(other, token).kit().status_code == 401
        assert Phone(theirs, token).kit().status_code == 401
        assert Phone(walk, token[:-1]).kit().status_code == 401
        assert Phone(walk, token.swapcase()).kit().status_code == 401


DAYS = [(-25, 401), (-23, 200), (1, 200), (24 * 3, 200), (24 * 3 + 2, 401)]


def test_a_pass_works_from_a_day_before_until_three_days_after(riverbend):
    walk = a_walk(riverbend)
    phone = Phone(walk)
    for hours, status in DAYS:
        with clock.at(walk.starts + timedelta(hours=hours)):
            assert phone.kit("?codes=0").status_code == status, hours


@pytest.mark.parametrize("days", [4, 9, 60])
def test_a_pass_that_is_made_late_brings_in_what_a_phone_still_holds_and_hands_out_nothing(riverbend, days):
    walk = a_walk(riverbend)
    with in_the_middle_of(walk):
        in_time = Phone(walk)
        note, heard_at = a_note(), clock.now()
    with clock.at(walk.ends + timedelta(days=days)):
        assert in_time.post({"items": [note]}).status_code == 401, "the premise"
        late = Phone(walk)
        kit = late.kit().json()
        assert kit["codes"] == []
        [kept] = late.send(note | {"heard_at": heard_at.isoformat()})
        assert kept["status"] == "stored"
        assert late.photo(picture(), uuid.uuid4()).json()["status"] == "stored"
        assert Note.objects.get().heard_at == heard_at
    with clock.at(walk.ends + timedelta(days=days + 4)):
        assert late.kit().status_code == 401


NO_PASS = ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x", "Bearer \u00e9\u00e9", "Bearer " + "x" * 5000]


def test_a_header_that_is_no_pass_opens_nothing(walk):
    client = Client()
    address = f"/riverbend/field/{walk.public_id}/items/"
    for said in NO_PASS:
        answer = client.post(address, "{}", content_type="application/json", headers={"Authorization": said})
        assert answer.status_code == 401, said[:20]


def test_a_cookie_is_no_pass(walk, ada, client_for):
    """Another site's page may send Ada's cookie along; it opens nothing here."""
    phone = Phone(walk, "", client=client_for(ada))
    assert phone.kit().status_code == 401
    assert phone.post({"items": [a_note()]}).status_code == 401
    assert nothing_was_kept()


def test_whoever_guesses_passes_is_slowed_down(walk, monkeypatch):
    monkeypatch.setattr(door, "HALL", 3)
    stranger = Phone(walk, "wrong")
    codes = [stranger.kit().status_code for _ in range(5)]
    assert codes == [401, 401, 401, 429, 429]
    assert Phone(walk).kit().status_code == 200, "whoever has a pass is not slowed down by her"


# -- the body -------------------------------------------------------------------------------------
NO_LISTS = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'{"items": {}}',
    b'{"items": "x"}',
    b"not json",
    b"\xff\xfe\x00",
    b'{"items": [}',
    b"[" * 100_000,
    b'{"items": ' * 50_000,
    b'{"items": NaN}',
]


def test_what_is_no_list_of_items_is_refused_whole(walk):
    phone = Phone(walk)
    for body in NO_LISTS:
        assert phone.post(body).status_code == 400, body[:20]
    assert nothing_was_kept()


def test_fifty_items_are_taken_and_fifty_one_are_not(walk):
    phone = Phone(walk)
    assert phone.post({"items": [a_count() for _ in range(51)]}).status_code == 413
    assert nothing_was_kept()
    assert {each["status"] for each in phone.send(*(a_count() for _ in range(50)))} == {"stored"}


def test_a_body_of_ten_megabytes_is_not_read(walk):
    phone = Phone(walk)
    for size in (1024 * 1024 + 1, 10 * 1024 * 1024):
        body = json.dumps({"items": [a_note(words="x" * size)]})
        assert phone.post(body).status_code == 413
    assert nothing_was_kept()


WRONG = [
    {"client_id": None},
    {"client_id": 7},
    {"client_id": "../../etc"},
    {"client_id": ["a"]},
    {"client_id": "0" * 5000},
    {"kind": "gossip"},
    {"kind": None},
    {"kind": ["concern"]},
    {"kind": {"a": 1}},
    {"category": ""},
    {"category": 7},
    {"words": "x" * 1001},
    {"type": None},
    {"type": ["note"]},
]


VALUES = [
    *(b"NaN", b"-Infinity", b"1e999", b"-1e999", b"1e-999", b"-0.0", b"9" * 4000, b"true", b"null"),
    *(b'"\\ud800"', b'"\\udc00\\ud800 x"', b'"' + b"\\u0000" * 300 + b'"', b'"\\u202e\\u2028\\r\\nx"'),
    *(
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 400 + b"1" + b"}" * 400,
        b'{"a": 1, "a": [2]}',
        b'"' + b"x" * 9000 + b'"',
    ),
]


@pytest.mark.parametrize("field", [b"client_id", b"kind", b"words", b"heard_at", b"residents", b"\\ud800"])
def test_whatever_json_stands_in_one_item_the_others_are_kept(walk, field):
    """No process apart reads it (decision 34): so what JSON can hold is tried here, value by value."""
    good = json.dumps(a_note()).encode()
    made = a_count if field == b"residents" else a_note
    bad = [json.dumps(made()).encode()[:-1] + b', "%s": %s}' % (field, value) for value in VALUES]
    answer = Phone(walk).post(b'{"items": [%s]}' % b", ".join([*bad, good]))
    assert answer.status_code == 200
    answer.content.decode()
    *odd, fine = [each["status"] for each in answer.json()["results"]]
    assert fine == "stored"
    assert len(odd) == len(VALUES)
    assert set(odd) <= {"stored", "refused"}


@pytest.mark.parametrize(
    "value", [b"9" * 5000, b"[" * 200_000, b'{"a":' * 200_000, b'"\xff"', b"0x7f", b"'x'"]
)
def test_what_is_no_json_refuses_the_whole_at_once_and_the_phone_keeps_it(walk, value):
    began = time.monotonic()
    assert Phone(walk).post(b'{"items": [%s]}' % value).status_code in {400, 413}
    assert time.monotonic() - began < 2
    assert nothing_was_kept()


def test_a_note_that_cannot_be_kept_is_refused_with_a_reason(walk):
    results = Phone(walk).send(*(a_note(**wrong) for wrong in WRONG))
    for wrong, result in zip(WRONG, results, strict=True):
        assert result["status"] == "refused", wrong
        assert result["why"], wrong
    assert nothing_was_kept()


def test_a_photo_that_came_without_its_picture_is_not_named_and_so_stays_on_its_phone(walk):
    photo = a_note(type="photo")
    (result,) = Phone(walk).send(photo, a_note())
    assert result["status"] == "stored"
    assert result["client_id"] != photo["client_id"]


ODD = [
    {"words": None},
    {"words": 7},
    {"words": ["a"]},
    {"words": ""},
    {"words": "a\0b"},
    {"words": "\ud800 half"},
    {"words": "\U0001f6b6" * 1000},
    {"words": "\u202egnp.exe"},
    {"words": "<script>alert(1)</script>"},
    {"words": "'; DROP TABLE field_note; --"},
    {"place": None},
    {"place": "x" * 100_000},
    {"place": "38.201234, -85.701234"},
    {"language": "klingon"},
    {"language": 5},
    {"heard_at": "yesterday"},
    {"heard_at": 1e300},
    {"heard_at": "9999-12-31T23:59:59+14:00"},
    {"heard_at": "2026-13-45T99:99:99Z"},
    {"heard_at": "1970-01-01T00:00:00Z"},
    {"wants_answer": "yes"},
    {"code": ["x"]},
    {"code": "x" * 9999},
    {"hold": ["cji"]},
    {"hold": {}},
    {"consent": "x" * 9999},
    {"agency": 1, "pk": 1, "concern": 1, "by": 1, "gathering": "other", "came_by": None, "source": "chief"},
]


def test_a_note_that_is_odd_is_kept_without_what_is_odd(walk):
    items = [a_note(**odd) for odd in ODD]
    results = Phone(walk).send(*items)
    for odd, item, result in zip(ODD, items, results, strict=True):
        assert result["status"] == "stored", odd
        note = Note.objects.get(client_id=item["client_id"])
        assert (note.gathering, note.source) == (walk, "phone")
        assert abs((clock.now() - note.heard_at).total_seconds()) < 3 * 86_400, odd
        assert not set("\0\u202e\ud800") & set(note.words), odd
        assert "38.2012" not in note.concern.place + note.words
        assert note.concern.language in {"en", "es"}, odd


NO_COUNTS = [{"residents": each} for each in (-1, 5001, 1.5, "12", None, True, [3], 10**30)] + [
    {"officers": "x"},
    {"partners": -3},
]


def test_a_count_that_is_no_count_is_refused(walk):
    results = Phone(walk).send(*(a_count(**wrong) for wrong in NO_COUNTS))
    assert {result["status"] for result in results} == {"refused"}
    assert nothing_was_kept()


# -- again and again ------------------------------------------------------------------------------
def test_a_replay_changes_nothing(walk):
    phone, note = Phone(walk), a_note(words="First")
    phone.send(note)
    (again,) = phone.send(note | {"words": "Second", "kind": "thanks", "hold": "crime"})
    assert again["status"] == "known"
    kept = Note.objects.get()
    assert (kept.words, kept.concern.kind, kept.concern.withheld) == ("First", "concern", "")


def test_an_id_of_another_gathering_tells_nothing(riverbend):
    walk, other = a_walk(riverbend), a_walk(riverbend, title="Another")
    with in_the_middle_of(walk):
        note, count = a_note(words="Secret of another walk", wants_answer=True), a_count()
        Phone(other).send(note, count)
        results = Phone(walk).send(note, count)
    assert [each["status"] for each in results] == ["refused", "refused"]
    assert all(each["follow"] is None for each in results)


def test_the_same_id_at_another_agency_is_another_note(riverbend, elsewhere):
    walk, theirs, note = a_walk(riverbend), a_walk(elsewhere), a_note()
    with in_the_middle_of(walk):
        assert Phone(walk).send(note)[0]["status"] == "stored"
        assert Phone(theirs).send(note)[0]["status"] == "stored"


def test_another_agencys_code_opens_nothing_here(riverbend, elsewhere):
    walk, theirs = a_walk(riverbend), a_walk(elsewhere)
    with in_the_middle_of(walk):
        code = Phone(theirs).kit().json()["codes"][0]["code"]
        (result,) = Phone(walk).send(a_note(wants_answer=True, code=code))
    assert result["status"] == "stored"
    assert result["follow"]["code"] != code


def test_a_card_taken_by_one_note_is_not_taken_by_a_second(walk):
    phone = Phone(walk)
    code = phone.kit().json()["codes"][0]["code"]
    first, second = phone.send(a_note(code=code, wants_answer=True), a_note(code=code, wants_answer=True))
    assert first["follow"]["code"] == code
    assert second["follow"]["code"] != code
    assert Concern.objects.count() == 2


def test_nobody_fetches_cards_without_end(walk):
    phone = Phone(walk)
    fetched = [len(phone.kit("?codes=20").json()["codes"]) for _ in range(12)]
    assert sum(fetched) == actions.MOST_CARDS_A_PASS
    assert phone.kit("?codes=-1").status_code == phone.kit("?codes=%E0%A5%A7").status_code == 200


def test_a_walk_takes_no_notes_without_end(walk, monkeypatch):
    monkeypatch.setattr(actions, "MOST_NOTES", 3)
    results = Phone(walk).send(*(a_note() for _ in range(5)))
    assert [each["status"] for each in results] == ["stored"] * 3 + ["refused"] * 2


def test_a_batch_of_notes_asks_the_database_a_bounded_number_of_times(walk, django_assert_max_num_queries):
    phone = Phone(walk)
    phone.send(a_note())
    with django_assert_max_num_queries(10 + 20 * 25):
        phone.send(*(a_note() for _ in range(20)))


def test_what_was_stored_before_the_server_broke_stays_stored(walk, monkeypatch):
    """The third note breaks the server: the first two are kept, and sent again they are known."""
    phone, batch = Phone(walk), [a_note() for _ in range(4)]
    phone.client.raise_request_exception = False
    real, calls = actions.followthrough.receive, iter([True, True, False])

    def breaks(*args, **words):
        if not next(calls, True):
            raise SystemError("killed")
        return real(*args, **words)

    monkeypatch.setattr(actions.followthrough, "receive", breaks)
    assert phone.post({"items": batch}).status_code == 500
    assert Note.objects.count() == Concern.objects.count() == 2
    monkeypatch.setattr(actions.followthrough, "receive", real)
    assert [each["status"] for each in phone.send(*batch)] == ["known", "known", "stored", "stored"]


# -- pictures -------------------------------------------------------------------------------------
def picture(form="JPEG", size=(50, 40), **words):
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, form, **words)
    return file.getvalue()


def with_place():
    """As a phone takes it: where, when, with what, turned on its side."""
    image = Image.new("RGB", (50, 40), "green")
    exif = image.getexif()
    exif[0x010F], exif[0x0112] = "Quillonquay", 6
    exif.get_ifd(0x8825)[2] = (38.0, 12.0, 4.4)
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"Quillonquay was here", icc_profile=b"Quillonquay" * 9)
    return file.getvalue()


def text_in_png():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "Quillonquay")
    return picture("PNG", pnginfo=info)


def bomb():
    """A PNG of 60,000 by 60,000 pixels in a few kilobytes."""

    def chunk(name, data):
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


def test_only_pixels_are_kept(walk):
    phone = Phone(walk)
    for sent in (with_place(), text_in_png(), picture("WEBP")):
        assert phone.photo(sent).json() == {"status": "stored"}
    for photo in Picture.objects.all():
        only_pixels_in(photo)


def only_pixels_in(photo):
    kept = photo.path.read_bytes()
    assert b"Quillonquay" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert "comment" not in image.info
        assert "icc_profile" not in image.info
        assert image.size == (photo.width, photo.height)


def test_a_picture_taken_sideways_is_kept_upright(walk):
    Phone(walk).photo(with_place())
    assert (Picture.objects.get().width, Picture.objects.get().height) == (40, 50)


def test_a_large_picture_is_kept_small(walk):
    Phone(walk).photo(picture(size=(4000, 1000)))
    assert (Picture.objects.get().width, Picture.objects.get().height) == (2000, 500)


def bad() -> dict[str, bytes]:
    return {
        "nothing": b"",
        "text": b"hello",
        "cut off": picture()[:300],
        "cut off early": picture()[:20],
        "a bomb": bomb(),
        "a page": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "another kind": picture("GIF"),
        "a bitmap": picture("BMP"),
        "a tiff": picture("TIFF"),
        "a script in disguise": b"\xff\xd8\xff" + b"<script>" * 90,
        "too many pixels": picture("PNG", (6000, 5000)),
    }


def test_what_is_no_picture_is_refused_and_leaves_nothing(walk):
    phone = Phone(walk)
    for name, sent in bad().items():
        answer = phone.photo(sent)
        assert (answer.status_code, answer.json()["status"]) == (422, "refused"), name
    assert nothing_was_kept()
    assert not list(folder().iterdir())


def test_a_picture_of_more_than_two_megabytes_is_not_read(walk):
    assert Phone(walk).photo(b"\xff\xd8" + b"x" * MOST_BYTES).status_code == 413


def test_a_picture_twice_sent_is_once_kept(walk):
    phone, key = Phone(walk), uuid.uuid4()
    assert [phone.photo(picture(), key).json()["status"] for _ in range(2)] == ["stored", "known"]
    assert phone.photo(picture(), "no-id").json()["status"] == "refused"
    assert len(list(folder().iterdir())) == 1


def test_a_full_disk_is_said_and_leaves_nothing_half_written(walk, monkeypatch):
    def full(*args, **words):
        raise OSError(28, "No space left on device")

    phone = Phone(walk)
    monkeypatch.setattr(files.os, "fsync", full)
    answer = phone.photo(picture())
    assert answer.status_code == 503
    assert nothing_was_kept()
    assert not list(folder().iterdir())


def test_a_row_that_cannot_be_leaves_no_file(walk, monkeypatch):
    def breaks(*args, **words):
        raise SystemError("killed")

    monkeypatch.setattr(Picture, "save", breaks)
    phone = Phone(walk)
    phone.client.raise_request_exception = False
    assert phone.photo(picture()).status_code == 500
    assert not list(folder().iterdir())


def test_a_walk_takes_no_pictures_without_end(walk, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    phone = Phone(walk)
    assert [phone.photo(picture()).json()["status"] for _ in range(2)] == ["stored", "refused"]


def test_the_door_takes_no_other_verbs(walk):
    phone = Phone(walk)
    assert phone.client.get(f"{phone.base}items/", headers=phone.headers).status_code == 405
    assert phone.client.post(f"{phone.base}kit.json", headers=phone.headers).status_code == 405
