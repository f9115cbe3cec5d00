"""One page of the web, no larger and no longer than was said, and nothing of ours to anybody else."""

import gzip
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from alongside.core.errors import phrase
from alongside.outside import circuits, tls, web
from alongside.outside.errors import Away, Forbidden, Resting, TooLarge, TooSlow, Unsure
from alongside.outside.tests.certificates import a_certificate

pytestmark = pytest.mark.django_db
PORTAL = phrase("The portal")


class Site:
    """What a server answers, by path: (status, headers, body), or a function that writes it as it likes."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        self.handed = []

    def fetch(self, path="/", **more):
        return web.fetch(f"{self.url}{path}", what=PORTAL, **more)

    def post(self, fields, path="/", **more):
        return web.post(f"{self.url}{path}", fields, what=PORTAL, **more)


@contextmanager
def a_site(host="127.0.0.1", encrypted=None):
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path, (404, {}, b""))
            if callable(page):
                return page(self)
            status, headers, body = page
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            return self.wfile.write(body)

        def do_POST(self):
            site.handed.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.do_GET()

        def log_message(self, *_):
            """Silence."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            """A client that hangs up is what is tried here."""

    server = Server(("127.0.0.1", 0), Handler)
    if encrypted:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
    site.url = f"{'https' if encrypted else 'http'}://{host}:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def allow(settings):
    def allow(*sites):
        hosts = [site.url.partition("://")[2] for site in sites]
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"outside_allow": hosts})

    return allow


@pytest.fixture
def site(allow):
    with a_site() as site:
        allow(site)
        yield site


@pytest.fixture
def other():
    """A second server of this machine, which nobody has allowed."""
    with a_site() as other:
        other.pages["/"] = (200, {}, b"secret")
        yield other


class TestAsking:
    def test_a_page_comes_as_it_is(self, site):
        site.pages["/a?b=c"] = (200, {"ETag": '"one"'}, "Nos vemos, ñandú".encode())
        answer = site.fetch(
            "/a?b=c", headers={"User-Agent": "Alongside", "From": "Ríos “Sí” <ada@x.example>"}
        )
        assert (answer.status, answer.text, answer.headers["ETag"]) == (200, "Nos vemos, ñandú", '"one"')
        _path, said = site.asked[0]
        assert (said["User-Agent"], said["From"]) == ("Alongside", "R?os ?S?? <ada@x.example>")
        assert said["Host"] == site.url.removeprefix("http://")

    @pytest.mark.parametrize("status", [204, 304, 400, 404, 500, 503])
    def test_an_answer_of_any_status_is_one(self, site, status):
        site.pages["/"] = (status, {}, b"")
        assert site.fetch().status == status

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://127.0.0.1:25/x",
            "//example.org/",
            "http://",
            "http://ben:secret@example.org/",
            "http://example.org:99999/",
            "http://[::1",
            "javascript:alert(1)",
            "",
        ],
    )
    def test_what_is_no_web_address_is_not_asked(self, url):
        with pytest.raises(Forbidden):
            web.fetch(url, what=PORTAL)

    @pytest.mark.parametrize(
        "url", ["http://example.org/a b", "http://exa mple.org/", "http://example.org/\r\nX: y"]
    )
    def test_an_address_smuggles_nothing_in(self, url, site):
        with pytest.raises(Away):
            web.fetch(url.replace("http://example.org", site.url), what=PORTAL)
        assert all("X" not in said for _path, said in site.asked)

    def test_this_machine_is_not_asked(self, other):
        with pytest.raises(Forbidden, match="ALONGSIDE_OUTSIDE_ALLOW"):
            other.fetch()
        assert other.asked == []


class TestRedirects:
    def test_they_are_followed(self, site):
        site.pages["/"] = (302, {"Location": "/there"}, b"moved")
        site.pages["/there"] = (200, {}, b"here")
        answer = site.fetch()
        assert (answer.url, answer.body) == (f"{site.url}/there", b"here")

    def test_not_to_this_machine(self, site, other):
        site.pages["/"] = (302, {"Location": f"{other.url}/"}, b"")
        with pytest.raises(Forbidden):
            site.fetch()
        assert other.asked == []

    @pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://x.example/", "http://", "http://[::1]:1/"])
    def test_nor_to_what_is_no_place(self, site, to):
        site.pages["/"] = (302, {"Location": to}, b"")
        with pytest.raises(Away):
            site.fetch()

    def test_they_end(self, site):
        site.pages["/"] = (302, {"Location": "/"}, b"")
        with pytest.raises(Away):
            site.fetch()
        assert len(site.asked) == web.ORDINARY.redirects + 1

    def test_what_opens_one_door_is_not_shown_at_another(self, site, other, allow):
        allow(site, other)
        site.pages["/"] = (307, {"Location": f"{other.url}/"}, b"")
        site.fetch(headers={"Authorization": "Bearer secret", "cookie": "a=b", "Accept": "text/plain"})
        _path, said = other.asked[0]
        assert "secret" not in str(said)
        assert "a=b" not in str(said)
        assert said["Accept"] == "text/plain"
        assert "secret" in str(site.asked[0])

    def test_only_the_same_place_where_that_was_said(self, site, other, allow):
        allow(site, other)
        site.pages["/"] = (302, {"Location": f"{other.url}/"}, b"")
        with pytest.raises(Forbidden):
            site.fetch(limits=web.Limits(same_place=True))
        assert other.asked == []


class TestLimits:
    def test_a_page_that_is_too_large(self, site):
        site.pages["/"] = (200, {}, b"x" * 20_000)
        with pytest.raises(TooLarge):
            site.fetch(limits=web.Limits(bytes=10_000))
        assert len(site.fetch(limits=web.Limits(bytes=20_000)).body) == 20_000

    def test_a_packed_page_is_unpacked(self, site):
        site.pages["/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"six o'clock"))
        assert site.fetch().body == b"six o'clock"

    def test_a_little_that_holds_very_much(self, site):
        site.pages["/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 50_000_000))
        with pytest.raises(TooLarge):
            site.fetch(limits=web.Limits(bytes=100_000))

    @pytest.mark.parametrize(
        "body",
        [b"no gzip", gzip.compress(b"the end is missing" * 99)[:-9], b"", gzip.compress(b"x")[:5]],
        ids=["no gzip", "no end", "nothing", "hardly begun"],
    )
    def test_what_cannot_be_unpacked(self, site, body):
        site.pages["/"] = (200, {"Content-Encoding": "gzip"}, body)
        with pytest.raises(Away):
            site.fetch()

    def test_packed_otherwise(self, site):
        site.pages["/"] = (200, {"Content-Encoding": "br"}, b"??")
        with pytest.raises(Away):
            site.fetch()

    @pytest.mark.parametrize("where", ["before", "headers", "body", "after"])
    def test_a_page_that_takes_too_long(self, site, where):
        def drip(handler):
            pieces = {"before": b"", "headers": b"HTTP/1.1 200 OK\r\n", "body": b"HTTP/1.1 200 OK\r\n\r\n"}
            letters = {"before": b"", "headers": b"X: y\r\n", "body": b"z", "after": b""}
            handler.wfile.write(pieces.get(where, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12345"))
            for _ in range(60):
                handler.wfile.write(letters[where])
                handler.wfile.flush()
                time.sleep(0.05)

        site.pages["/"] = drip
        began = time.monotonic()
        with pytest.raises(TooSlow):
            site.fetch(limits=web.Limits(seconds=0.4))
        assert time.monotonic() - began < 1.5

    def test_the_time_is_that_of_all_redirects_together(self, site):
        def slowly(handler):
            time.sleep(0.2)
            handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

        site.pages["/"] = slowly
        with pytest.raises(Away):
            site.fetch(limits=web.Limits(seconds=0.5, redirects=20))
        assert len(site.asked) < 5

    @pytest.mark.parametrize(
        "words",
        [
            b"",
            b"SSH-2.0-x\r\n",
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        ],
    )
    def test_what_is_no_answer(self, site, words):
        site.pages["/"] = lambda handler: handler.wfile.write(words)
        with pytest.raises(Away):
            site.fetch()


class TestCircuits:
    @pytest.mark.parametrize("status", [500, 503, 429])
    def test_a_server_that_cannot_answer_is_left_alone(self, site, status):
        site.pages["/"] = (status, {}, b"")
        for _ in range(circuits.OPENS_AFTER):
            assert site.fetch().status == status
        with pytest.raises(Away, match="The portal does not answer"):
            site.fetch()
        assert len(site.asked) == circuits.OPENS_AFTER

    @pytest.mark.parametrize("status", [200, 403, 404])
    def test_one_that_says_no_is_not(self, site, status):
        site.pages["/"] = (status, {}, b"")
        for _ in range(circuits.OPENS_AFTER + 1):
            assert site.fetch().status == status


class TestHandingOver:
    def test_a_form_comes_as_it_is(self, site):
        site.pages["/"] = (201, {}, b"taken")
        answer = site.post([("a[b]", "ñandú & Söhne"), ("a[b]", "2")], headers={"User-Agent": "Alongside"})
        assert (answer.status, answer.body) == (201, b"taken")
        assert parse_qsl(site.handed[0]) == [("a[b]", "ñandú & Söhne"), ("a[b]", "2")]
        _path, said = site.asked[0]
        assert said["Content-Type"].startswith("application/x-www-form-urlencoded")
        assert (said["User-Agent"], said["Host"]) == ("Alongside", site.url.removeprefix("http://"))

    @pytest.mark.parametrize("status", [400, 403, 500])
    def test_an_answer_of_any_status_is_one(self, site, status):
        site.pages["/"] = (status, {}, b"no")
        assert site.post([("a", "b")]).status == status

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_nobody_sends_it_on(self, site, status):
        """Least of all what it holds that is for this server alone."""
        site.pages["/"] = (status, {"Location": "/there"}, b"")
        answer = site.post([("key", "secret")])
        assert (answer.status, answer.headers["Location"]) == (status, "/there")
        assert len(site.handed) == 1

    @pytest.mark.parametrize(
        "words",
        [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
        ids=["nothing", "nonsense", "half"],
    )
    def test_it_may_have_arrived_where_no_answer_comes(self, site, words):
        site.pages["/"] = lambda handler: handler.wfile.write(words)
        with pytest.raises(Unsure):
            site.post([("a", "b")])
        assert site.handed == ["a=b"]

    def test_nor_in_time_nor_in_size(self, site):
        site.pages["/"] = (200, {}, b"x" * 20_000)
        with pytest.raises(Unsure, match="too large"):
            site.post([("a", "b")], limits=web.Limits(bytes=10_000))
        site.pages["/"] = lambda handler: time.sleep(0.6)
        with pytest.raises(Unsure, match="too long"):
            site.post([("a", "b")], limits=web.Limits(seconds=0.3))

    def test_it_has_not_where_nothing_was_said(self, site, other):
        for url in (f"{other.url}/", "http://127.0.0.1:9/", f"{site.url}/a b", "ftp://x.example/"):
            with pytest.raises(Away) as nobody:
                web.post(url, [("a", "b")], what=PORTAL)
            assert not isinstance(nobody.value, Unsure)
        assert site.handed == other.handed == []

    def test_a_server_that_falls_silent_is_left_alone(self, site):
        site.pages["/"] = lambda handler: None
        for _ in range(circuits.OPENS_AFTER):
            with pytest.raises(Unsure):
                site.post([("a", "b")])
        with pytest.raises(Resting):
            site.post([("a", "b")])
        assert len(site.handed) == circuits.OPENS_AFTER


class TestEncryption:
    def test_a_server_that_cannot_prove_its_name_is_not_asked(self, tmp_path, allow):
        _file, encrypted = a_certificate(tmp_path, "localhost")
        with a_site("localhost", encrypted) as site:
            allow(site)
            with pytest.raises(Away, match="certificate"):
                site.fetch()
            assert site.asked == []

    @pytest.mark.parametrize(("proves", "asked"), [("localhost", 1), ("elsewhere.example", 0)])
    def test_the_name_is_the_one_that_was_asked_for(self, tmp_path, allow, monkeypatch, proves, asked):
        file, encrypted = a_certificate(tmp_path, proves)
        monkeypatch.setattr(tls, "context", lambda: ssl.create_default_context(cafile=file))
        with a_site("localhost", encrypted) as site:
            site.pages["/"] = (200, {}, b"here")
            allow(site)
            if asked:
                assert site.fetch().body == b"here"
            else:
                with pytest.raises(Away, match="certificate"):
                    site.fetch()
            assert len(site.asked) == asked
