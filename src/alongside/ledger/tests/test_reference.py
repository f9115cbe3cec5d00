"""The page for checkers is true: what it calls thirty lines of JavaScript checks a ledger, and finds what is bent."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.browser.chromium import NODE

from alongside.ledger import chain
from alongside.ledger.tests.made import EVES, NEXT, OURS, a_ledger, entry, lines, rewritten, taken_over

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "ledger.md"
KEY = chain.public_of(OURS)
WHOLE = a_ledger()
BENT = [{**each, "body": each["body"] | {"due": "2027-12-01"}} if each["n"] == 3 else each for each in WHOLE]
TURNED = [*WHOLE, entry(chain.CHANGED, {"key": chain.public_of(NEXT)}, after=WHOLE[-1], by=OURS)]
FORGED = [*WHOLE, entry(chain.CHANGED, {"key": chain.public_of(EVES)}, after=WHOLE[-1], by=EVES)]


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    (code,) = re.findall(r"```js\n(.*?)```", PAGE.read_text(), re.S)
    assert len([line for line in code.splitlines() if line]) < 36, "thirty, and what folds them"
    path = tmp_path_factory.mktemp("checker") / "check.mjs"
    path.write_text(code)
    return path


def checked(checker, made):
    path = checker.with_name("ledger.jsonl")
    path.write_bytes(b"".join(lines(made)))
    done = subprocess.run([str(NODE), str(checker), str(path)], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else re.findall(r"entry \d+", done.stderr)[0]


def test_it_agrees_with_ours(checker):
    for made in (WHOLE, TURNED):
        found = chain.verify(lines(made))
        assert checked(checker, made) == (
            f"{found.entries} entries, head {found.head}, last signed day {found.day}: "
            f"up to entry {found.signed_to}, signed by key {chain.public_of(OURS)}"
        )


def test_it_names_the_key_that_signed_and_not_one_that_somebody_wrote_down(checker):
    """Of a ledger that Eve made whole, and of ours that she took over: each names our key in its last line."""
    whole = [*a_ledger(key=EVES), entry(chain.LOST, {"key": KEY}, after=a_ledger(key=EVES)[-1])]
    for made, last in ((whole, 16), (taken_over(WHOLE), 19)):
        assert chain.verify(lines(made)).key == KEY, "the premise"
        said = checked(checker, made)
        assert said.endswith(f"up to entry {last}, signed by key {chain.public_of(EVES)}")
        assert KEY not in said


def test_where_nothing_is_signed_it_names_nobody(checker):
    assert checked(checker, WHOLE[:4]).endswith("up to entry 0, signed by key nobody")


@pytest.mark.parametrize(
    ("made", "number"),
    [
        (BENT, 3),
        (rewritten(BENT), 6),
        (WHOLE[:4] + WHOLE[5:], 5),
        (FORGED, 17),
        ([*WHOLE, entry(chain.SEALED, {"day": "2027-06-05"}, after=WHOLE[-1], by=OURS)], 17),
        ([*WHOLE[:4], entry("promise.made", {}, after=WHOLE[3], at="2027-05-01T00:00:00Z")], 5),
    ],
)
def test_it_finds_what_is_bent(checker, made, number):
    assert checked(checker, made) == f"entry {number}"
    with pytest.raises(chain.NotInOrder, match=f"Entry {number}:"):
        chain.verify(lines(made))


def test_it_names_every_kind_that_the_ledger_writes_of_itself():
    assert set(re.findall(r"^\| `(ledger\.\w+)`", PAGE.read_text(), re.M)) == chain.OWN
