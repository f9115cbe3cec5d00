"""However many workers there are, each address hears in order and once. On both databases, with real threads."""

import time

import pytest

from alongside.jobs import actions as work
from alongside.jobs.registry import MAIL
from alongside.jobs.tests.test_many_workers import patiently, together
from alongside.jobs.worker import run
from alongside.outreach.models import Mail
from alongside.outreach.tests.cast import a_mail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_each_address_hears_in_order_and_once(post_office, riverbend):
    for number in range(8):
        for neighbor in range(4):
            a_mail(riverbend, f"neighbor{neighbor}@neighbors.example", f"News {number}")

    def works(worker):
        until = time.monotonic() + 60
        while time.monotonic() < until and patiently(lambda: Mail.objects.waiting().exists()):
            job = patiently(lambda: work.claim(lane=MAIL, worker=str(worker)))
            if job is None:
                time.sleep(0.05)
            else:
                patiently(lambda job=job: run(job))

    assert together(works) == []
    heard = {}
    for _from, [to], message in post_office.taken:
        heard.setdefault(to, []).append(message["Subject"])
    assert heard == {
        f"neighbor{neighbor}@neighbors.example": [f"News {number}" for number in range(8)]
        for neighbor in range(4)
    }
