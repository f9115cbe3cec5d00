"""`/healthz` says whether the house can do its work, and to nobody why not."""

import logging
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError

from alongside.config import health
from alongside.core import clock, space
from alongside.jobs import actions
from alongside.jobs.models import WorkerSeen

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def a_house_at_work(settings, monkeypatch):
    settings.DATA.mkdir()
    actions.say_alive("here:1")
    monkeypatch.setattr(health, "_said", [""])


def asked(client, **headers):
    answer = client.get("/healthz", headers=headers)
    return answer.status_code, answer.content


WELL, NOT_WELL = (200, b"ok\n"), (503, b"not ok\n")


def test_it_is_well_and_costs_one_question(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert asked(client) == WELL


def test_it_is_asked_anew_each_time_and_kept_by_no_cache(client):
    assert "no-store" in client.get("/healthz")["Cache-Control"]
    assert asked(client) == WELL
    WorkerSeen.objects.all().delete()
    assert asked(client) == NOT_WELL


def test_a_worker_that_stands_still_is_missed(client, django_assert_num_queries):
    WorkerSeen.objects.update(seen_at=clock.now() - timedelta(seconds=61))
    with django_assert_num_queries(1):
        assert asked(client) == NOT_WELL


def test_a_database_that_is_away(client, monkeypatch):
    def away():
        raise OperationalError("could not connect to server: host db.internal")

    monkeypatch.setattr(health.health, "a_worker_is_here", away)
    assert asked(client) == NOT_WELL


def test_a_data_folder_that_may_not_be_written_to(client, monkeypatch):
    monkeypatch.setattr(space.os, "access", lambda path, mode: False)
    assert asked(client) == NOT_WELL


def test_a_data_folder_that_is_gone(client, settings):
    settings.DATA.rmdir()
    assert asked(client) == NOT_WELL


def test_a_disk_that_is_full(client, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(space.shutil, "disk_usage", lambda path: usage(space.NEARLY_NONE - 1))
    assert asked(client) == NOT_WELL
    monkeypatch.setattr(space.shutil, "disk_usage", lambda path: usage(space.NEARLY_NONE + 1))
    assert asked(client) == WELL, "little room is for `alongside check`: the site can still do its work"
    assert list(space.trouble(health.settings.DATA)) == ["only 0.1 GB are free on its disk"]


def test_a_member_of_staff_learns_no_more(client, ada):
    WorkerSeen.objects.all().delete()
    client.force_login(ada)
    assert asked(client) == NOT_WELL


def test_the_log_says_why_when_it_changes_and_not_each_time(client, caplog):
    caplog.set_level(logging.INFO, logger="alongside.health")
    for _ in range(3):
        asked(client)
    WorkerSeen.objects.all().delete()
    for _ in range(3):
        asked(client)
    actions.say_alive("here:2")
    asked(client)
    assert caplog.messages == ["not well: no worker has given a sign of life within a minute", "well again"]


def test_it_takes_no_form(client):
    assert client.post("/healthz").status_code == 405
