"""Nobody holds a thread by being slow, and half a form is no form. Over real sockets, to a real uvicorn."""

import asyncio
import json
import socket
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace

import pytest
import uvicorn

from alongside.config.doorstep import Doorstep, Limits, Reader, pages_of
from alongside.core.pulse import PULSE

LIMITS = Limits(
    small=20_000,
    tiny=2_000,
    held=300_000,
    held_tiny=10_000,
    upload=200_000,
    uploads_at_once=1,
    waiting=3,
    threads=2,
    stuck=0.5,
    pause=0.4,
    slowest=100,
)
THREADS = LIMITS.threads
LARGE = {
    "/large": (2000, 65536),
    "/few": (30, 2_000_000),
}  # pieces, and the bytes of each: more than a socket holds


class Pages:
    """A WSGI application that says what it was given, and remembers."""

    def __init__(self):
        self.seen = []
        self.seconds = 0
        self.stops = None  # the page that does not return for now
        self.gate = threading.Event()
        self.gate.set()
        self.finished = threading.Semaphore(0)

    def __call__(self, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        self.seen.append((environ["PATH_INFO"], len(body)))
        self.gate.wait(5)
        while environ["PATH_INFO"] == self.stops:
            time.sleep(0.01)
        time.sleep(self.seconds)
        said = json.dumps({name: value for name, value in environ.items() if isinstance(value, str)}).encode()
        pieces, size = LARGE.get(environ["PATH_INFO"], (0, 0))
        start_response("200 OK", [("Content-Length", str(pieces * size or len(said)))])
        try:
            yield from (b"x" * size for _ in range(pieces)) if pieces else [said]
        finally:
            self.finished.release()


@pytest.fixture(scope="module", autouse=True)
def ends():
    """What the process would have said at its end."""
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PULSE, "end", said.append)
        yield said


@pytest.fixture(scope="module")
def house(ends):
    """One server for all: (pages, door, port)."""
    pages = Pages()
    door = Doorstep(pages_of(pages, LIMITS, pieces=40), LIMITS)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(door, lifespan="on", log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield pages, door, listener.getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture
def door(house):
    return house[1]


@pytest.fixture
def pages(house, door):
    """What a test sees is its own: nobody of the test before still holds a thread, and none is held after it."""
    pages = house[0]
    wait_until(lambda: (door.turns.free, door.writers.free) == (THREADS, LIMITS.writers))
    pages.seen.clear()
    yield pages
    pages.gate.set()


def wait_until(it_is_so):
    end = time.monotonic() + 5
    while not it_is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def visitor(house):
    def connect(address="127.0.0.1"):
        line = socket.create_connection(("127.0.0.1", house[2]), timeout=5, source_address=(address, 0))
        return closing(line)

    return connect


def ask(visitor, *pieces, path="/", headers="", then_wait=0.0):
    """Send raw bytes, return (status, body)."""
    with visitor() as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode())
        for piece in pieces:
            line.sendall(piece)
            time.sleep(then_wait)
        return read_answer(line)


def read_answer(line):
    answer = b""
    while piece := line.recv(65536):
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else None, body


def form(size):
    return f"Content-Length: {size}\r\n"


def test_a_form_arrives_whole(pages, visitor):
    status, _body = ask(visitor, b"a" * 5_000, b"b" * 5_000, headers=form(10_000))
    assert status == 200
    assert pages.seen == [("/", 10_000)]


def test_a_form_that_breaks_off_is_never_seen(pages, visitor):
    with visitor() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\nparty=1")
    time.sleep(0.2)
    ask(visitor, b"x", headers=form(1))
    assert pages.seen == [("/", 1)]


def test_a_form_that_dawdles_is_let_go_and_holds_no_thread(pages, visitor):
    dawdlers = [
        socket.create_connection(("127.0.0.1", line_port(visitor)), timeout=5) for _ in range(2 * THREADS)
    ]
    for line in dawdlers:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\nparty=")
    status, _body = ask(visitor, b"x", headers=form(1))
    assert status == 200, "with more dawdlers than threads, others are still served"
    assert [read_answer(line)[0] for line in dawdlers] == [408] * len(dawdlers)
    assert pages.seen == [("/", 1)]
    for line in dawdlers:
        line.close()


def line_port(visitor):
    with visitor() as line:
        return line.getpeername()[1]


def test_more_than_a_page_accepts_is_refused_before_it_is_taken(pages, visitor):
    assert ask(visitor, headers=form(LIMITS.small + 1))[0] == 413
    assert pages.seen == []


