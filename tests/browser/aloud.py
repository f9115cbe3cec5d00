"""What a screen reader is given to say of a page: each thing in its order, with its role, name and state.

    bin/aloud http://localhost:8000 /riverbend/ [--as ada@riverbend.example]

It is read from the accessibility tree, from which screen readers take what they say. Each has its own words and habits:
this shows what they have to work with, and does not replace people who listen.
"""

import argparse
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from tests.browser.driver import browser, context_options
from tests.browser.screens import ITS_FOLDER, become, say

#: Said with what is in them, as one: a reader hears the name, not its pieces.
WHOLE = {
    "button",
    "checkbox",
    "combobox",
    "heading",
    "img",
    "image",
    "link",
    "option",
    "radio",
    "spinbutton",
    "tab",
    "textbox",
}
#: Said when one comes to them; what is in them follows.
PLACES = {
    "alert",
    "banner",
    "complementary",
    "contentinfo",
    "dialog",
    "figure",
    "form",
    "group",
    "list",
    "main",
    "navigation",
    "radiogroup",
    "region",
    "status",
    "table",
}
STATES = ("checked", "disabled", "expanded", "focused", "invalid", "pressed", "required", "selected")


def lines(page: Page) -> list[str]:
    """The page as it is read from its top: one line for each thing that is said."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    return list(_said(nodes[0], by_id))


def _said(node: dict[str, Any], by_id: dict[str, Any]) -> Iterator[str]:
    role = node.get("role", {}).get("value", "")
    name = " ".join(node.get("name", {}).get("value", "").split())
    if role in {"InlineTextBox", "ListMarker"}:
        return
    if not node.get("ignored"):
        if role == "StaticText":
            if name:
                yield name
            return
        if role == "DisclosureTriangle":
            role = "button"
        if role in WHOLE or role in PLACES:
            yield _line(node, role, name)
        if role in WHOLE:
            return
    for child in node.get("childIds", ()):
        if child in by_id:
            yield from _said(by_id[child], by_id)


def _line(node: dict[str, Any], role: str, name: str) -> str:
    had = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
    said = [f"{role} {had['level']}" if role == "heading" else role]
    said += [f"“{name}”"] if name else []
    if role in {"textbox", "spinbutton", "combobox"} and (value := node.get("value", {}).get("value")):
        said.append(f"= {value}")
    for state in STATES:
        value = had.get(state)
        if state == "expanded" and value is not None:
            said.append("expanded" if value else "collapsed")
        elif value not in {None, False, "false"}:
            said.append(state)
    if had.get("live") in {"polite", "assertive"} and role not in {"status", "alert"}:
        said.append(f"live: {had['live']}")
    described = " ".join(node.get("description", {}).get("value", "").split())
    return " ".join(said) + (f" ({described})" if described and described != name else "")


def main() -> None:
    options = argparse.ArgumentParser(description="What a screen reader is given to say of pages.")
    options.add_argument("prefix")
    options.add_argument("addresses", nargs="+")
    options.add_argument("--as", dest="member", help="a member of the demo city, by e-mail address")
    chosen = options.parse_args()
    with browser() as opened:
        page = opened.new_context(**context_options("phone")).new_page()
        if chosen.member:
            become(page, chosen.prefix, chosen.member, ITS_FOLDER)
        for address in chosen.addresses:
            page.goto(chosen.prefix + address)
            say(f"\n== {address}: {page.title()}")
            for line in lines(page):
                say(line)


if __name__ == "__main__":
    main()
