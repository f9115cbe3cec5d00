"""The doors that stand open to everybody: who may knock, how often, from where, and with how much."""

from __future__ import annotations

import re
import stat

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from alongside.agencies.models import User
from alongside.core import demo, doors, networks
from alongside.demo.personas import PERSONAS
from alongside.gatherings.models import Rsvp
from alongside.jobs.actions import say_alive
from tests.doors.populated import one_of_everything
from tests.doors.routes import every_route

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def nobody_has_knocked():
    cache.clear()


def knock(client: Client, gathering, key: str, **headers: str):
    address = reverse("gatherings:join", args=["riverbend", gathering.public_id])
    return client.post(address, {"party": "1", "form_key": key.rjust(24, "k")}, headers=headers)


class TestFromWhere:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": "null"},
            {"Origin": "https://evil.example"},
            {"Origin": "http://testserver.evil.example"},
            {"Origin": "http://evil.example/testserver"},
            {"Origin": "http://testserver@evil.example"},
            {"Origin": "testserver"},
            {"Referer": "https://evil.example/http://testserver/"},
            {**OURS, "Sec-Fetch-Site": "cross-site"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "http://testserver:8080"},
            {"Origin": "http://testserver:99999"},
            {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
            {**OURS, "Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_a_form_of_another_site_is_refused(self, client, open_forum, headers):
        assert knock(client, open_forum, "a", **headers).status_code == 403
        assert not Rsvp.objects.exists()

    @pytest.mark.parametrize(
        "headers",
        [
            OURS,
            {"Origin": "http://testserver"},
            {"Origin": "https://testserver"},  # a proxy that does not say by which way it was asked
            {"Origin": "http://TESTSERVER:80"},
            {"Referer": "http://testserver/x"},
            {"Origin": "null", "Sec-Fetch-Site": "same-origin"},  # settings for privacy, a web view in a box
            {"Sec-Fetch-Site": "same-origin"},
            {"Origin": "null", "Sec-Fetch-Site": "none"},  # a browser that sends again what it had sent
        ],
    )
    def test_our_own_is_taken(self, client, open_forum, headers):
        assert knock(client, open_forum, "a", **headers).status_code == 302

    @pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
    def test_without_a_word_it_is_shown_and_sent_by_a_person(self, client, open_forum, headers):
        """Nothing typed is lost; and no other page can press the button, whatever it sends along."""
        address = reverse("gatherings:join", args=["riverbend", open_forum.public_id])
        said = {"party": "2", "name": "Jo <b>", "form_key": "k" * 24}
        page = client.post(address, said, headers=headers)
        assert page.status_code == 403
        assert "Not sent yet" in page.text
        assert page.headers["X-Frame-Options"] == "DENY"
        assert '<li dir="auto">Jo &lt;b&gt;</li>' in page.text
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
        assert not Rsvp.objects.exists()
        there = client.post(address, sent | {"name": "Jo <b>"}, headers=headers)
        assert there.status_code == 302
        assert Rsvp.objects.get().party == 2

    @pytest.mark.parametrize("proof", ["", "x", "192.0.2.1 /riverbend/:1:x"])
    def test_nobody_makes_the_proof_that_somebody_looked(self, client, open_forum, proof):
        address = reverse("gatherings:join", args=["riverbend", open_forum.public_id])
        said = {"party": "2", "form_key": "k" * 24, "looked_at": proof}
        assert client.post(address, said, headers={"Origin": "null"}).status_code == 403
        assert not Rsvp.objects.exists()

    def test_the_proof_is_of_one_network(self, client, open_forum):
        address = reverse("gatherings:join", args=["riverbend", open_forum.public_id])
        page = client.post(address, {"party": "1"}, REMOTE_ADDR="192.0.2.7")
        proof = re.search(r'name="looked_at" value="([^"]+)"', page.text)[1]
        said = {"party": "2", "form_key": "k" * 24, "looked_at": proof}
        assert client.post(address, said, REMOTE_ADDR="198.51.100.7").status_code == 403
        assert not Rsvp.objects.exists()
        assert client.post(address, said, REMOTE_ADDR="192.0.2.7").status_code == 302

    def test_a_name_that_the_settings_know_is_ours(self, client, open_forum, settings):
        settings.ALLOWED_HOSTS = ["testserver", "www.city.example"]
        assert knock(client, open_forum, "a", Origin="https://www.city.example").status_code == 302
        assert (
            knock(client, open_forum, "b", Origin="https://www.city.example.evil.example").status_code == 403
        )

    @pytest.mark.parametrize(
        "headers",
        [{"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}, OURS],
    )
    def test_at_the_desk_the_token_decides_where_nothing_is_said(self, ada, open_forum, headers):
        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        address = reverse("gatherings:word", args=["riverbend", open_forum.public_id])
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).text)[1]
        page = client.post(address, {"csrfmiddlewaretoken": token}, headers=headers)
        assert page.status_code == 422, "it came through, and lacks its words"
        eve = client.post(
            address, {"csrfmiddlewaretoken": "x" * 64, "words": "Eve"}, headers={"Origin": "null"}
        )
        assert eve.status_code == 403
        assert 'value="Eve"' not in eve.text, "nothing of a form from nowhere is made one of ours"

    def test_a_page_of_the_desk_that_is_too_old_loses_no_words(self, ada, open_forum):
        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        address = reverse("gatherings:word", args=["riverbend", open_forum.public_id])
        said = {"csrfmiddlewaretoken": "x" * 64, "words": "Bring a coat", "password": "secret"}
        page = client.post(address, said, headers=OURS)
        assert page.status_code == 403
        assert "Bring a coat" in page.text
        assert "secret" not in page.text
        assert page.text.count('name="csrfmiddlewaretoken"') == 1, "a fresh one"
        for headers in ({"Origin": "https://evil.example"}, {**OURS, "Sec-Fetch-Site": "cross-site"}):
            assert "Bring a coat" not in client.post(address, said, headers=headers).text

    def test_whoever_is_signed_out_meanwhile_loses_no_words(self, client, open_forum):
        address = reverse("gatherings:word", args=["riverbend", open_forum.public_id])
        page = client.post(address, {"words": "Bring a coat"}, headers=OURS)
        assert page.status_code == 403
        assert "Bring a coat" in page.text
        assert "/accounts/login/" in page.text
        assert (
            client.post(address, {"words": "x"}, headers={"Origin": "https://evil.example"}).status_code
            == 302
        )

    @pytest.mark.parametrize(
        "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b", ""]
    )
    def test_a_host_that_is_not_ours_gets_nothing(self, riverbend, host):
        assert Client().get("/riverbend/", headers={"Host": host}).status_code == 400

    def test_a_hidden_method_is_no_method(self, client, open_forum):
        address = reverse("gatherings:join", args=["riverbend", open_forum.public_id])
        headers = {"X-HTTP-Method-Override": "POST"}
        assert client.get(address, {"_method": "POST", "party": "1"}, headers=headers).status_code == 200
        assert not Rsvp.objects.exists()

    def test_the_workspace_asks_for_its_own_token(self, ada, open_forum):
        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        address = reverse("gatherings:cancel", args=["riverbend", open_forum.public_id])
        said = {"reason": "Eve says so", "stand_in": "Eve"}
        assert client.post(address, said, headers=OURS).status_code == 403
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode())[
            1
        ]
        assert client.post(address, {**said, "csrfmiddlewaretoken": token}, headers=OURS).status_code == 302


