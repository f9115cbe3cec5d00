"""Whose address it is: how far an address tells who is the same person, and who are neighbours.

Knows nothing of Django.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def neighbours(address: str) -> str:
    """What one carrier, office or home is given, as far as an address tells: a /24 of IPv4, a /56 of IPv6."""
    return _within(address, 24, 56)


def household(address: str) -> str:
    """One address of IPv4. With IPv6 one household has 2⁶⁴ of them, so the first half names it."""
    return _within(address, 32, 64).removesuffix("/32")


def caller(nearest: str, forwarded: str, proxies: int) -> str:
    """Where a request comes from; behind so many proxies, what the outermost of them saw."""
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return hops[-proxies] if proxies and len(hops) >= proxies else nearest


def _within(address: str, four: int, six: int) -> str:
    known = _known(address)
    if known is None:  # a socket without addresses, a proxy with words of its own
        return address
    return str(ip_network((known, four if known.version == 4 else six), strict=False))


def _known(address: str) -> IPv4Address | IPv6Address | None:
    """An address as sockets and proxies write it: with an interface, or in brackets, or with a port."""
    bare = address.partition("%")[0]
    for written in (bare, bare.rpartition(":")[0]):
        try:
            known = ip_address(written.removeprefix("[").removesuffix("]"))
        except ValueError:
            continue
        return getattr(known, "ipv4_mapped", None) or known
    return None
