"""Names, phones and addresses that people leave with us are in nothing that the house hands on.

Every public address is asked, with the id of every row where it wants one; and the ledger, what another body was sent,
and what the console says are looked through. Mails to whoever left the address are theirs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.core.forms import fresh_key
from alongside.followthrough import actions
from alongside.followthrough.models import Concern
from alongside.followthrough.passing import actions as passing
from alongside.followthrough.passing.models import Speaks
from alongside.followthrough.passing.tests.cast import KEY, a_body, do
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.tests.georeport_server import a_city
from alongside.ledger import actions as keeping
from alongside.ledger.commands import ledger
from alongside.records.actions import Asked, open_request
from alongside.records.tests.cast import rita
from tests.attack.test_canary import a_log
from tests.doors.routes import every_route

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}
# What is looked for, by where it went in. No digit in most: they look like nothing that care would take out.
CANARIES = {
    "words": "Quetzalina",
    "phone": "615-555-0142",
    "place": "412 Xochitl Street",
    "block": "Xochitl",
    "correction": "Tlalocatl",
    "what is not so": "Mixcoatl",
    "a note among staff": "Nezahual",
    "words on the site": "Popocatla",
    "place on the site": "Tenochka",
    "words at the desk": "Cuitlahuac",
    "an address for news": "coyolxa@neighbors.example",
    "a records request": "Itzcoatl",
    "what was set apart": "Axayacatl",
}


@pytest.fixture
def public_works(settings):
    with a_city() as city:
        city.key = KEY
        ours = {"outside_allow": [city.site.removeprefix("http://")]}
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update=ours)
        yield city


def mark_of(concern):
    """Which answer stands on its page."""
    concern.refresh_from_db()
    return concern.answer_mark


def said_at_every_door(riverbend, ada, dent, client_for, city) -> None:
    """Each canary is left where it belongs, and all that may be told of it is told."""
    home = town(riverbend)["Eastbank"]
    body = a_body(riverbend, ada, speaks=Speaks.OPEN311_JSON, endpoint=city.url, key=KEY)
    do(passing.LEARNING)
    body.refresh_from_db()
    words = f"{CANARIES['words']} ({CANARIES['phone']}) says that the lamp is out."
    lamp, told = (
        ben_says(riverbend, key=key, words=words, place=CANARIES["place"], neighborhood=home)
        for key in ("lamp", "told")
    )
    ben, code = Client(**FROM_HERE), told.code
    page = reverse("followthrough:page", args=["riverbend", code])
    for each in (lamp.concern, told.concern):
        actions.leave_contact(each, email=CANARIES["an address for news"])
        actions.progress(each, text=f"{CANARIES['a note among staff']} called.", by=ada, public=False)
        actions.assign(each, owner=member(dent, riverbend), due=riverbend.today() + timedelta(days=9), by=ada)
        actions.clear(each, summary="A street lamp is dark.", by=ada)
    said = {"act": "correct", "text": f"{CANARIES['correction']} saw it, too."}
    assert ben.post(page, said).status_code == 302
    passing.pass_on(
        lamp.concern,
        body=body,
        service="LIGHT",
        place=CANARIES["place"].replace("Xochitl", "Oak"),
        outcome="To the city.",
        by=ada,
    )
    do(passing.HANDING_OVER)
    actions.close(told.concern, state="done", outcome="A new lamp hangs there.", by=dent)
    reopened = ben.post(page, {"act": "reopen", "words": f"{CANARIES['what is not so']} sat in the dark."})
    assert reopened.status_code == 302
    actions.close(told.concern, state="done", outcome="Another lamp hangs there.", by=dent)
    actions.clear(told.concern, summary="A street lamp is dark.", by=ada)
    assert ben.post(page, {"act": "confirm", "read": mark_of(told.concern)}).status_code == 302

    usual = {"kind": "concern", "category": "parks", "language": "en"}
    site = {
        "words": f"{CANARIES['words on the site']} wants a bench.",
        "place": f"Corner of {CANARIES['place on the site']} Street",
        "email": CANARIES["an address for news"],
        "form_key": fresh_key(),
    }
    assert ben.post(reverse("followthrough:write", args=["riverbend"]), usual | site).status_code == 302
    desk = {
        "came": "phone",
        "heard_on": riverbend.today(),
        "words": f"{CANARIES['words at the desk']} rang about a fence.",
        "form_key": fresh_key(),
    }
    address = reverse("followthrough:hand-in", args=["riverbend"])
    assert client_for(ada).post(address, usual | desk).status_code == 200
    for concern in Concern.objects.filter(came__in=["web", "phone"]):
        actions.clear(concern, summary="Something for a park.", by=ada)
    ben_says(riverbend, key="apart", words=f"{CANARIES['what was set apart']} was rude.", withheld="officer")
    aloud = promises.Said("We will repaint the crossing.", member(dent, riverbend), riverbend.today())
    promises.make(riverbend, aloud, by=ada, public=True)
    asked = Asked(
        number="R-1",
        asked=f"All that {CANARIES['a records request']} said",
        first=riverbend.today() - timedelta(days=400),
        last=riverbend.today(),
        kinds=["followthrough.concerns"],
    )
    open_request(riverbend, asked, by=rita(riverbend))


def everything_public() -> Iterator[tuple[str, str]]:
    """Each public address that holds no key, with what fits into it; and one that is nowhere."""
    ids = ["nowhere", *sorted({key for model in apps.get_models() for key in _ids(model)})]
    browser = Client(raise_request_exception=False)
    for route in every_route():
        holes = set(route.holes) - {"agency"}
        if not route.is_public or not route.of_agency or {"token", "code"} & holes or len(holes) > 1:
            continue
        for word in ids if holes else ids[:1]:
            answer = browser.get(route.address("riverbend", word))
            assert answer.status_code < 500, (route.name, word)
            yield f"{route.name} {word if holes else ''}", _held(answer)


def _held(answer) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode(errors="replace")


def _ids(model) -> list[str]:
    names = {field.name for field in model._meta.get_fields()}
    rows = model._base_manager.all()
    return list(rows.values_list("public_id", flat=True)) if "public_id" in names else []


def test_nobody_who_spoke_is_in_anything_public(riverbend, ada, dent, client_for, public_works, tmp_path):
    file = tmp_path / "riverbend.jsonl"
    with a_log() as log, clock.at(clock.now() - timedelta(days=40)):
        logging.getLogger().setLevel(logging.INFO)
        said_at_every_door(riverbend, ada, dent, client_for, public_works)
    riverbend.published = True
    riverbend.save(update_fields=["published"])
    keeping.seal(riverbend)
    told = dict(everything_public())
    assert CliRunner().invoke(ledger, ["export", "riverbend", str(file)]).exit_code == 0
    told["ledger file"] = file.read_text(encoding="utf-8")
    told["Open311"] = public_works.words()
    told["log"] = log.getvalue()
    concerns = list(Concern.objects.exclude(cleared_at=None))
    assert len(concerns) == 4, "the premise"
    for concern in concerns:
        assert "A street lamp" in told[f"followthrough:public-concern {concern.public_id}"] or (
            "Something for a park." in told[f"followthrough:public-concern {concern.public_id}"]
        )
    assert "We will repaint the crossing." in told["followthrough:public-list "]
    assert "A street lamp is dark." in told["Open311"]
    assert {
        "followthrough:promises-csv ",
        "followthrough:public-rss ",
        "followthrough:public-sheet ",
    } <= told.keys()
    found = {
        (door, place)
        for door, canary in CANARIES.items()
        for place, words in told.items()
        if canary.casefold() in words.casefold()
    }
    assert found == set()
    kept = repr(list(Concern.objects.values())) + repr(
        list(apps.get_model("followthrough.Step").objects.values())
    )
    for door in (
        "words",
        "phone",
        "place",
        "correction",
        "what is not so",
        "a note among staff",
        "words at the desk",
    ):
        assert CANARIES[door] in kept, f"the premise: {door}"
