"""Words that staff wrote, on a page: in the language they are in, and with what a reader must know of them."""

from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import conditional_escape, format_html

from alongside.core.authored import Words

register = template.Library()


@register.simple_tag
def authored(words: Any, block: bool = False, mark: bool = True) -> str:
    """Words in their language: {% authored gathering.title %}; in paragraphs: {% authored … block=True %}.

    `mark=False` where the page says elsewhere in which language they were written, or that a machine did it.
    """
    if not isinstance(words, Words):  # made by the product, in the reader's language
        words = Words.of(words)
    shown = words.shown
    drawn = linebreaks_filter(shown.text) if block else conditional_escape(shown.text)
    if shown.is_foreign:
        around = '<div lang="{}" dir="{}">{}</div>' if block else '<span lang="{}" dir="{}">{}</span>'
        drawn = format_html(around, shown.language, shown.direction, drawn)
    if not mark or not shown.mark:
        return drawn
    below = '{}<p class="written">{}</p>' if block else '{} <small class="written">{}</small>'
    return format_html(below, drawn, shown.mark)
