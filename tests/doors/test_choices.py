"""Each choice of each page says in words what it is, also the one of choosing nothing: a row of dashes is read out."""

import re
from html import unescape

import pytest
from django.utils import translation

from alongside.agencies.models import Duty, Role
from tests.doors.populated import one_of_everything, the_id
from tests.doors.routes import every_route

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]

OPTION = re.compile(r"<option\b[^>]*>(.*?)</option>", re.DOTALL)
WORD = re.compile(r"\w")


def without_words(page: str) -> list[str]:
    return [each for each in OPTION.findall(page) if not WORD.search(unescape(each))]


def test_what_a_row_of_dashes_is():
    page = '<select><option value="" selected>---------</option><option>&nbsp;</option><option>A day</option>'
    assert without_words(page) == ["---------", "&nbsp;"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_choice_is_a_row_of_dashes(riverbend, ada, client_for, language):
    one_of_everything(riverbend)
    member = ada.membership_at(riverbend)
    for role in Role:
        Duty.objects.get_or_create(member=member, role=role)
    client = client_for(ada)
    pages, found = set(), set()
    for route in every_route():
        if not route.of_agency:
            continue
        with translation.override(language):
            address = route.address("riverbend", the_id(riverbend))
        answer = client.get(address)
        if answer.status_code == 200 and not answer.streaming and b"<option" in answer.content:
            pages.add(route.name)
            found |= {(route.name, each.strip()) for each in without_words(answer.text)}
    assert len(pages) > 20, "the premise"
    assert found == set()
