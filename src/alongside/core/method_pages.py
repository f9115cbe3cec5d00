"""How each number is made, for anybody to read: the pages of docs/methods, as they are in the project.

They are written once, beside the code that they speak of, and shown here, so that the page cannot say one thing and
the program another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from markdown_it import MarkdownIt

FOLDER = Path(settings.ROOT) / "docs" / "methods"
NAMES = frozenset(path.stem for path in FOLDER.glob("*.md"))
LINK = re.compile(r"\]\(([a-z-]+)\.md(#[a-z-]+)?\)")
# What is wide scrolls in its own frame, and by keyboard.
FRAMES = (
    ("<table>", '<div class="table dense" tabindex="0"><table>'),
    ("</table>", "</table></div>"),
    ("<pre>", '<pre tabindex="0">'),
    ("<th></th>", "<td></td>"),
)


@login_not_required
def method_page(request: HttpRequest, name: str) -> HttpResponse:
    """One method: its promise, its rules, a worked example, its sources."""
    if name not in NAMES:
        raise Http404
    title, body = _read(name)
    links = {each: reverse("method", args=[each]) for each in NAMES}
    return render(request, "core/method.html", {"title": title, "body": _drawn(_linked(body, links))})


@lru_cache
def _read(name: str) -> tuple[str, str]:
    """The heading, and what stands under it."""
    first, _newline, rest = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return first.lstrip("# ").strip(), rest


def _linked(body: str, links: dict[str, str]) -> str:
    """Links from page to page lead to where the pages are shown."""
    return LINK.sub(lambda link: f"]({links.get(link[1], '')}{link[2] or ''})", body)


@lru_cache(maxsize=32)
def _drawn(body: str) -> str:
    """Markdown as HTML. Raw HTML in a page is shown, not obeyed."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    html: str = markdown.render(body)
    for plain, framed in FRAMES:
        html = html.replace(plain, framed)
    return html
