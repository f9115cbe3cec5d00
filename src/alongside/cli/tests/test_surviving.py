"""What is asked for is done, whoever dies meanwhile. Real processes, really killed."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from email import message_from_bytes

import psutil
import pytest
from aiosmtpd.controller import Controller

from alongside.cli.tests.town import FOUND, Town, copy_of, own_database
from alongside.jobs.registry import HANDS, MAIL

pytestmark = [pytest.mark.heavy, pytest.mark.database]

# Seconds, on a machine that has much else to do. The job at hand takes thirty, and so does the patience with it.
AT_ONCE = 15
ENQUEUE = """
from alongside.jobs.actions import enqueue
print(json.dumps(enqueue(sys.argv[1], **json.loads(sys.argv[2])).pk))
"""
STATES = """
from collections import Counter
from alongside.jobs.models import Job
print(json.dumps(Counter(Job.objects.filter(name=sys.argv[1]).values_list("state", flat=True))))
"""
LEFT = """
from alongside.jobs.models import Job
from alongside.outreach.models import Mail
marks = Job.objects.open().filter(name="surviving.mark")
print(json.dumps(marks.count() + Mail.objects.waiting().count()))
"""


class PostOffice:
    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content)
        self.taken.append((message["Subject"], message["Message-ID"]))
        return "250 OK"


@pytest.fixture
def post_office():
    office = PostOffice()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    office.url = f"smtp://127.0.0.1:{port}"
    yield office
    controller.stop()


@pytest.fixture
def town(tmp_path, post_office, founded):
    with copy_of(founded, tmp_path, ALONGSIDE_SMTP_URL=post_office.url) as town:
        yield town


def test_jobs_and_mail_survive_a_storm_of_kills(town, post_office):
    """A hundred rows exactly once, a hundred mails at least once and the second copies recognisable."""
    town.do(
        """
from django.db import transaction
from alongside.agencies.models import Agency
from alongside.jobs.actions import enqueue
from alongside.outreach.tests.cast import a_mail
agency = Agency.objects.get()
for number in range(100):
    with transaction.atomic():
        enqueue("surviving.mark", number=number)
        a_mail(agency, f"neighbor{number % 20}@neighbors.example", f"News {number}")
try:
    with transaction.atomic():
        enqueue("surviving.mark", number=999)
        a_mail(agency, subject="News that is not true")
        raise ValueError
except ValueError:
    pass
"""
    )
    town.serve()
    # A kill in the middle of work, again and again: whenever some more of the 200 is done.
    kills = 0
    for done in (5, 40, 80, 120, 160):
        town.wait_for(lambda done=done: town.do(LEFT) <= 200 - done)
        kills += town.kill("worker") is not None
    town.wait_for(lambda: town.do(LEFT) == 0)
    marks = town.do(
        """
from alongside.agencies.models import AuditEntry
print(json.dumps(list(AuditEntry.objects.filter(verb__startswith="mark").values_list("verb", flat=True))))
"""
    )
    assert kills == 5, "the premise: workers did die"
    assert sorted(marks) == sorted(f"mark {number}" for number in range(100))
    by_subject = {}
    for subject, message_id in post_office.taken:
        by_subject.setdefault(subject, []).append(message_id)
    assert set(by_subject) == {f"News {number}" for number in range(100)}
    assert all(len(set(ids)) == 1 for ids in by_subject.values()), "a second copy has the first one's id"
    assert len(post_office.taken) <= 100 + kills * HANDS[MAIL], (
        "at most a second copy of what was in each hand"
    )
    states = town.do(
        """
from collections import Counter
from alongside.outreach.models import Mail
print(json.dumps(Counter(Mail.objects.values_list("state", flat=True))))
"""
    )
    assert states == {"sent": 100}
    print(f"kills {kills}, mails taken {len(post_office.taken)}")  # noqa: T201 - shown with -s


def test_a_long_job_is_taken_up_soon_after_its_worker_is_killed(town):
    town.do(ENQUEUE, "surviving.long", '{"seconds": 3}')
    town.serve()
    progress = """
