"""What a gathering's page says to machines, and how it is listed."""

import json
from typing import Any

import segno
from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from alongside.core import formats, links
from alongside.gatherings import described, frame, telling
from alongside.gatherings.models import Gathering, HeadsCorrected, Numbers, Series

register = template.Library()

# A script element ends at the first “</script”, whatever the JSON around it thinks.
NO_TAGS = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


@register.inclusion_tag("core/_crumbs.html", takes_context=True)
def gathering_crumbs(context: Context) -> dict[str, Any]:
    """The way back from any page of one gathering."""
    return {"crumbs": [frame.way_back(context["gathering"])]}


@register.inclusion_tag("core/_tabs.html", takes_context=True)
def gathering_tabs(context: Context) -> dict[str, Any]:
    """The pages of one gathering, of every room that has one."""
    shown = frame.tabs_of(context["gathering"], context["member"], _here(context))
    return {"tabs": shown, "label": _("This gathering")}


@register.inclusion_tag("gatherings/_main_act.html", takes_context=True)
def gathering_act(context: Context) -> dict[str, Any]:
    """What this member may do next with one gathering."""
    return {"act": frame.main_act_of(context["gathering"], context["member"], _here(context))}


def _here(context: Context) -> str:
    return str(context["request"].resolver_match.view_name)


@register.simple_tag
def event_data(gathering: Gathering) -> str:
    """The schema.org description of a gathering."""
    return structured_data(described.event(gathering))


@register.simple_tag
def structured_data(said: dict[str, Any]) -> str:
    """What schema.org has words for, as a block of data that no browser runs."""
    text = json.dumps(said, ensure_ascii=False).translate(NO_TAGS)
    # Safe: no character is left in it that HTML would read.
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped just above


@register.simple_tag
def qr_of(gathering: Gathering) -> str:
    """The code to scan that leads to the gathering's page."""
    code = segno.make(absolute(gathering.get_absolute_url()), error="m", micro=False)
    # Safe: drawn by the library from an address of ours, which it does not repeat.
    return mark_safe(code.svg_inline(scale=5, border=3, light="#fff", title=_("Code to scan")))  # noqa: S308 - drawn here, from our own address


@register.filter
def absolute(path: Any) -> str:
    """An address that works outside this site."""
    return links.absolute(str(path))


@register.filter
def when_in_words(series: Series) -> str:
    """What kind of gathering it is, its weekday and its hour, as far as they are set."""
    parts = [series.get_kind_display()]
    if series.weekday is not None:
        parts.append(series.get_weekday_display())
    if series.at:
        parts.append(formats.hour(series.at))
    return ", ".join(map(str, parts))


@register.filter
def came_in_words(gathering: Gathering) -> str:
    """How many residents came, in a sentence for everybody."""
    return telling.came_in_words(gathering.told_came)


@register.filter
def count_in_words(came: int | None) -> str:
    """A number of residents, for everybody."""
    return telling.count_in_words(came)


@register.filter
def corrected_in_words(correction: HeadsCorrected) -> str:
    """Which head count is right, and which was published."""
    after, before = telling.count_in_words(correction.after), telling.count_in_words(correction.before)
    return _("Residents who came: %(after)s. Published was: %(before)s.") % {
        "after": after or pgettext("heads", "not counted"),
        "before": before or pgettext("heads", "not counted"),
    }


@register.simple_tag
def numbers_in_words(numbers: Numbers) -> str:
    """For staff. “14 coming, 6 places left, 1 offered to the waiting list.”"""
    parts: list[str] = [format_html("<b>{}</b>", _coming(numbers.going))] if numbers.going else []
    if numbers.left is not None:
        parts.append(_places_left(numbers.left))
        if numbers.offered:
            parts.append(_offered(numbers.offered))
        if numbers.waiting:
            parts.append(_waiting(numbers.waiting))
    return format_html("{}.", format_html_join(", ", "{}", ((part,) for part in parts)))


def _coming(n: int) -> str:
    return ngettext("%(n)s coming", "%(n)s coming", n) % {"n": n}


def _places_left(n: int) -> str:
    if not n:
        return _("all places taken")
    return ngettext("%(n)s place left", "%(n)s places left", n) % {"n": n}


def _offered(n: int) -> str:
    return ngettext("%(n)s offered to the waiting list", "%(n)s offered to the waiting list", n) % {"n": n}


def _waiting(n: int) -> str:
    return ngettext("%(n)s waiting", "%(n)s waiting", n) % {"n": n}
