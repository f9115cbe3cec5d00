"""The page about adding a room is followed to the letter, in a copy of the project; and then the house is asked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "howto" / "add-a-room.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(r"`(src/alongside/[\w/.]+)`")
LIVED_IN = """
import django
django.setup()
from alongside.cli.database import bring_up_to_date
bring_up_to_date()
from datetime import date, time, timedelta
from django.test import Client
from alongside.agencies.models import Agency, Duty, Member, Role, User
from alongside.gatherings import actions as gatherings
from alongside.gatherings.importing.kinds import guess
from alongside.lost import actions
from alongside.lost.models import Thing

riverbend = Agency.objects.create(slug="riverbend", name="Riverbend Police", timezone="America/New_York")
ada = User.objects.create(email="ada@riverbend.example")
Duty.objects.create(member=Member.objects.create(agency=riverbend, user=ada, name="Ada"), role=Role.COORDINATOR)
picnic = gatherings.plan(
    riverbend, by=ada, title="Picnic by the river", kind=guess("Picnic by the river"), at=time(12, 0),
    on=riverbend.today() + timedelta(days=3), meeting_point="By the oak",
)
assert picnic.kind == "picnic"
actions.keep(picnic, what="A red scarf", by=ada)
stranger = Client()
assert "A red scarf" not in stranger.get("/riverbend/lost/").text, "a draft's"
gatherings.publish(picnic, by=ada)
assert "A red scarf" in stranger.get("/riverbend/lost/").text
assert "Lost and found</a>" in stranger.get("/riverbend/").text, "the menu"
member = Client()
member.force_login(ada)
assert "Left behind, and nobody has fetched it" in member.get("/riverbend/workspace/").text, "this week"
assert "Picnic" in member.get("/riverbend/workspace/gatherings/plan/").text, "the new kind"
gatherings.cancel(picnic, reason="Rain all day long", by=ada)
assert not Thing.objects.exists(), "it heard of it"
"""


def blocks() -> list[tuple[str, str]]:
    """Each new file of the page with its text; the names stand in the words before it, in order."""
    text, found, after = PAGE.read_text(), [], 0
    names: list[str] = []
    for block in BLOCK.finditer(text):
        names += [name for name in NAMED.findall(text[after : block.start()]) if not (ROOT / name).exists()]
        after = block.end()
        if block[1] != "toml":
            suffix = ".html" if block[1] == "html" else ".py"
            name = next(name for name in names if name.endswith(suffix))
            names.remove(name)
            found.append((name, block[2]))
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The project with the room and the kind of the page in it."""
    root = tmp_path_factory.mktemp("house")
    for name in ("src", "tests", "docs", "bench", "bin"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "conftest.py", "README.md", "ARCHITECTURE.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, root)
    for name in (".venv", "node_modules"):
        (root / name).symlink_to(ROOT / name)
    (root / "build").mkdir()
    (root / "build" / "static").symlink_to(ROOT / "build" / "static")
    for name, text in blocks():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    drawing = root / "pyproject.toml"
    (line,) = re.search(r"```toml\n(.*?)```", PAGE.read_text(), re.S).groups()
    floor = line.splitlines(keepends=True)[-1]
    assert drawing.read_text().count(floor) == 1, "the floor below stands in the drawing as the page says"
    drawing.write_text(drawing.read_text().replace(floor, line))
    done(root, "-m", "django", "makemigrations", "lost")
    assert (root / "src/alongside/lost/migrations/0001_initial.py").exists()
    return root


def done(root: Path, *words: str, **more: str) -> str:
    """What Python says there, having succeeded."""
    environment = os.environ | {
        "PYTHONPATH": f"{root / 'src'}:{root}",
        "ALONGSIDE_DATA": str(root / "data"),
        "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
        "DATABASE_URL": "",
        **more,
    }
    ran = subprocess.run(
        [sys.executable, *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout


def test_the_page_names_a_file_for_every_block():
    names = [name for name, _text in blocks()]
    assert len(names) == len(set(names)) == 10
    assert "src/alongside/lost/manifest.py" in names


@pytest.mark.heavy
def test_the_room_is_lived_in(copy):
    done(copy, "-c", LIVED_IN, ALONGSIDE_HOSTS="testserver", ALONGSIDE_REQUIRE_MFA="false")


@pytest.mark.heavy
def test_its_command_leaves_no_data_folder(copy, tmp_path):
    things = tmp_path / "things.csv"
    things.write_text("what,where\nA red scarf,gate\nA glove,steps\n")
    folder = tmp_path / "data"
    assert (
        done(copy, "-m", "alongside.cli", "lost", "count", str(things), ALONGSIDE_DATA=str(folder)) == "2\n"
    )
    assert not folder.exists()


@pytest.mark.heavy(minutes=2)
def test_the_house_still_stands(copy):
    """The guards of the house, of the doors and of the manifests, with the room in it."""
    (copy / "docs/reference/commands.md").open("a").write("\n## `lost count FILE`\n\nCount.\n")
    guards = [
        "tests/architecture",
        "--ignore",
        "tests/architecture/test_settings.py",
        "tests/doors",
        "tests/docs/test_reference.py",
    ]
    done(
        copy, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not heavy and not browser", *guards
    )
    done(
        copy,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run(['--no-cache']))",
    )
