"""A meeting at which the agency listens: of a beat, a sector, a town."""

from django.utils.translation import gettext_lazy as _

from alongside.gatherings.kind import Kind

LISTENING = Kind(
    "listening",
    _("Listening session"),
    at=50,
    titles=(
        r"\bbeats?\b[\w\s,&/:-]{0,40}\bmeeting|\bbeats?[\s:]+\d{3,4}\b|\bcommunity (beat |safety )?meeting"
        r"|\bcaps\b.*\bmeeting|\bmeeting\b.*\bcaps\b|\bsector\b.*\bmeeting|\btown ?hall\b|\blistening\b"
        r"|\bcommunity (conversation|dialogue)|\bconversations?\b"
    ),
    guessed=50,
)
