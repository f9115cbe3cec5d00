"""Ada brings the promises of the years before: every row is kept, merged or set aside, and says that it came later."""

import json
import re
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.core.errors import Refusal
from alongside.followthrough.commands import promises
from alongside.followthrough.models import Concern, Load, Loaded, Promise, State
from alongside.followthrough.promises import actions
from alongside.followthrough.promises.loading import judging, keeping
from alongside.followthrough.promises.loading.rows import MOST_ROWS, Aside, Odd, UnreadableTable
from alongside.followthrough.promises.models import Kept
from alongside.followthrough.tests.cast import member, town
from alongside.jobs import worker
from alongside.outside import workbooks
from alongside.outside.tests.spreadsheets import xlsx
from alongside.places.sheets import UnreadableSheet, read_table

pytestmark = pytest.mark.django_db

HEAD = "Promise,Owner,Date promised,Due date,Status,What came of it,Closed on,Neighborhood"
CROSSING = (
    "Repaint the crossing at Oak Street,Harvey Dent,2021-03-04,2021-05-01,Done,Painted by night.,2021-04-20,"
    "Eastbank"
)
BENCHES = "Two benches at the mall,Sgt. Old Hand,2020-06-01,2020-09-01,Not kept,No money that year.,2020-12-01,Eastbank"


def csv(*rows, head=HEAD):
    return "\n".join([head, *rows]).encode()


@pytest.fixture
def streets(riverbend):
    return town(riverbend)


def read(agency, content, **more):
    return judging.judged(agency, read_table(content), file_name="past.csv", **more)


def load(agency, content, *, by=None, released=True):
    return keeping.load_file(agency, read(agency, content), released=released, by=by)


def reasons(agency, *rows, head=HEAD):
    return [each.reason for each in read(agency, csv(*rows, head=head)).set_aside]


# -- what a row becomes -------------------------------------------------------------------------------
def test_a_promise_of_before_comes_in_whole_and_says_so(riverbend, streets, dent, ada):
    taken, kept = load(riverbend, csv(CROSSING, BENCHES), by=ada)
    assert kept.outcomes == {"added": 2}
    crossing, benches = Promise.objects.order_by("-made_on")
    assert crossing.owner == member(dent, riverbend)
    assert (crossing.made_on, crossing.due, crossing.closed_on) == (
        date(2021, 3, 4),
        date(2021, 5, 1),
        date(2021, 4, 20),
    )
    assert (crossing.state, str(crossing.outcome), crossing.area) == (
        Kept.KEPT,
        "Painted by night.",
        streets["Eastbank"],
    )
    assert crossing.is_loaded
    assert crossing.kept_on_time
    assert crossing.published_at
    assert (benches.owner, benches.who, benches.state) == (None, "Sgt. Old Hand", Kept.NOT_KEPT)
    assert AuditEntry.objects.get(verb="loaded").thing_id == taken.public_id


def test_without_both_days_nothing_was_kept_on_time(riverbend):
    load(
        riverbend,
        csv(
            "Paint it,Ann,2021-03-04,2021-05-01,Done,Painted.,2021-04-20,",
            "Mend it,Ann,2021-03-04,,Done,Mended.,2021-04-20,",
            "Plant it,Ann,2021-03-04,2021-05-01,Done,Planted.,,",
        ),
    )
    assert [str(each.what) for each in Promise.objects.all() if each.kept_on_time] == ["Paint it"]
    assert [str(each.what) for each in Promise.objects.kept_on_time()] == ["Paint it"]
    mend = next(each for each in Promise.objects.all() if str(each.what) == "Mend it")
    assert mend.due_said == ""
    assert Promise.objects.with_both_days().count() == 1


