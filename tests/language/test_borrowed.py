"""What our libraries say on our pages is said in our words: no Title Case, and one word for one thing."""

import re

import pytest
from django.urls import reverse

from alongside.core import catalogs
from alongside.core.catalogs import forms, phrases
from tests.language.reading import SPANISH

ACCOUNT = ["account_login", "account_reset_password", "account_reset_password_done"]
SIGNED_IN = [
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
]
SAID = re.compile(r"<(h1|h2|title|label|button|a|th)\b[^>]*>(.*?)</\1>", re.DOTALL)
TITLE_CASE = re.compile(r"[a-z] (?!Alongside|Riverbend|I\b)[A-Z][a-z]")


def said_on(page: str) -> list[str]:
    """Headings, labels and buttons, without what is marked up in them."""
    return [" ".join(re.sub(r"<[^>]+>", " ", words).split()) for _tag, words in SAID.findall(page)]


def the_main_part(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*ACCOUNT, *SIGNED_IN])
def test_pages_of_accounts_speak_as_ours_do(client, ada, name):
    if name in SIGNED_IN:
        client.force_login(ada)
    page = client.get(reverse(name), follow=True)
    assert page.status_code == 200
    said = said_on(the_main_part(page.text))
    assert said, "the premise"
    assert [words for words in said if TITLE_CASE.search(words)] == []


@pytest.mark.django_db
def test_one_link_for_a_password_that_is_forgotten(client):
    page = client.get(reverse("account_login")).text
    assert page.count(f'href="{reverse("account_reset_password")}"') == 1


def test_our_english_names_what_libraries_still_say_and_our_spanish_says_it_too():
    english = catalogs.read(catalogs.OUR_ENGLISH)
    named = {catalogs.key_of(message.id) for message in phrases(english)}
    assert len(named) > 50
    assert all(all(forms(message.string)) for message in phrases(english))
    spanish = {catalogs.key_of(message.id) for message in phrases(catalogs.read(SPANISH))}
    assert named <= spanish
    assert named == {catalogs.key_of(message.id) for message in phrases(catalogs.resaid())}
