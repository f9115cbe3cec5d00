"""What the documents say is what there is."""

import ast
import re
from importlib import import_module
from pathlib import Path

import click
from django.urls import reverse

from alongside.cli.__main__ import alongside
from alongside.config.options import Options
from alongside.core import key_use
from alongside.core.manifest import follow, manifests

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "alongside"
METHODS = SOURCE / "methods"
METHOD_PAGES = sorted((ROOT / "docs" / "methods").glob("*.md"))


def setting_names() -> set[str]:
    named = {name for name in Options.model_fields if name != "database_url"}
    return {f"ALONGSIDE_{name.upper()}" for name in named} | {"DATABASE_URL"}


def test_every_setting_is_documented_and_nothing_else():
    page = (ROOT / "docs/reference/settings.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.M)) == setting_names()


def every_command(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    commands = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            commands |= every_command(command, f"{prefix}{name} ")
        if not isinstance(command, click.Group) or command.invoke_without_command:
            commands[f"{prefix}{name}"] = command
    return commands


def test_every_command_is_documented_with_its_options():
    page = (ROOT / "docs/reference/commands.md").read_text()
    sections = dict(re.findall(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    commands = every_command(alongside)
    assert {re.split(r" (?=[A-Z\[])", title)[0] for title in sections} == set(commands)
    for title, text in sections.items():
        command = commands[re.split(r" (?=[A-Z\[])", title)[0]]
        for option in (each for each in command.params if isinstance(each, click.Option) and not each.hidden):
            assert option.opts[0] in text, f"{title} does not tell of {option.opts[0]}"


def test_every_ring_of_keys_is_told():
    """Whoever loses one, or makes a new one, reads what hangs on it."""
    told = set(re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/howto/run.md").read_text(), re.M))
    assert set(key_use.rings()) <= told


def test_every_public_table_is_told_with_its_forms_and_columns():
    page = (ROOT / "docs/reference/public-data.md").read_text()
    sections = dict(re.findall(r"^## `/SLUG/([^`]+)`\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    told = {
        path: (
            re.search(r"^Forms: (.*?)\.", text)[1].split(", "),
            re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.M),
        )
        for path, text in sections.items()
    }
    words = {"csv": "CSV", "json": "JSON", "geojson": "GeoJSON", "csv-metadata.json": "columns"}
    assert told == {
        reverse(f"{room}:{dataset.view_names['csv']}", args=["SLUG"])
        .removeprefix("/SLUG/")
        .removesuffix(".csv"): (
            [words[form] for form in dataset.forms],
            [(column.name, column.kind) for column in dataset.columns],
        )
        for room, offers in manifests().items()
        for dataset in map(follow, offers.data)
    }


def test_every_json_answer_of_a_command_is_told():
    page = (ROOT / "docs/reference/json.md").read_text()
    told = set(re.findall(r"^## `alongside ((?:[a-z]+ ?)+)", page, re.M))
    answers = {
        name
        for name, command in every_command(alongside).items()
        if any("--json" in option.opts for option in command.params)
    }
    assert len(answers) > 4, "the premise"
    assert {name.strip() for name in told} == answers


def test_each_method_has_a_page_that_names_its_module():
    packages = {path.parent.name for path in METHODS.glob("*/__init__.py") if path.parent.name != "tests"}
    assert len(packages) > 2, "the premise"
    assert len(METHOD_PAGES) >= len(packages), "the premise"
    pages = "\n".join(page.read_text() for page in METHOD_PAGES)
    for package in packages:
        assert f"alongside.methods.{package}" in pages, f"no page in docs/methods names {package}"


def test_each_method_page_names_a_module_that_is_there():
    for page in METHOD_PAGES:
        named = re.search(r"^Modules?: `(alongside\.[a-z_.]+)`", page.read_text(), re.M)
        assert named, f"{page.name} does not say which module it is about"
        import_module(named[1])


def test_a_method_page_begins_with_a_promise():
    for page in METHOD_PAGES:
        headings = re.findall(r"^#+ .*$", page.read_text(), re.M)
        assert "promise" in headings[1].lower(), f"{page.name} begins with {headings[1]}"


def test_links_between_documents_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_what_a_room_offers_is_there():
    """The front door of a room names what others call: each is a function or a class of that room.

    But for the door that every model of an agency inherits.
    """
    for door in sorted(SOURCE.glob("*/__init__.py")):
        _before, _offers, offered = (ast.get_docstring(ast.parse(door.read_text())) or "").partition(
            "Offers:"
        )
        named = set(re.findall(r"(\w+)\(\w*\)", offered.partition("Leans on:")[0])) - {"visible_to"}
        code = "\n".join(path.read_text() for path in door.parent.rglob("*.py"))
        gone = {name for name in named if not re.search(rf"\b(?:def|class) {name}\b", code)}
        assert gone == set(), door.parent.name
