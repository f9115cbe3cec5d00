"""A secret of others is shut: for its own row, by a key that is not beside it."""

from pathlib import Path

import pytest

from alongside.core import keys, shut

RING = "outside"


def opened(stored, of="body:1"):
    return shut.opened(stored, of=of, ring=RING)


def test_it_opens_for_what_it_is_of():
    stored = shut.shut("k3y ☂", of="body:1", ring=RING)
    assert "k3y" not in stored
    assert opened(stored) == "k3y ☂"
    assert stored != shut.shut("k3y ☂", of="body:1", ring=RING), "nobody sees that two are the same"


@pytest.mark.parametrize(
    "harmed",
    [
        lambda stored: stored[:-6] + "AAAAA=",
        lambda stored: "0000000" + stored[7:],
        lambda stored: stored.partition(".")[0],
        lambda stored: "",
        lambda stored: stored + "ñ",
    ],
)
def test_what_was_harmed_does_not(harmed):
    with pytest.raises(shut.CannotBeOpened):
        opened(harmed(shut.shut("k3y", of="body:1", ring=RING)))


def test_nor_does_anothers():
    with pytest.raises(shut.CannotBeOpened):
        opened(shut.shut("k3y", of="body:1", ring=RING), of="body:2")


def test_an_older_key_still_opens_it(settings):
    stored = shut.shut("k3y", of="body:1", ring=RING)
    made = keys.rotate(Path(settings.DATA), RING)
    assert opened(stored) == "k3y"
    assert shut.key_of(stored) != made.id == shut.key_of(shut.shut("k3y", of="body:1", ring=RING))
