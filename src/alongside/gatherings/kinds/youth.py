"""For the young, and with them."""

from django.utils.translation import gettext_lazy as _

from alongside.gatherings.kind import Kind

YOUTH = Kind(
    "youth",
    _("Youth gathering"),
    at=40,
    titles=(
        r"\byouths?\b|\bteens?\b|\bkids\b|\bexplorers?\b|\blaw explor"
        r"|\byoung (people|men|women|adults)\b|\bj[oó]venes\b"
    ),
    guessed=40,  # before meetings: one of young explorers is for the young
)
