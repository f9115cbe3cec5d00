"""Pieces of a page that need a little Python: icons, the same page in other languages, maps and plots."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.core.cache import caches
from django.forms import BaseForm, BoundField
from django.forms.widgets import ChoiceWidget
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.urls import translate_url as django_translate_url
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from alongside.core import languages, spoken
from alongside.core.doing import UNDONE, Undone, is_passing
from alongside.core.links import staying_here

register = template.Library()

AN_HOUR = 3600

NOT_NOW = gettext_lazy("Not now")
READ_IN = gettext_lazy("Read this page in %(language)s")

# Drawn for Alongside on a grid of 24 by 24, as lines.
ICONS = {
    "arrow": "M5 12h14M13 6l6 6-6 6",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
    "check": "M4 13l5 5L20 6",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
    "close": "M6 6l12 12M18 6L6 18",
    "copy": "M9 9h11v11H9zM15 9V4H4v11h5",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 7.500v.5",
    "mail": "M3 6h18v12H3zM3 7l9 7 9-7",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "paper": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "people": (
        "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6"
        "M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.7 3.5 5.5"
    ),
    "place": (
        "M12 21c5-5.5 7-8.8 7-12a7 7 0 0 0-14 0c0 3.2 2 6.5 7 12z"
        "M12 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
    ),
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.500L21 21",
    "walk": "M13 5.500a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM8 21l3-7-1-5 3-1 2 3 3 1M11 14l3 3 1 4M10 9l-3 2v3",
    "warning": "M12 4l9 16H3zM12 10v4M12 17v.5",
}


@register.inclusion_tag("core/_icon.html")
def icon(name: str, label: str = "") -> dict[str, str]:
    """A line drawing beside words; with a label where it stands alone."""
    return {"path": ICONS[name], "label": label}


@register.inclusion_tag("core/_crumbs.html", takes_context=True)
def crumbs(context: Context, to: str, label: str, step: str = "", step_url: str = "") -> dict[str, Any]:
    """The way back to one of the agency's lists, and a step below it: {% crumbs "walks:workspace" _("Walks") %}."""
    ways = [(label, reverse(to, args=[context["agency"].slug]))]
    return {"crumbs": [*ways, (step, step_url)] if step else ways}


@register.inclusion_tag("core/_button.html", takes_context=True)
def button_to(
    context: Context, to: str, *which: str, label: str, look: str = "", about: str = ""
) -> dict[str, Any]:
    """One button that does one thing: {% button_to "walks:publish" walk.public_id label=_("Publish") %}.

    In a list, what it is `about` is said to whoever hears the button alone.
    """
    to = reverse(to, args=[context["agency"].slug, *which])
    return {"to": to, "label": label, "look": look, "about": about, "request": context.get("request")}


@register.filter
def leads_to(field: BoundField) -> str:
    """The id to which a link to a field leads: the first of its choices or boxes, where it has several."""
    if not field.use_fieldset:
        return field.auto_id
    if isinstance(field.field.widget, ChoiceWidget):
        return next((str(choice.id_for_label) for choice in field.subwidgets), field.auto_id)
    return f"{field.auto_id}_0"


@register.filter
def only_has_to_wait(form: BaseForm) -> bool:
    """Whether nothing is wrong in a form that could not be done: it is sent again as it is, later."""
    return is_passing(form)


@register.inclusion_tag("core/_not_done.html", takes_context=True)
def not_done(context: Context, to: str, **said: str) -> dict[str, Any]:
    """Beside a button that is sent `to` an address: why that could not be done, where this page is shown because of it.

    Buttons that share an address are known by what they say: {% not_done to who=post.public_id act="invite" %}.
    """
    undone: Undone | None = getattr(context.get("request"), UNDONE, None)
    return {"lines": undone.lines if undone and undone.is_of(to, **said) else []}