class TestHowOften:
    def ask(self, address: str) -> bool:
        return doors.too_many(RequestFactory().get("/", REMOTE_ADDR=address), "door", doors.HALL)

    def test_a_hall_is_let_in_and_a_flood_is_not(self):
        assert not any(self.ask("198.51.100.7") for _resident in range(doors.HALL))
        assert self.ask("198.51.100.7")
        assert not self.ask("198.51.100.8")

    def test_one_household_is_one_network_however_many_addresses_it_has(self):
        assert not any(self.ask(f"2001:db8:0:1::{n:x}") for n in range(1, doors.HALL + 1))
        assert self.ask("2001:db8:0:1:ffff::1")
        assert not self.ask("2001:db8:0:2::1")

    def test_an_old_address_in_new_clothes_is_the_same(self):
        assert networks.household("::ffff:198.51.100.7") == networks.household("198.51.100.7")

    def test_many_others_do_not_wash_a_count_away(self):
        for _again in range(doors.HALL):
            self.ask("198.51.100.7")
        for n in range(2000):
            self.ask(f"10.0.{n // 250}.{n % 250}")
        assert self.ask("198.51.100.7")

    def test_a_forged_way_is_not_believed(self, settings):
        request = RequestFactory().get(
            "/", REMOTE_ADDR="198.51.100.7", headers={"X-Forwarded-For": "1.2.3.4"}
        )
        assert doors.address(request) == "198.51.100.7"
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"proxies": 1})
        forged = RequestFactory().get(
            "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.4"}
        )
        assert doors.address(forged) == "1.2.3.4"

    def test_wrong_passwords_are_counted_by_who_sends_them_not_by_the_proxy(self, client, ada, settings):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"proxies": 1})

        def attempt(address: str, n: int):
            said = {"login": f"x{n}@riverbend.example", "password": "wrong"}
            return client.post("/accounts/login/", said, headers={"X-Forwarded-For": address}).content

        for n in range(12):
            last = attempt("6.6.6.6", n)
        assert b"Too many" in last
        assert b"Too many" not in attempt("1.2.3.4", 99)


