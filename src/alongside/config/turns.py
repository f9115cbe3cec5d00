"""Threads that make pages, lent in turn: to each network of callers in its turn, and there to who asked first.

So one that asks a thousand times waits behind itself, and whoever asks once waits for one page of each of the others.
Where too many wait, the last of the network with most in line is told so: not whoever comes next.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Full(Exception):
    """Too many wait, and this one is of those who are most."""


class Turns:
    """So many threads, and who waits for one. While one is free, nobody does."""

    def __init__(self, threads: int, most: int, whose: str = "") -> None:
        self.threads = self.free = threads
        self.most = most
        self.whose = whose
        self.waiting = 0
        # Of each network; whose turn it is stands first.
        self.lines: dict[str, deque[asyncio.Future[None]]] = {}
        self.moves = self.moved = 0  # whatever shows that pages are made: pieces read and written, and ends
        self.still = 0.0

    async def wait(self, network: str) -> None:
        """Until a thread is lent, which must be given back."""
        if self.free:
            self.free -= 1
            return
        if self.waiting >= self.most:
            self._make_room_for(network)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lines.setdefault(network, deque()).append(turn)
        self.waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            self._leave(network, turn)
            raise

    def stood_still(self, seconds: float) -> float:
        """How long there has been no move while somebody waited. Asked every so many seconds."""
        self.still = self.still + seconds if self.waiting and self.moves == self.moved else 0.0
        self.moved = self.moves
        return self.still

    def give_back(self) -> None:
        """A page has been made; the thread goes to whose turn it is."""
        self.moves += 1
        if not self.lines:
            self.free += 1
            return
        network = next(iter(self.lines))
        line = self.lines.pop(network)
        turn = line.popleft()
        if line:
            self.lines[network] = line
        self.waiting -= 1
        if turn.done():  # it was just about to leave
            self.give_back()
        else:
            turn.set_result(None)

    def _make_room_for(self, network: str) -> None:
        longest = max(self.lines, key=lambda each: len(self.lines[each]))
        if len(self.lines[longest]) <= len(self.lines.get(network, ())) + 1:
            raise Full
        last = self.lines[longest].pop()
        self.waiting -= 1
        if not last.done():
            last.set_exception(Full())

    def _leave(self, network: str, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled() and turn.exception() is None:
            self.give_back()  # it was lent to one who has gone
        elif turn in (line := self.lines.get(network, deque())):
            line.remove(turn)
            self.waiting -= 1
            if not line:
                del self.lines[network]
