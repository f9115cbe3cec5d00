"""The sources, read once for all who look at them."""

import ast
from functools import cache


@cache
def parsed(text: str) -> ast.Module:
    """To be looked at, and not changed."""
    return ast.parse(text)