from alongside.jobs.models import Job
print(json.dumps(Job.objects.get(name="surviving.long").steps_done))
"""
    town.wait_for(lambda: town.do(progress) >= 3)
    assert town.kill("worker")
    town.wait_for(lambda: town.do(STATES, "surviving.long") == {"done": 1})
    assert (town.folder / "data" / "long.txt").read_text() == "done\n"


def test_a_job_that_hangs_ends_its_worker_and_at_last_itself(town):
    town.do(ENQUEUE, "surviving.hang", "{}")
    town.serve()
    town.wait_for(lambda: town.do(STATES, "surviving.hang") == {"dead": 1})
    assert town.said().count("worker ended (exit code 70)") == 2


def test_visitors_wait_while_the_web_process_is_replaced(town):
    town.serve()
    assert town.get() == 200
    answers, stop = Counter(), threading.Event()

    def visit():
        while not stop.is_set():
            try:
                answers[town.get()] += 1
            except OSError as wrong:
                answers[type(wrong).__name__ + str(wrong)[:40]] += 1

    visitors = [threading.Thread(target=visit, daemon=True) for _ in range(2)]
    for visitor in visitors:
        visitor.start()
    old = town.kill("web")
    town.wait_for(lambda: (new := town.child("web")) and new.pid != old.pid)
    time.sleep(0.5)
    assert town.get() == 200
    stop.set()
    for visitor in visitors:
        visitor.join()
    assert answers[200] > 0
    # Whoever was being answered at that very moment is cut off; nobody after them is turned away.
    assert sum(answers.values()) - answers[200] <= len(visitors), answers


def test_told_to_stop_it_finishes_what_is_at_hand(town):
    town.do(ENQUEUE, "surviving.long", '{"seconds": 2}')
    town.serve()
    town.wait_for(lambda: town.do(STATES, "surviving.long") == {"running": 1})
    children = psutil.Process(town.process.pid).children()
    town.tell(signal.SIGTERM)
    assert town.process.wait(40) == 0
    assert town.do(STATES, "surviving.long") == {"done": 1}
    assert not any(child.is_running() for child in children)


def test_told_twice_it_stops_at_once(town):
    town.do(ENQUEUE, "surviving.long", '{"seconds": 30}')
    town.serve()
    town.wait_for(lambda: town.do(STATES, "surviving.long") == {"running": 1})
    town.tell(signal.SIGINT)
    time.sleep(0.3)
    town.tell(signal.SIGINT)
    town.process.wait(AT_ONCE)
    assert town.do(STATES, "surviving.long") == {"running": 1}, "its lease will run out, and it is done then"


def test_nothing_outlives_a_supervisor_that_is_killed(town):
    town.serve()
    children = psutil.Process(town.process.pid).children()
    assert len(children) == 2
    town.process.kill()
    gone, alive = psutil.wait_procs(children, timeout=30)
    assert len(gone) == 2
    assert alive == []


def test_the_first_command_brings_an_empty_database_to_shape(tmp_path):
    with own_database() as environment:
        town = Town(tmp_path, **environment)
        assert town.command("jobs").returncode == 0
        town.do(FOUND)
        town.end()


def test_a_taken_port_is_one_line_that_says_what_to_do(town):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = town.command("serve", "--port", str(port))
    assert answer.returncode == 2
    assert answer.stderr == (
        f"alongside: Port {port} is taken: stop what uses it, or choose another with --port.\n"
    )
    assert answer.stdout == ""


def test_a_worker_told_twice_hands_its_job_back(town):
    town.do(ENQUEUE, "surviving.long", '{"seconds": 30}')
    worker = subprocess.Popen([sys.executable, "-m", "alongside.cli", "worker"], env=town.environment)
    town.wait_for(lambda: town.do(STATES, "surviving.long") == {"running": 1})
    worker.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    worker.send_signal(signal.SIGTERM)
    worker.wait(AT_ONCE)
    assert town.do(STATES, "surviving.long") == {"waiting": 1}
