"""What we keep of one person with a petition: read by them, and erased by the room's own verb."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies.models import Agency, User
from alongside.core import formats
from alongside.core.errors import Refusal
from alongside.core.said import words_on
from alongside.hotspots import actions
from alongside.hotspots.models import TAKEN_BACK, Petition


def behind(agency: Agency, code: str) -> str:
    """The petition that has this code. Raises a Refusal."""
    if _petition(agency, code) is None:
        raise Refusal(_("We do not know this code here."))
    return code


def told(agency: Agency, public_id: str) -> dict[str, str]:
    """All that is kept of whoever wrote it; nothing once it was erased."""
    petition = _petition(agency, public_id)
    said = words_on(petition) if petition else {}
    if petition is None or not said:
        return {}
    day = formats.day(agency.local(petition.received_at).date())
    return {
        pgettext("topic", "About"): petition.get_kind_display(),
        pgettext("records", "Written on"): day,
        **said,
    }


def erase(agency: Agency, public_id: str, by: User | None) -> None:
    """Erase what was written, and our answer, which may repeat it. Raises OnHold."""
    petition = _petition(agency, public_id)
    if petition is not None:
        actions.erase_petition(petition, because=TAKEN_BACK, by=by)


def _petition(agency: Agency, public_id: str) -> Petition | None:
    return Petition.objects.of(agency).filter(public_id=public_id).select_related("agency").first()
