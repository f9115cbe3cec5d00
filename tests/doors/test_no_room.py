"""A disk that is full: the page says that nothing was saved and what to do, and what was typed stands in it."""

import re
import sqlite3
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpRequest
from django.test import Client

from alongside.agencies.models import Agency
from alongside.core import space, views
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


def broken(wrong, **typed):
    """What is answered to a form whose view ends in this error."""
    request = HttpRequest()
    request.method, request.path = "POST", "/riverbend/"
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
