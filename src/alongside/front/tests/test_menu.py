"""The menus: which of their lines a page stands below."""

import re

import pytest
from django.test import Client

CURRENT = re.compile(r'href="([^"]*)"\s+aria-current="page"')


@pytest.mark.parametrize(
    ("page", "current"),
    [("", ["/riverbend/workspace/"]), ("petitions/", ["/riverbend/workspace/petitions/"]), ("you/", [])],
)
def test_the_first_line_is_current_only_on_its_own_page(riverbend, ada, client_for, page, current):
    assert CURRENT.findall(client_for(ada).get(f"/riverbend/workspace/{page}").text) == current


def test_so_it_is_in_the_menu_of_the_public(riverbend):
    assert set(CURRENT.findall(Client().get("/es/riverbend/").text)) == {"/es/riverbend/"}
    assert CURRENT.findall(Client().get("/es/riverbend/ask-for-a-walk/").text) == []
