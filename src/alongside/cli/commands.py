"""The commands that no room owns."""

from alongside.cli.serving import serve

__all__ = ["serve"]
