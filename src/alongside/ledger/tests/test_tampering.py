"""Whatever somebody does to a ledger is found; where a file alone cannot show it, the guide says what would."""

from __future__ import annotations

import copy
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.ledger import chain
from alongside.ledger.chain import NotInOrder, verify
from alongside.ledger.tests.made import (
    EVES,
    FIRST,
    NEXT,
    OURS,
    a_ledger,
    begun,
    entry,
    lines,
    odd_ones,
    plainly,
    rewritten,
    sealed,
    taken_over,
)

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "ledger.md"
KEY = chain.public_of(OURS)
WHOLE = a_ledger()
HEAD = WHOLE[-1]["hash"]
NAMES = st.text(st.characters(max_codepoint=127), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.integers(-chain.LARGEST, chain.LARGEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
).filter(lambda value: chain._wrong(value) is None)


def found(made, **proof):
    """The sentence that says what is wrong."""
    with pytest.raises(NotInOrder) as wrong:
        verify(lines(made) if isinstance(made[0], dict) else made, **proof)
    return str(wrong.value)


def changed(n, **values):
    """The whole ledger, and in entry n something else."""
    made = copy.deepcopy(WHOLE)
    made[n - 1] |= values
    return made


def test_a_ledger_in_order_is_said_to_be():
    seen = verify(lines(WHOLE))
    assert (seen.entries, seen.head, seen.day, seen.signed_to) == (16, HEAD, "2027-06-03", 16)
    assert verify(lines(WHOLE), key=KEY).proven_to == 16
    assert verify(lines(WHOLE), head=WHOLE[6]["hash"]).head_at == 7


class TestWords:
    def test_a_word_that_was_changed(self):
        body = WHOLE[2]["body"] | {"due": "2027-12-01"}
        assert found(changed(3, body=body)).startswith("Entry 3: it was changed")

    def test_a_word_that_was_changed_with_its_hash(self):
        bent = changed(3, body=WHOLE[2]["body"] | {"due": "2027-12-01"})
        del bent[2]["hash"]
        bent[2] = chain.with_hash(bent[2])
        assert found(bent).startswith("Entry 4: it does not follow")

    def test_a_ledger_that_was_written_anew_from_there_on(self):
        bent = changed(3, body=WHOLE[2]["body"] | {"due": "2027-12-01"})
        assert found(rewritten(bent)).startswith("Entry 6: its signature")

    def test_a_ledger_that_was_written_anew_and_signed_by_somebody_else(self):
        bent = rewritten(changed(3, body=WHOLE[2]["body"] | {"due": "2027-12-01"}), by=EVES)
        assert verify(lines(bent)).entries == 16, "the premise: in itself it is in order"
        assert found(bent, key=KEY).startswith("Entry 1: its key is another")
        assert "None of its 16 entries has the hash" in found(bent, head=HEAD)

    def test_and_nothing_was_ever_signed(self):
        bent = [each for each in WHOLE if each["kind"] != chain.SEALED]
        assert verify(lines(rewritten(bent))).day == "", "the premise"
        assert "no head in this ledger is signed with the key you gave" in found(rewritten(bent), key=KEY)

    @pytest.mark.parametrize("name", chain.MEMBERS)
    def test_no_member_may_be_missing_or_another_there(self, name):
        made = copy.deepcopy(WHOLE)
        del made[3][name]
        assert found(made).startswith("Entry 4: it has not the seven members")
        made = copy.deepcopy(WHOLE)
        made[3]["more"] = 1
        assert found(made).startswith("Entry 4: it has not the seven members")


class TestOrder:
    def test_two_that_were_exchanged(self):
        made = copy.deepcopy(WHOLE)
        made[2], made[3] = made[3], made[2]
        assert found(made) == "Entry 3: it says that it is entry 4."

    def test_one_that_was_left_out(self):
        assert found(WHOLE[:4] + WHOLE[5:]) == "Entry 5: it says that it is entry 6."

    def test_one_that_is_there_twice(self):
        assert found(WHOLE[:5] + WHOLE[4:]) == "Entry 6: it says that it is entry 5."

    def test_one_that_was_put_between(self):
        between = entry("promise.made", {}, after=WHOLE[4])
        assert found([*WHOLE[:5], between, *WHOLE[5:]]) == "Entry 7: it says that it is entry 6."

    def test_the_beginning_was_cut_off(self):
        assert found(WHOLE[1:]) == "Entry 1: it says that it is entry 2."

    def test_the_end_was_cut_off(self):
        """Which the file cannot show by itself: a head does that somebody kept, or the day that should be signed."""
        assert verify(lines(WHOLE[:9]), key=KEY).day == "2027-06-01", "the premise"
        assert "None of its 9 entries has the hash" in found(WHOLE[:9], head=HEAD)
        assert "cut off at its end" in GUIDE.read_text()

    def test_a_line_was_cut_off(self):
        written = lines(WHOLE)
        assert "cut short" in found([*written[:-1], written[-1][:-1]])
        assert "cut short" in found([*written[:-1], written[-1][:40]])

    def test_what_follows_a_head_that_was_kept_is_growth(self):
        seen = verify(lines(WHOLE), head=WHOLE[5]["hash"])
        assert (seen.head_at, seen.entries) == (6, 16)


class TestClock:
    def test_it_went_back(self):
        made = WHOLE[:8]
        made.append(entry("promise.made", {}, after=made[-1], at="2027-06-02T17:00:00Z"))
        assert found(made).startswith("Entry 9: its clock went back")

    @pytest.mark.parametrize(
        "at",
        [
            "2027-02-30T12:00:00Z",
            "2027-06-09 12:00:00Z",
            "2027-06-09T12:00:00",
            "2027-06-09T25:00:00Z",
            "soon",
        ],
    )
    def test_it_is_no_moment(self, at):
        made = [*WHOLE[:3], entry("promise.made", {}, after=WHOLE[2], at=at)]
        assert found(made).startswith("Entry 4: “at” is no moment")

    def test_a_day_is_signed_once_and_none_before_it(self):
        again = [*WHOLE, sealed(WHOLE[-1], FIRST + timedelta(days=2))]
        assert "it signs the day 2027-06-03, after 2027-06-03" in found(again)
        none = [*WHOLE, entry(chain.SEALED, {"day": "2027-06-31"}, after=WHOLE[-1], by=OURS)]
        assert "it signs the day 2027-06-31" in found(none)

    def test_a_day_that_was_not_over_when_it_was_signed(self):
        """In the east a day ends on the same date in UTC: that is the earliest."""
        early = [*WHOLE[:-1], entry(chain.SEALED, {"day": "2027-06-03"}, after=WHOLE[-2], by=OURS)]
        assert verify(lines(early)).day == early[-1]["at"][:10] == "2027-06-03", "the premise"
        ahead = [*WHOLE, entry(chain.SEALED, {"day": "2027-06-05"}, after=WHOLE[-1], by=OURS)]
        assert ahead[-1]["at"].startswith("2027-06-04"), "the premise"
        assert (
            found(ahead)
            == "Entry 17: it signs the day 2027-06-05, which was not over at 2027-06-04T04:00:00Z."
        )

    def test_a_day_that_another_key_signed(self):
        assert found([*WHOLE, sealed(WHOLE[-1], date(2027, 6, 4), by=EVES)]).startswith(
            "Entry 17: its signature"
        )


class TestKeys:
    """A change that the old key signed carries trust on; a loss ends it, and says so."""

    def changed(self, by=OURS):
        """Ten entries, and the key is changed."""
        made = [*WHOLE, entry(chain.CHANGED, {"key": chain.public_of(NEXT)}, after=WHOLE[-1], by=by)]
        return [*made, sealed(made[-1], date(2027, 6, 4), by=NEXT)]

    def lost(self, key=NEXT):
        made = [*WHOLE, entry(chain.LOST, {"key": chain.public_of(key)}, after=WHOLE[-1])]
        return [*made, sealed(made[-1], date(2027, 6, 4), by=key)]

    def test_who_knew_the_old_key_may_trust_the_new_one(self):
        assert verify(lines(self.changed()), key=KEY).proven_to == 18
        assert verify(lines(self.changed()), key=chain.public_of(NEXT)).proven_to == 18

    def test_a_change_that_the_old_key_did_not_sign(self):
        assert found(self.changed(by=EVES)).startswith("Entry 17: its signature")

    def test_after_a_loss_only_the_new_key_proves(self):
        assert verify(lines(self.lost())).entries == 18
        assert found(self.lost(), key=KEY).startswith("Entry 17: it says that the key was lost")
        assert verify(lines(self.lost()), key=chain.public_of(NEXT)).proven_to == 18

    def test_whoever_says_falsely_that_it_was_lost(self):
        bent = rewritten(WHOLE[:4])
        bent.append(entry(chain.LOST, {"key": chain.public_of(EVES)}, after=bent[-1]))
        bent.append(sealed(bent[-1], date(2027, 6, 1), by=EVES))
        assert verify(lines(bent)).day == "2027-06-01", "the premise: in itself it is in order"
        assert found(bent, key=KEY).startswith("Entry 5: it says that the key was lost")

    def test_whoever_says_that_it_was_found_again(self):
        bent = taken_over(WHOLE)
        assert verify(lines(bent)).day == "2027-06-30", "the premise: in itself it is in order"
        assert found(bent, key=KEY).startswith("Entry 17: it says that the key was lost")
        by_change = [*bent[:-1], entry(chain.CHANGED, {"key": KEY}, after=bent[-2], by=EVES)]
        assert found(by_change, key=KEY).startswith("Entry 17: it says that the key was lost")

    def test_a_key_that_was_put_back_proves_again_when_it_signs(self):
        """After a restore without keys a new one signs, until the old one is here again: a head of it covers all."""
        mended = taken_over(WHOLE)
        mended.append(sealed(mended[-1], date(2027, 7, 1)))
        assert verify(lines(mended), key=KEY).proven_to == 21

    def test_another_beginning(self):
        assert found([begun(EVES), *WHOLE[1:]]).startswith("Entry 2: it does not follow")
        assert found(rewritten(WHOLE, by=EVES), key=KEY).startswith("Entry 1: its key is another")

    def test_eves_own_ledger_that_names_our_key_and_has_no_day_of_ours(self):
        bent = a_ledger(key=EVES)
        bent.append(entry(chain.CHANGED, {"key": KEY}, after=bent[-1], by=EVES))
        assert "no head in this ledger is signed with the key you gave" in found(bent, key=KEY)

    def test_a_restore_names_the_last_head(self):
        said = entry(chain.RESTORED, {"head": HEAD}, after=WHOLE[-1])
        assert verify(lines([*WHOLE, said])).entries == 17
        other = entry(chain.RESTORED, {"head": WHOLE[5]["hash"]}, after=WHOLE[-1])
        assert "names another head" in found([*WHOLE, other])

    def test_a_person_confirms_the_key_in_force_and_no_other(self):
        said = entry(chain.CONFIRMED, {"key": KEY}, after=WHOLE[-1])
        assert verify(lines([*WHOLE, said]), key=KEY).entries == 17
        other = entry(chain.CONFIRMED, {"key": chain.public_of(EVES)}, after=WHOLE[-1])
        assert "confirms another key" in found([*WHOLE, other])

    @pytest.mark.parametrize("kind", sorted(chain.OWN))
    def test_what_the_ledger_says_of_itself_has_its_body(self, kind):
        first = kind == chain.BEGUN
        said = entry(kind, {"key": "ab"}, after=None if first else WHOLE[3])
        assert "body" in found([said] if first else [*WHOLE[:4], said])

    @pytest.mark.parametrize("kind", ["Promise", "promise made", "", 7, "ledger.forgotten", chain.BEGUN])
    def test_a_kind_that_nobody_knows(self, kind):
        said = entry(kind, {}, after=WHOLE[3])
        assert found([*WHOLE[:4], said]).startswith("Entry 5: ")

    def test_it_begins_with_its_beginning(self):
        assert "begins with an entry of the kind" in found([entry("promise.made", {})])


class TestSpelling:
    """The bytes count: there is one way to write an entry."""

    def spelled(self, change):
        written = lines(WHOLE)
        written[2] = change(written[2])
        return found(written)

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (lambda line: line.replace(b":", b": ", 1), "not spelled as canonical JSON"),
            (lambda line: line.replace(b'"steps":1', b'"steps":1.0'), "neither text nor a whole number"),
            (lambda line: line.replace(b'"steps":1', b'"steps":1e0'), "neither text nor a whole number"),
            (lambda line: line.replace(b'"steps":1', b'"steps":-0'), "not spelled as canonical JSON"),
            (lambda line: line.replace(b'"steps":1', b'"steps":true'), "neither text nor a whole number"),
            (lambda line: line.replace(b'"steps":1', b'"steps":null'), "neither text nor a whole number"),
            (lambda line: line.replace(b'"steps":1', b'"steps":9007199254740992'), "too large"),
            (lambda line: line.replace(b'"steps":1', b'"steps":%d' % 10**30), "too large"),
            (lambda line: line.replace(b'"steps":1', b'"steps":1,"steps":1'), "“'steps'” is there twice"),
            (lambda line: line.replace(b'"steps"', '"schritte ß"'.encode()), "not ASCII"),
            (lambda line: line.replace(b"promise", rb"\u0070romise", 1), "not spelled as canonical JSON"),
            (lambda line: line.replace(b'"steps":1', b'"steps":"\xff"'), "not UTF-8"),
            (lambda line: line.replace(b'"steps":1', rb'"steps":"\ud800"'), "not spelled as canonical JSON"),
            (lambda line: line.replace(b'"steps":1', b'"steps":' + b"[" * 9 + b"]" * 9), "nested too deep"),
            (lambda line: line.replace(b'"steps":1', b'"steps":' + b"[" * 9000 + b"]" * 9000), "no JSON"),
            (lambda line: line[:-1] + b"\r\n", "CRLF"),
            (lambda _line: b"\n", "the line is empty"),
            (lambda _line: b"7\n", "seven members"),
            (lambda _line: b"hello\n", "no JSON"),
            (lambda _line: b"x" * (chain.LONGEST + 1), "longer than 65536 bytes"),
        ],
    )
    def test_a_line_that_is_spelled_otherwise(self, change, why):
        said = self.spelled(change)
        assert said.startswith("Entry 3: ")
        assert why in said

    def test_a_member_of_an_odd_type(self):
        """One sentence and the number of the entry, whatever stands there: a list is no key of a set."""
        bent = list(odd_ones(WHOLE, 3))
        assert len(bent) > 100, "the premise"
        for what, written in bent:
            assert found(written).startswith(("Entry 3: ", "Entry 1: ")), what

    def test_a_mark_at_the_beginning(self):
        written = lines(WHOLE)
        assert "byte order mark (BOM)" in found([b"\xef\xbb\xbf" + written[0], *written[1:]])
        utf_16 = b"".join(written).decode().encode("utf-16")
        assert "byte order mark (BOM)" in found(utf_16.splitlines(keepends=True))

    def test_nothing(self):
        with pytest.raises(NotInOrder, match="Entry 1 is missing: the file is empty, of zero bytes"):
            verify([])

    def test_any_bit_that_flips_is_found(self):
        """Wherever it lies: a thousand of them, drawn once."""
        whole, chance = b"".join(lines(WHOLE)), random.Random(7)
        for _each in range(1000):
            bent = bytearray(whole)
            bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
            found(bytes(bent).splitlines(keepends=True))


class TestCanonical:
    """The quick serialiser is held to a slow and obvious one."""

    @settings(max_examples=300, deadline=None)
    @given(VALUES)
    def test_it_is_rfc_8785(self, value):
        assert chain.canonical(value) == plainly(value)

    def test_of_the_specifications_own_characters(self):
        assert chain.canonical({"a": '\u20ac$\u000f\nA\'B"\\\\"/\x7f\u2028', "B": 1}) == (
            '{"B":1,"a":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f\u2028"}'.encode()
        )

    @pytest.mark.parametrize("value", [1.5, True, None, 2**53, -(2**53), {"é": 1}, {1: 1}, "\ud800", b"x"])
    def test_what_an_entry_may_not_hold(self, value):
        with pytest.raises(chain.NotCanonical):
            chain.canonical({"held": value})
