"""The install's own letters: their words were made before, by others."""

from __future__ import annotations

from alongside.core.errors import phrase
from alongside.outreach.models import Letter, Mail, State, Untrue


def own(mail: Mail) -> Letter:
    """A new password, a changed address; and what an earlier version had written out.

    That knows nothing of what happened since. So it gives way to a later mail to the same reader, which says how things
    stand, such as a cancellation. News of a concern is told step by step.
    """
    if mail.pk is not None and mail.whose != mail.about and not mail.perhaps_taken:
        later = Mail.objects.of(mail.sender).filter(whose=mail.whose, pk__gt=mail.pk)
        if later.filter(state__in=[State.WAITING, State.SENT]).exists():
            raise Untrue(phrase("A later mail says it."))
    return Letter(**mail.known)
