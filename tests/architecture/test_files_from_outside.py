"""A file from outside is read in a process apart: no page, command or job runs a parser of its own on it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.apps import apps

from alongside.core.manifest import follow, manifests
from alongside.outside.readers import Reader
from tests.architecture.reading import parsed
from tests.attack.test_readers import PAGES
from tests.attack.test_readers import TYPED as TYPED_PAGES

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
PARSES = re.compile(
    r"(?:icalendar\.Calendar\.from_ical|recurring_ical_events\.of|json\.loads?|tomllib\.loads?"
    r"|csv\.(?:reader|DictReader)|zipfile\.ZipFile|gzip\.(?:open|GzipFile|decompress)|zlib\.decompress(?:obj)?"
    r"|PIL\.Image\.open|osmium\.(?:FileProcessor|SimpleHandler|io\.Reader)|pickle\.loads?|numpy\.load"
    r"|shapely\.from_(?:wkt|geojson)|shapely\.geometry\.shape|openpyxl\..*|python_calamine\.CalamineWorkbook.*|xml\..*|lxml\..*"
    r"|email\.(?:message_from_\w+|parser\..*)"
    r"|alongside\.outside\.(?:texts\.(?:json_of|text_of|bytes_of)|tables\.rows_of))"
)
DATABASE_READS = re.compile(r"\bread_(?:parquet|csv\w*|json\w*|text|blob)\b")

# Where a parser is called in the process apart.
APART = {
    "followthrough/passing/answers.py",
    "gatherings/importing/calendar_file.py",
    "gatherings/importing/files.py",
    "gatherings/importing/tables.py",
    "incidents/reading/judging.py",
    "incidents/reading/mapping.py",
    "incidents/reading/records.py",
    "incidents/reading/sources.py",
    "incidents/reading/staging.py",
    "media/drawing.py",
    "outside/tables.py",
    "outside/texts.py",
    "outside/workbooks.py",
    "outreach/reports.py",
    "places/boundaries/counts.py",
    "places/boundaries/geojson.py",
    "places/sheets.py",
    "places/streets/extract.py",
    "walks/planning.py",
}
# What else is read, and whose it is.
OURS = {
    "core/authored/words.py": "words as our own rows keep them",
    "core/backup/archive.py": "a backup of ours, sealed; whoever keeps the house hands it in",
    "core/backup/beside.py": "what stands beside one",
    "core/backup/erased.py": "what stands beside one",
    "core/backup/keyring.py": "keys of ours, shut with a passphrase",
    "core/backup/rows.py": "rows of a backup, whose digests fit",
    "core/counters.py": "counts as we wrote them down",
    "followthrough/promises/loading/keeping.py": "which column holds what, as a person chose it and we wrote it down",
    "core/files.py": "what a reader made, kept by ourselves",
    "core/phrases.py": "sentences as our own rows keep them",
    "core/svgmap.py": "shapes that our own pages hand on",
    "demo/build.py": "files of the demo, made by itself",
    "demo/city.py": "shapes of the demo, made by itself",
    "demo/marker.py": "a mark that the demo left",
    "gatherings/importing/keeping.py": "the kinds that a person chose, as we wrote them down",
    "core/kept.py": "arrays as we wrote them down",
    "incidents/models.py": "whether parts of the lake are whole, as we wrote them",
    "records/exporting.py": "an export, which we write",
    "records/models.py": "whether an export is whole, as we wrote it",
    "records/taking.py": "sentences as our own rows keep them, and a file that we write",
    "incidents/lake.py": "parts of the lake, written by us",
    "ledger/chain.py": "a line of a ledger, never longer than 64 kB; and our own lines",
    "media/models.py": "whether a picture is whole, as we drew it anew",
    "outside/apart.py": "what our own process says",
    "places/models.py": "arrays as we wrote them down",
    "places/queries.py": "arrays as we wrote them down",
    "places/staging.py": "a note of ours",
}
ANSWERS = {
    "field/phone.py": "a short note of plain values, its size limited by the door",
    "outside/web.py": "an answer is unpacked as it comes, up to its limit, within its time",
    "weather/service.py": "an answer of plain values, its size limited by the door out",
}
# A file that a person hands in, by the field of its form; which readers it comes to.
FIELDS = {
    "places.forms.BoundaryUpload.file": ("places.guesses.FIELDS", "places.boundaries.files.AREAS"),
    "places.forms.BoundaryUpload.table": ("places.sheets.SHEET", "places.boundaries.files.COUNTS"),
    "places.forms.StreetsUpload.file": ("places.streets.reading.STREETS",),
    "places.forms.VenueUpload.file": ("places.sheets.SHEET",),
    "places.forms.ExposureUpload.file": ("places.sheets.SHEET",),
    "followthrough.forms.LoadForm.file": ("places.sheets.TABLE",),
    "people.forms.PeopleUpload.file": ("places.sheets.SHEET",),
    "gatherings.forms.ImportForm.file": ("gatherings.importing.files.GATHERINGS",),
    "incidents.forms.UploadForm.uploaded": ("incidents.readers.LOOK", "incidents.readers.READ"),
    "rosters.forms.AwayCalendar.file": ("rosters.tables.WHOLE_DAYS",),
    "rosters.forms.TableUpload.file": ("places.sheets.SHEET",),
    "walks.forms.PlanForm.upload": ("walks.planning.AREA",),
}
# GeoJSON that a map writes into a form, or a person pastes there.
TYPED = {
    "places.forms.AreaDrawing.drawing": ("places.boundaries.files.DRAWING",),
    "walks.forms.PlanForm.drawn": ("walks.planning.AREA",),
}
NOT_READ = {"core.style.Sample.paper": "a field that shows how one looks"}
# Views that look at a request's files or its bytes, without a form of the list above.
BODIES = {
    "core/doors.py": "whether a button was pressed; names of files, to tell a form sent twice",
    "core/middleware.py": "names and sizes, to tell a form sent twice",
    "field/phone.py": "a note, and a photo that comes to media.drawing.PICTURE",
}


def named(module: ast.Module) -> Iterator[str]:
    """The dotted names that a module uses of what it imports."""
    names: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for each in node.names:
                names[each.asname or each.name.split(".")[0]] = (
                    each.name if each.asname else each.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    for node in ast.walk(module):
        parts, inner = [], node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(inner, ast.Name) and inner.id in names:
            yield ".".join([names[inner.id], *reversed(parts)])


def parses(text: str) -> bool:
    module = parsed(text)
    written = (node.value for node in ast.walk(module) if isinstance(node, ast.Constant))
    return any(PARSES.fullmatch(name) for name in named(module)) or any(
        isinstance(each, str) and DATABASE_READS.search(each) for each in written
    )


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "tests" not in path.parts:
            yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


@cache
def readers() -> dict[str, Reader]:
    return {dotted: follow(dotted) for room in manifests().values() for dotted in room.readers.values()}


@pytest.mark.parametrize(
    "line",
    [
        "import json\njson.loads(request.body)",
        "from json import load\nload(file)",
        "import csv as tables\ntables.reader(file)",
        "from PIL import Image\ndef late():\n    Image.open(file)",
        "from email import message_from_bytes\nmessage_from_bytes(raw)",
        "import email.parser\nemail.parser.BytesParser().parsebytes(raw)",
        "from icalendar import Calendar\nCalendar.from_ical(text)",
        "import zipfile\nwith zipfile.ZipFile(path) as archive: pass",
        "con.execute(f'SELECT * FROM read_parquet({name})')",
    ],
)
def test_a_parser_would_be_seen(line):
    assert parses(line)


@pytest.mark.parametrize(
    "line", ["import json\njson.dumps(1)", "import csv\ncsv.writer(file)", "read_csv = 1"]
)
def test_what_only_writes_is_let_by(line):
    assert not parses(line)


def test_nobody_parses_elsewhere():
    found = {name for name, text in sources() if parses(text)}
    assert found == APART | OURS.keys() | ANSWERS.keys(), (
        "declare a Reader beside it, or say here whose bytes they are"
    )


def test_every_reader_is_listed_and_is_one():
    assert len(readers()) > 10, "the premise"
    assert all(isinstance(reader, Reader) for reader in readers().values())
    declared = {
        (module.removesuffix(".py").replace("/", "."), target.id)
        for module, text in sources()
        for node in parsed(text).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "Reader"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert {tuple(dotted.rsplit(".", 1)) for dotted in readers()} == declared


def test_a_parser_is_called_by_its_reader_or_by_another_parser():
    """A page that imports the function itself would run it where it cannot be ended."""
    parsers = {f"{each.parse.__module__}.{each.parse.__qualname__}" for each in readers().values()}
    calling = {
        (name, used)
        for name, text in sources()
        for used in named(parsed(text))
        if used in parsers and name not in APART | {"demo/build.py"}
    }
    beside = {(name, used) for name, used in calling if _hands_it_to_a_reader(name, used)}
    assert calling == beside, "call Reader.read"


def _hands_it_to_a_reader(name: str, used: str) -> bool:
    """Whether a module mentions the parser only where it declares its Reader."""
    module = parsed((SOURCE / name).read_text(encoding="utf-8"))
    last = used.rsplit(".", 1)[-1]
    mentioned = [
        node
        for node in ast.walk(module)
        if (isinstance(node, ast.Attribute) and node.attr == last)
        or (isinstance(node, ast.Name) and node.id == last)
    ]
    handed = {
        id(node.args[0])
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Reader"
        and node.args
    }
    return all(id(node) in handed for node in mentioned)


# -- the doors ------------------------------------------------------------------------------------------
def every_form() -> set[type[forms.BaseForm]]:
    """Of every room: a form is there once its module is loaded."""
    for room in apps.get_app_configs():
        folder = Path(room.path)
        if SOURCE in [folder, *folder.parents]:
            for path in folder.glob("*.py"):
                if "forms." in (text := path.read_text(encoding="utf-8")) and "class " in text:
                    __import__(f"{room.name}.{path.stem}")
    found, left = set(), [forms.BaseForm]
    while left:
        each = left.pop()
        left += each.__subclasses__()
        found.add(each)
    return {
        form
        for form in found
        if form.__module__.startswith("alongside.") and ".tests." not in form.__module__
    }


def test_every_field_that_takes_a_file_comes_to_a_reader():
    fields = {
        f"{form.__module__}.{form.__qualname__}.{name}".removeprefix("alongside.")
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField)
    }
    assert fields == FIELDS.keys() | NOT_READ.keys(), "which Reader reads it?"


def test_the_page_of_each_is_attacked():
    """But for the table with residents, which comes along with a file of outlines."""
    assert len(PAGES) + len(TYPED_PAGES) >= len(FIELDS) - 1 + len(TYPED)
    attacked = {reader for _field, _more, reader in [*PAGES.values(), *TYPED_PAGES.values()]}
    for name, comes_to in (FIELDS | TYPED).items():
        assert attacked & set(comes_to), f"{name}: add its page to tests/attack/test_readers.py"


def test_what_a_field_comes_to_is_a_reader_of_a_room():
    named_here = {reader for each in (FIELDS | TYPED).values() for reader in each}
    assert named_here <= readers().keys()
    for name in TYPED:
        form, field = name.rsplit(".", 1)
        assert field in follow(form).base_fields


def test_no_other_view_looks_at_a_requests_files_or_bytes():
    looking = {
        name
        for name, text in sources()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Attribute)
        and node.attr in {"FILES", "body", "read", "readline", "readlines"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
        and not _goes_into_a_form(text, node)
    }
    assert looking == BODIES.keys(), "read it by a form of FIELDS, or say here what is done with it"


def _goes_into_a_form(text: str, files: ast.Attribute) -> bool:
    """`SomeForm(request.POST or None, request.FILES or None, …)`, where the form's field is on the list."""
    listed = {name.split(".")[-2] for name in FIELDS}
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in listed
        and any(files in ast.walk(argument) for argument in node.args)
        for node in ast.walk(parsed(text))
    )


def test_a_file_named_on_the_command_line_is_not_read_by_the_command_itself():
    reading = {
        f"{name}: {node.attr}"
        for name, text in sources()
        if name.endswith("commands.py")
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Attribute) and node.attr in {"read_bytes", "read_text"}
    }
    assert not reading, "hand its path to a Reader"
