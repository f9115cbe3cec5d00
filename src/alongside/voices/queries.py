"""How many devices have spoken."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from alongside.agencies.models import Agency
from alongside.core.origins import Origin
from alongside.voices.models import Voice


def counts(agency: Agency, *, purpose: str, about: Origin, until: datetime | None = None) -> dict[str, int]:
    """How many devices said what: of a vote each option, of “me too” one number under the empty word.

    `until`: only what was said before that moment.

    Numbers of devices, not of people; whoever shows small ones goes by `methods.disclosure`.
    """
    said = Voice.objects.filter(matter__agency=agency, matter__purpose=purpose, matter__about=str(about))
    if until is not None:
        said = said.filter(spoken_at__lt=until)
    return dict(said.order_by().values_list("what").annotate(Count("pk")))
