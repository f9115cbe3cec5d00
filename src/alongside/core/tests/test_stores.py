"""A store has files by their names, gives back the bytes that were put, and is of one install."""

import hashlib
import time
from datetime import timedelta

import pytest
from tests.objects import KEYS, asked_at, free_port

from alongside.core import stores
from alongside.core.stores import AnotherInstalls, Store, Unreachable

PART = "lake/1/mine/part-0.parquet"


def sha256(held):
    return hashlib.sha256(held).digest()


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def store(address, home):
    return Store(address, home)


def a_file(home, held=b"who was heard", name="part.parquet"):
    path = home / name
    path.write_bytes(held)
    return path


class TestWhatIsPut:
    def test_it_is_there_by_its_name_and_comes_back_as_it_was(self, store, home):
        path = a_file(home)
        store.put(PART, path)
        assert store.sizes("lake") == {PART: 13}
        assert store.has(PART, 13)
        assert not store.has(PART, 12)
        assert store.age(PART) < timedelta(minutes=5)
        assert store.digest(PART) == sha256(path.read_bytes())
        again = home / "lake" / "1" / "mine" / "part-0.parquet"
        assert store.bring(PART, again, sha256(path.read_bytes()))
        assert again.read_bytes() == path.read_bytes()
        assert again.stat().st_mode & 0o077 == 0

    def test_it_may_be_larger_than_what_goes_at_once(self, store, home):
        held = b"0123456789abcdef" * (7 << 20)  # 112 MB: S3 takes it in parts
        counted = []
        stores.send(a_file(home, held), store.root / PART, counted.append)
        assert sum(counted) == len(held)
        assert store.bring(PART, home / "again", sha256(held))

    def test_what_is_not_there_or_has_other_bytes_does_not_come(self, store, home):
        store.put(PART, a_file(home))
        stands = a_file(home, b"stands", "stands")
        assert not store.bring(PART, stands, sha256(b"who was hurt"))
        assert not store.bring("lake/1/mine/part-1.parquet", stands, sha256(b"who was heard"))
        assert stands.read_bytes() == b"stands"
        assert not [each for each in home.iterdir() if each.name.endswith(".part")]

    def test_it_goes_and_may_go_twice(self, store, home):
        store.put(PART, a_file(home))
        store.remove(PART)
        store.remove(PART)
        assert store.sizes("lake") == {}
        with pytest.raises(FileNotFoundError):
            store.digest(PART)


class TestWhoseItIs:
    def test_another_install_neither_writes_nor_sweeps_there(self, store, home, tmp_path):
        store.put(PART, a_file(home))
        (tmp_path / "copy").mkdir()
        copy = Store(store.address, tmp_path / "copy")
        with pytest.raises(AnotherInstalls, match="store --take"):
            copy.put(PART, a_file(home, b"other bytes"))
        with pytest.raises(AnotherInstalls):
            copy.remove(PART)
        assert copy.bring(PART, tmp_path / "copy" / "part", sha256(b"who was heard")), "it may read"
        assert store.has(PART, 13)

    def test_who_takes_it_has_it_and_the_one_before_has_it_no_more(self, store, home, tmp_path):
        store.put(PART, a_file(home))
        (tmp_path / "new").mkdir()
        new = Store(store.address, tmp_path / "new")
        new.take()
        new.put(PART, a_file(home, b"other bytes"))
        with pytest.raises(AnotherInstalls):
            Store(store.address, home).remove(PART)


class TestWhereNobodyAnswers:
    @pytest.fixture
    def silent(self, home, monkeypatch):
        asked_at({**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}, monkeypatch)
        return Store("s3://city/town", home)

    @pytest.mark.heavy
    def test_it_is_a_sentence_and_a_page_waits_once(self, silent, home):
        with pytest.raises(Unreachable, match="s3://city/town does not answer"):
            silent.put(PART, a_file(home))
        with pytest.raises(Unreachable):
            silent.bring(PART, home / "part", b"")
        begun = time.monotonic()
        for _page in range(100):
            with pytest.raises(Unreachable, match="a moment ago"):
                silent.bring(PART, home / "part", b"")
        assert time.monotonic() - begun < 1

    @pytest.mark.heavy
    def test_no_bucket_is_made(self, object_server, home, monkeypatch):
        asked_at(object_server, monkeypatch)
        absent = Store("s3://no-such-bucket/town", home)
        with pytest.raises(Unreachable, match="make its bucket"):
            absent.put(PART, a_file(home))

    def test_a_share_that_cannot_be_written_to_says_why(self, home):
        (home / "taken").write_text("a file, where a folder would be")
        with pytest.raises(Unreachable, match="does not answer"):
            Store(f"file://{home}/taken", home).put(PART, a_file(home))
