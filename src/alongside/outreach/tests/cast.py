"""Mail whose words are made, for tests of how mail leaves."""

from typing import Any

from alongside.agencies.models import Agency
from alongside.outreach import actions
from alongside.outreach.models import Mail, Message

BEN = "ben@neighbors.example"


def a_mail(
    agency: Agency | None,
    to: str = BEN,
    subject: str = "Your walk on Thursday",
    text: str = "See you at six.\n",
    *,
    language: str = "en",
    once: str | None = None,
    **more: str,
) -> Mail:
    facts: dict[str, Any] = {"subject": subject, "text": text, **more}
    return actions.tell(Message("outreach.own", agency, to, language, facts=facts, once=once))
