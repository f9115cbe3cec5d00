"""Fill in the form of a page as a browser without script does: all that stands in it, and what somebody changes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client


@dataclass
class Form:
    """Where it goes, the names of its boxes, and what stands in them."""

    action: str
    names: set[str] = field(default_factory=set)
    said: dict[str, list[str]] = field(default_factory=dict)

    def say(self, name: str, value: str) -> None:
        self.said.setdefault(name, []).append(value)


class Forms(HTMLParser):
    """The forms of a page that are posted."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[Form] = []
        self.form: Form | None = None
        self.box = ""
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.form = Form(given.get("action", ""))
            self.posted.append(self.form)
        if self.form is None:
            return
        if given.get("name"):
            self.form.names.add(given["name"])
        if tag == "input" and given.get("name") and given.get("type") != "file":
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.form.say(given["name"], given.get("value") or ("on" if "checked" in given else ""))
        elif tag in {"textarea", "select"}:
            self.box, self.options = given["name"], []
            if tag == "textarea":
                self.form.say(self.box, "")
        elif tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))

    def handle_data(self, data: str) -> None:
        if self.form and self.box and not self.options and self.box in self.form.said:
            self.form.said[self.box][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if self.form and tag == "select" and self.options:
            chosen = [value for value, selected in self.options if selected]
            self.form.say(self.box, chosen[-1] if chosen else self.options[0][0])  # as a browser does
        if tag in {"textarea", "select"}:
            self.box, self.options = "", []
        if tag == "form":
            self.form = None


def send(browser: Client, address: str, box: str, **changed: Any) -> Any:
    """Open a page, change what is said, and send the form that has this box; returns the page that it leads to."""
    page = browser.get(address)
    assert page.status_code == 200, (address, page.status_code)
    reader = Forms()
    reader.feed(page.text)
    form = next(each for each in reader.posted if box in each.names)
    assert set(changed) <= form.names, f"no such boxes: {set(changed) - form.names}"
    there = browser.post(form.action or address, {**form.said, **changed}, follow=True)
    assert there.status_code == 200, (there.status_code, there.text.partition('class="trouble"')[2][:600])
    return there
