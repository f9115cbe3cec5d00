"""The agency answers in public for what it does, one pillar at a time."""

from django.utils.translation import gettext_lazy as _

from alongside.gatherings.kind import Kind

FORUM = Kind(
    "forum", _("Community forum"), at=20, titles=r"\b(community|safety|public|policing) forum", guessed=60
)