class TestHowMuch:
    @pytest.mark.parametrize(
        "path", ["/riverbend/workspace/incidents/add/", "/accounts/login/", "/riverbend/ask-for-a-walk/"]
    )
    def test_a_stranger_with_forged_cookies_sends_no_large_file(self, riverbend, settings, path):
        client = Client(enforce_csrf_checks=True)
        client.cookies["sessionid"], client.cookies["csrftoken"] = "x" * 32, "y" * 32
        body = Unread()
        answer = client.generic(
            "POST",
            path,
            b"",
            content_type="multipart/form-data; boundary=b",
            CONTENT_LENGTH="99000000",
            headers={"Origin": "http://testserver"},
            **{"wsgi.input": body},
        )
        assert answer.status_code == 413
        assert not body.asked

    def test_staff_do(self, client_for, ada, upload):
        large = b"id,date,type,lat,lon\n" + b"1,2026-01-02 10:00,THEFT,38.2,-85.7\n" * 70_000
        address = reverse("incidents:upload", args=["riverbend"])
        assert client_for(ada).post(address, {"uploaded": upload("large.csv", large)}).status_code == 302


class Unread:
    """A body that notices being read."""

    asked = False

    def read(self, *_size: int) -> bytes:
        self.asked = True
        return b""

    readline = read


class TestTheDemoDoor:
    @pytest.fixture(autouse=True)
    def demo_city(self, settings, monkeypatch):
        settings.DATA.mkdir(parents=True, exist_ok=True)
        (settings.DATA / demo.MARKER).write_text("{}")
        settings.ALLOWED_HOSTS = ["*"]
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"database_url": ""})

    def may(self, *, host: str = "localhost:8000", address: str = "127.0.0.1", **headers: str) -> bool:
        request = RequestFactory().get("/", REMOTE_ADDR=address, headers={"Host": host, **headers})
        request.COOKIES[demo.COOKIE] = demo.key(settings.DATA)
        return demo.may_sign_in(request)

    @pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
    def test_opens_on_this_machine(self, host):
        assert self.may(host=host)

    @pytest.mark.parametrize(
        "asked",
        [
            {"address": "198.51.100.7"},
            {"host": "walks.riverbend.example"},
            {"host": "localhost.evil.example"},
            *({name: "198.51.100.7"} for name in demo.PROXIES_SAY),
        ],
    )
    def test_and_nowhere_else(self, asked):
        assert not self.may(**asked)

    def test_nor_where_a_proxy_is_known_or_real_people_may_be(self, settings):
        for said in ({"proxies": 1}, {"database_url": "postgres://x/y"}):
            settings.ALONGSIDE = settings.ALONGSIDE.model_copy(
                update={"proxies": 0, "database_url": "", **said}
            )
            assert not self.may()

    @pytest.fixture
    def persona(self, riverbend):
        return User.objects.create_user(PERSONAS[0].email)

    def test_nor_for_whoever_comes_through_a_proxy_that_says_nothing_and_keeps_our_name(self, persona):
        """Its visitors look like this machine itself; what they lack is the key."""
        asked = {"email": persona.email}
        for key in ("", "a", demo.key(settings.DATA)[:-1], demo.key(settings.DATA).swapcase()):
            visitor = Client(headers={"host": "localhost:8000"})
            visitor.cookies[demo.COOKIE] = key
            for answer in (
                visitor.get("/demo/"),
                visitor.get(f"/demo/?key={key}"),
                visitor.post("/demo/", asked),
            ):
                assert answer.status_code == 403
                assert "bin/demo" in answer.text, "who may come in is told how"
                assert persona.email not in answer.text
            assert "_auth_user_id" not in visitor.session

    def test_whoever_opens_the_link_that_was_printed_is_anybody_from_then_on(self, persona):
        here = Client(headers={"host": "localhost:8000"})
        assert here.get(demo.way_in(settings.DATA)).headers["Location"] == "/demo/"
        assert here.cookies[demo.COOKIE]["httponly"]
        assert persona.email in here.get("/demo/").text
        for _time in range(2):
            assert here.post("/demo/", {"email": persona.email}).status_code == 302
            assert here.session["_auth_user_id"] == str(persona.pk)
            here.post("/accounts/logout/")

    def test_the_key_is_its_owner_s_alone_and_stays(self):
        assert demo.key(settings.DATA) == demo.key(settings.DATA)
        assert stat.S_IMODE((settings.DATA / demo.KEY).stat().st_mode) == 0o600
        assert len(demo.key(settings.DATA)) >= 32

    @pytest.mark.parametrize("left", ["", "a", "short-key", "x" * 31, "ü" * 32, "a" * 32 + "\n"], ids=ascii)
    def test_half_a_key_in_the_folder_opens_nothing(self, persona, left):
        """As a full disk leaves one, or a hand: an empty key would be everybody's who brings none."""
        (settings.DATA / demo.KEY).write_text(left, encoding="utf-8")
        visitor = Client(headers={"host": "localhost:8000"})
        for brought in ("", left.strip()):
            visitor.cookies[demo.COOKIE] = brought
            assert visitor.get("/demo/").status_code == 403
            assert visitor.get("/demo/", {"key": brought}).status_code == 403
        assert demo.KEYS.fullmatch(demo.key(settings.DATA)), "a new one is made"

    def test_the_key_goes_to_the_number_at_which_we_listen(self):
        """Not to a name of this machine, by which a browser may ask another address, and another person's server."""
        assert demo.door(settings.DATA, 8011).startswith("http://127.0.0.1:8011/demo/?key=")


