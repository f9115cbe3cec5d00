"""What stands before the threads that make pages, so that nobody can hold one by being slow.

A thread is lent to a request only once all of a small body has arrived, in turn (`config.turns`); large uploads, which
pages of the workspace alone accept, share a few places of their own. A body that breaks off is dropped here: Django
would take its first half for a whole form. What has arrived waits on a shelf; where one is full, whoever has held the
most for the longest gives way. So does whoever keeps an answer waiting for the longest, where too many do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, ParamSpec, TypeVar, cast

from a2wsgi import WSGIMiddleware

from alongside.config.turns import Full, Turns
from alongside.core.networks import caller, neighbours
from alongside.core.pulse import EVERY, PULSE

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
P = ParamSpec("P")
Done = TypeVar("Done")
App = Callable[..., Awaitable[None]]

KILOBYTE, MEGABYTE = 1024, 1024 * 1024

# Said without a page, and so without a translation: no thread could be lent to make one.
BUSY = "Too many people are asking just now. Please try again in a minute."
TOO_SLOW = "This took too long to arrive. Please send it again."


class Refused(Exception):
    """This request is answered here, or (status 0) its sender has gone and nobody is there to answer."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(status)
        self.status, self.why = status, why


@dataclass(frozen=True)
class Limits:
    """Bytes and seconds. The defaults suit a phone on a poor connection, and no attacker."""

    small: int = 2 * MEGABYTE
    tiny: int = 64 * KILOBYTE  # whatever people type: an answer, a concern, a vote
    held: int = 192 * MEGABYTE  # of bodies, of everybody, at one time
    held_tiny: int = (
        64 * MEGABYTE
    )  # of tiny ones, which no larger body may take: more than may wait for a thread
    upload: int = 2048 * MEGABYTE
    uploads_at_once: int = 2
    waiting: int = 1000  # for a thread: a hall of 300 has its half beside a flood
    travelling: int = 256 * MEGABYTE  # of long answers that are taken slowly
    threads: int = 8
    proxies: int = 0

    @property
    def writers(self) -> int:
        """Of the threads, for what people send: where the database lets nobody write, reading goes on."""
        return max(1, self.threads * 3 // 4)

    stuck: float = 30.0  # for which all threads are taken, others wait, and no page moves
    pause: float = 20.0  # between two pieces of a body, or for a piece of the answer to be taken
    slowest: int = 4096  # bytes a second, over a whole body, after the first pause


LOOKS = {"GET", "HEAD"}


class Doorstep:
    """An ASGI application around the pages: bodies first, threads after."""

    def __init__(self, pages: App, limits: Limits) -> None:
        self.pages = pages
        self.limits = limits
        self.uploads = asyncio.Semaphore(limits.uploads_at_once)
        self.shelves = Shelf(limits.held_tiny), Shelf(limits.held)
        self.turns = Turns(limits.threads, limits.waiting)
        self.writers = Turns(limits.writers, limits.waiting, whose=" for what people send")
        self.readers: set[Reader] = set()  # who have not taken what was written for them

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            watch = asyncio.create_task(self._watch())
            await self.pages(scope, receive, send)
            watch.cancel()
            return
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        body = Body(receive, self.limits, self._most(scope), self.shelves)
        try:
            await self._admit(scope, body, Reader(send, self.limits, self.readers))
        except Refused as refused:
            await refuse(send, refused)
        finally:
            body.let_go()

    async def _admit(self, scope: Any, body: Body, reader: Reader) -> None:
        body.expect(_announced_length(scope))
        await body.read_ahead()
        scope = {**scope, "headers": _honest_headers(scope["headers"], body)}
        if body.complete:
            await self._lend_thread(scope, body, reader)
            return
        async with self.uploads:
            await self._lend_thread(scope, body, reader)

    async def _lend_thread(self, scope: Any, body: Body, reader: Reader) -> None:
        loan = Loan(*([self.turns] if scope["method"] in LOOKS else [self.writers, self.turns]))
        LENT.set(loan)
        reader.loan = loan
        try:
            await self._wait_for_a_thread(loan, scope, body)
            await self.pages(scope, loan.counted(body.replay), loan.counted(reader))
        except Full:
            raise Refused(503, BUSY) from None
        finally:
            loan.end_if_not_begun()

    async def _wait_for_a_thread(self, loan: Loan, scope: Any, body: Body) -> None:
        """In turn. Whoever only looks and leaves meanwhile holds up nobody; what somebody sent is done all the same."""
        network = neighbours(_caller(scope, self.limits.proxies))
        if self.turns.free or scope["method"] not in LOOKS or not body.complete:
            await loan.wait(network)
            return
        turn = asyncio.ensure_future(loan.wait(network))
        left = asyncio.ensure_future(body.receive())  # after a whole body comes only that its sender is gone
        try:
            await asyncio.wait({turn, left}, return_when=asyncio.FIRST_COMPLETED)
            if not turn.done():
                raise Refused(0)
            turn.result()
        finally:
            turn.cancel()
            left.cancel()

    async def _watch(self) -> None:
        """Give signs of life as long as pages move. A house that is full and answers is busy; one that does not is
        stuck, however well it takes what comes in."""
        every = min(EVERY, self.limits.stuck / 10)
        while True:
            PULSE.beat()
            await asyncio.sleep(every)
            self._let_the_slowest_go(every)
            # They are fewer, wait for locks, and may keep others of their kind waiting for longer.
            for turns, stuck in ((self.turns, self.limits.stuck), (self.writers, 2 * self.limits.stuck)):
                if turns.stood_still(every) > stuck:
                    PULSE.end(
                        f"All {turns.threads} threads{turns.whose} are taken, {turns.waiting} requests "
                        f"wait, and no page has moved for {turns.still:.0f} s"
                    )

    def _let_the_slowest_go(self, seconds: float) -> None:
        """Some long answers may be taken slowly: so much of them in memory, and while others wait, in half of the
        threads. Of more, those go who have been waited for the longest."""
        readers = sorted(self.readers, key=lambda reader: reader.waits_for)
        for reader, held in zip(readers, accumulate(reader.held for reader in readers)):
            if held > self.limits.travelling:
                reader.let_go()
        if self.turns.waiting:
            lent = [each for each in readers if each.waits_for > seconds and each.loan and not each.loan.over]
            for reader in lent[self.limits.threads // 2 :]:
                reader.let_go()

    def _most(self, scope: Any) -> int:
        """Only a signed-in workspace has a use for large files; whether it really is signed in, Django asks."""
        cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        upload = "/workspace/" in scope["path"] and b"sessionid=" in cookies
        return self.limits.upload if upload else self.limits.small


class Shelf:
    """The room there is for bodies that wait, shared by all."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.bodies: dict[Body, int] = {}  # and how much each holds

    def take(self, body: Body, size: int) -> None:
        """Make room for so much more of this body, if need be by letting go of what has been the greatest burden."""
        while size > self.room:
            heaviest = max(
                [body, *(each for each in self.bodies if each.may_give_way)], key=lambda each: each.burden
            )
            if heaviest is body:
                raise Refused(503, BUSY)
            heaviest.give_way()
        self.bodies[body] = self.bodies.get(body, 0) + size
        self.room -= size

    def give_back(self, body: Body) -> None:
        self.room += self.bodies.pop(body, 0)


class Body:
    """A request's body: what has arrived, and the rest as it comes."""

    def __init__(self, receive: Receive, limits: Limits, most: int, shelves: tuple[Shelf, Shelf]) -> None:
        self.receive, self.limits, self.most = receive, limits, most
        self.shelf, self.larger = shelves
        self.held = bytearray()
        self.arrives: asyncio.Timeout | None = None  # while a piece of it is awaited, to be put on the shelf
        self.gave_way = False
        self.size = 0
        self.started = time.monotonic()
        self.complete = False
        self.broken = False

    def expect(self, announced: int | None) -> None:
        """Refuse by the announced length, before a byte of it is taken."""
        if announced is not None and announced > self.most:
            raise self._too_large()

    async def read_ahead(self) -> None:
        """Take all of a small body, or the beginning of a large one."""
        # A small body may end exactly at the limit; one byte more, and `_piece` refuses it.
        while not self.complete and (self.size < self.limits.small or self.most <= self.limits.small):
            piece = await self._piece()
            self._shelve(len(piece))
            self.held += piece

    def _shelve(self, size: int) -> None:
        """On the shelf of tiny bodies, until it is none."""
        if self.size > self.limits.tiny and self.shelf is not self.larger:
            size += len(self.held)
            self.let_go()
            self.shelf = self.larger
        self.shelf.take(self, size)

    @property
    def burden(self) -> float:
        """What it costs the others: how much it holds, for how long. Who sends what they have is never the heaviest
        among those who do not."""
        return self.size * (time.monotonic() - self.started)

    @property
    def may_give_way(self) -> bool:
        return self.arrives is not None and not self.arrives.expired()

    def give_way(self) -> None:
        """Make room now; its sender is told when it is its turn."""
        assert self.arrives is not None
        self.gave_way = True
        self.arrives.reschedule(0)
        self.held.clear()
        self.let_go()

    def let_go(self) -> None:
        self.shelf.give_back(self)

    def _too_large(self) -> Refused:
        return Refused(413, f"This is larger than the {self.most // MEGABYTE} MB that this page accepts.")

    async def _piece(self) -> bytes:
        try:
            async with asyncio.timeout(self.limits.pause) as self.arrives:
                message = await self.receive()
        except TimeoutError:
            raise (Refused(503, BUSY) if self.gave_way else Refused(408, TOO_SLOW)) from None
        finally:
            self.arrives = None
        if message["type"] == "http.disconnect":
            raise Refused(0)
        piece: bytes = message.get("body", b"")
        self.size += len(piece)
        self.complete = not message.get("more_body", False)
        if time.monotonic() - self.started > self.limits.pause + self.size / self.limits.slowest:
            raise Refused(408, TOO_SLOW)
        if self.size > self.most:
            raise self._too_large()
        return piece

    async def replay(self) -> Message:
        """The body again, for the application: first what is held, then what still comes."""
        if self.held:
            held, self.held = bytes(self.held), bytearray()
            self.let_go()
            return {"type": "http.request", "body": held, "more_body": not self.complete}
        if self.complete or self.broken:
            return {"type": "http.disconnect"} if self.broken else {"type": "http.request", "body": b""}
        try:
            piece = await self._piece()
        except Refused:  # the parser sees a body that ends too soon, and refuses the upload
            self.broken = True
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": not self.complete}


LENT: ContextVar[Loan] = ContextVar("lent")


class Loan:
    """A thread that is lent, from its page's beginning to its end: the answer may travel for longer."""

    def __init__(self, *turns: Turns) -> None:
        self.turns = turns
        self.lent: list[Turns] = []
        self.begun = False

    async def wait(self, network: str) -> None:
        for turns in self.turns:
            await turns.wait(network)
            self.lent.append(turns)

    @property
    def over(self) -> bool:
        return not self.lent

    def end(self) -> None:
        while self.lent:
            self.lent.pop().give_back()

    def end_if_not_begun(self) -> None:
        if not self.begun:
            self.end()

    def counted(self, step: Callable[P, Awaitable[Done]]) -> Callable[P, Awaitable[Done]]:
        """What goes to and from a page is a move of that page, as long as there is one."""

        async def counted(*args: P.args, **kwargs: P.kwargs) -> Done:
            for turns in self.lent:
                turns.moves += 1
            return await step(*args, **kwargs)

        return counted


class Threads(ThreadPoolExecutor):
    """The threads themselves. Each is given back when its page has been made."""

    def submit(self, page: Callable[P, Done], /, *args: P.args, **kwargs: P.kwargs) -> Future[Done]:
        loan, loop = LENT.get(), asyncio.get_running_loop()

        def over(_future: Future[Done]) -> None:
            with suppress(RuntimeError):  # the house is closed
                loop.call_soon_threadsafe(loan.end)

        future = super().submit(page, *args, **kwargs)
        loan.begun = True
        future.add_done_callback(over)
        return future


def pages_of(application: Any, limits: Limits, pieces: int) -> App:
    """A WSGI application on threads that are lent. So many pieces of an answer wait for a slow reader."""
    pages = WSGIMiddleware(application, send_queue_size=pieces)
    pages.executor = Threads(limits.threads, "pages")
    return cast(App, pages)


class Reader:
    """Is sent an answer piece by piece, and takes it; one who stops reading is let go, and one who dawdles."""

    def __init__(self, send: Send, limits: Limits, waiting: set[Reader]) -> None:
        self.send, self.limits, self.waiting = send, limits, waiting
        self.loan: Loan | None = None
        self.size, self.length = 0, MEGABYTE  # that it was sent, of so much; of a stream nobody knows
        self.waited = 0.0
        self.since = 0.0
        self.takes: asyncio.Timeout | None = None
        self.gone = False

    async def __call__(self, message: Message) -> None:
        # Raising here would leave the page's thread waiting for ever on a queue that nobody empties.
        if self.gone:
            return
        if message["type"] == "http.response.start":
            self.length = _announced_length(message) or self.length
        self.since = time.monotonic()
        self.waiting.add(self)
        try:
            async with asyncio.timeout(self._patience()) as self.takes:
                await self.send(message)
        except (TimeoutError, OSError):
            self.gone = True
        finally:
            self.takes = None
            self.waiting.discard(self)
            self.waited = self.waits_for
        self.size += len(message.get("body", b""))

    def _patience(self) -> float:
        """For one piece; and for all so far as much as the slowest may take."""
        return min(self.limits.pause, self.limits.pause + self.size / self.limits.slowest - self.waited)

    @property
    def waits_for(self) -> float:
        """How long we have waited for it in all."""
        return self.waited + time.monotonic() - self.since

    @property
    def held(self) -> int:
        """How much waits for it in memory, at most (`pages_of`)."""
        return min(max(self.length - self.size, 0), MEGABYTE)

    def let_go(self) -> None:
        if self.takes is not None and not self.takes.expired():
            self.takes.reschedule(0)


def _caller(scope: Any, proxies: int) -> str:
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    return caller((scope["client"] or [""])[0], forwarded.decode("latin1"), proxies)


def _announced_length(scope: Any) -> int | None:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else None


def _honest_headers(headers: list[tuple[bytes, bytes]], body: Body) -> list[tuple[bytes, bytes]]:
    """As sent, but for two: WSGI would read `X_Forwarded_For` as the header a proxy sets,
    and a body sent in chunks has no length, without which Django takes it for empty."""
    kept = [(name, value) for name, value in headers if b"_" not in name]
    if body.complete and body.size and not any(name == b"content-length" for name, _ in kept):
        kept.append((b"content-length", str(body.size).encode()))
    return kept


async def refuse(send: Send, refused: Refused) -> None:
    """One plain sentence, and the connection ends."""
    if refused.status == 0:
        return
    text = refused.why.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
        *([(b"retry-after", b"60")] if refused.status == 503 else []),
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
