"""A disk that is full: the page says that nothing was saved and what to do, and what was typed stands in it."""

import re
import sqlite3
from contextlib import contextmanager

import psycopg
import pytest
from django import forms
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpRequest
from django.test import Client

from alongside.agencies.models import Agency
from alongside.core import space, views
from alongside.core.doing import or_say_on, status_of
from alongside.core.files import NoRoom
from tests.doors.routes import every_route
from tests.doors.test_open_forms import FROM_HERE, form, key_in  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAID = "Nothing was saved"


@contextmanager
def nothing_can_be_written():
    """Each database says so itself, when it is asked to write."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=ON")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only=OFF")
        return
    with (
        transaction.atomic()
    ):  # PostgreSQL takes this back with the step that it was said in, and not otherwise
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def stranger():
    return Client(raise_request_exception=False)


def test_every_open_form_says_so_and_keeps_what_was_typed(stranger, form):  # noqa: F811
    address, typed = form
    sent = {**typed, "form_key": key_in(stranger.get(address))}
    with nothing_can_be_written():
        answer = stranger.post(address, sent, **FROM_HERE)
    assert (answer.status_code, SAID in answer.text) == (503, True), answer.text[:500]
    for value in typed.values():
        assert value in answer.text
    assert "data-trouble" in answer.text
    assert "Not sent yet" not in answer.text, "it is said on the form itself"
    assert stranger.post(address, sent, **FROM_HERE).status_code in {200, 302}, "and later it is taken"


def test_reading_goes_on(stranger, riverbend):
    pages = [route for route in every_route() if route.is_public and route.holes == ("agency",)]
    assert len(pages) > 15, "the premise"
    with nothing_can_be_written():
        broken = [
            (route.name, status)
            for route in pages
            if (status := stranger.get(route.address("riverbend", "x")).status_code) >= 500
        ]
    assert broken == []


def sqlite_error(code):
    wrong = sqlite3.OperationalError("database or disk is full")
    wrong.sqlite_errorcode = code
    return wrong


def caused(wrong):
    outer = OperationalError("as Django says it")
    outer.__cause__ = wrong
    return outer


class TestWhatAnErrorSays:
    @pytest.mark.parametrize(
        "wrong",
        [
            OSError(28, "No space left on device"),
            OSError(27, "File too large"),
            OSError(30, "Read-only file system"),
            NoRoom("full"),
            caused(sqlite_error(sqlite3.SQLITE_FULL)),
            caused(sqlite_error(sqlite3.SQLITE_IOERR_WRITE)),
            caused(sqlite_error(sqlite3.SQLITE_READONLY)),
        ],
        ids=str,
    )
    def test_that_nothing_could_be_written(self, wrong):
        assert space.was_lacking(wrong)

    @pytest.mark.parametrize(
        "wrong",
        [None, ValueError(), OSError(2, "No such file"), caused(sqlite_error(sqlite3.SQLITE_BUSY))],
        ids=str,
    )
    def test_or_something_else(self, wrong):
        assert not space.was_lacking(wrong)


class TestADatabaseThatIsAway:
    """It does not answer, or somebody holds its lock for longer than we wait: said as a full disk is."""

    @pytest.fixture(params=["locked", "gone"])
    def wrong(self, request, tmp_path):
        """As the library says it."""
        if request.param == "locked":
            holds, asks = (sqlite3.connect(tmp_path / "rows", isolation_level=None) for _ in range(2))
            holds.execute("BEGIN IMMEDIATE")
            asks.execute("PRAGMA busy_timeout=0")
            with pytest.raises(sqlite3.Error) as wrong:
                asks.execute("BEGIN IMMEDIATE")
        else:
            with pytest.raises(psycopg.Error) as wrong:
                psycopg.connect(f"host={tmp_path} dbname=rows")
        return wrong.value

    def test_it_is_known(self, wrong):
        assert space.was_away(caused(wrong))
        assert not space.was_lacking(caused(wrong))

    def test_a_form_says_so_itself(self, wrong):
        said = forms.Form({})
        with or_say_on(said):
            raise caused(wrong)
        assert SAID in str(said.errors)
        assert status_of(said) == 503

    def test_where_no_form_was_asked_it_is_kept(self, wrong):
        answer = broken(caused(wrong), party="2", text="The lamp is out")
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert SAID in answer.text
        assert "The lamp is out" in answer.text

    def test_who_reads_is_told_to_come_back(self, wrong):
        answer = broken(caused(wrong), method="GET")
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "try again in a minute" in answer.text

    @pytest.mark.parametrize("state", ["57P01", "57P03", "08006", "53300", "55P03", "40P01"])
    def test_whatever_the_server_says_as_it_goes(self, state):
        wrong = psycopg.errors.lookup(state)("terminating connection due to administrator command")
        assert space.was_away(caused(wrong))

    @pytest.mark.parametrize(
        "wrong",
        [
            psycopg.errors.UniqueViolation("twice"),
            psycopg.ProgrammingError("no result"),
            caused(sqlite_error(sqlite3.SQLITE_CONSTRAINT)),
            OSError(2, "No such file"),
        ],
        ids=str,
    )
    def test_or_something_else(self, wrong):
        assert not space.was_away(wrong)


def broken(wrong, method="POST", **typed):
    """What is answered to a form, or a look, whose view ends in this error."""
    request = HttpRequest()
    request.method, request.path = method, "/riverbend/"
    request.META = {"HTTP_HOST": "testserver", "HTTP_ORIGIN": "http://testserver", "REMOTE_ADDR": "192.0.2.1"}
    request.POST = typed and Client().post("/nowhere", typed).wsgi_request.POST
    try:
        raise wrong
    except Exception:
        return views.something_broke(request)


def test_where_no_form_was_asked_it_is_kept_all_the_same():
    answer = broken(OSError(28, "full"), party="2", text="The lamp is out")
    said = answer.content.decode()
    assert answer.status_code == 503
    assert SAID in said
    assert "The lamp is out" in said
    assert re.search(r'<input type="hidden" name="party" value="2">', said)


def test_what_else_breaks_is_said_as_before():
    answer = broken(RuntimeError("a secret"), party="2")
    assert answer.status_code == 500
    assert SAID not in answer.content.decode()


def test_the_premise_nothing_can_be_written(riverbend):
    with nothing_can_be_written(), pytest.raises(DatabaseError) as wrong, transaction.atomic():
        Agency.objects.update(name="Another")
    assert space.was_lacking(wrong.value)
