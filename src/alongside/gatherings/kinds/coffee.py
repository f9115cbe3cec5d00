"""A cup, a table, and no agenda."""

from django.utils.translation import gettext_lazy as _

from alongside.gatherings.kind import Kind

COFFEE = Kind("coffee", _("Coffee"), at=30, titles=r"\bcoffee\b|\bcaf[eé] con\b", guessed=30)
