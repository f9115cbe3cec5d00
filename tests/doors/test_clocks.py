"""Moments on an agency’s pages are those of its clocks, however they are written: nobody has to remember it."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from alongside.agencies.middleware import agency_of_the_path
from alongside.core import formats
from alongside.core.errors import phrase
from alongside.core.tables import Head, shown
from alongside.core.templatetags.written import register
from alongside.incidents.models import Import, State

LATE = datetime(2026, 3, 5, 3, 30, tzinfo=UTC)  # in New York, half past ten the evening before
SOURCE = Path(formats.__file__).resolve().parents[2]


@pytest.mark.django_db
def test_every_view_below_an_agency_runs_by_its_clocks_and_no_other_does(riverbend):
    request = RequestFactory().get("/riverbend/workspace/")
    seen = []

    def answer(request):
        seen.append(timezone.get_current_timezone_name())
        visit.process_view(request, None, (), {"agency": riverbend.slug})
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    visit = agency_of_the_path(answer)
    request.session = {}
    visit(request)
    assert seen == ["UTC", riverbend.timezone]
    assert timezone.get_current_timezone_name() == "UTC", "the next visitor's agency may lie elsewhere"


@pytest.mark.django_db
def test_an_import_is_shown_with_the_hour_on_the_wall(client_for, riverbend, ada):
    row = Import.objects.create(agency=riverbend, state=State.FAILED, names=["calls.csv"])
    Import.objects.filter(pk=row.pk).update(created_at=LATE)
    client = client_for(ada)
    page = client.get(reverse("incidents:import", args=["riverbend", row.public_id])).text
    assert "March 4, 2026, 10:30 p.m." in page
    assert "3:30" not in page
    assert "March 4, 2026" in client.get(reverse("incidents:imports", args=["riverbend"])).text


@pytest.mark.parametrize("way", ["filter day", "phrase", "table"])
def test_a_day_is_the_day_here_however_it_is_written(way):
    ways = {
        "filter day": lambda: register.filters["day"](LATE),
        "phrase": lambda: str(phrase("%(day)s", day=LATE)),
        "table": lambda: shown(LATE, Head("When")),
    }
    with timezone.override("America/New_York"):
        assert ways[way]() == "March 4, 2026"
        wall = LATE.astimezone(timezone.get_fixed_timezone(540))
        assert formats.by_the_clock_here(wall) is wall, "what has a clock of its own keeps it"


def written_without_a_clock(text: str) -> list[str]:
    """Calls of `formats` on what a row keeps as a moment (`…_at`): these must go by a clock first."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "formats"
        and node.func.attr != "when"  # of a day and an hour on the wall, two columns
        and any(isinstance(each, ast.Attribute) and each.attr.endswith("_at") for each in node.args)
    ]


def test_no_code_writes_a_moment_of_a_row_without_a_clock():
    found = {
        str(path.relative_to(SOURCE)): calls
        for path in SOURCE.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        and (calls := written_without_a_clock(path.read_text()))
    }
    assert found == {}
    assert written_without_a_clock("formats.day(run.made_at)")
    assert not written_without_a_clock("formats.day(agency.local(run.made_at))")