def test_only_what_is_from_before_may_lack_a_day_or_an_owner(riverbend, dent):
    load(riverbend, csv(CROSSING))
    for wrong in ({"due_known": False}, {"typed_owner": "Somebody", "owner": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.update(loaded_at=None, **wrong)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Paint it,Ann,2021-03-04,1900-05-01,,,,", Aside.FAR),
        ("Paint it,Ann,1900-03-04,2021-05-01,,,,", Aside.FAR),
        ("Paint it,Ann,2021-03-04,2199-05-01,,,,", Aside.FAR),
        ("Paint it,Ann,2021-03-04,2021-05-01,Done,Yes.,2021-01-01,", Aside.ENDED_BEFORE),
        ("Paint it,Ann,2021-03-04,2021-02-01,Done,Yes.,2021-04-01,", Aside.BACKWARDS),
        ("Paint it,Ann,2031-03-04,2031-04-01,,,,", Aside.FUTURE),
        ("Paint it,Ann,2021-03-04,2021-04-01,Done,Yes.,2031-04-01,", Aside.FUTURE),
        ("Paint it,Ann,soon,2021-04-01,,,,", Aside.BAD_DAY),
        ("Paint it,Ann,,2021-04-01,,,,", Aside.NO_DAY),
        ("Paint it,,2021-03-04,2021-04-01,,,,", Aside.NO_WHO),
        (",Ann,2021-03-04,2021-04-01,,,,", Aside.NO_WHAT),
        ("Paint it,Ann,2021-03-04,2021-04-01,perhaps,,,", Aside.STATE),
        ("Paint it,Ann,2021-03-04,2021-04-01,,,2021-04-01,", Aside.NO_STATE),
        ("Paint it,Ann,2021-03-04,2021-04-01,open,,2021-04-01,", Aside.OPEN_AND_ENDED),
        ("Paint it,Ann,2021-03-04,,open,,,", Aside.NO_DUE),
        (f"{'x' * 281},Ann,2021-03-04,2021-04-01,,,,", Aside.LONG),
    ],
)
def test_each_row_that_cannot_be_is_set_aside_for_one_reason(riverbend, row, reason):
    told = read(riverbend, csv(row, "Paint it,Ann,2021-03-04,2021-05-01,Done,Yes.,2021-04-20,"))
    assert [(each.line, each.reason) for each in told.set_aside] == [(2, reason)]
    assert told.kept == 1
    assert told.adds_up
    assert not Promise.objects.exists()


def test_what_may_describe_somebody_stays_with_us(riverbend, ada):
    told = "Call back about 502-555-0134,Ann,2021-03-04,2021-05-01,Done,Called.,2021-04-20,"
    _load, kept = load(riverbend, csv(told, CROSSING), by=ada)
    assert kept.read.odd[Odd.SIGNS] == 1
    assert [str(each.what) for each in Promise.objects.open_to_all()] == [
        "Repaint the crossing at Oak Street"
    ]
    assert Promise.objects.count() == 2


def test_without_the_tick_nothing_is_public_and_with_it_later_all_is(riverbend, ada):
    load(riverbend, csv(CROSSING), by=ada, released=False)
    assert not Promise.objects.open_to_all().exists()
    _load, kept = load(riverbend, csv(CROSSING), by=ada)
    assert kept.outcomes == {"changed": 1}
    assert Promise.objects.open_to_all().count() == 1
    load(riverbend, csv(CROSSING), by=ada, released=False)
    assert Promise.objects.open_to_all().count() == 1, "what was promised in public stays there"


def test_what_was_asked_becomes_a_concern_with_its_promise(riverbend, streets, dent, ada):
    head = HEAD + ",Concern,About,Where it was said"
    asked = ",The light at the stop is out,Street lights,Meeting at the library"
    load(riverbend, csv(CROSSING + asked, head=head), by=ada)
    concern = Concern.objects.get()
    assert (concern.state, str(concern.summary), concern.words) == (
        State.DONE,
        "The light at the stop is out",
        "",
    )
    assert concern.is_loaded
    assert not concern.to_confirm, "nobody of that time can be asked"
    assert (concern.heard_on, concern.neighborhood, concern.category) == (
        date(2021, 3, 4),
        streets["Eastbank"],
        "lighting",
    )
    assert [step.deed for step in concern.steps.order_by("at")] == ["received", "closed"]
    assert Promise.objects.get().concern == concern
    assert str(Promise.objects.get().origin_label) == "Meeting at the library"


def test_a_concern_alone_needs_nobody_to_answer_and_its_private_words_stay_private(riverbend, ada):
    row = ",,2021-03-04,,No,Not ours to mend.,2021-04-20,,Potholes in Mill Row"
    load(riverbend, csv(row, head=HEAD + ",Concern"), by=ada, released=False)
    concern = Concern.objects.get()
    assert (concern.state, concern.words, str(concern.summary)) == (
        State.DECLINED,
        "Potholes in Mill Row",
        "",
    )
    assert not Promise.objects.exists()


