"""A worker is killed while a file is read apart: nobody is left over it, and the file is read later, once."""

import psutil
import pytest

from alongside.cli.tests.town import copy_of
from alongside.incidents.tests.reading_help import HEADING

pytestmark = pytest.mark.heavy

ROWS = 500_000
BEGIN = """
from django.core.files import File
from alongside.agencies.models import Agency
from alongside.incidents import actions
agency = Agency.objects.get(slug="riverbend")
with open(sys.argv[1], "rb") as file:
    record = actions.upload(agency, [File(file, "calls.csv")], by=None)
actions.start(record, by=None, given=None)
"""
HOW_FAR = """
from alongside.incidents.models import Import
print(json.dumps(list(Import.objects.values_list("state", "percent", "report__kept"))))
"""


@pytest.fixture
def town(tmp_path, founded):
    with copy_of(founded, tmp_path) as town:
        yield town


def test_killed_while_a_file_is_read_it_leaves_nobody_and_reads_it_later(town, tmp_path):
    file = tmp_path / "calls.csv"
    rows = (f"R-{at},2026-03-04 18:30:00,{'THEFT' * 20},39.1,-84.5\n" for at in range(ROWS))
    file.write_text(HEADING + "".join(rows))
    town.do(BEGIN, file)
    town.serve()
    town.wait_for(lambda: [state for state, percent, _ in town.do(HOW_FAR) if state == "running" and percent])
    apart = town.child("worker").children(recursive=True)
    assert any(process.cpu_times().user > 0.3 for process in apart), "the premise: one of them reads"
    town.kill("worker")
    _, left = psutil.wait_procs(apart, timeout=10)
    assert left == []
    town.wait_for(lambda: town.do(HOW_FAR) == [["done", 100, ROWS]])
