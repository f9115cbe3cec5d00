"""Every connection of the web process: how many there may be, whose they are, and who has to finish a sentence.

A connection is *silent* while we wait for its other side: it has asked for nothing yet, or not finished asking, or
has its answer. Where places run short the silent ones give theirs up, longest unheard first, and first in the network
that holds most of them; so whoever speaks gets in, and whoever is being answered stays.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import uvicorn
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from alongside.core.networks import neighbours

log = logging.getLogger("alongside.connections")

QUEUE = 2048  # that the system holds for us, until we take them
AT_ONCE = 16  # taken from it in one turn of the loop
UNCOUNTED = 4 * AT_ONCE  # taken and not yet counted, or let go of and not yet closed: a few turns' worth
HOUSE = 128  # descriptors for the database, files, and whatever a library opens
A_THREAD = 8  # and for each thread that makes pages
EVERY = 20  # ticks of uvicorn, of a tenth of a second, between two rounds

TURNED_AWAY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nConnection: close\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 66\r\n\r\n"
    b"Too many people are asking just now. Please try again in a minute."
)
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Rules:
    """Places, seconds and bytes. The defaults suit a phone on a poor connection."""

    places: int
    share: int  # of the places, for one network
    head: float = 20.0  # from connecting, or from its first byte, until a head must be whole
    idle: int = 15  # between an answer and the next request
    leaving: float = 20.0  # for the rest of what we wrote to be taken, once we have hung up
    # Bytes of a head; or of what else is neither a head nor a body, beyond what it wraps.
    unread: int = 64 * 1024
    ahead: int = 16  # requests that may come before the one at hand is answered


def house(threads: int) -> int:
    """Descriptors that are not for connections we know of."""
    return HOUSE + UNCOUNTED + A_THREAD * threads


def places(wanted: int, descriptors: int, threads: int) -> int:
    """Connections there may be, so that the house always finds a descriptor for what it opens itself."""
    return min(wanted, max(descriptors - house(threads), descriptors // 2))


def claim_descriptors(wanted: int, threads: int) -> int:
    """Raise the number of files we may have open as far as we need and may. Returns the places there are then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + house(threads)
    allowed = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return places(wanted, max(soft, allowed), threads)


