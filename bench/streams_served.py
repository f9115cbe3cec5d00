"""What the servers of streams.py serve, in one process: open streams, small writes, and the pages of a demo city.

/live/    a bare ASGI stream; every second one change of 2 kB goes to all who have it open
/write/   a bare ASGI write of a few bytes, answered once it is in SQLite; what comes together is committed together
the rest  the pages, as alongside.config.asgi serves them
"""

import asyncio
import os
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

from alongside.config.asgi import application as pages

CHANGE_BYTES, EVERY = 2000, 1.0
GATHERED = 0.02  # seconds for which writes are gathered into one commit
SLICE = int(
    os.environ.get("STREAMS_SLICE", "250")
)  # streams told at one go; between two goes others have their turn


class Live:
    """One change for all: made once, handed to each stream, slice after slice."""

    def __init__(self) -> None:
        self.slices: list[asyncio.Event] = []
        self.opened = 0
        self.change = b""
        self.clock = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        version = 0
        while True:
            await asyncio.sleep(EVERY)
            version += 1
            told = f"data: {time.monotonic():.6f} {version} ".encode()
            self.change = told.ljust(CHANGE_BYTES - 2, b"x") + b"\n\n"
            for number, changed in enumerate(self.slices):
                self.slices[number] = asyncio.Event()
                changed.set()
                await asyncio.sleep(0)

    async def __call__(self, receive: Any, send: Any) -> None:
        await receive()
        number, me = self.opened // SLICE, asyncio.current_task()
        self.opened += 1
        if number == len(self.slices):
            self.slices.append(asyncio.Event())
        gone = asyncio.ensure_future(receive())
        gone.add_done_callback(lambda _gone: me.cancel())
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b": open\n\n", "more_body": True})
        try:
            while True:
                await self.slices[number].wait()
                await send({"type": "http.response.body", "body": self.change, "more_body": True})
        except asyncio.CancelledError:
            gone.cancel()


class Writes:
    """Rows that are on disk when they are answered."""

    def __init__(self) -> None:
        self.file = Path(tempfile.mkdtemp(prefix="streams-")) / "writes.sqlite3"
        with sqlite3.connect(self.file) as database:
            database.executescript("pragma journal_mode=wal; create table said (body blob)")
        self.waiting: list[bytes] = []
        self.next: asyncio.Task[None] | None = None

    async def __call__(self, receive: Any, send: Any) -> None:
        self.waiting.append((await receive()).get("body", b""))
        self.next = self.next or asyncio.create_task(self._commit())
        await asyncio.shield(self.next)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _commit(self) -> None:
        await asyncio.sleep(GATHERED)
        rows, self.waiting, self.next = self.waiting, [], None
        await asyncio.to_thread(self._keep, rows)

    def _keep(self, rows: list[bytes]) -> None:
        with sqlite3.connect(self.file) as database:
            database.executemany("insert into said values (?)", [(row,) for row in rows])


live: Live | None = None
writes: Writes | None = None


async def application(scope: Any, receive: Any, send: Any) -> None:
    global live, writes
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["path"] == "/live/":
        live = live or Live()  # now: its clock belongs to the loop that the server chose
        await live(receive, send)
    elif scope["path"] == "/write/":
        writes = writes or Writes()
        await writes(receive, send)
    else:
        await pages(scope, receive, send)


async def lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
