"""`alongside ledger`: taken along by staff, checked by anybody."""

import sys
from datetime import UTC, datetime

import pytest

from alongside.cli import __main__ as command_line
from alongside.core import clock
from alongside.ledger import actions, chain
from alongside.ledger.models import Entry
from alongside.ledger.tests.made import OURS, a_ledger, lines, taken_over

WORDS = "consistent in itself; not proven to be the one published"
KEY = chain.public_of(OURS)


@pytest.fixture
def typed(monkeypatch, capsys):
    """What is answered on the command line: its exit code, what it says, and what it says is wrong."""

    def said(*words):
        monkeypatch.setattr(sys, "argv", ["alongside", *map(str, words)])
        try:
            command_line._answered()
        except SystemExit as ended:
            code = ended.code
        else:
            code = 0
        out, err = capsys.readouterr()
        return code, out, err

    return said


@pytest.fixture
def a_file(tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(lines(a_ledger())))
    return path


class TestVerify:
    def test_one_line_says_what_there_is_and_what_it_does_not_prove(self, typed, a_file):
        head = a_ledger()[-1]["hash"]
        assert typed("ledger", "verify", a_file) == (
            0,
            f"16 entries; head {head}; last signed day 2027-06-03; {WORDS}.\n",
            "",
        )

    def test_with_a_key_or_a_head_it_is_proven(self, typed, a_file):
        made = a_ledger()
        code, out, _err = typed("ledger", "verify", a_file, "--key", KEY.upper())
        assert (code, WORDS in out) == (0, False)
        assert "proven by the key that you gave up to entry 16" in out
        code, out, _err = typed("ledger", "verify", a_file, "--head", made[6]["hash"], "--key", KEY)
        assert (code, WORDS in out) == (0, False)
        assert "the head that you gave is entry 7" in out

    @pytest.mark.parametrize(
        ("proof", "why"),
        [
            (["--key", "ab" * 32], "alongside: Entry 1: its key is another"),
            (["--head", "ab" * 32], "alongside: None of its 16 entries has the hash"),
            (["--key", "7"], "alongside: Invalid value for '--key': '7' is not 64 hex digits"),
            (["--head", "g" * 64], "alongside: Invalid value for '--head': "),
            (["--head", ""], "alongside: Invalid value for '--head': '' is not 64 hex digits"),
        ],
    )
    def test_what_is_not_proven_ends_with_two(self, typed, a_file, proof, why):
        code, out, err = typed("ledger", "verify", a_file, *proof)
        assert (code, out) == (2, "")
        assert err.startswith(why)
        assert err.count("\n") == 1

    def test_what_a_stranger_adds_is_not_proven_by_our_key(self, typed, a_file):
        a_file.write_bytes(b"".join(lines(taken_over(a_ledger()))))
        assert typed("ledger", "verify", a_file)[0] == 0, "the premise: in itself it is in order"
        code, out, err = typed("ledger", "verify", a_file, "--key", KEY)
        assert (code, out) == (2, "")
        assert err.startswith("alongside: Entry 17: it says that the key was lost")

    @pytest.mark.parametrize(
        ("bent", "why"),
        [
            (lambda _whole: b"", "Entry 1 is missing: the file is empty, of zero bytes."),
            (lambda whole: b"\xef\xbb\xbf" + whole, "Entry 1: the file begins with a byte order mark (BOM)"),
            (lambda whole: whole.replace(b"\n", b"\r\n"), "Entry 1: the line ends in CRLF"),
            (lambda whole: whole[:-1], "Entry 16: the last line does not end in LF: the file was cut short."),
            (lambda whole: whole.replace(b"riverbend", b"r\xffverbend"), "Entry 1: it is not UTF-8."),
            (lambda whole: whole.replace(b'"steps":2', b'"steps":3'), "Entry 4: it was changed"),
        ],
    )
    def test_a_bad_file_ends_with_two_and_the_number_of_the_entry(self, typed, a_file, bent, why):
        a_file.write_bytes(bent(a_file.read_bytes()))
        code, out, err = typed("ledger", "verify", a_file)
        assert (code, out) == (2, "")
        assert err.startswith(f"alongside: {why}")
        assert err.count("\n") == 1

    def test_two_gigabytes_of_nothing_cost_no_memory(self, typed, tmp_path):
        path = tmp_path / "huge.jsonl"
        with path.open("wb") as file:
            file.truncate(2 << 30)  # holes: it takes no room
        code, _out, err = typed("ledger", "verify", path)
        assert code == 2
        assert "Entry 1: the line is longer than 65536 bytes" in err

    def test_no_file_and_a_folder(self, typed, tmp_path):
        assert typed("ledger", "verify", tmp_path / "none.jsonl")[0] == 2
        assert typed("ledger", "verify", tmp_path)[0] == 2


class TestExport:
    @pytest.fixture
    def signed(self, riverbend):
        with clock.at(datetime(2027, 6, 3, 12, tzinfo=UTC)):
            actions.begin(riverbend)
        with clock.at(datetime(2027, 6, 4, 12, tzinfo=UTC)):
            actions.seal(riverbend)

    def test_what_was_written_comes_out_byte_for_byte(self, typed, riverbend, elsewhere, signed, tmp_path):
        actions.begin(elsewhere)
        path = tmp_path / "out.jsonl"
        assert typed("ledger", "export", "riverbend", path) == (0, f"{path}: 2 entries.\n", "")
        kept = Entry.objects.of(riverbend).values_list("line", flat=True)
        assert path.read_text() == "".join(f"{line}\n" for line in kept)
        code, out, _err = typed("ledger", "verify", path)
        assert code == 0
        assert "2 entries" in out
        assert "last signed day 2027-06-03" in out

    def test_one_that_was_not_begun_is_begun(self, typed, riverbend, tmp_path):
        path = tmp_path / "out.jsonl"
        assert typed("ledger", "export", "riverbend", path)[0] == 0
        assert chain.verify(path.read_bytes().splitlines(keepends=True)).entries == 1

    def test_no_such_agency_and_no_such_folder(self, typed, riverbend, tmp_path):
        assert typed("ledger", "export", "atlantis", tmp_path / "x")[0] == 2
        assert typed("ledger", "export", "riverbend", tmp_path / "none" / "x")[0] == 2
        assert list(tmp_path.iterdir()) == []


class TestKey:
    def test_it_is_said_changed_and_lost(self, typed, riverbend, tmp_path):
        first = typed("ledger", "key", "riverbend")[1].strip()
        second = typed("ledger", "key", "riverbend", "--new")[1].strip()
        third = typed("ledger", "key", "riverbend", "--lost")[1].strip()
        assert len({first, second, third}) == 3
        kinds = list(Entry.objects.of(riverbend).values_list("kind", flat=True))
        assert kinds == [chain.BEGUN, chain.CHANGED, chain.LOST]
        path = tmp_path / "out.jsonl"
        typed("ledger", "export", "riverbend", path)
        assert chain.verify(path.read_bytes().splitlines(keepends=True)).key == third

    def test_a_lost_file_is_lost_for_all_and_the_command_says_for_whom(self, typed, riverbend, elsewhere):
        actions.begin(elsewhere)
        before = typed("ledger", "key", elsewhere.slug)[1].strip()
        code, _out, err = typed("ledger", "key", "riverbend", "--lost")
        after = typed("ledger", "key", elsewhere.slug)[1].strip()
        assert code == 0
        assert before != after
        assert f"{elsewhere.slug}, whose key is now {after}" in err
        assert elsewhere.slug not in typed("ledger", "key", "riverbend", "--new")[2]
