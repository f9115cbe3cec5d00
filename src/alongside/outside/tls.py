"""Lines that nobody reads along, to a server that proves its name."""

from __future__ import annotations

import socket
import ssl
from functools import cache


@cache
def context() -> ssl.SSLContext:
    """As Python proposes: the certificates that this machine trusts, and a name that must be the one asked for."""
    return ssl.create_default_context()


def wrapped(line: socket.socket, host: str) -> socket.socket:
    """The same line, encrypted. It is closed where the server cannot prove its name."""
    try:
        return context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise
