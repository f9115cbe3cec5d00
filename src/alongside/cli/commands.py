"""The commands that no room owns."""

from alongside.cli.checking import check
from alongside.cli.serving import serve

__all__ = ["check", "serve"]
