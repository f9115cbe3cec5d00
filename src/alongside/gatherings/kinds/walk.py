"""Neighbors and officers walk together."""

from django.utils.translation import gettext_lazy as _

from alongside.gatherings.kind import Kind

WALK = Kind(
    "walk",
    _("Peace Walk"),
    at=10,
    titles=(
        r"\b(peace|unity|prayer|community|neighborhood|solidarity)\b[\w &,/-]{0,24}\b(walk|march)(es|s|ing)?\b"
        r"|\b(walk|march)(es|s|ing)?\b[\w &,/-]{0,16}\b(for|of) (peace|unity|a better)\b"
        r"|\bfaith (and|in|&) action (walk|march)|\bchief.?s walk|\bwalk with (a cop|us|the chief)|caminata por la paz"
    ),
    guessed=20,  # before the young: a youth walk for peace is a walk
    on_foot=True,
    recap_is_promised=True,
    plan_is_checked=True,
    page="walks:detail",
    desk="walks:walk",
    list_of_pages="walks:list",
    list_at_desk="walks:workspace",
    plans="walks:plan",
    way="walks.field_way.way_of",
)
