"""Scripts of pages point downhill like everything else: to their own room or to core, and never round in a circle."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
IMPORT = re.compile(r"""(?:^|\n)(?:import|export)\b[^"';]*["'](\.[^"']+)["']""")


def imports(scripts: dict[Path, str]) -> dict[Path, set[Path]]:
    """Script → the scripts of ours that it names."""
    return {
        path: {(path.parent / named).resolve() for named in IMPORT.findall(text) if named.endswith(".js")}
        for path, text in scripts.items()
    }


def circle(wanted: dict[Path, set[Path]]) -> list[Path]:
    """Scripts that come back to where they began; empty where there are none."""
    done: set[Path] = set()

    def walk(path: Path, above: list[Path]) -> list[Path]:
        if path in above:
            return above[above.index(path) :]
        if path in done:
            return []
        for below in sorted(wanted.get(path, ())):
            if found := walk(below, [*above, path]):
                return found
        done.add(path)
        return []

    return next((found for path in sorted(wanted) if (found := walk(path, []))), [])


def ours() -> dict[Path, set[Path]]:
    return imports({path: path.read_text() for path in SOURCE.glob("*/assets/**/*.js")})


@pytest.mark.parametrize(
    ("b", "found"),
    [
        ("", []),
        ('import "./c.js";', []),
        ('import { x } from "./a.js";', ["a.js", "b.js"]),
        ('export * from "./a.js";', ["a.js", "b.js"]),
        ('import {\n  x,\n  y,\n} from "./a.js";', ["a.js", "b.js"]),
    ],
)
def test_a_circle_is_seen(b, found):
    scripts = {"a.js": 'import { y } from "./b.js";', "b.js": b, "c.js": ""}
    seen = circle(imports({Path("/s") / name: text for name, text in scripts.items()}))
    assert [path.name for path in seen] == found


def test_no_script_needs_itself():
    wanted = ours()
    assert len(wanted) > 20, "the premise"
    assert [str(path.relative_to(SOURCE)) for path in circle(wanted)] == []


def test_scripts_name_their_own_room_and_core_alone():
    uphill = {
        f"{path.relative_to(SOURCE)} → {below.relative_to(SOURCE)}"
        for path, named in ours().items()
        for below in named
        if below.relative_to(SOURCE).parts[0] not in {path.relative_to(SOURCE).parts[0], "core"}
    }
    assert uphill == set()


def test_what_a_script_names_is_there():
    lost = {str(below) for named in ours().values() for below in named if not below.is_file()}
    assert lost == set()