def test_a_late_one_is_late_and_an_item_is_written_as_the_catalogue_does(riverbend, dent):
    row = "Train all of us,Harvey Dent,2021-03-04,2021-05-01,In progress,,,,4.5.1,javascript:alert(1)"
    told = read(riverbend, csv(row, head=HEAD + ",Recommendation,Evidence"))
    (entry,) = told.entries
    assert (entry.item, entry.link) == ("tf:4.5.1", "")
    assert {Odd.LATE, Odd.LINK} <= entry.odd


# -- once ----------------------------------------------------------------------------------------------
def test_the_same_file_twice_is_once(riverbend, ada):
    load(riverbend, csv(CROSSING, BENCHES, CROSSING), by=ada)
    _load, kept = load(riverbend, csv(CROSSING, BENCHES), by=ada)
    assert kept.outcomes == {"unchanged": 2}
    assert Promise.objects.count() == 2


def test_a_number_twice_that_says_something_else_is_set_aside(riverbend):
    told = [f"{row},7" for row in (CROSSING, BENCHES)]
    assert reasons(riverbend, *told, head=HEAD + ",ID") == [Aside.TWICE]


def test_a_corrected_file_mends_what_it_loaded_and_says_what_differs(riverbend, dent, ada):
    head = HEAD + ",ID"
    open_one = "Paint it,Harvey Dent,2021-03-04,2021-05-01,Open,,,,1"
    other = "Mend it,Harvey Dent,2021-03-04,2021-05-01,Open,,,,2"
    load(riverbend, csv(open_one, other, head=head), by=ada)
    touched = next(each for each in Promise.objects.all() if str(each.what) == "Mend it")
    actions.keep(touched, outcome="We mended it ourselves.", by=ada)
    done = [row.replace("Open,,,", "Done,Finished by the city.,2021-04-30,") for row in (open_one, other)]
    _load, kept = load(riverbend, csv(*done, head=head), by=ada)
    assert kept.outcomes == {"changed": 1, "differs": 1}
    assert [each["line"] for each in kept.differ] == [3]
    assert {str(each.outcome) for each in Promise.objects.all()} == {
        "Finished by the city.",
        "We mended it ourselves.",
    }


def test_a_load_that_is_killed_goes_on_and_counts_once(riverbend, ada, monkeypatch):
    rows = [f"Promise {n},Ann,2021-03-04,2021-05-01,Done,Yes.,2021-04-20," for n in range(120)]
    told = read(riverbend, csv(*rows))
    record = Load.objects.create(agency=riverbend, file_name="past.csv", by=ada, released=True)

    def power_goes(done, total):
        if done == 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeping.keep(record, told, progress=power_goes)
    assert Promise.objects.count() == 100
    kept = keeping.keep(record, read(riverbend, csv(*rows)))
    assert kept.outcomes == {"added": 120}
    assert Promise.objects.count() == Loaded.objects.count() == 120


def test_what_was_promised_here_already_is_not_loaded_beside_it(riverbend, dent, ada):
    today = riverbend.today()
    said = actions.Said("Paint the rail", member(dent, riverbend), today + timedelta(days=9))
    actions.make(riverbend, said, by=ada)
    row = f"paint the rail!,Harvey Dent,{today},{today + timedelta(days=9)},open,,,"
    assert reasons(riverbend, row) == [Aside.HERE]


# -- taken back ---------------------------------------------------------------------------------------
def test_a_load_is_taken_back_whole_while_nobody_touched_it(riverbend, dent, ada):
    head = HEAD + ",Concern"
    taken, _kept = load(riverbend, csv(CROSSING + ",The lines are gone", BENCHES + ",", head=head), by=ada)
    said = actions.Said("Ours", member(dent, riverbend), riverbend.today())
    ours = actions.make(riverbend, said, by=ada)
    keeping.undo(taken, by=ada)
    assert list(Promise.objects.all()) == [ours]
    assert not Concern.objects.exists()
    assert not Loaded.objects.exists()
    assert AuditEntry.objects.get(verb="unloaded").detail == {"count": 2}
    _again, kept = load(riverbend, csv(CROSSING + ",The lines are gone", head=head), by=ada)
    assert kept.outcomes == {"added": 1}


def test_once_somebody_worked_on_it_the_load_stays(riverbend, dent, ada):
    taken, _kept = load(riverbend, csv(CROSSING, "Mend it,Harvey Dent,2021-03-04,2021-05-01,Open,,,"), by=ada)
    actions.keep(Promise.objects.open().get(), outcome="Mended at last.", by=ada)
    with pytest.raises(keeping.WorkedOn, match="line 3"):
        keeping.undo(taken, by=ada)
    assert Promise.objects.count() == 2