PUBLIC = [route for route in every_route() if route.is_public and route.holes == ("agency",)]


class TestWhatEveryAnswerCarries:
    @pytest.mark.parametrize("route", PUBLIC, ids=lambda route: route.name)
    def test_a_stranger_gets_no_cookie_and_strict_headers(self, client, open_forum, route):
        answer = client.get(reverse(route.name, args=["riverbend"]))
        assert answer.status_code == 200
        assert not answer.cookies
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]

    @pytest.mark.parametrize("name", ["front:home", "walks:list", "gatherings:coming", "gatherings:feed"])
    def test_two_strangers_get_the_same_bytes_and_are_spared_them_the_second_time(self, open_forum, name):
        address = reverse(name, args=["riverbend"])
        one, other = Client().get(address), Client().get(address)
        assert one.content == other.content
        again = Client().get(address, headers={"If-None-Match": one["ETag"]})
        assert again.status_code == 304
        assert again.content == b""

    def test_what_staff_see_is_kept_by_nobody(self, client_for, ada):
        assert client_for(ada).get("/riverbend/").headers["Cache-Control"] == "private, no-store"

    def test_a_breakdown_tells_nothing(self, riverbend, monkeypatch):
        from alongside.front import queries

        def breaks(*_args):
            raise RuntimeError("the password is swordfish")

        monkeypatch.setattr(queries, "home", breaks)
        answer = Client(raise_request_exception=False).get("/riverbend/")
        assert answer.status_code == 500
        assert b"swordfish" not in answer.content
        assert b"Traceback" not in answer.content


@pytest.mark.database  # PostgreSQL takes no NUL, and no number beyond its own
class TestEveryAddress:
    """Nothing in an address, and no verb, breaks a page."""

    @pytest.fixture(autouse=True)
    def a_house_that_is_well(self, db, settings):
        """Or `/healthz` would say so."""
        settings.DATA.mkdir(exist_ok=True)
        say_alive("here:1")

    @pytest.mark.parametrize("who", ["stranger", pytest.param("administrator", marks=pytest.mark.heavy)])
    def test_no_odd_word_breaks_a_page(self, riverbend, request, client, client_for, who):
        one_of_everything(riverbend)
        if who != "stranger":
            client = client_for(request.getfixturevalue(who))
        # A verb is the house's own business; it is words that a database may choke on.
        verbs = ("HEAD", "OPTIONS", "PUT", "BREW") if connection.vendor == "sqlite" else ()
        names = ("page", "kind", "area", "neighborhood", "venue", "next", "code", "from", "q")
        for route in every_route():
            if route.name.startswith(("account_", "mfa_")):  # the library's own
                continue
            address = route.address("riverbend", "9" * 23)
            for word in ("\x00", "9" * 23):
                assert client.get(address, dict.fromkeys(names, word)).status_code < 500, (address, word)
            for verb in verbs:
                assert client.generic(verb, address).status_code < 500, (address, verb)

    def test_nul_is_part_of_no_address(self, riverbend, client, client_for, administrator):
        for visitor in (client, client_for(administrator)):
            for route in every_route():
                if route.name.startswith(("account_", "mfa_")) or set(route.holes) <= {"agency"}:
                    continue
                address = route.address("riverbend", "1").replace("/1/", "/%00/")
                assert visitor.get(address).status_code in {302, 400, 404, 405}, address

    def test_a_ladder_of_ranks_has_rungs_that_fit(self, client_for, administrator):
        rungs = {"ranks": "Chief\x00\n" + "M" * 5000 + "\n" * 5000}
        address = reverse("front:ranks", args=["riverbend"])
        assert client_for(administrator).post(address, rungs).status_code == 302

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../../alongside/config/settings.py",
            "/static/%2e%2e/%2e%2e/pyproject.toml",
            "/static//etc/passwd",
            "/keys/session",
            "/.git/config",
        ],
    )
    def test_no_way_leads_out_of_the_house(self, client, db, path):
        assert client.get(path).status_code in {400, 404}