def lobby() -> Lobby:
    """As this install has set it. Behind proxies all connections are the proxies', so none has its share."""
    chosen = settings.ALONGSIDE
    there_are = claim_descriptors(chosen.connections, chosen.web_threads)
    percent = 100 if chosen.proxies else chosen.network_share
    return Lobby(Rules(there_are, share=max(1, there_are * percent // 100)))


class Lobby:
    """All connections: each network's, and of these the silent ones in the order in which they were last heard."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.everyone: set[Connection] = set()
        self.held: Counter[str] = Counter()
        self.silent: dict[str, dict[Connection, None]] = {}

    def enter(self, one: Connection) -> bool:
        """Whether there is a place. For it another may have to go: of its own network, if that has its share."""
        if self.held[one.network] >= self.rules.share:
            found = self._give_up(one.network, "Its share is taken")
        elif len(self.everyone) >= self.rules.places:
            heaviest = max(self.silent, key=lambda network: len(self.silent[network]), default="")
            found = self._give_up(heaviest, "Every place is taken")
        else:
            found = True
        if found:
            self.everyone.add(one)
            self.held[one.network] += 1
            self.heard(one)
        return found

    def _give_up(self, network: str, why: str) -> bool:
        longest = next(iter(self.silent.get(network, ())), None)
        if longest is None:
            log.warning("%s, and none of %s is silent: one more is turned away.", why, network or "them all")
            return False
        log.warning("%s: a silent connection of %s gives up its own.", why, network)
        longest.drop()
        return True

    def heard(self, one: Connection) -> None:
        """It has said something and is to say more, or has its answer."""
        if one in self.everyone:
            self.answering(one)
            self.silent.setdefault(one.network, {})[one] = None

    def answering(self, one: Connection) -> None:
        """It waits for us."""
        neighbours = self.silent.get(one.network, {})
        neighbours.pop(one, None)
        if not neighbours:
            self.silent.pop(one.network, None)

    def leave(self, one: Connection) -> None:
        if one in self.everyone:
            self.answering(one)
            self.everyone.remove(one)
            self.held[one.network] -= 1
            self.held += Counter()  # networks of which nobody is here are forgotten

    def make_rounds(self, now: float) -> None:
        for one in [one for one in self.everyone if one.overdue(now)]:
            one.drop()


class TooManyAhead(Exception):
    """More requests on one connection than it may send before they are answered."""


class Config(uvicorn.Config):
    """Uvicorn's, with the lobby that all connections share."""

    def __init__(self, app: Any, lobby: Lobby, **given: Any) -> None:
        super().__init__(
            app,
            interface="asgi3",
            http=Connection,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # ALONGSIDE_PROXIES says which forwarded headers count
            timeout_keep_alive=lobby.rules.idle,
            timeout_graceful_shutdown=15,
            backlog=AT_ONCE,
            **given,
        )
        self.lobby = lobby


class Server(uvicorn.Server):
    """Uvicorn, and somebody who goes the rounds."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.lobby = config.lobby

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # asyncio takes one number for two: how many the system queues, and how many we take without looking.
        for listener in sockets or []:
            listener.listen(QUEUE)

    async def on_tick(self, counter: int) -> bool:
        if counter % EVERY == 0:
            self.lobby.make_rounds(time.monotonic())
        return await super().on_tick(counter)


class Connection(HttpToolsProtocol):
    """One connection, which knows how long it has been silent."""

    def __init__(self, config: Config, *given: Any, **named: Any) -> None:
        super().__init__(config, *given, **named)
        self.lobby = config.lobby
        self.network = ""
        self.in_head = False
        self.unread = 0  # bytes of which the parser has made nothing yet
        self.since: float | None = None  # when a head began that is not whole, or when we hung up

    # --- what happens to it

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self.network = neighbours(self.client[0]) if self.client else ""
        self.since = time.monotonic()
        if not self.lobby.enter(self):
            self.transport.write(TURNED_AWAY)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lobby.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.unread += len(data)
        super().data_received(data)
        self._look(heard=True)
        if self.unread > self.lobby.rules.unread and not self.transport.is_closing():
            self.transport.write(TOO_LONG if self.in_head else b"")
            self.transport.close()

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self.lobby.rules.ahead:
            raise TooManyAhead  # ends the parser, which would make thousands of what it has been handed at once
        self.in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the head. One that follows a body would stand among those that a proxy has looked at."""
        if self.in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.in_head, self.unread = False, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        # A byte of a body pays for itself and for one of what it is wrapped in: chunks may be as small as that.
        self.unread = max(0, self.unread - 2 * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.unread = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.pipeline:
            self.flow.pause_reading()
        self._look()

    def _unsupported_upgrade_warning(self) -> None:
        """Whoever asks for another protocol is answered in this one, as the standard has it. No news for a log."""

    # --- how it stands

    def _look(self, *, heard: bool = False) -> None:
        """Note whether it waits for us or we for it, and whether a head has begun."""
        under_way = self.cycle is not None and not self.cycle.response_complete
        if under_way and not self.cycle.more_body:
            self.lobby.answering(self)
        else:
            self.lobby.heard(self)
        # How long a body may take is the doorstep's affair; uvicorn counts the seconds between two requests.
        if under_way or not heard:
            self.since = None
        elif self.since is None:
            self.since = time.monotonic()

    def overdue(self, now: float) -> bool:
        leaving = self.transport.is_closing()
        if leaving and self.since is None:
            self.since = now
        patience = self.lobby.rules.leaving if leaving else self.lobby.rules.head
        return self.since is not None and now - self.since > patience

    def drop(self) -> None:
        self.lobby.leave(self)
        self.transport.abort()
