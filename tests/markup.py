"""Markup as a test asks for it, whatever line its template breaks."""

import re


def folded(markup: str) -> str:
    """White space as one space, and none beside a tag: `<p > Eight\\n come </p>` is `<p>Eight come</p>`."""
    return re.sub(r" ?(<[^>]*?) ?> ?", r"\1>", re.sub(r"\s+", " ", markup))
