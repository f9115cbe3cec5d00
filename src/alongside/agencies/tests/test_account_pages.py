"""Whoever signs in finds every page about their account."""

import pytest
from django.urls import reverse

from alongside.agencies import actions
from alongside.outreach.models import Mail

pytestmark = pytest.mark.django_db

PAGES = [
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_about_ones_account_opens(client_for, ada, name):
    answer = client_for(ada).get(reverse(name), follow=True)
    assert answer.status_code == 200
    assert "<h1" in answer.text


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "alongside.outreach.backend.Outbox"


def test_a_new_password_is_mailed_in_the_language_of_whoever_forgot_it(client, ada, outbox):
    actions.set_language(ada, language="es")
    client.post(reverse("account_reset_password"), {"email": ada.email})
    mail = Mail.objects.get()
    assert mail.language == "es"
    assert "contraseña" in mail.text


def test_an_address_that_nobody_has_is_answered_in_the_language_of_the_page(client, outbox):
    client.post("/es" + reverse("account_reset_password"), {"email": "nobody@riverbend.example"})
    assert Mail.objects.get().language == "es"
