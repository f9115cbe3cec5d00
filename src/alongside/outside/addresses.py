"""Whom this house calls: a name becomes an address once, the address is judged, and the line goes to that address.

Whoever may name an address (a redirect, a feed, a partner's portal) could otherwise name this machine, or one beside it
that trusts whoever calls from here. A name is never looked up a second time: its owner could answer differently then.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from alongside.core.errors import Phrase, phrase
from alongside.outside.errors import Away, Forbidden, TooSlow

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What is not the public internet, by the registries of special addresses (RFC 6890 and what followed it): said here,
# so that it does not depend on what a version of Python takes for global.
NOT_PUBLIC = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared among the customers of a provider
        "127.0.0.0/8",
        "169.254.0.0/16",  # of one link; among them what a cloud tells its machines
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # to many at once
        "240.0.0.0/4",
        "::/96",  # nobody, this machine, and IPv4 written as IPv6 of old
        "64:ff9b:1::/48",  # translated, for local use
        "100::/64",
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
]
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
# The machine's own interface may stand in the last half of an address of any network (RFC 5214).
ISATAP = (0x00005EFE, 0x02005EFE)


@dataclass(frozen=True)
class Found:
    """Where a name led: all that a socket needs to go there."""

    family: int
    where: tuple[Any, ...]

    @property
    def address(self) -> Address:
        return ipaddress.ip_address(str(self.where[0]))


def refusal(address: Address) -> Phrase | None:
    """Why an address is not called, or None."""
    if any(not _is_public(each) for each in _meant(address)):
        return phrase(
            "%(address)s is no public address. Name it in ALONGSIDE_OUTSIDE_ALLOW if it may be called.",
            address=str(address),
        )
    if _is_ours(address):
        return phrase(
            "%(address)s is this machine. Name it in ALONGSIDE_OUTSIDE_ALLOW if it may be called.",
            address=str(address),
        )
    return None


def _is_public(address: Address) -> bool:
    within = (network for network in NOT_PUBLIC if network.version == address.version)
    return not any(address in network for network in within)


def _meant(address: Address) -> Iterator[Address]:
    """The address, and the one of the older internet that is written inside it."""
    inside: Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in TRANSLATED or (int(address) >> 32) & 0xFFFFFFFF in ISATAP:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped
    if not mapped:
        yield address
    if inside is not None:
        yield inside


def _is_ours(address: Address) -> bool:
    """Whether it is an address of this machine: the way there begins where it ends. Nothing is sent to find out."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as way:
        try:
            way.connect((str(address), 9))
            return ipaddress.ip_address(way.getsockname()[0]) == address
        except OSError:  # there is no way there, as the call itself will find
            return False


def is_allowed(host: str, port: int) -> bool:
    """Whether the operator has named it: as `host`, for all of its ports, or as `host:port`."""
    name = host.lower().rstrip(".")
    shown = f"[{name}]" if ":" in name else name
    return bool({name, shown, f"{shown}:{port}"} & set(settings.ALONGSIDE.outside_allow))


def connect(host: str, port: int, *, seconds: float, named: bool = False) -> socket.socket:
    """A line to one of the addresses that a name leads to, of those that may be called.

    named: the operator has named it for just this, as the mail server of this install is.
    """
    until = time.monotonic() + seconds
    found = _find(host, port, seconds)
    trusted = named or is_allowed(host, port)
    refusals = [] if trusted else [refusal(each.address) for each in found]
    open_to = found if trusted else [each for each, why in zip(found, refusals, strict=True) if why is None]
    if not open_to:
        raise Forbidden(refusals[0])
    wrong: OSError | None = None
    for place, each in enumerate(open_to):
        # One address that does not answer must not take the time of the others.
        left = max(until - time.monotonic(), 0.001)
        try:
            return _line_to(each, seconds=left / (len(open_to) - place))
        except OSError as problem:
            wrong = problem
    raise Away(phrase("%(host)s did not answer: %(why)s", host=host, why=str(wrong)[:200])) from wrong


def _line_to(place: Found, *, seconds: float) -> socket.socket:
    line = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect(place.where)
    except BaseException:
        line.close()
        raise
    return line


def _find(host: str, port: int, seconds: float) -> list[Found]:
    """Ask for the addresses of a name, for no longer than this: the system's own patience is half a minute."""
    answers: queue.Queue[list[Found] | OSError | UnicodeError] = queue.Queue()

    def look() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([Found(row[0], row[4]) for row in rows])
        except (OSError, UnicodeError) as wrong:
            answers.put(wrong)

    threading.Thread(target=look, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TooSlow(phrase("Nobody says where %(host)s is.", host=host)) from None
    if isinstance(answer, Exception) or not answer:
        raise Away(phrase("There is no %(host)s: %(why)s", host=host, why=str(answer)[:200]))
    return list(dict.fromkeys(answer))


@contextmanager
def cut_off(line: socket.socket, *, seconds: float) -> Iterator[None]:
    """What is said on this line ends by then, also if it comes a letter a second: the line is cut, whoever holds it."""
    # A second handle of the same line: TLS may take the first one over.
    handle = socket.fromfd(line.fileno(), line.family, line.type)
    is_late = threading.Event()

    def cut() -> None:
        is_late.set()
        try:
            handle.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended by itself
            return

    timer = threading.Timer(max(seconds, 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
        # A line that is cut looks like one that has said all.
        if is_late.is_set():
            raise TooSlow(phrase("The answer takes too long."))
    except TooSlow:
        raise
    except Exception as wrong:
        if is_late.is_set() or isinstance(wrong, TimeoutError):
            raise TooSlow(phrase("The answer takes too long.")) from wrong
        raise
    finally:
        timer.cancel()
        handle.close()
