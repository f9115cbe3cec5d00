"""Which server: 10,000 open streams, 300 small writes a second and pages, in one process; each server in its turn.

    bin/bench streams [--streams 10000] [--rounds 2] [--only uvicorn]

Two client processes, whatever the number of streams: one that watches all streams (from several loopback addresses,
because one has too few ports), one that writes and reads pages. Writes and pages leave on a timetable, so that a slow
answer is not hidden by the wait for it. Then pages are asked for as fast as four can, while the rest goes on. Each
server is measured in so many rounds and its best is taken: the one with the lowest 99th percentile from a change to
every screen. Prints and writes bench/results/streams-DATE.json.

Fair to the others: each with one process, no log of requests, and its limits on connections lifted.
"""

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import resource
import select
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import psutil

from kept import keep, machine
from pages import PAGES, demo_city, free_port, wait_for

STREAMS, WRITES_A_SECOND, PAGES_A_SECOND = 10_000, 300, 20
ON_TIMETABLE, FLAT_OUT = 8, 5  # seconds
AN_ADDRESS = 4000  # streams from one loopback address
AT_ONCE = 250  # streams being opened
OPENED_WITHIN = 20  # seconds
APP = "streams_served:application"
UVICORN = ["uvicorn", APP, "--port", "{port}", "--log-level", "error", "--no-access-log", "--backlog", "4096"]
HYPERCORN = ["hypercorn", APP, "--bind", "127.0.0.1:{port}", "--workers", "1", "--backlog", "4096"]
GRANIAN = ["granian", APP, "--interface", "asgi", "--port", "{port}", "--workers", "1", "--no-ws"]
GRANIAN += ["--backlog", "4096", "--backpressure", "20000", "--log-level", "error", "--no-access-log"]
DAPHNE = ["daphne", APP, "--bind", "127.0.0.1", "--port", "{port}", "--verbosity", "0"]
SERVERS = {
    "uvicorn, h11": [*UVICORN, "--http", "h11", "--loop", "asyncio"],
    "uvicorn, httptools": [*UVICORN, "--http", "httptools", "--loop", "asyncio"],
    "uvicorn, httptools, uvloop": [*UVICORN, "--http", "httptools", "--loop", "uvloop"],
    "hypercorn": [*HYPERCORN, "--worker-class", "asyncio"],
    "hypercorn, uvloop": [*HYPERCORN, "--worker-class", "uvloop"],
    "granian": [*GRANIAN, "--loop", "asyncio"],
    "granian, uvloop": [*GRANIAN, "--loop", "uvloop"],
    "daphne": DAPHNE,
}


def main() -> None:
    options = argparse.ArgumentParser(description="Streams, writes and pages, by several servers.")
    options.add_argument("--streams", type=int, default=STREAMS)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--only", default="", help="servers whose name begins so")
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    many = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (many, many))
    environment = demo_city()
    named = {name: command for name, command in SERVERS.items() if name.startswith(chosen.only)}
    rounds: dict[str, list[dict]] = {name: [] for name in named}
    for number, (name, command) in itertools.product(range(chosen.rounds), named.items()):
        rounds[name].append(measure(command, environment, chosen.streams))
        print(f"round {number + 1}, {name}: {json.dumps(rounds[name][-1])}", file=sys.stderr)
    result = {
        "what": f"{chosen.streams} streams with one change of 2 kB a second, {WRITES_A_SECOND} writes a second, "
        f"{PAGES_A_SECOND} pages a second; then pages as fast as four can",
        "rounds": chosen.rounds,
        "servers": {name: min(each, key=by_delay) for name, each in rounds.items()},
        "machine": machine(),
        "versions": {
            name: version(name)
            for name in ("uvicorn", "httptools", "uvloop", "hypercorn", "granian", "daphne")
        },
    }
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("streams", result))


def by_delay(measured: dict) -> float:
    return measured.get("change_to_screen_ms", {}).get("p99", float("inf"))


