"""What is met, and what is not, is said on a page that every public page leads to."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("begins", "words"), [("", "WCAG) 2.2 at level AA"), ("/es", "(WCAG) 2.2 en el nivel AA")]
)
def test_every_public_page_leads_to_the_statement(riverbend, begins, words):
    riverbend.contact_email = "walks@riverbend.example"
    riverbend.published = True
    riverbend.save()
    home = Client().get(f"{begins}/riverbend/").text
    assert f'href="{begins}/riverbend/accessibility/"' in home
    page = " ".join(Client().get(f"{begins}/riverbend/accessibility/").text.split())
    assert words in page
    assert "mailto:walks@riverbend.example" in page
    assert "2026" in page


def test_an_agency_without_an_address_says_whom_to_tell(riverbend):
    page = " ".join(Client().get("/riverbend/accessibility/").text.split())
    assert "tell whoever hosts a walk" in page
