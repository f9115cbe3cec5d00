"""Open a pass, take a note, count heads, keep a photo; settle what is held; say what came of it."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock, tokens
from alongside.core.errors import Refusal
from alongside.field import blocks, patterns, wording
from alongside.field.models import (
    LARGEST_CROWD,
    LONGEST_PLACE,
    LONGEST_WORDS,
    HeadCount,
    Hold,
    Note,
    Pass,
    PassFor,
    Source,
)
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Category, ConcernKind
from alongside.gatherings.models import Gathering, Status
from alongside.people.models import Partner

LINK = "field"
MOST_CARDS_A_PASS = 200
A_MINUTE = timedelta(minutes=1)


class PassUseless(Refusal):
    """A pass that is wrong, was taken back, or is out of its days."""


class ItemRefused(Refusal):
    """Something a phone sent that cannot be kept as it is."""


class NotNow(Refusal):
    """The gathering, or the thing, is in no state for this."""


# -- passes ---------------------------------------------------------------------------------------
@transaction.atomic
def open_pass(
    gathering: Gathering, *, by: User | None, holder: str = "", partner: Partner | None = None
) -> str:
    """A link for a scribe's phone, or for a partner who looks back. The token is shown once, here."""
    if gathering.status == Status.CANCELLED:
        raise NotNow(_("This gathering was cancelled."))
    token, digest = tokens.issue(LINK)
    opened = Pass.objects.create(
        agency=gathering.agency,
        gathering=gathering,
        purpose=PassFor.PARTNER if partner else PassFor.SCRIBE,
        partner=partner,
        holder=line(holder, 80),
        digest=digest,
        made_by=by,
    )
    audit.record(agency=gathering.agency, by=by, verb="opened", thing=opened, detail={"for": opened.purpose})
    return token


@transaction.atomic
def revoke_pass(opened: Pass, *, by: User | None) -> Pass:
    """It opens nothing any more. What it sent already stays."""
    opened = Pass.objects.select_for_update().get(pk=opened.pk)
    if opened.revoked_at is None:
        opened.revoked_at = clock.now()
        opened.save(update_fields=["revoked_at"])
        audit.record(agency=opened.agency, by=by, verb="took back", thing=opened)
    return opened


def pass_behind(token: str, *, at: Agency, purpose: str = PassFor.SCRIBE) -> Pass:
    """The pass that a token opens, at this agency, on its days. Raises PassUseless."""
    found = (
        Pass.objects.filter(digest=tokens.digest(LINK, token), agency=at, purpose=purpose)
        .select_related(
            "agency", "partner", "gathering__agency", "gathering__venue", "gathering__neighborhood"
        )
        .defer("gathering__neighborhood__geometry")
        .first()
    )
    if found is None or found.revoked_at is not None:
        raise PassUseless(_("This pass is wrong, or was taken back. Ask the coordinator for a new one."))
    if not found.is_open:
        raise PassUseless(
            _(
                "This pass works from one day before until three days after. Ask the coordinator for a new one."
            )
        )
    return found


def was_used(opened: Pass) -> None:
    """When it last sent something: the desk sees that a phone still works, or that it fell silent."""
    Pass.objects.filter(pk=opened.pk).update(used_at=clock.now())


@transaction.atomic
def cards_for(opened: Pass, *, count: int) -> list[str]:
    """Fresh codes for a phone to hand out. Each fetch gets its own, so that two phones never show one code twice."""
    opened = Pass.objects.select_for_update().select_related("agency", "gathering__agency").get(pk=opened.pk)
    count = min(count, MOST_CARDS_A_PASS - opened.cards)
    if count < 1:
        return []
    opened.cards += count
    opened.save(update_fields=["cards"])
    label, link = origin_of(opened.gathering)
    return followthrough.issue_cards(
        opened.agency, count=count, origin_label=label, origin_link=link, by=opened.made_by
    )


