"""By which name a request asked for us is its sender's word: nothing is made of it but where it is checked."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
ASKS = re.compile(
    r"build_absolute_uri|get_host\b|get_raw_uri|get_current_site|RequestSite|HTTP_HOST|SERVER_NAME|SERVER_PORT"
    r"|X-Forwarded-Host|X_FORWARDED_HOST|headers(?:\.get)?[\[(]\s*[\"']Host|request\.scheme"
)
CHECKED = {
    "core/demo.py": "who may sign in by one click: from this machine",
    "core/doors.py": "whether a form comes from a page of ours, and for whom a page was kept",
    "core/middleware.py": "whoever makes a whole address of a request gets ours",
}


def asks_for_the_name(text: str) -> bool:
    return bool(ASKS.search(text))


@pytest.mark.parametrize(
    "line",
    [
        "request.build_absolute_uri(path)",
        "request.get_host()",
        "request.headers['Host']",
        "{{ request.get_host }}",
    ],
)
def test_a_link_by_the_name_that_was_asked_for_would_be_seen(line):
    assert asks_for_the_name(line)


def test_nobody_else_asks():
    files = [path for kind in ("*.py", "*.html", "*.txt", "*.xml") for path in SOURCE.rglob(kind)]
    asking = {
        str(path.relative_to(SOURCE))
        for path in files
        if "tests" not in path.parts and asks_for_the_name(path.read_text(encoding="utf-8"))
    }
    assert asking == set(CHECKED)
