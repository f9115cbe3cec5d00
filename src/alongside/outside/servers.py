"""Servers that the operator names by a web address: where each is, and how one signs in there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, unquote

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls_from_the_start: bool

    @classmethod
    def of(cls, url: SplitResult, *, port: int, tls_from_the_start: bool) -> Self:
        """As its address says it; at the usual `port`, where that names none."""
        return cls(
            host=url.hostname or "localhost",
            port=url.port or port,
            user=unquote(url.username or ""),
            password=unquote(url.password or ""),
            tls_from_the_start=tls_from_the_start,
        )

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_here(self) -> bool:
        """On this machine, where nobody reads along."""
        return self.host in LOOPBACK
