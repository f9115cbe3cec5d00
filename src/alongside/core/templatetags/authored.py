"""Words that staff wrote, on a page: in the language they are in, and with what a reader must know of them.

Every template has these without loading them, so that none has a reason to go without.
"""

from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter, linebreaksbr
from django.utils.html import conditional_escape, format_html, format_html_join

from alongside.core.authored import Words, marks
from alongside.core.tables import Linked

register = template.Library()


@register.simple_tag
def authored(words: Any, block: bool = False) -> str:
    """Words in their language, and their mark: {% authored gathering.title %}; `block=True`: in paragraphs."""
    drawn = _drawn(words, block=block)
    if not isinstance(words, Words) or not words.shown.mark:
        return drawn
    below = '{}<p class="written">{}</p>' if block else '{} <small class="written">{}</small>'
    return format_html(below, drawn, words.shown.mark)


@register.filter
def as_written(words: Any) -> str:
    """Words in their language, without a mark: inside a link or a sentence, where the mark stands beside it."""
    return _drawn(words)


@register.simple_tag(name="marks")
def marks_of(*written: Words) -> str:
    """What a reader must know of words that stand together, each mark once: {% marks gathering.title %}."""
    said = marks(*written)
    if not said:
        return ""
    return format_html(
        '<small class="written">{}</small>', format_html_join(" · ", "{}", ((each,) for each in said))
    )


@register.simple_tag
def alt_of(words: Words) -> str:
    """What a picture shows, and in which language, if it is another: <img {% alt_of photo.alt %}>."""
    shown = words.shown
    if not shown.is_foreign:
        return format_html('alt="{}"', shown.text)
    return format_html('lang="{}" dir="{}" alt="{}"', shown.language, shown.direction, shown.text)


def _drawn(words: Any, *, block: bool = False) -> str:
    """What is no `Words` was made by the product, in the reader's language."""
    if isinstance(words, Linked):
        return conditional_escape(words)
    if not isinstance(words, Words):
        return linebreaks_filter(words) if block else linebreaksbr(words)
    shown = words.shown
    drawn: str = linebreaks_filter(shown.text) if block else linebreaksbr(shown.text)
    if not shown.is_foreign:
        return drawn
    around = '<div lang="{}" dir="{}">{}</div>' if block else '<span lang="{}" dir="{}">{}</span>'
    return format_html(around, shown.language, shown.direction, drawn)
