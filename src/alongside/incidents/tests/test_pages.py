"""Ada uploads, looks, says what the columns mean, waits, and reads the report. Others do not."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Agency, AuditEntry, User
from alongside.core import data
from alongside.incidents import actions, lake
from alongside.incidents.models import Import, Rules, State
from alongside.incidents.tests.reading_help import HEADING, row
from alongside.jobs import worker

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

BODY = "".join(row(f"R-{at}") for at in range(40)) + row("R-x", when="1900-01-01")


def to(agency: Agency, name: str, *args: str) -> str:
    return reverse(f"incidents:{name}", args=[agency.slug, *args])


def upload(client: Client, agency: Agency, text: str = HEADING + BODY, name: str = "calls.csv") -> Any:
    return client.post(to(agency, "upload"), {"uploaded": SimpleUploadedFile(name, text.encode())})


def test_from_upload_to_report(client_for: ClientFor, riverbend: Agency, ada: User) -> None:
    client = client_for(ada)
    assert "Nothing imported yet" in client.get(to(riverbend, "imports")).text
    answer = upload(client, riverbend)
    record = Import.objects.get()
    assert answer.url == to(riverbend, "columns", record.public_id)
    page = client.get(answer.url).text
    assert '<option value="Date Occurred" selected>' in page
    guessed = {role: page_value for role, page_value in _selected(client, answer.url).items() if page_value}
    started = client.post(answer.url, guessed)
    assert started.url == to(riverbend, "import", record.public_id)
    waiting = client.get(started.url).text
    assert "Waiting for its turn" in waiting
    assert 'http-equiv="refresh"' in waiting
    worker.drain()
    report = client.get(started.url)
    assert report.status_code == 200
    assert "No date, or one that cannot be" in report.text
    assert "Days covered" in report.text
    assert client.get(to(riverbend, "progress", record.public_id))["HX-Redirect"] == started.url
    listed = b"".join(client.get(to(riverbend, "set-aside", record.public_id))).decode("utf-8-sig")
    assert listed.splitlines() == ["file,line,reason", "calls.csv,42,unreadable or impossible date"]
    assert AuditEntry.objects.filter(actor=ada, verb="downloaded the rows set aside of").exists()
    assert client.get(to(riverbend, "report", record.public_id)).json()["kept"] == 40
    assert not list(data.folder("uploads", "incidents").iterdir())  # read, and gone
    assert lake.Lake(riverbend).total == 40


def _selected(client: Client, url: str) -> dict[str, str]:
    form = client.get(url).context["form"]
    return {name: form[name].initial for name in form.fields}


def test_a_wrong_guess_is_put_right_on_the_page(client_for: ClientFor, riverbend: Agency, ada: User) -> None:
    client = client_for(ada)
    odd = "number,moment,what,north,east\n" + BODY
    answer = upload(client, riverbend, odd)
    page = client.get(answer.url).text
    assert "It could not be told" in page
    refused = client.post(answer.url, {"id": "number"}, follow=True)
    assert "name one as occurred" in refused.text
    said = {
        "id": "number",
        "occurred": "moment",
        "category": "what",
        "latitude": "north",
        "longitude": "east",
    }
    client.post(answer.url, said)
    worker.drain()
    record = Import.objects.get()
    assert record.report["kept"] == 40
    kept = tomllib.loads(client.get(to(riverbend, "mapping", record.public_id)).text)
    assert kept["columns"]["latitude"] == "north"


def test_a_file_that_is_no_table_is_refused_on_the_form_and_nothing_stays(
    client_for: ClientFor, riverbend: Agency, ada: User
) -> None:
    answer = upload(client_for(ada), riverbend, "", "empty.csv")
    assert answer.status_code == 422
    answer = upload(client_for(ada), riverbend, "\0" * 400, "photo.csv")
    assert "is no text table" in answer.text
    assert not Import.objects.exists()
    assert not list(data.folder("uploads", "incidents").iterdir())


def test_what_fails_while_it_is_read_says_so_and_can_be_removed(
    client_for: ClientFor, riverbend: Agency, ada: User
) -> None:
    client = client_for(ada)
    text = HEADING + "".join(row(f"R-{at}", kind=f"he said {at}") for at in range(3001))
    answer = upload(client, riverbend, text)
    client.post(answer.url, _selected(client, answer.url))
    worker.drain()
    record = Import.objects.get()
    page = client.get(to(riverbend, "import", record.public_id)).text
    assert "text and no category" in page
    assert "Nothing of it is in the lake" in page
    client.post(to(riverbend, "remove", record.public_id))
    assert not Import.objects.exists()


def test_starting_twice_starts_once(client_for: ClientFor, riverbend: Agency, ada: User) -> None:
    client = client_for(ada)
    answer = upload(client, riverbend)
    said = _selected(client, answer.url)
    client.post(answer.url, said)
    client.post(answer.url, said)
    with pytest.raises(actions.NotWaiting):
        actions.start(Import.objects.get(), by=ada, given=None)
    worker.drain()
    assert Import.objects.get().state == State.DONE
    assert lake.Lake(riverbend).total == 40


def test_the_rules_can_be_read_and_changed(client_for: ClientFor, riverbend: Agency, ada: User) -> None:
    client = client_for(ada)
    assert "*ARREST*" in client.get(to(riverbend, "rules")).text
    said = {"enforcement": "*STOP*\n\n", "investigation": "", "placeholders": "UNKNOWN", "resolution": "9"}
    answer = client.post(to(riverbend, "rules"), said | {"flag_metres": "500"})
    assert answer.status_code == 302
    rules = Rules.of(riverbend)
    assert (rules.enforcement, rules.resolution, rules.flag_metres) == (["*STOP*"], 9, 500)
    refused = client.post(to(riverbend, "rules"), said | {"flag_metres": "500", "enforcement": "*"})
    assert refused.status_code == 422
    assert (
        client.post(to(riverbend, "rules"), said | {"flag_metres": "5", "resolution": "15"}).status_code
        == 422
    )
    assert Rules.of(riverbend).resolution == 9


@pytest.mark.parametrize("name", ["imports", "upload", "rules"])
def test_analysts_and_coordinators_come_in_and_others_do_not(
    client_for: ClientFor, riverbend: Agency, ada: User, analyst: User, dent: User, eve: User, name: str
) -> None:
    address = to(riverbend, name)
    assert [client_for(user).get(address).status_code for user in (ada, analyst, dent, eve)] == [
        200,
        200,
        403,
        404,
    ]
    assert Client().get(address).status_code == 302


def test_eve_cannot_reach_anothers_import_by_its_id(
    client_for: ClientFor, riverbend: Agency, elsewhere: Agency, ada: User, eve: User
) -> None:
    upload(client_for(ada), riverbend)
    record = Import.objects.get()
    for name in ("import", "columns", "mapping", "progress", "report", "set-aside"):
        for agency in (riverbend, elsewhere):
            assert client_for(eve).get(to(agency, name, record.public_id)).status_code == 404
    assert client_for(eve).post(to(elsewhere, "remove", record.public_id)).status_code == 404
    assert Import.objects.exists()


def test_the_list_costs_the_same_number_of_queries_however_long_it_is(
    client_for: ClientFor, riverbend: Agency, ada: User, django_assert_max_num_queries: Any
) -> None:
    Import.objects.bulk_create(
        Import(agency=riverbend, names=[f"{at}.csv"], state=State.FAILED, by=ada) for at in range(20)
    )
    client = client_for(ada)
    client.get(to(riverbend, "imports"))
    with django_assert_max_num_queries(12):
        assert "19.csv" in client.get(to(riverbend, "imports")).text
