"""The house keeps its shape: everything that points from room to room points downhill."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet
from tests.architecture.reading import parsed
from tests.doors.routes import every_route

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "alongside"


def floors() -> dict[str, int]:
    """Room → floor; a higher number lies lower. Read from the one drawing there is, the import contract."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return {
        room.strip(): floor for floor, layer in enumerate(contract["layers"]) for room in layer.split("|")
    }


FLOOR = floors()
MODELS = [model for model in apps.get_models() if model.__module__.startswith("alongside.")]


def downhill(source: str, target: str) -> bool:
    """Whether one room may know the other: itself, or a lower one."""
    return source == target or FLOOR[source] < FLOOR[target]


def test_the_drawing_names_every_room():
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(FLOOR)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_foreign_keys_run_downhill(model):
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type):
            target = field.related_model._meta.app_label
            assert target not in FLOOR or downhill(model._meta.app_label, target), field


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_column_begins_as_the_name_of_another(model):
    """In a class, `default=public_id` is the column above and not the function: its name was written into rows."""
    for field in model._meta.concrete_fields:
        assert not isinstance(field.default, models.Field), field


def test_migrations_depend_downhill():
    for (room, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        for target, _ in migration.dependencies:
            if room in FLOOR and target in FLOOR:
                assert downhill(room, target), f"{room}.{name} depends on {target}"


@pytest.mark.parametrize(
    "path", sorted(SOURCE.glob("*/migrations/0*.py")), ids=lambda path: f"{path.parts[-3]}.{path.stem}"
)
def test_a_migration_stands_by_itself(path):
    """What a room says or does changes; what became of old rows does not. A name (`import …`) is of a column alone."""
    for node in ast.walk(parsed(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("alongside."):
            assert node.module.split(".")[1] == "core", f"line {node.lineno}: say here what was so then"


TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
SHELL = "the shell leads home from every page, and home is composed of every room"
KEPT = "who is asked for words may read how long they are kept, which is told of every room"
WALL = "who is promised that nothing is enforced may read how that is kept, which is told of the whole agency"
# Links in a page of a lower room to one of a higher room. A list to be emptied: whoever removes the last link of a
# name removes its line; a new one needs a reason that a reader would miss the link for.
UPHILL_LINKS = {
    ("core/_kept.html", "front:what-we-keep"): KEPT,
    ("gatherings/_what_we_keep.html", "front:what-we-keep"): KEPT,
    ("records/releases.html", "front:what-we-keep"): KEPT,
    (
        "followthrough/_is_it_so.html",
        "gatherings:coming",
    ): "whom five answers in writing did not settle is asked to speak with us",
    (
        "core/_public_footer.html",
        "front:accessibility",
    ): "whom a page stands in the way of looks for it in the footer",
    (
        "season/rhythm.html",
        "front:settings",
    ): "how far people are sent is looked for where a plan's rules stand",
    (
        "core/_public_footer.html",
        "records:releases",
    ): "every footer says that each release is counted in public, and where",
    (
        "core/_yours.html",
        "records:yours",
    ): "whoever holds a key has all that is kept under it, of whatever room",
    (
        "core/_public_footer.html",
        "ledger:ledger",
    ): "what is promised on any page can be checked, and the footer says where",
    ("core/_public_header.html", "front:home"): SHELL,
    ("core/_public_header.html", "front:install"): SHELL,
    ("core/_public_header.html", "front:workspace"): SHELL,
    ("core/_who.html", "front:home"): SHELL,
    ("core/_who.html", "front:you"): SHELL,
    ("core/_workspace_header.html", "front:install"): SHELL,
    ("core/_workspace_header.html", "front:workspace"): SHELL,
    ("core/error.html", "front:home"): SHELL,
    ("core/error.html", "front:install"): SHELL,
    (
        "followthrough/follow.html",
        "gatherings:coming",
    ): "who lost the card is asked to the next walk, and to which",
    ("gatherings/_what_we_keep.html", "front:wall"): WALL,
    ("walks/detail.html", "front:wall"): WALL,
}


def leanings(text: str) -> dict[str, set[str]]:
    """What the tags of a template name, of any room: its templates, its pages, its libraries of tags."""
    tags = TAG.findall(text)
    quoted = re.compile(r"""(["'])([a-z]+[:/][^"']+)\1""")
    names = {name for tag in tags for _quote, name in quoted.findall(tag)}
    loads = [tag.strip("{%}- ").split() for tag in tags]
    return {
        "templates": {name for name in names if re.fullmatch(r"[a-z]+/[^:]+\.\w+", name)},
        "pages": {name for name in names if re.fullmatch(r"[a-z]+:[a-z][a-z0-9-]*", name)},
        "libraries": {each for words in loads if words[:1] == ["load"] for each in words[1:]},
    }


def test_what_a_template_leans_on_is_seen_in_either_quotes():
    page = """{% load look doors %}{% extends 'core/page.html' %}{% include "walks/_walk.html" with to='walks:plan' %}
    <a href="{% url
    'front:home' agency.slug %}">{% if member|may_open:"places:areas" %}<i title="not:this">places/no.html</i>"""
    assert leanings(page) == {
        "templates": {"core/page.html", "walks/_walk.html"},
        "pages": {"walks:plan", "front:home", "places:areas"},
        "libraries": {"look", "doors"},
    }


def test_templates_lean_downhill():
    """A template may extend, include, load and link to only what belongs to its own room or a lower one."""
    room_of = {
        path.stem: path.relative_to(SOURCE).parts[0] for path in SOURCE.glob("*/templatetags/[a-z]*.py")
    }
    names_of: Counter[str] = Counter()
    uphill = set()
    for template in SOURCE.glob("*/templates/**/*.*"):
        room = template.relative_to(SOURCE).parts[0]
        page = "/".join(template.relative_to(SOURCE).parts[2:])
        for kind, names in leanings(template.read_text()).items():
            names_of[kind] += len(names)
            for name in names:
                target = room_of.get(name, "") if kind == "libraries" else re.split("[:/]", name)[0]
                if target in FLOOR and not downhill(room, target):
                    assert kind == "pages", f"{page} leans on {name}"
                    uphill.add((page, name))
    assert uphill == set(UPHILL_LINKS), "links that go up are listed with their reason, and no others"
    assert min(names_of["templates"], names_of["pages"], names_of["libraries"]) > 20, (
        "the pattern finds nothing any more"
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_what_belongs_to_an_agency_has_the_door(model):
    """Every model with an agency can be asked `visible_to`."""
    owns = any(field.is_relation and field.related_model is Agency for field in model._meta.concrete_fields)
    if owns:
        assert issubclass(model, AgencyOwned)
        assert isinstance(model._default_manager.all(), AgencyQuerySet)


OWNED = "|".join(model.__name__ for model in MODELS if issubclass(model, AgencyOwned))
PAST_THE_DOOR = ["of", "belonging_to", "everywhere"]
WRITES = ["create", "bulk_create", "get_or_create", "update_or_create", "select_for_update", "none"]
# They act for the agency; whoever calls them has passed the door (decision 1).
ACT_FOR_THE_AGENCY = {"actions.py", "jobs.py", "commands.py"}


def reads(text: str, *, but: list[str]) -> list[str]:
    """Where a text reads rows of an agency, not beginning with one of these words."""
    word = rf"\s*\.\s*(?:{'|'.join(but)})\("
    bare = re.compile(
        rf"\b(?:{OWNED})\.objects\b(?!{word})|\bget_(?:object|list)_or_404\(\s*(?:{OWNED})\b\s*,"
    )
    return [text[found.start() :].partition("\n")[0] for found in bare.finditer(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Post.objects.filter(gathering=gathering)",
        "Post.objects\n    .get(pk=1)",
        "fields.ModelChoiceField(queryset=Venue.objects)",
        "get_object_or_404(Walk, pk=pk)",
        "Post.objects.offered(day)",
    ],
)
def test_a_read_past_the_door_is_seen(line):
    assert reads(line, but=["visible_to", *PAST_THE_DOOR, *WRITES])


@pytest.mark.parametrize(
    "line",
    ["Post.objects\n    .of(agency)", "get_object_or_404(Walk.objects.visible_to(user, at=agency), pk=pk)"],
)
def test_a_read_that_says_why_is_let_by(line):
    assert not reads(line, but=["visible_to", *PAST_THE_DOOR, *WRITES])


def test_every_read_begins_with_the_door_or_says_why_not():
    """A page may be made far from its view: there too a read begins with who is looking, or one of three words."""
    looked = 0
    for path in sorted(SOURCE.rglob("*.py")):
        room, *inside = path.relative_to(SOURCE).parts
        if room == "demo" or {"tests", "migrations"} & set(inside) or path.name in ACT_FOR_THE_AGENCY:
            continue
        looked += 1
        bare = reads(path.read_text(), but=["visible_to", *PAST_THE_DOOR, *WRITES])
        assert not bare, f"{path.relative_to(SOURCE)}: {bare}"
    assert looked > 100, "the premise"


def test_every_view_reads_through_the_door():
    """In views a read of an agency's rows begins with visible_to, and nothing else is a reason."""
    views = {Path(inspect.getfile(inspect.unwrap(route.view))) for route in every_route()}
    ours = {view for view in views if SOURCE in view.parents}
    assert len(ours) > 12, "desks and members are views too, whatever their file is called"
    for view in sorted(ours):
        bare = reads(view.read_text(), but=["visible_to"])
        assert not bare, f"{view.relative_to(SOURCE)}: {bare}"


def test_models_are_described():
    for model in MODELS:
        assert model.__doc__, model
        assert not model.__doc__.startswith(f"{model.__name__}("), model


def test_the_audit_trail_is_only_added_to(riverbend, ada):
    """The trail is only added to."""
    from alongside.agencies.models import AuditEntry

    entries = AuditEntry.objects.visible_to(ada, at=riverbend)
    assert entries.exists()
    with pytest.raises(TypeError):
        entries.update(verb="did nothing")
    with pytest.raises(TypeError):
        entries.delete()


def test_methods_are_pure():
    """Mathematics needs no database to be tested."""
    for module in (SOURCE / "methods").rglob("*.py"):
        if "tests" not in module.parts:
            assert not re.search(
                r"^\s*(from|import) (django|alongside\.(?!methods))", module.read_text(), re.M
            ), module


def test_no_moment_is_set_behind_ones_back():
    """No effects in save(): a moment is set where the deed is done."""
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField):
                assert not field.auto_now, f"{field}: a hidden effect of save()"


def test_the_house_starts_without_mathematics():
    """Loading all of scipy makes every command and every restart a second slower: write `import scipy`, no more."""
    start = "import sys, django; django.setup(); import alongside.config.urls; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True).stdout
    assert "alongside.methods.routing" in loaded, "the premise: what computes is at hand"
    assert not re.findall(r"\bscipy\.(?:sparse|spatial|special|optimize|linalg|stats)\b", loaded)


def test_an_agency_is_held_without_its_key():
    """Every row of an agency points to it. Held with its key, it would stop all of them, and end in deadlocks."""
    held = re.compile(r"Agency\.objects\.select_for_update\((?!no_key=True\))")
    held_whole = [
        str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if held.search(path.read_text())
    ]
    assert held_whole == []
