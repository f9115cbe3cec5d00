"""A process is killed between writing an entry and committing it: nothing of it stays, and nothing forks."""

import json
import signal
import subprocess
import sys

import pytest

from alongside.cli.tests.town import copy_of

RECORD = """
import django; django.setup()
import os, sys
from django.db import transaction
from alongside.agencies.models import Agency
from alongside.ledger import actions, kinds
kinds.kinds()["bench.asked"] = "A bench was asked for"
agency = Agency.objects.get(slug="riverbend")
actions.record(agency, "bench.asked", {"seats": 1})
with transaction.atomic():
    actions.record(agency, "bench.asked", {"seats": 2})
    if sys.argv[1] == "killed":
        print("written", flush=True)
        os.kill(os.getpid(), 9)
print("committed", flush=True)
"""


def record(town, how):
    return subprocess.run(
        [sys.executable, "-c", RECORD, how], env=town.environment, capture_output=True, text=True
    )


@pytest.mark.heavy
@pytest.mark.database
def test_what_was_not_committed_was_never_there(founded, tmp_path):
    with copy_of(founded, tmp_path) as town:
        killed = record(town, "killed")
        assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "written\n"), killed.stderr
        assert record(town, "whole").stdout == "committed\n"
        path = tmp_path / "ledger.jsonl"
        assert town.command("ledger", "export", "riverbend", str(path)).returncode == 0
        seats = [json.loads(line)["body"].get("seats") for line in path.read_text().splitlines()]
        assert seats == [None, 1, 1, 2], "the first of each process was committed; of two, one second was"
        checked = town.command("ledger", "verify", str(path))
        assert (checked.returncode, checked.stdout.split(";")[0]) == (0, "4 entries"), checked.stderr