def test_more_than_was_announced_is_refused_too(pages, visitor):
    chunk = b"4e20\r\n" + b"x" * 20_000 + b"\r\n"
    status, _body = ask(visitor, chunk, b"1\r\nx\r\n0\r\n\r\n", headers="Transfer-Encoding: chunked\r\n")
    assert status == 413
    status, _body = ask(visitor, chunk, b"0\r\n\r\n", headers="Transfer-Encoding: chunked\r\n")
    assert status == 200, "exactly the limit is fine, and chunks have a length now"
    assert pages.seen == [("/", 20_000)]


def test_large_files_are_for_the_workspace(pages, visitor):
    file = b"x" * 150_000
    signed_in = form(len(file)) + "Cookie: sessionid=abc\r\n"
    assert ask(visitor, file, path="/riverbend/workspace/incidents/", headers=signed_in)[0] == 200
    assert pages.seen == [("/riverbend/workspace/incidents/", 150_000)]
    assert ask(visitor, path="/riverbend/walks/", headers=signed_in)[0] == 413
    assert ask(visitor, path="/riverbend/workspace/incidents/", headers=form(len(file)))[0] == 413


def test_a_large_file_that_breaks_off_ends_early_and_frees_its_place(pages, visitor):
    headers = form(150_000) + "Cookie: sessionid=abc\r\n"
    with visitor() as line:
        line.sendall(f"POST /a/workspace/b/ HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode() + b"x" * 50_000)
    time.sleep(0.3)
    assert ask(visitor, b"x" * 150_000, path="/a/workspace/b/", headers=headers)[0] == 200
    assert pages.seen[-1] == ("/a/workspace/b/", 150_000)
    assert all(length < 150_000 for _path, length in pages.seen[:-1])


def test_a_header_cannot_pose_as_the_one_a_proxy_sets(pages, visitor):
    headers = "X_Forwarded_For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n" + form(1)
    status, body = ask(visitor, b"x", headers=headers)
    said = json.loads(body)
    assert status == 200
    assert "HTTP_X_FORWARDED_FOR" not in said
    assert said["HTTP_X_FORWARDED_PROTO"] == "https"


class TestWhoseTurnItIs:
    """Whoever asks much waits behind itself."""

    @pytest.fixture
    def closed(self, pages, door, looks):
        """All threads are taken by the one who asks much, until the test lets pages be made."""
        pages.gate.clear()
        lines = looks(THREADS)
        wait_until(lambda: door.turns.free == 0)
        yield pages.gate
        pages.gate.set()
        assert [read_answer(line)[0] for line in lines] == [200] * THREADS

    def test_when_too_many_wait_the_next_is_told_so_at_once(self, closed, looks, door, visitor):
        crowd = looks(LIMITS.waiting)
        wait_until(lambda: door.turns.waiting == LIMITS.waiting)
        status, body = ask(visitor, b"x", headers=form(1))
        closed.set()
        assert status == 503
        assert b"try again in a minute" in body
        assert [read_answer(line)[0] for line in crowd] == [200] * len(crowd)

    def test_but_not_where_somebody_else_asks_more(self, closed, looks, door):
        crowd = looks(LIMITS.waiting)
        wait_until(lambda: door.turns.waiting == LIMITS.waiting)
        (other,) = looks(1, "127.0.9.1")
        assert read_answer(crowd[-1])[0] == 503, "the last of those who are most"
        closed.set()
        assert read_answer(other)[0] == 200

    def test_who_asks_once_is_next(self, closed, looks, pages, door):
        looks(2, path="/much")
        wait_until(lambda: door.turns.waiting == 2)
        looks(1, "127.0.9.1", path="/once")
        wait_until(lambda: door.turns.waiting == 3)
        closed.set()
        wait_until(lambda: len(pages.seen) == THREADS + 3)
        assert [path for path, _size in pages.seen[THREADS : THREADS + 2]] == ["/much", "/once"]

    def test_behind_a_proxy_it_is_whom_the_proxy_saw(self, closed, looks, pages, door, monkeypatch):
        monkeypatch.setattr(door, "limits", replace(LIMITS, proxies=1))
        looks(2, path="/much", more="X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\n")
        wait_until(lambda: door.turns.waiting == 2)
        looks(1, path="/once", more="X-Forwarded-For: 192.0.2.7, 198.51.100.1\r\n")
        wait_until(lambda: door.turns.waiting == 3)
        assert list(door.turns.lines) == ["192.0.2.0/24", "198.51.100.0/24"]
        closed.set()
        wait_until(lambda: len(pages.seen) == THREADS + 3)

    def test_who_looks_and_leaves_holds_up_nobody(self, closed, looks, pages, door):
        for line in looks(LIMITS.waiting):
            line.close()
        wait_until(lambda: door.turns.waiting == 0)
        assert not door.turns.lines
        assert len(pages.seen) == THREADS

    def test_what_was_sent_is_done_though_its_sender_left(self, closed, pages, door, visitor):
        with visitor() as line:
            line.sendall(b"POST /sent HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
            wait_until(lambda: door.turns.waiting == 1)
        closed.set()
        wait_until(lambda: ("/sent", 1) in pages.seen)


@pytest.fixture
def looks(visitor):
    """Those who ask for a page, each on a line of its own."""
    lines = []

    def come(number, address="127.0.0.1", path="/", more=""):
        mine = [visitor(address).thing for _ in range(number)]
        for line in mine:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n".encode())
        lines.extend(mine)
        return mine

    yield come
    for line in lines:
        line.close()


class TestWhatIsSent:
    """Where nobody can write, reading goes on: senders wait for each other, and never take the last thread."""

    def test_it_leaves_a_thread_to_those_who_look(self, pages, door, visitor, looks):
        pages.gate.clear()
        lines = [visitor(f"127.0.{number}.1").thing for number in range(1, 5)]
        for line in lines:
            line.sendall(b"POST /sent HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
        wait_until(lambda: door.writers.waiting == len(lines) - LIMITS.writers)
        assert door.turns.free == THREADS - LIMITS.writers
        (look,) = looks(1, path="/look")
        wait_until(lambda: ("/look", 0) in pages.seen)
        pages.gate.set()
        assert [read_answer(line)[0] for line in [look, *lines]] == [200] * 5
        wait_until(lambda: (door.writers.free, door.turns.free) == (LIMITS.writers, THREADS))

    def test_if_it_is_stuck_the_process_ends_though_others_look(self, pages, door, visitor, looks, ends):
        ends.clear()
        pages.stops = "/sent"
        lines = [visitor(f"127.0.{number}.1").thing for number in range(1, 3)]
        for line in lines:
            line.sendall(b"POST /sent HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
        over = time.monotonic() + 5
        while not ends and time.monotonic() < over:
            assert read_answer(looks(1)[0])[0] == 200
        pages.stops = None
        assert ends[0].startswith("All 1 threads for what people send are taken, 1 requests wait")
        assert [read_answer(line)[0] for line in lines] == [200] * 2


class TestReaders:
    """An answer that is not taken holds no thread for long, and no place of those who wait for one."""

    def test_who_stops_reading_is_let_go(self, pages, visitor, looks):
        while pages.finished.acquire(blocking=False):
            pass
        looks(THREADS, path="/large")
        for _ in range(THREADS):
            assert pages.finished.acquire(timeout=5), "the thread came back"
        assert ask(visitor, b"x", headers=form(1))[0] == 200

    def test_who_dawdles_over_a_whole_answer_is_let_go(self):
        """Always in time for the next piece, and never for all of it."""

        async def send(_piece):
            await asyncio.sleep(LIMITS.pause / 8)

        async def pieces_taken():
            reader = Reader(send, LIMITS, set())
            for number in range(100):
                await reader({"type": "http.response.body", "body": b"x", "more_body": True})
                if reader.gone:
                    return number
            return None

        assert 2 < asyncio.run(pieces_taken()) < 12

    def test_they_have_so_much_memory_together(self, pages, door, looks, monkeypatch):
        monkeypatch.setattr(door, "limits", replace(LIMITS, pause=4.0, travelling=2_500_000))
        looks(4, path="/few")
        wait_until(lambda: len(pages.seen) == 4)
        wait_until(lambda: door.turns.free == THREADS)  # the premise: none holds one
        wait_until(lambda: len(door.readers) == 2)
        time.sleep(0.3)
        assert len(door.readers) == 2

    def test_those_who_read_slowly_leave_threads_to_others(self, pages, door, looks, visitor, monkeypatch):
        """Each takes a little, always in time."""
        monkeypatch.setattr(door, "limits", replace(LIMITS, pause=4.0))
        lines = looks(THREADS, path="/large")
        wait_until(lambda: door.turns.free == 0)
        stop = threading.Event()

        def nibble():
            while not stop.wait(0.05):
                for line in lines:
                    with suppress(OSError):
                        line.recv(100_000, socket.MSG_DONTWAIT)

        nibbling = threading.Thread(target=nibble)
        nibbling.start()
        began = time.monotonic()
        status, _body = ask(visitor, b"x", headers=form(1))
        took = time.monotonic() - began
        stop.set()
        nibbling.join()
        assert status == 200
        assert took < 4.0, "one had to go, and not for having stopped"


class TestTheShelf:
    """Whoever sends little, or what they have, is let in however much others hold back."""

    def test_it_has_a_limit_and_gives_its_room_back(self, pages, door, crowd):
        lines = crowd(17, of=19_000, announcing=20_000)
        wait_until(lambda: len(door.shelves[1].bodies) == 15)
        answers = [read_answer(line)[0] for line in lines]
        assert sorted(answers) == [408] * 15 + [503] * 2
        assert (door.shelves[0].room, door.shelves[1].room) == (LIMITS.held_tiny, LIMITS.held)

    def test_the_heaviest_give_way_to_a_file_that_arrives(self, pages, visitor, crowd):
        crowd(17, of=19_000, announcing=20_000)
        assert ask(visitor, b"x" * 19_000, headers=form(19_000))[0] == 200

    def test_large_bodies_take_no_room_from_what_people_type(self, pages, door, visitor, crowd):
        crowd(15, of=19_000, announcing=20_000)
        wait_until(lambda: door.shelves[1].room < 19_000)
        assert ask(visitor, b"x" * 1_000, headers=form(1_000))[0] == 200
        assert len(door.shelves[1].bodies) == 15, "the premise: they still hold it, and nobody had to go"

    def test_nor_do_tiny_ones_that_never_end(self, pages, door, visitor, crowd):
        lines = crowd(5, of=1_900, announcing=2_000)
        wait_until(lambda: door.shelves[0].room < 1_000)
        assert ask(visitor, b"x" * 1_000, headers=form(1_000))[0] == 200
        assert sorted(read_answer(line)[0] for line in lines) == [408] * 4 + [503]

    def test_a_body_that_grows_moves_to_the_shelf_of_the_large(self, pages, door, crowd):
        (line,) = crowd(1, of=1_000, announcing=20_000)
        wait_until(lambda: door.shelves[0].room == LIMITS.held_tiny - 1_000)
        line.sendall(b"x" * 2_000)
        wait_until(lambda: door.shelves[1].room == LIMITS.held - 3_000)
        assert door.shelves[0].room == LIMITS.held_tiny


@pytest.fixture
def crowd(visitor, door):
    """Those who announce so much, send a little less, and wait."""
    lines = []

    def come(number, *, of, announcing):
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {announcing}\r\n\r\n".encode()
        for _ in range(number):
            lines.append(socket.create_connection(("127.0.0.1", line_port(visitor)), timeout=5))
            lines[-1].sendall(head + b"x" * of)
        return lines

    yield come
    for line in lines:
        line.close()
    wait_until(lambda: not door.shelves[0].bodies and not door.shelves[1].bodies)


class TestStuck:
    """All threads taken, others waiting, nothing moving: the process ends itself. Busy is something else."""

    def test_when_no_page_moves_it_ends_and_says_so(self, pages, door, visitor, ends):
        ends.clear()
        pages.gate.clear()
        lines = self.come(visitor, THREADS + 1)
        wait_until(lambda: ends)
        pages.gate.set()
        assert ends[0].startswith(
            f"All {THREADS} threads are taken, 1 requests wait, and no page has moved for"
        )
        assert [read_answer(line)[0] for line in lines] == [200] * (THREADS + 1)

    def test_a_reader_who_takes_what_was_made_before_does_not_hide_it(
        self, pages, door, looks, ends, monkeypatch
    ):
        monkeypatch.setattr(door, "limits", replace(LIMITS, pause=4.0))
        ends.clear()
        (slow,) = looks(1, path="/few")
        wait_until(lambda: door.readers and door.turns.free == THREADS)
        pages.gate.clear()
        looks(THREADS + 1)
        wait_until(lambda: door.turns.waiting == 1)
        over = time.monotonic() + 4
        while not ends and time.monotonic() < over:
            with suppress(BlockingIOError):
                slow.recv(200_000, socket.MSG_DONTWAIT)
            time.sleep(0.02)
        pages.gate.set()
        assert ends, "no page moved"

    def test_where_nobody_waits_long_pages_are_let_be(self, pages, visitor, ends):
        ends.clear()
        pages.gate.clear()
        lines = self.come(visitor, THREADS)
        time.sleep(3 * LIMITS.stuck)
        pages.gate.set()
        assert [read_answer(line)[0] for line in lines] == [200] * THREADS
        assert ends == []

    def test_a_house_that_is_full_and_answers_goes_on(self, pages, door, visitor, ends):
        ends.clear()
        pages.seconds = LIMITS.stuck / 2
        over = time.monotonic() + 4 * LIMITS.stuck
        lines, answered = self.come(visitor, LIMITS.waiting), 0
        while time.monotonic() < over:
            assert read_answer(lines.pop(0))[0] == 200
            answered += 1
            wait_until(lambda: door.turns.waiting < LIMITS.waiting)
            lines += self.come(visitor, 1)
        pages.seconds = 0
        assert answered > LIMITS.waiting
        assert ends == []
        assert [read_answer(line)[0] for line in lines] == [200] * len(lines)

    @staticmethod
    def come(visitor, number):
        lines = [
            socket.create_connection(("127.0.0.1", line_port(visitor)), timeout=5) for _ in range(number)
        ]
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return lines
