"""The drill with a store: the disk is lost, a backup is sent though it is killed, another takes its place."""

import shutil

import pytest
from tests.objects import free_port, make_bucket

from alongside.cli.tests.test_moving import begun, copied, done, killed, on_disk
from alongside.core import kept

pytestmark = pytest.mark.heavy


@pytest.fixture
def city(demo_city, tmp_path):
    return copied(demo_city, tmp_path / "city")


def wrong(folder, *options, **environment):
    """What `check` finds, of the store and of the files."""
    _code, said = done(folder, "check", *options, **environment)
    shelves = ("store", *(kind.shelf for kind in kept.kinds()))
    found = [line for line in said.splitlines() if line[2:].startswith(shelves)]
    assert len({line[2:].partition(":")[0] for line in found}) == len(shelves), said
    return [line for line in found if line.startswith("✗")]


def lose_the_disk(folder):
    for top in ("lake", "media", "streets", "hotspots"):
        shutil.rmtree(folder / top, ignore_errors=True)


def test_a_city_whose_disk_is_lost_goes_on_from_its_store(city, tmp_path, object_server):
    bucket = make_bucket(object_server)
    town = {**object_server, "ALONGSIDE_STORE": f"{bucket}/town"}
    before = on_disk(city)
    assert before, "the premise"
    assert done(city, "store")[0] == 2, "none is named"

    # -- what was kept before there was a store -------------------------------------------------------------
    assert "is not there as it was written: alongside store" in "".join(wrong(city, **town))
    code, said = done(city, "store", **town)
    assert (code, "0 brought back, 0 removed" in said) == (0, True), said
    assert wrong(city, "--deep", **town) == []

    # -- the disk --------------------------------------------------------------------------------------------
    lose_the_disk(city)
    assert wrong(city, **town) == []
    code, said = done(city, "store", **town)
    assert (code, "0 sent" in said) == (0, True), said
    assert on_disk(city) == before

    # -- a backup to an address ------------------------------------------------------------------------------
    address = f"{bucket}/backups/town.backup"
    draft = city / "backups" / "sending" / "town.backup"
    lose_the_disk(city)
    assert killed(begun(city, "backup", address, "--with-keys", **town), draft.exists)
    code, said = done(city, "backup", address, "--with-keys", **town)
    assert (code, "Backing up" in said, "Sending" in said) == (0, False, True), said
    assert not draft.exists()
    code, said = done(city, "backup", address, **town)
    assert (code, "stands already" in said) == (2, True), said

    # -- restored elsewhere: a copy reads the store, and leaves it as it is ------------------------------------
    home = tmp_path / "home"
    code, said = done(home, "restore", f"{bucket}/backups/other.backup", **town)
    assert (code, "There is no file" in said, home.exists()) == (2, True, False), said
    silent = {**town, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}
    code, said = done(home, "restore", address, **silent)
    assert (code, "does not answer" in said, home.exists()) == (2, True, False), said
    code, said = done(home, "restore", address, **town)
    assert code == 0, said
    assert "Deleted again, as of" in said, "FILE.erased stands beside it"
    assert on_disk(home) == before
    lose_the_disk(home)
    code, said = done(home, "store", **town)
    assert (code, "another install" in said) == (2, True), said
    assert "another install" in "".join(wrong(home, **town))

    # -- until it takes the place of the one before -----------------------------------------------------------
    code, said = done(home, "store", "--take", **town)
    assert (code, "0 sent" in said) == (0, True), said
    assert on_disk(home) == before
    assert wrong(home, "--deep", **town) == []
    code, said = done(city, "store", **town)
    assert (code, "another install" in said) == (2, True), said