# -- files as offices have them -----------------------------------------------------------------------
SPREADSHEET = [
    ["Promises of the Second Division", None, None, None, None, None, None, None],
    ["as of 2022", None, None, None, None, None, None, None],
    HEAD.split(","),
    [
        "Paint it",
        "Ann",
        date(2021, 3, 4),
        date(2021, 5, 1),
        "Done",
        "=A1&A2 -> It was painted.",
        44306,
        "Eastbank",
    ],
    ["Mend it", None, date(2021, 3, 5), date(2021, 5, 1), "Done", "Mended.", date(2021, 4, 20), None],
]


def test_a_spreadsheet_with_titles_dates_formulas_and_merged_cells(riverbend, streets):
    told = read(riverbend, xlsx(SPREADSHEET, merged=["A1:H1", "B4:B5"]))
    paint, mend = told.entries
    assert (paint.what, paint.made_on, paint.closed_on) == ("Paint it", date(2021, 3, 4), date(2021, 4, 20))
    assert (paint.outcome, paint.area) == ("It was painted.", streets["Eastbank"])
    assert (mend.who, mend.lines) == ("Ann", [5])


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + csv(CROSSING.replace("night", "ni\u00f1o")),
        csv(CROSSING.replace("night", "ni\u00f1o")).decode().encode("cp1252"),
        csv(CROSSING.replace("night", "ni\u00f1o")).replace(b",", b";"),
        csv(CROSSING.replace("night", "ni\u00f1o")).replace(b",", b"\t"),
        csv(CROSSING.replace("night", "ni\u00f1o")).decode().encode("utf-16"),
        b"Promises of 2021,,,,,,,\n\n" + csv(CROSSING.replace("night", "ni\u00f1o")),
        csv(CROSSING.replace("night", "ni\u00f1o")).replace(b"\n", b"\r\n") + b"\r\n,,,,,,,\r\n",
    ],
    ids=["bom", "cp1252", "semicolon", "tabs", "utf-16", "lines above", "crlf"],
)
def test_text_as_programs_write_it(riverbend, content):
    (entry,) = read(riverbend, content).entries
    assert entry.outcome == "Painted by ni\u00f1o."
    assert entry.due == date(2021, 5, 1)


def test_headings_that_repeat_are_told_apart(riverbend):
    told = read(
        riverbend,
        csv("Paint it,Ann,2021-03-04,2021-05-01,Done,Yes.", head="Promise,Owner,Date,Due date,Status,Status"),
    )
    assert told.columns[-1] == "Status (6)"
    assert told.entries[0].state == Kept.KEPT


def test_a_formula_stays_words(riverbend):
    told = read(riverbend, csv("=cmd|' /C calc'!A0,Ann,2021-03-04,2021-05-01,Done,Yes.,2021-04-20,"))
    (entry,) = told.entries
    assert entry.what.startswith("=cmd|")
    assert Odd.FORMULA in entry.odd


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"<!DOCTYPE html><html><table><tr><td>Promise", "web page"),
        (xlsx([]), "empty"),
        (xlsx(SPREADSHEET)[:900], "opened|unpacked"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "opened"),
        (csv(), "no rows"),
    ],
    ids=["empty", "only a mark", "html named xlsx", "empty sheet", "cut off", "old and broken", "head alone"],
)
def test_what_is_no_table_is_refused_in_a_sentence(content, says):
    with pytest.raises(Refusal, match=says):
        read_table(content)


def test_a_hundred_thousand_rows_are_no_load(riverbend):
    content = csv(*["Paint it,Ann,2021-03-04,2021-05-01,Done,Yes.,2021-04-20,"] * 100_000)
    with pytest.raises(UnreadableTable, match=f"{MOST_ROWS:,}"):
        read(riverbend, content)
    with pytest.raises(UnreadableSheet, match="100,000"):
        read_table(content + b"\nMend it,Ann,2021-03-04")


def test_a_spreadsheet_is_known_by_what_it_holds(tmp_path):
    assert workbooks.is_one(xlsx(SPREADSHEET))
    file = tmp_path / "past.csv"
    file.write_bytes(xlsx(SPREADSHEET))
    assert workbooks.is_one(file)
    assert not workbooks.is_one(csv(CROSSING))


# -- the page -----------------------------------------------------------------------------------------
def url(name, *args):
    return reverse(f"followthrough:{name}", args=["riverbend", *args])


