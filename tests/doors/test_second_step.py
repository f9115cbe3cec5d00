"""A session that was opened by half is a stranger's, at every address. What it sees beside leads to the other half."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from alongside.agencies.models import Agency
from tests.doors.populated import SECRET, one_of_everything, the_id
from tests.doors.routes import every_route

OURS = [route for route in every_route() if not route.name.startswith(("account_", "mfa_"))]
PUBLIC = [route for route in OURS if route.is_public]
# What differs between two strangers, too: the keys of forms, the moment; and the one link that leads on.
VARIES = [
    re.compile(r'name="(?:form_key|csrfmiddlewaretoken)" value="[^"]*"'),
    re.compile(r'<li>\s*<a href="[^"]*/workspace/">Finish signing in</a>\s*</li>'),
    re.compile(r"\s+"),
]


@pytest.fixture
def required(settings):
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"require_mfa": True})


@pytest.fixture
def half(administrator, client_for, required) -> Client:
    """An administrator, who has given a password and nothing else."""
    return client_for(administrator)


def seen(client: Client, url: str) -> tuple[int, str, str]:
    answer = client.get(url)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    for varies in VARIES:
        text = varies.sub(" ", text)
    return answer.status_code, answer.headers.get("Location", ""), text


@pytest.fixture
def drafts(riverbend):
    return one_of_everything(riverbend)


@pytest.mark.heavy
def test_at_every_public_address_it_sees_what_a_stranger_sees(drafts, riverbend, half):
    asked = [route.address(riverbend.slug, the_id(riverbend)) for route in PUBLIC]
    assert len(asked) > 50, "the premise"
    for url in asked:
        assert seen(half, url) == seen(Client(), url), url


@pytest.mark.heavy
def test_at_every_address_of_staff_it_is_led_to_the_other_half(drafts, riverbend, half):
    led = 0
    for route in (each for each in OURS if not each.is_public):
        url = route.address(riverbend.slug, the_id(riverbend))
        for answer in (half.get(url), half.post(url, {"reason": "x" * 30})):
            assert answer.status_code in {302, 404, 405}, url
            if answer.status_code == 302:
                assert answer["Location"] == "/accounts/2fa/", url
                led += 1
            assert SECRET.lower() not in answer.text.lower()
    assert led > 100


@pytest.mark.heavy
def test_the_premise_with_both_halves_the_drafts_are_seen(drafts, riverbend, administrator, client_for):
    """No second step is asked for here: what the tests above must not find is there."""
    client = client_for(administrator)
    shown = [
        route
        for route in PUBLIC
        if SECRET in seen(client, route.address(riverbend.slug, the_id(riverbend)))[2]
    ]
    assert len(shown) >= 3


def test_a_draft_and_a_picture_that_nobody_cleared(drafts, riverbend, half):
    """Quickly, of all of the above: the two that were seen."""
    for name in ("gatherings:detail", "walks:detail", "media:picture"):
        route = next(each for each in OURS if each.name == name)
        url = route.address(riverbend.slug, the_id(riverbend))
        assert route.is_public
        assert seen(half, url) == seen(Client(), url), url


def test_an_agency_that_is_closed_is_closed_to_it(riverbend, half):
    Agency.objects.filter(pk=riverbend.pk).update(published=False)
    assert half.get("/riverbend/").status_code == 404
    assert "Riverbend" not in half.get("/").text


def test_it_asks_the_database_for_no_more_than_a_stranger_and_who_that_is(
    riverbend, half, django_assert_num_queries, administrator
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as stranger:
        Client().get("/riverbend/walks/")
    with django_assert_num_queries(len(stranger) + 2):  # the session, and whose it is
        half.get("/riverbend/walks/")


def test_a_whole_session_costs_one_question_more_than_where_no_second_step_is_asked_for(
    riverbend, administrator, client_for, settings
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(administrator)
    with CaptureQueriesContext(connection) as without:
        client.get("/riverbend/walks/")
    step = Authenticator.objects.create(user=administrator, type="totp", data={"secret": "x"})
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "id": step.pk, "type": "totp"}]
    session["account_authentication_methods_user"] = str(administrator.pk)
    session.save()
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"require_mfa": True})
    with CaptureQueriesContext(connection) as whole:
        assert "/workspace/" in client.get("/riverbend/walks/").text
    assert len(whole) == len(without) + 1


def test_in_the_demo_city_nobody_is_asked(riverbend, half, settings):
    settings.DATA.mkdir(exist_ok=True)
    (settings.DATA / "demo.json").write_text("{}")
    assert half.get("/riverbend/workspace/").status_code == 200
