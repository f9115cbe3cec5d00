"""Speak once a device; close what is spoken about; forget devices when their clock ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import retention
from alongside.agencies.models import Agency
from alongside.core import clock, keys, tokens
from alongside.core.errors import Refusal
from alongside.core.origins import Origin
from alongside.voices.models import Matter, Voice

# A device is known again for a year, and never longer: what is asked again next year is asked of everybody.
YEAR = timedelta(days=365)


class MatterIsClosed(Refusal):
    """Somebody speaks about what is not asked any more."""


@dataclass(frozen=True)
class Spoken:
    """The voice of a device. `new`: it had said nothing of this; else `before` is what it had said."""

    voice: Voice
    new: bool
    before: str = ""


@transaction.atomic
def speak(
    agency: Agency,
    *,
    purpose: str,
    about: Origin,
    token: str,
    what: str = "",
    replaces: bool = False,
    lasts: timedelta = YEAR,
) -> Spoken:
    """Count a device once. Spoken again it is the same voice: with `replaces` the later word holds, else the first.

    Raises MatterIsClosed.
    """
    # The ring is read behind the lock: a voice that was kept by a newer key is found, and no device speaks twice
    # because a key was turned between two of its words.
    matter = _locked(agency, purpose, about)
    if matter.closed_at is not None:
        raise MatterIsClosed(_("This is closed: what was said is counted, and nothing is added."))
    made = tokens.digests(*_mixed(matter, about, token), ring=keys.VOICES)
    known = Voice.objects.filter(matter=matter, digest__in=made).first()
    now = clock.now()
    if known is None:
        voice = Voice.objects.create(
            matter=matter, digest=made[-1], what=what, spoken_at=now, ends_at=now + lasts
        )
        return Spoken(voice, new=True)
    before = known.what
    if replaces:
        known.digest, known.what, known.spoken_at, known.ends_at = made[-1], what, now, now + lasts
        known.save(update_fields=["digest", "what", "spoken_at", "ends_at"])
    return Spoken(known, new=False, before=before)


@transaction.atomic
def close(agency: Agency, *, purpose: str, about: Origin) -> None:
    """Nothing is added from now on, and no device is known again. What was said stays counted."""
    matter = _locked(agency, purpose, about)
    if matter.closed_at is None:
        matter.closed_at = clock.now()
        matter.save(update_fields=["closed_at"])
    Voice.objects.filter(matter=matter).out_of_keeping().update(digest="")


def forget_devices() -> int:
    """Let go of every digest whose clock has ended. Answers how many."""
    return retention.empty(Voice.objects.out_of_keeping(), digest="")


def _locked(agency: Agency, purpose: str, about: Origin) -> Matter:
    """The matter, ours alone until the transaction ends."""
    matter, _new = Matter.objects.get_or_create(agency=agency, purpose=purpose, about=str(about))
    return Matter.objects.select_for_update().get(pk=matter.pk)


def has_spoken(agency: Agency, *, purpose: str, about: Origin, token: str) -> bool:
    """Whether this device has, and is still known: for the page that shows it to that device, and to nobody else."""
    if not token:
        return False
    matter = Matter.objects.filter(agency=agency, purpose=purpose, about=str(about)).first()
    if matter is None:
        return False
    made = tokens.digests(*_mixed(matter, about, token), ring=keys.VOICES)
    return Voice.objects.filter(matter=matter, digest__in=made, ends_at__gt=clock.now()).exists()


def _mixed(matter: Matter, about: Origin, token: str) -> tuple[str, str]:
    """What a token is hashed with: purpose, kind, agency and the very thing. So no two digests tell of one device."""
    return f"voice.{matter.purpose}.{about.kind}", f"{matter.agency_id}:{about}:{token}"