def hand_over(desk, content, name="past.csv"):
    return desk.post(url("load"), {"file": SimpleUploadedFile(name, content)})


def test_ada_looks_before_anything_is_kept_and_takes_it_back(riverbend, ada, client_for):
    desk = client_for(ada)
    looked = hand_over(desk, csv(CROSSING, "Mend it,,2021-03-04,2021-05-01,,,,"))
    page = desk.get(looked["Location"]).text
    assert "Nothing is kept yet." in page
    assert "Repaint the crossing at Oak Street" in page
    assert "nobody is named who promised it" in page
    assert not Promise.objects.exists()

    kept = desk.post(looked["Location"], {"act": "keep", "released": "on", **chosen(page)})
    assert "You may leave this page" in desk.get(kept["Location"]).text
    worker.drain()
    assert "1 are new" in desk.get(kept["Location"]).text
    assert Promise.objects.open_to_all().count() == 1
    assert desk.get(kept["Location"] + "report.json").json()["added"] == 1

    taken = desk.post(url("load-undo", Load.objects.get().public_id), follow=True)
    assert "nothing of this file stands here any more" in taken.text
    assert not Promise.objects.exists()


def chosen(page):
    """The columns as the page shows them."""
    return dict(re.findall(r'<select name="(column_\w+)".*?<option value="([^"]*)" selected>', page, re.S))


def test_a_column_that_was_guessed_wrongly_is_chosen_by_hand(riverbend, ada, client_for):
    desk = client_for(ada)
    content = csv("Paint it,Ann,2021-03-04,2021-05-01", head="Vow,Owner,Date promised,Due date")
    look = hand_over(desk, content)["Location"]
    assert "There is no row that can be kept." in desk.get(look).text
    desk.post(
        look,
        {
            "act": "look",
            "column_what": "Vow",
            **{
                f"column_{name}": column
                for name, column in (("who", "Owner"), ("made_on", "Date promised"), ("due", "Due date"))
            },
        },
    )
    assert "Load this row" in desk.get(look).text


def test_a_load_that_somebody_worked_on_says_on_its_page_why_it_stays(riverbend, ada, client_for):
    taken, _kept = load(riverbend, csv(CROSSING), by=ada)
    Promise.objects.update(item="tf:4.5.1")
    answer = client_for(ada).post(url("load-undo", taken.public_id))
    assert answer.status_code == 422
    assert "Somebody has worked on 1 row" in answer.text
    assert Promise.objects.count() == 1


def test_nobody_else_loads_or_reads_what_was_loaded(riverbend, ada, dent, eve, client_for):
    taken, _kept = load(riverbend, csv(CROSSING), by=ada)
    for person in (dent, eve):
        for address in (url("load"), url("load-report", taken.public_id), url("load-json", taken.public_id)):
            assert client_for(person).get(address).status_code in {403, 404}
        assert client_for(person).post(url("load-undo", taken.public_id)).status_code in {403, 404}
    assert client_for(ada).get(url("load-report", taken.public_id)).status_code == 200
    assert Promise.objects.exists()


# -- the command --------------------------------------------------------------------------------------
def run(*words):
    return CliRunner().invoke(promises, list(words))


def test_the_command_shows_first_keeps_then_and_takes_back(riverbend, tmp_path):
    file = tmp_path / "past.xlsx"
    file.write_bytes(xlsx(SPREADSHEET, merged=["B4:B5"]))
    assert "Nothing was written" in run("import", "riverbend", str(file)).output
    assert not Promise.objects.exists()
    told = json.loads(run("import", "riverbend", str(file), "--keep", "--public", "--json").output)
    assert (told["read"], told["added"], told["columns"]["what"]) == (2, 2, "Promise")
    assert Promise.objects.open_to_all().count() == 2
    assert "Taken back" in run("undo", "riverbend", told["load"]).output
    assert not Promise.objects.exists()


def test_the_command_says_which_columns_it_may_be_told(riverbend, tmp_path):
    file = tmp_path / "past.csv"
    file.write_bytes(csv("Paint it,Ann,2021-03-04,2021-05-01", head="Vow,Owner,Date promised,Due date"))
    assert isinstance(run("import", "riverbend", str(file)).exception, Refusal)
    assert "1 kept" in run("import", "riverbend", str(file), "--column", "what=Vow").output
    assert "what, who" in run("import", "riverbend", str(file), "--column", "vow=Vow").output
    assert isinstance(run("undo", "riverbend", "nothere").exception, Refusal)
