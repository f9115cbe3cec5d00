"""Eve wants into somebody's account, or into more than her own role opens."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Member, Role, User
from tests.cast import PASSWORD


def invite(client: Client, slug: str, email: str) -> str:
    """Invite an address, and read the link off the page as an administrator may."""
    page = client.post(reverse("front:member-add", args=[slug]), {"name": "A Friend", "email": email})
    return page.context["link"].removeprefix("http://localhost:8000")


class TestAnInvitationToAnAccountThatIsThere:
    """Eve administers Elsewhere, invites Ada's address there, and opens the link herself."""

    @pytest.fixture
    def link(self, client_for, eve, ada):
        return invite(client_for(eve), "elsewhere", ada.email)

    def test_a_stranger_who_holds_the_link_must_sign_in(self, client, link):
        for answer in (client.get(link), client.post(link, {"password": "four words in a row"})):
            assert answer.url.startswith("/accounts/login/")
        assert "_auth_user_id" not in client.session

    def test_eve_does_not_become_ada(self, client_for, eve, link):
        client = client_for(eve)
        assert client.post(link, {"password": "four words in a row"}).status_code == 403
        assert client.get("/riverbend/workspace/").status_code == 404
        assert client.session["_auth_user_id"] == str(eve.pk)

    def test_ada_herself_joins_with_one_button_and_keeps_her_password(self, client_for, ada, link):
        client = client_for(ada)
        page = client.get(link)
        assert page.status_code == 200
        assert b'type="password"' not in page.content
        assert client.post(link).url == "/elsewhere/workspace/"
        assert client.get("/elsewhere/workspace/").status_code in {200, 403}
        assert User.objects.get(pk=ada.pk).check_password(PASSWORD)

    def test_signing_in_leads_back_to_the_link(self, client, ada, link):
        form = client.get(link).url
        answer = client.post(form, {"login": ada.email, "password": PASSWORD})
        assert answer.url == link


def test_a_session_gets_a_new_key_when_somebody_comes_in(client, client_for, administrator):
    """Eve leaves her session's key in a browser in the hall, and waits for the invited person."""
    link = invite(client_for(administrator), "riverbend", "nora@riverbend.example")
    session = client.session
    session["planted"] = "by Eve"
    session.save()
    before = client.cookies["sessionid"].value if "sessionid" in client.cookies else session.session_key
    client.cookies["sessionid"] = before
    client.post(link, {"password": "four words in a row"})
    assert client.cookies["sessionid"].value != before


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "//evil.example:8000/",
    "//testserver@evil.example",
    "https://testserver@evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    " //evil.example",
    "\x01//evil.example",
    "//еvil.example",  # its first letter is Cyrillic
    "//evil。example",
    "javascript:alert(1)",
    "data:text/html,hello",
    # Names that are let in, and are another machine's or another door's all the same.
    "http://localhost/",
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://testserver/",
    "//testserver/",
    "riverbend/",
    "?next=/",
    "",
]


@pytest.mark.parametrize("where", ELSEWHERE, ids=ascii)
def test_signing_in_and_out_leads_nowhere_else(client, ada, where):
    query = urlencode({"next": where})
    known = {"login": ada.email, "password": PASSWORD, "next": where}
    answer = client.post(f"/accounts/login/?{query}", known)
    assert answer.status_code == 302
    assert answer.url == "/signed-in/"
    for answer in (
        client.get(f"/accounts/login/?{query}"),  # who is signed in already is led on
        client.get(f"/accounts/reauthenticate/?{query}", follow=False),
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": where}),
        client.post(f"/accounts/logout/?{query}", {"next": where}),
    ):
        led = urlsplit(answer.headers.get("Location", ""))
        assert not led.netloc
        assert led.path == "" or led.path.startswith("/")


@pytest.mark.parametrize("where", ["/riverbend/workspace/", "/es/riverbend/workspace/?page=2", "/"])
def test_and_to_every_page_of_ours(client, ada, where):
    query = urlencode({"next": where})
    answer = client.post(
        f"/accounts/login/?{query}", {"login": ada.email, "password": PASSWORD, "next": where}
    )
    assert answer.url == where


class TestRolesAreNotTaken:
    def test_a_table_of_staff_makes_no_administrator_for_a_coordinator(
        self, client_for, ada, administrator, riverbend, upload
    ):
        table = "name,rank,roles,division\nEve Within,Officer,administrator,\nOlga Open,Officer,officer,\n"
        address = reverse("people:staff-import", args=["riverbend"])
        client_for(ada).post(address, {"file": upload("staff.csv", table)})
        assert not Member.objects.filter(name="Eve Within").exists()
        client_for(administrator).post(address, {"file": upload("staff.csv", table)})
        assert Role.ADMINISTRATOR in Member.objects.get(name="Eve Within").roles

    def test_nor_any_other_role_that_she_could_not_give_by_page(
        self, client_for, ada, administrator, riverbend, upload
    ):
        table = "name,rank,roles,division\nOlga Open,Officer,officer,\nNed New,Officer,,\n"
        address = reverse("people:staff-import", args=["riverbend"])
        page = client_for(ada).post(address, {"file": upload("staff.csv", table)}, follow=True)
        assert "Line 2 was set aside: only an administrator gives roles." in page.text
        assert Member.objects.get(agency=riverbend, name="Ned New").roles == set()
        assert not Member.objects.filter(name="Olga Open").exists()
        assert client_for(ada).get(reverse("front:member-add", args=["riverbend"])).status_code == 403

        client_for(administrator).post(address, {"file": upload("staff.csv", table)})
        assert Member.objects.get(name="Olga Open").roles == {Role.OFFICER}
        page = client_for(ada).post(address, {"file": upload("staff.csv", table)}, follow=True)
        assert "was set aside" not in page.text, "who holds a role already may stand in her table"

    def test_two_agencies_are_two_memberships(self, client_for, ada, elsewhere):
        """Ada coordinates Riverbend and is an officer at Elsewhere: there she reads like an officer."""
        from alongside.agencies import actions

        actions.add_member(elsewhere, name="Ada", roles=[Role.OFFICER], user=ada, by=None)
        client = client_for(ada)
        assert client.get(reverse("gatherings:plan", args=["riverbend"])).status_code == 200
        assert client.get(reverse("gatherings:plan", args=["elsewhere"])).status_code == 403

    def test_who_has_left_is_out_at_once(self, client_for, ada, riverbend):
        client = client_for(ada)
        assert client.get("/riverbend/workspace/").status_code == 200
        Member.objects.filter(user=ada).update(active=False)
        assert client.get("/riverbend/workspace/").status_code == 404