def origin_of(gathering: Gathering) -> tuple[str, str]:
    """What a concern says of where it comes from: the gathering's name, and its page, in no particular language."""
    with translation.override("en"):
        return gathering.title, gathering.get_absolute_url()


# -- notes ----------------------------------------------------------------------------------------
def take_note(opened: Pass, *, client_id: object, **said: Any) -> Note:
    """Keep what a scribe's phone sent, and the concern behind it, in one transaction. Sent twice is kept once.

    `said`: kind, category, words, place, language, heard_at, wants_answer, code, consent, hold. The note that
    comes back knows for this once its card's `code`, and whether it was `known`.
    """
    return _take(opened.gathering, client_id=client_id, came_by=opened, by=None, **said)


def write_note(gathering: Gathering, *, by: User | None, client_id: object = None, **said: Any) -> Note:
    """The same from a paper card, typed at a desk."""
    return _take(gathering, client_id=client_id or uuid.uuid4(), source=Source.PAPER, by=by, **said)


def _take(
    gathering: Gathering, *, client_id: object, by: User | None, code: object = "", **said: Any
) -> Note:
    key = client_id_of(client_id)
    try:
        with transaction.atomic():
            known = _known_note(gathering, key)
            note = known or _new_note(gathering, key, by=by, **said)
            return _with_concern(note, code=line(code, 60), known=known is not None, by=by)
    except IntegrityError:  # the other phone, a moment earlier
        known = _known_note(gathering, key)
        if known is None:
            raise
        return _with_concern(known, code=line(code, 60), known=True, by=by)


def _known_note(gathering: Gathering, key: uuid.UUID) -> Note | None:
    note = Note.objects.filter(agency=gathering.agency, client_id=key).select_related("concern").first()
    if note is not None and note.gathering_id != gathering.pk:
        raise ItemRefused(_("This note belongs to another gathering."))
    return note


def _new_note(
    gathering: Gathering,
    key: uuid.UUID,
    *,
    by: User | None,
    kind: object = "",
    category: object = "",
    words: object = "",
    place: object = "",
    language: object = "",
    heard_at: object = None,
    wants_answer: object = False,
    consent: object = "",
    hold: object = "",
    source: str = Source.PHONE,
    came_by: Pass | None = None,
) -> Note:
    kind, category = _choice(kind, ConcernKind), _choice(category, Category)
    said = blocks.rounded_in(_words(words))
    signs = patterns.seen_in(said, kind=kind)
    return Note.objects.create(
        agency=gathering.agency,
        gathering=gathering,
        client_id=key,
        kind=kind,
        category=category,
        words=said,
        place=line(blocks.rounded(line(place, LONGEST_WORDS)), LONGEST_PLACE),
        neighborhood=gathering.neighborhood,
        language=line(language, 8) or "en",
        consent=line(consent, 20) or wording.VERSION,
        heard_at=_moment(heard_at, gathering),
        source=source,
        wants_answer=wants_answer is True,
        came_by=came_by,
        hold=_hold(hold, {sign.hold for sign in signs}),
        signs=[sign.name for sign in signs],
    )


def _with_concern(note: Note, *, code: str, known: bool, by: User | None) -> Note:
    """The concern behind a note. A note that was known keeps its own; a lost answer is given again."""
    label, link = origin_of(note.gathering)
    asks = note.wants_answer or bool(code)
    if note.concern is None or (known and asks):
        received = followthrough.receive(
            note.agency,
            key=f"note:{note.client_id}",
            kind=note.kind,
            category=note.category,
            words=_for_the_concern(note),
            neighborhood=note.neighborhood,
            place=note.place,
            heard_on=note.gathering.on,
            origin_label=label,
            origin_link=link,
            language=note.language,
            code=code,
            withheld=note.hold,
            by=by,
        )
        note.code = received.code if asks else ""
        if note.concern is None:
            note.concern = received.concern
            note.save(update_fields=["concern"])
    note.known = known
    return note


