"""What is the same for every stranger leaves compressed; what holds a secret never does."""

import gzip
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from alongside.gatherings.tests import cast

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def ask(address: str, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(address, headers=GZIP | headers)


def test_a_strangers_page_is_a_fraction_of_itself_and_reads_the_same(riverbend):
    plain, packed = Client().get("/riverbend/"), ask("/riverbend/")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in packed["Vary"]


def test_each_encoding_has_a_tag_of_its_own_and_both_are_asked_after(riverbend):
    plain, packed = Client().get("/riverbend/"), ask("/riverbend/")
    assert packed["ETag"] == f"W/{plain['ETag']}"
    again = ask("/riverbend/", **{"If-None-Match": packed["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", packed["ETag"])
    assert Client().get("/riverbend/", headers={"If-None-Match": plain["ETag"]}).status_code == 304


def test_it_is_packed_once_for_all(riverbend, settings, monkeypatch):
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"page_seconds": 60})
    caches["pages"].clear()
    asked: list[int] = []
    pack = gzip.compress
    monkeypatch.setattr(gzip, "compress", lambda *args, **more: asked.append(1) or pack(*args, **more))
    assert ask("/riverbend/").content == ask("/riverbend/").content
    assert asked == [1]
    caches["pages"].clear()


@pytest.mark.parametrize(
    "address",
    ["/riverbend/gatherings/{gathering}/join/", "/accounts/login/", "/riverbend/follow/"],
)
def test_a_page_with_a_key_in_it_is_never_packed(riverbend, address):
    gathering = cast.a_gathering(riverbend)
    answer = ask(address.format(gathering=gathering.public_id))
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer


def test_what_somebody_with_a_cookie_reads_is_never_packed(riverbend, ada, client_for):
    for address in ("/riverbend/", "/riverbend/workspace/"):
        answer = ask(address, client_for(ada))
        assert answer.status_code == 200, address
        assert "Content-Encoding" not in answer
    with_a_cookie = Client()
    with_a_cookie.cookies["alongside_csrf"] = "x" * 32
    assert "Content-Encoding" not in ask("/riverbend/", with_a_cookie)