@register.simple_tag(takes_context=True)
def translate_url(context: Context, language: str) -> str:
    """This same page in another language. Which page this is was found out when it was asked for."""
    request = context.get("request")
    if request is None:
        return ""
    here, agency = request.resolver_match, getattr(request, "agency", None)
    if here is None:  # no page: it is said in another language by an address that is none there, either
        return _prefixed(request.get_full_path(), language)
    if agency is None:  # of the whole install: looked up by its address
        return django_translate_url(request.get_full_path(), language)
    with translation.override(language):
        address = reverse(here.view_name, args=here.args, kwargs=here.kwargs | {"agency": agency.slug})
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address


@register.simple_tag(takes_context=True)
def other_languages(context: Context, *, all_of_them: bool = False) -> list[tuple[str, str]]:
    """(code, address of this page) for each language of the agency but the one on show; for staff, for each of ours."""
    request = context.get("request")
    if request is None:
        return []
    agency = getattr(request, "agency", None)
    offered = languages.codes() if agency is None or all_of_them else agency.languages
    shown = translation.get_language()
    return [(code, translate_url(context, code)) for code in offered if code != shown]


def _prefixed(path: str, language: str) -> str:
    """The same address as the addresses of a language begin."""
    first, _slash, rest = path.removeprefix("/").partition("/")
    plain = staying_here(rest if first in languages.codes() else path)
    return plain if language == settings.LANGUAGE_CODE else f"/{language}{plain}"


@register.simple_tag
def offer_in(code: str) -> str:
    """The offer to read a page in this language, in this language; its name alone, where it has no words for that."""
    said = languages.in_each(READ_IN, [code]).get(code)
    name = languages.in_each(spoken.NAMES[code], [code]).get(code) if code in spoken.NAMES else None
    return said % {"language": name or languages.name_of(code)} if said else languages.name_of(code)


@register.simple_tag
def put_away_in(code: str) -> str:
    """“Not now”, in this language."""
    return languages.in_each(NOT_NOW, [code]).get(code, "×")


@register.simple_tag
def language_name(code: str) -> str:
    """A language's name in that language."""
    return languages.name_of(code)


@register.simple_tag
def in_language(code: str) -> SafeString:
    """For a tag around words in this language; the direction, too, where it is not the page's."""
    turned = languages.direction_of(code) != languages.direction_of(translation.get_language() or code)
    return format_html('lang="{}" dir="{}"' if turned else 'lang="{}"', code, languages.direction_of(code))


@register.filter
def of_each(things: Iterable[Any], name: str) -> list[Any]:
    """The same fact of each thing, to be joined: {{ posts|of_each:"member"|join:", " }}."""
    return [getattr(thing, name) for thing in things]


@register.simple_tag
def joined(*parts: Any, by: str = ", ") -> str:
    """Those of the parts that there are, in one line: {% joined kind weekday hour %}."""
    return format_html_join(
        by.replace(" ·", "\N{NO-BREAK SPACE}·"),
        "{}",
        ((part,) for part in parts if part or (part == 0 and part is not False)),
    )


@register.filter
def as_json(value: Any) -> str:
    """For a `data-` attribute: the template escapes it."""
    return json.dumps(value)


@register.simple_tag
def map_figure(drawn: Any, live: str = "ask") -> str:
    """A `core.svgmap.Map` with its table. `live` "ask" offers a button that wakes it, "now" wakes it, "" never.

    A city's outline is drawn once, not for each visitor: two thirds of a page's time went into it.
    """
    key = f"{drawn.fingerprint}:{live}:{translation.get_language()}"
    figure: str | None = caches["drawings"].get_or_set(
        key, lambda: render_to_string("core/_map.html", {"map": drawn, "live": live}), timeout=AN_HOUR
    )
    return figure or ""


@register.inclusion_tag("core/_plot.html")
def plot_figure(drawn: Any) -> dict[str, Any]:
    """A `core.plots.Plot` with its numbers."""
    return {"plot": drawn}