def _for_the_concern(note: Note) -> str:
    """What goes on to whoever answers: never a plate or a number, and never nothing."""
    words = patterns.masked(note.words) if note.hold == Hold.CJI else note.words
    return words or f"{note.get_kind_display()}: {note.get_category_display()}"


def _hold(said: object, seen: set[str]) -> str:
    """What the scribe marked, or what the text shows: the gravest first."""
    marked = {said} if isinstance(said, str) else set()
    return next((hold for hold in (Hold.CJI, Hold.OFFICER, Hold.CRIME) if hold in seen | marked), Hold.NONE)


# -- head counts ----------------------------------------------------------------------------------
def count_heads(
    opened: Pass,
    *,
    client_id: object,
    residents: object,
    officers: object = 0,
    partners: object = 0,
    device: object = "",
    at: object = None,
) -> HeadCount:
    """Keep how many one device counted. Counting again replaces the count, and the earlier one stays to be seen."""
    key, gathering = client_id_of(client_id), opened.gathering
    known = HeadCount.objects.filter(agency=opened.agency, client_id=key).first()
    if known is None:
        try:
            with transaction.atomic():
                return HeadCount.objects.create(
                    agency=opened.agency,
                    gathering=gathering,
                    client_id=key,
                    device=line(device, 40) or opened.public_id,
                    residents=_heads(residents),
                    officers=_heads(officers),
                    partners=_heads(partners),
                    at=_moment(at, gathering),
                    came_by=opened,
                )
        except IntegrityError:  # the same count, a moment earlier
            known = HeadCount.objects.get(agency=opened.agency, client_id=key)
    if known.gathering_id != gathering.pk:
        raise ItemRefused(_("This count belongs to another gathering."))
    known.known = True
    return known


# -- small things ---------------------------------------------------------------------------------
def client_id_of(value: object) -> uuid.UUID:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value)[:64])
    except ValueError:
        raise ItemRefused(_("Each item needs an id of its own.")) from None


def _choice(value: object, choices: Any) -> str:
    if not isinstance(value, str) or value not in choices.values:
        raise ItemRefused(_("“%(value)s” is none of the choices.") % {"value": line(value, 30)})
    return value


def _heads(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_CROWD:
        raise ItemRefused(_("A head count is a whole number from 0 to %(most)d.") % {"most": LARGEST_CROWD})
    return value


def _moment(value: object, gathering: Gathering) -> datetime:
    """When it was heard, by the phone's clock; by ours, where that one is wrong."""
    now = clock.now()
    try:
        said = parse_datetime(value[:40]) if isinstance(value, str) else None
    except ValueError:
        said = None
    if said is None or said.tzinfo is None:
        return now
    earliest = min(gathering.starts, now) - timedelta(days=2)
    return said if earliest <= said <= now + A_MINUTE else now


def _words(value: object) -> str:
    words = _plain(value, lines=True)
    if len(words) > LONGEST_WORDS:
        raise ItemRefused(_("Say it in up to %(most)d characters.") % {"most": LONGEST_WORDS})
    return words


def line(value: object, longest: int) -> str:
    return _plain(value, lines=False)[:longest].strip()


# Marks that turn the direction of the text after them: what is shown must be what was written.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def _plain(value: object, *, lines: bool) -> str:
    """Words without control characters, hidden turns, or halves of characters that no database keeps."""
    if not isinstance(value, str):
        return ""
    shown = "".join(_shown(mark, lines) for mark in value[: 4 * LONGEST_WORDS].translate(TURNING))
    rows = [" ".join(row.split()) for row in unicodedata.normalize("NFC", shown).splitlines()]
    return "\n".join(rows).strip()


def _shown(mark: str, lines: bool) -> str:
    kind = unicodedata.category(mark)
    if kind == "Cs":
        return "\ufffd"
    return " " if kind == "Cc" and not (lines and mark == "\n") else mark
