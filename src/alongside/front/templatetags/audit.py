"""How a detail of the audit trail is read aloud."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

# Apart from the deeds of these names: “Ada added the library” and “added: 12”.
NAMES = {
    "active": _("active"),
    "added": pgettext_lazy("detail", "added"),
    "areas": _("areas"),
    "came": _("came"),
    "changed": pgettext_lazy("detail", "changed"),
    "edges": _("pieces of street"),
    "fields": _("fields"),
    "file": _("file"),
    "files": _("files"),
    "km": _("km"),
    "ranks": _("ranks"),
    "roles": _("roles"),
    "to": _("to"),
    "version": _("version"),
}


@register.filter
def detail_in_words(detail: dict[str, Any]) -> str:
    """What a deed was done with, in one line: “areas: Eastbank, Mill; file: areas.geojson”."""
    return "; ".join(f"{_name(name)}: {_value(value)}" for name, value in detail.items())


def _name(name: str) -> str:
    """What a detail is called; a name that is new here is shown as the code spells it."""
    return str(NAMES.get(name, name))


def _value(value: Any) -> str:
    """A list as words with commas; anything else as it is."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
