"""Whoever signs in finds every page about their account."""

import pytest
from django.urls import reverse

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
