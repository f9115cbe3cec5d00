"""A page is sent without the indentation of its template."""

import re

from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from alongside.core.style import style_page


def test_a_page_comes_without_indentation_and_with_its_lines() -> None:
    page = style_page(RequestFactory().get("/style/")).content.decode()
    assert page.count("\n") > 100, "the premise: a template of many lines"
    indented = [
        line for line in page.splitlines() if re.match(r"[ \t]+<(?!/?(?:div|ul|label|input)\b)", line)
    ]
    assert indented == [], "only Django's own widgets may indent"


def test_a_mail_comes_as_it_is_written() -> None:
    template = get_template("gatherings/mail/_foot.txt").template
    assert "\n  " in template.source


def test_what_a_text_area_holds_keeps_its_lines() -> None:
    area = render_to_string("core/_copy.html", {"id": "x", "label": "x", "text": "Monday\n  at six"})
    assert "Monday\n  at six</textarea>" in area
