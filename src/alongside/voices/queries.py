"""How many devices have spoken."""

from __future__ import annotations

from django.db.models import Count

from alongside.agencies.models import Agency
from alongside.core.origins import Origin
from alongside.voices.models import Voice


def counts(agency: Agency, *, purpose: str, about: Origin) -> dict[str, int]:
    """How many devices said what: of a vote each option, of “me too” one number under the empty word.

    Numbers of devices, not of people; whoever shows small ones goes by `methods.disclosure`.
    """
    said = Voice.objects.filter(matter__agency=agency, matter__purpose=purpose, matter__about=str(about))
    return dict(said.order_by().values_list("what").annotate(Count("pk")))
