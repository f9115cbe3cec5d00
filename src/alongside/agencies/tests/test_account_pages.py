"""Whoever signs in finds every page about their account."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from alongside.agencies.accounts import mail_new_password

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


@pytest.mark.parametrize("name", PAGES)
def test_a_page_about_ones_account_wears_no_style_that_the_policy_refuses(client_for, ada, name):
    answer = client_for(ada).get(reverse(name), follow=True)
    assert " style=" not in answer.text


def test_an_address_that_is_not_confirmed_yet_may_be_asked_for_again_or_given_up(client_for, ada):
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    EmailAddress.objects.create(user=ada, email="new@riverbend.example")
    page = client_for(ada).get(reverse("account_email")).text
    assert " style=" not in page
    form = page.partition('id="pending-email"')[2].partition("</form>")[0]
    assert "hidden>" in form.partition("\n")[0]
    assert 'value="new@riverbend.example"' in form
    for act in ("action_send", "action_remove"):
        button = page.partition(f'name="{act}"')[0].rpartition("<button")[2]
        assert 'form="pending-email"' in button


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Somebody asked for a new password", "If it was not you, do nothing")),
        ("es", ("Alguien pidió una contraseña nueva", "Si no fue usted, no haga nada")),
    ],
)
def test_mail_about_an_account_is_in_our_words(ada, mailoutbox, language, said):
    mail_new_password([ada.pk], language=language)
    (mail,) = mailoutbox
    for words in said:
        assert words in mail.body
    assert "/accounts/password/reset/key/" in mail.body
    for theirs in ("Hello from", "Thank you for using", "¡Gracias por usar", "user account"):
        assert theirs not in mail.body