@contextmanager
def serving(command: list[str], environment: dict[str, str], port: int):
    run = [sys.executable, "-m", *(part.format(port=port) for part in command)]
    paths = os.pathsep.join([str(Path(__file__).parent), environment["PYTHONPATH"]])
    server = subprocess.Popen(
        run, env=environment | {"PYTHONPATH": paths}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    whole = psutil.Process(server.pid)
    try:
        wait_for(port)
        yield whole
    finally:
        family = [whole, *whole.children(recursive=True)]
        server.terminate()
        try:
            server.wait(3)
        except subprocess.TimeoutExpired:
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            server.wait()


def measure(command: list[str], environment: dict[str, str], streams: int) -> dict:
    """One round of one server."""
    port = free_port()
    with serving(command, environment, port) as server:
        asyncio.run(warm(port))
        before = memory(server)
        with helper(watch, port, streams) as watching, helper(ask, port) as asking:
            opened, seconds = watching.recv()
            after = memory(server)
            watching.send("note")
            asking.send("go")
            asked = asking.recv()
            watching.send("stop")
            delays, got = watching.recv()
        return {
            "streams": opened,
            "opened_in_s": round(seconds, 1),
            "kB_a_stream": round((after - before) / max(1, opened) / 1000, 1),
            "change_to_screen_ms": spread(delays),
            "streams_that_got_every_change": got,
            **asked,
        }


def memory(server: psutil.Process) -> int:
    """Bytes that only this server and its children hold."""
    return sum(each.memory_full_info().uss for each in [server, *server.children(recursive=True)])


@contextmanager
def helper(work: Callable, *given: object):
    """A client process, and the line to it."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=work, args=(theirs, *given), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def spread(milliseconds: list[float]) -> dict[str, float]:
    if len(milliseconds) < 2:
        return {}
    cuts = statistics.quantiles(milliseconds, n=100)
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}


# --- who watches


def watch(line: object, port: int, streams: int) -> None:
    """Hold so many streams open; say when they are; once told to, note how long each change took to each of them."""
    began, screens = time.monotonic(), Screens()
    while len(screens.open) < streams and time.monotonic() - began < OPENED_WITHIN:
        while screens.asked < streams and screens.asked - len(screens.open) < AT_ONCE:
            screens.ask(port)
        screens.read(0.1)
    line.send((len(screens.open), time.monotonic() - began))
    while not line.poll():
        screens.read(0.1)
    line.recv()
    screens.delays.clear()
    screens.got.clear()
    while not line.poll():
        screens.read(0.1)
    most = max(screens.got.values(), default=0)
    line.send(
        ([1000 * each for each in screens.delays], sum(got >= most - 1 for got in screens.got.values()))
    )


class Screens:
    """All open streams of this process, by what the system offers and no more, so as to measure the server."""

    def __init__(self) -> None:
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.left: dict[int, bytes] = {}
        self.open: set[int] = set()
        self.asked = 0
        self.delays: list[float] = []
        self.got: dict[int, int] = {}

    def ask(self, port: int) -> None:
        stream = socket.socket()
        stream.bind((f"127.0.0.{2 + self.asked // AN_ADDRESS}", 0))
        self.asked += 1
        stream.connect(("127.0.0.1", port))
        stream.sendall(b"GET /live/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        stream.setblocking(False)
        self.sockets[stream.fileno()] = stream
        self.poll.register(stream.fileno(), select.EPOLLIN)

    def read(self, seconds: float) -> None:
        for number, _event in self.poll.poll(seconds):
            try:
                piece = self.sockets[number].recv(65536)
            except OSError:
                piece = b""
            if not piece:
                self.poll.unregister(number)
                self.sockets.pop(number).close()
                self.open.discard(number)
                continue
            self._take(number, self.left.pop(number, b"") + piece)

    def _take(self, number: int, text: bytes) -> None:
        if b": open\n\n" in text:
            self.open.add(number)
        while (start := text.find(b"data: ")) >= 0 and (end := text.find(b"\n\n", start)) >= 0:
            self.delays.append(time.monotonic() - float(text[start + 6 :].split(b" ", 1)[0]))
            self.got[number] = self.got.get(number, 0) + 1
            text = text[end + 2 :]
        if start >= 0:
            self.left[number] = text[start:]


# --- who writes, and who reads pages


def ask(line: object, port: int) -> None:
    line.recv()
    line.send(asyncio.run(Asking(port).all()))


async def warm(port: int) -> None:
    """The first of each page compiles its template."""
    caller = Caller(port)
    for page in PAGES * 3:
        assert await caller.ask(f"GET {page}") == 200


class Asking:
    """Writes and pages: what they took, from when they should have left, and what went wrong."""

    def __init__(self, port: int) -> None:
        self.idle = asyncio.LifoQueue()
        for _ in range(200):
            self.idle.put_nowait(Caller(port))
        self.port = port
        self.errors = {"writes": 0, "pages": 0}

    async def all(self) -> dict:
        writes, pages = await asyncio.gather(
            self.on_timetable("writes", WRITES_A_SECOND, ON_TIMETABLE),
            self.on_timetable("pages", PAGES_A_SECOND, ON_TIMETABLE),
        )
        meanwhile, *done = await asyncio.gather(
            self.on_timetable("writes", WRITES_A_SECOND, FLAT_OUT),
            *(self.flat_out(first) for first in range(4)),
        )
        return {
            "writes_ms": spread(writes),
            "pages_ms": spread(pages),
            "most_pages_a_second": round(sum(done) / FLAT_OUT),
            "writes_meanwhile_ms": spread(meanwhile),
            "errors": self.errors,
        }

    async def on_timetable(self, what: str, rate: int, seconds: int) -> list[float]:
        began, asked, taken = time.monotonic(), [], []
        for number in range(rate * seconds):
            due = began + number / rate
            if (pause := due - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            asked.append(asyncio.create_task(self._one(what, number, due, taken)))
        await asyncio.gather(*asked)
        return taken

    async def _one(self, what: str, number: int, due: float, taken: list[float]) -> None:
        caller = await self.idle.get()
        wanted = 204 if what == "writes" else 200
        request = "POST /write/" if what == "writes" else f"GET {PAGES[number % len(PAGES)]}"
        if await tried(caller.ask(request)) == wanted:
            taken.append(1000 * (time.monotonic() - due))
        else:
            self.errors[what] += 1
        self.idle.put_nowait(caller)

    async def flat_out(self, first: int) -> int:
        """Pages that one client gets, one after the other."""
        caller, done, ends = Caller(self.port), 0, time.monotonic() + FLAT_OUT
        while time.monotonic() < ends:
            if await tried(caller.ask(f"GET {PAGES[(first + done) % len(PAGES)]}")) == 200:
                done += 1
            else:
                self.errors["pages"] += 1
        return done


async def tried(asked: Awaitable[int]) -> int:
    """The status, or 0."""
    try:
        async with asyncio.timeout(10):
            return await asked
    except (OSError, TimeoutError, EOFError, ValueError):
        return 0


class Caller:
    """One kept connection, made anew where the server has ended it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, request: str) -> int:
        if self.writer is None or self.reader.at_eof():
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = b"slot=3&stars=4&token=abcdefghijklmnop" if request.startswith("POST") else b""
        head = f"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            self.writer.write(head.encode() + body)
            return await self._answer()
        except BaseException:
            self.writer.close()
            self.writer = None
            raise

    async def _answer(self) -> int:
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        if fields.get(b"transfer-encoding") == b"chunked":
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                await self.reader.readexactly(size + 2)
            await self.reader.readexactly(2)
        elif status != 204:
            await self.reader.readexactly(int(fields[b"content-length"]))
        return status


if __name__ == "__main__":
    main()
