"""Take a note, count heads, keep a photo; settle what is held; say what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypedDict, TypeVar, Unpack

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from alongside.agencies import audit, retention
from alongside.agencies.models import Agency, Member, User
from alongside.core import clock, languages, text
from alongside.core.authored import Words, words_of
from alongside.core.care import blocks, patterns, wording
from alongside.core.care.redaction import redacted
from alongside.core.errors import Refusal, phrase
from alongside.field import news, themes
from alongside.field.models import (
    DESK,
    LARGEST_CROWD,
    LONGEST_PLACE,
    LONGEST_WORDS,
    ContactQuality,
    EnforcementException,
    ExceptionKind,
    HeadCount,
    Note,
    Observation,
    Pass,
    QuarterThemes,
    Recap,
    Source,
)
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Category, Concern, ConcernKind, Withheld
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.origins import shown_of
from alongside.people.models import Partner

MOST_CARDS_A_PASS = 200
MOST_NOTES = 2000
MOST_EXCEPTIONS = 500
RECAP_DAYS = timedelta(days=8)
SHORTEST_RECAP = 20
A_MINUTE = timedelta(minutes=1)


class ItemRefused(Refusal):
    """Something a phone sent that cannot be kept as it is."""


class NotNow(Refusal):
    """The gathering, or the thing, is in no state for this."""


class RecapRefused(Refusal):
    """A recap that cannot be published as it is."""


# -- cards ----------------------------------------------------------------------------------------
@transaction.atomic
def cards_for(opened: Pass, *, count: int) -> list[str]:
    """Fresh codes for a phone to hand out. Each fetch gets its own, so that two phones never show one code twice."""
    opened = (
        Pass.objects.select_for_update(of=("self",))
        .select_related("agency", "gathering__agency", "bearer__made_by")
        .get(pk=opened.pk)
    )
    count = min(count, MOST_CARDS_A_PASS - opened.cards)
    if count < 1:
        return []
    opened.cards += count
    opened.save(update_fields=["cards"])
    return followthrough.issue_cards(
        opened.agency,
        count=count,
        origin=opened.gathering.key,
        **shown_of(opened.gathering),
        by=opened.by.made_by,
    )


# -- notes ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Jotting:
    """What one note says, as a phone or a paper card brings it. Nothing of it has been looked at yet."""

    kind: object = ""
    category: object = ""
    words: object = ""
    place: object = ""
    language: object = ""
    heard_at: object = None
    wants_answer: object = False
    code: object = ""
    consent: object = ""
    hold: object = ""
    source: object = Source.PHONE


def take_note(opened: Pass, said: Jotting, *, client_id: object) -> Note:
    """Keep what a scribe's phone sent, and the concern behind it, in one transaction. Sent twice is kept once.

    The note that comes back knows for this once its card's `code`, and whether it was `known`.
    """
    return _take(opened.gathering, said, client_id=client_id, came_by=opened, by=None)


def write_note(gathering: Gathering, said: Jotting, *, by: User | None, client_id: object = None) -> Note:
    """The same from a paper card, typed at a desk."""
    said = replace(said, source=Source.PAPER)
    return _take(gathering, said, client_id=client_id or uuid.uuid4(), came_by=None, by=by)


def _take(
    gathering: Gathering, said: Jotting, *, client_id: object, came_by: Pass | None, by: User | None
) -> Note:
    key = client_id_of(client_id)
    try:
        with transaction.atomic():
            known = _known_note(gathering, key)
            if known is None:
                return _new_note(gathering, key, said, came_by=came_by, by=by)
            return _sent_again(known, said)
    except IntegrityError:  # the other phone, a moment earlier
        known = _known_note(gathering, key)
        if known is None:
            raise
        return _sent_again(known, said)


def _known_note(gathering: Gathering, key: uuid.UUID) -> Note | None:
    rows = Note.objects.filter(agency=gathering.agency, client_id=key)
    note = rows.select_related("concern__agency").first()
    if note is not None and note.gathering_id != gathering.pk:
        raise ItemRefused(_("This note belongs to another gathering."))
    return note


def _new_note(
    gathering: Gathering, key: uuid.UUID, said: Jotting, *, came_by: Pass | None, by: User | None
) -> Note:
    kind, category = _choice(said.kind, ConcernKind), _choice(said.category, Category)
    words, where = _words(said.words), line(said.place, LONGEST_WORDS)
    if Note.objects.filter(gathering=gathering).count() >= MOST_NOTES:
        raise ItemRefused(_("This gathering has %(most)d notes already.") % {"most": MOST_NOTES})
    kept, place = redacted(words, kind=kind), redacted(where, kind=kind, place=True)
    withheld = _withheld(said.hold, kept.holds | place.holds)
    heard = blocks.rounded_in(words)  # as it waits beside what is kept, for a person to look
    code = line(said.code, 60)
    received = followthrough.receive(
        gathering.agency,
        followthrough.Intake(
            kind=kind,
            category=category,
            words=kept.words or None,
            neighborhood=gathering.neighborhood,
            place=line(place.words, LONGEST_PLACE),
            heard_on=gathering.on,
            language=languages.ours(said.language if isinstance(said.language, str) else ""),
            origin=gathering.key,
            **shown_of(gathering),
        ),
        key=f"note:{key}",
        code=code,
        withheld=withheld,
        by=by,
    )
    held = received.new and bool(withheld)
    note = Note.objects.create(
        agency=gathering.agency,
        gathering=gathering,
        client_id=key,
        concern=received.concern,
        consent=line(said.consent, 20) or wording.VERSION,
        heard_at=_moment(said.heard_at, gathering),
        source=said.source if said.source in Source.values else Source.PHONE,
        wants_answer=said.wants_answer is True,
        came_by=came_by,
        signs=list(dict.fromkeys(sign.name for sign in (*kept.signs, *place.signs))),
        held=held,
        held_words=heard if held and heard != kept.words else "",
    )
    note.code = received.code if note.wants_answer or code else ""
    return note


def _sent_again(note: Note, said: Jotting) -> Note:
    """A note that was known stays as it is; a lost answer is given again."""
    code = line(said.code, 60)
    if note.wants_answer or code:
        note.code = followthrough.received_again(note.concern, code=code).code
    note.known = True
    return note


def _withheld(said: object, seen: set[str]) -> str:
    """What the scribe marked, or what the text shows: the gravest first."""
    marked = {said} if isinstance(said, str) else set()
    gravest = (Withheld.CJI, Withheld.OFFICER, Withheld.CRIME)
    return next((reason for reason in gravest if reason in seen | marked), "")


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
                    device=line(device, 40) or opened.by.public_id,
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


# -- at the desk ----------------------------------------------------------------------------------
@transaction.atomic
def settle(note: Note, *, how: str, by: User | None) -> Note:
    """A person looked at a note that was held.

    `how`: "release", it may go on as it is; "mask", it goes on without what looks like a record; "keep", it
    stays apart; "erase", its words go, and that there was a note remains. Settling twice is settling once.
    """
    note = Note.objects.select_for_update(of=("self",)).select_related("agency", "concern").get(pk=note.pk)
    concern, words = note.concern, note.words
    if how not in SETTLED or (how == "keep" and concern.withheld == Withheld.CJI):
        raise NotNow(_("Choose what becomes of it."))
    if not note.held:
        return note
    note.held, note.held_words = False, ""
    note.settled_by, note.settled_at = by, clock.now()
    note.save(update_fields=["held", "held_words", "settled_by", "settled_at"])
    if how in {"release", "mask"}:
        followthrough.release(concern, words=redacted(words).words if how == "mask" else words, by=by)
    if how == "erase":
        because = phrase("It held what may not be kept here.")
        followthrough.redact(concern, because=Words.made(because), by=by)
    audit.record(agency=note.agency, by=by, verb="settled", thing=note, detail={"how": how})
    return note


SETTLED = ("release", "mask", "keep", "erase")


def nobody_must_look(concern: Concern) -> None:
    """It was decided where it is followed, to erase its words or that it goes on: the note lets go of what it held."""
    notes = Note.objects.filter(concern=concern, held=True)
    notes.update(held=False, held_words="", settled_at=clock.now())


def forget_words() -> int:
    """Delete what waited too long for somebody to look, and what observers wrote long ago."""
    waited = Note.objects.everywhere().out_of_keeping().exclude(held_words="")
    written = Observation.objects.everywhere().out_of_keeping().exclude(words="")
    gone = retention.empty(waited, held_words="")
    return gone + retention.empty(written, words="")


# -- looking back ---------------------------------------------------------------------------------
class Answers(TypedDict, total=False):
    """How officers met people: how many of them did so."""

    introduced: int | None
    asked_views: int | None
    left_a_way: int | None


def say_quality(
    gathering: Gathering,
    *,
    member: Member | None = None,
    partner: Partner | None = None,
    **answers: Unpack[Answers],
) -> ContactQuality:
    """How officers met people, as one person saw it. Saying it again replaces what they said."""
    return _look_back(ContactQuality, gathering, member, partner, {**answers})


def observe(
    gathering: Gathering,
    *,
    member: Member | None = None,
    partner: Partner | None = None,
    words: str = "",
    **marks: int | None,
) -> Observation:
    """The observer’s checklist. Saying it again replaces what they said."""
    return _look_back(Observation, gathering, member, partner, {**marks, "words": _words(words)})


Seen = TypeVar("Seen", ContactQuality, Observation)


def _look_back(
    model: type[Seen],
    gathering: Gathering,
    member: Member | None,
    partner: Partner | None,
    said: dict[str, Any],
) -> Seen:
    if (member is None) == (partner is None):
        raise NotNow(_("Either a member or a partner looks back."))
    _must_have_begun(gathering)
    who = {"member": member} if member else {"partner": partner}
    with transaction.atomic():
        _locked(gathering)
        row, _new = model.objects.update_or_create(
            gathering=gathering, **who, defaults={"agency": gathering.agency, "at": clock.now(), **said}
        )
    return row


def said_by(
    gathering: Gathering, *, partner: Partner | None
) -> tuple[ContactQuality | None, Observation | None]:
    """What a partner said of it, for the partner."""
    return (
        ContactQuality.objects.filter(gathering=gathering, partner=partner).first(),
        Observation.objects.filter(gathering=gathering, partner=partner).first(),
    )


@transaction.atomic
def say_exception(gathering: Gathering, *, kind: str, count: int, by: User | None) -> EnforcementException:
    """What enforcement there was, as kind and count; or that there was none. What changes must be confirmed anew."""
    _must_have_begun(gathering)
    kind = _choice(kind, ExceptionKind)
    _locked(gathering)
    said = EnforcementException.objects.filter(gathering=gathering)
    if kind == ExceptionKind.NONE:
        count = 0
        if said.exclude(kind=kind).exists():
            raise NotNow(_("Something is written down already. What was said in public is not unsaid."))
    elif not 1 <= count <= MOST_EXCEPTIONS:
        raise ItemRefused(_("Say how many, from 1 to %(most)d.") % {"most": MOST_EXCEPTIONS})
    said.filter(kind=ExceptionKind.NONE).exclude(kind=kind).delete()
    known = said.filter(kind=kind).first()
    if known is not None and known.count == count:
        return known
    row, _new = EnforcementException.objects.update_or_create(
        gathering=gathering,
        kind=kind,
        defaults={
            "agency": gathering.agency,
            "count": count,
            "said_by": by,
            "said_at": clock.now(),
            "confirmed_by_partner": None,
            "confirmed_at": None,
        },
    )
    audit.record(
        agency=gathering.agency, by=by, verb="said", thing=row, detail={"kind": kind, "count": count}
    )
    return row


@transaction.atomic
def confirm_exceptions(gathering: Gathering, *, partner: Partner, as_read: str) -> int:
    """A partner who was there confirms what is said, as they read it: what changed meanwhile they read first."""
    _locked(gathering)
    said = list(EnforcementException.objects.filter(gathering=gathering).order_by("kind"))
    if not said or fingerprint(said) != as_read:
        raise NotNow(_("This was changed while you read it. Please read it again."))
    confirmed = 0
    for each in said:
        if not each.is_confirmed:
            each.confirmed_by_partner, each.confirmed_at = partner, clock.now()
            each.save(update_fields=["confirmed_by_partner", "confirmed_at"])
            confirmed += 1
    audit.record(
        agency=gathering.agency, by=None, verb="confirmed", thing=gathering, detail={"partner": str(partner)}
    )
    return confirmed


def fingerprint(said: list[EnforcementException]) -> str:
    """What a partner has before them when they confirm."""
    return ",".join(f"{each.kind}:{each.count}" for each in sorted(said, key=lambda each: each.kind))


def _must_have_begun(gathering: Gathering) -> None:
    if not gathering.has_begun:
        raise NotNow(_("It has not begun yet."))
    if gathering.status in {Status.DRAFT, Status.CANCELLED}:
        raise NotNow(_("It was not published, or was called off."))


# -- the recap ------------------------------------------------------------------------------------
@transaction.atomic
def draft_recap(gathering: Gathering, *, by: User | None) -> Recap:
    """Draw what happened from the rows. Drawing again keeps the words; what was published is never drawn again."""
    gathering = _locked(gathering)
    _must_have_begun(gathering)
    recap, facts = _recap(gathering), _facts(gathering)
    if recap.is_published:
        return recap
    if recap.pk is not None and recap.facts != facts:
        recap.approved_by, recap.approved_at = "", None
    recap.facts = {"partners": recap.facts.get("partners", []), **facts}
    recap.drawn_at = clock.now()
    recap.save()
    audit.record(agency=gathering.agency, by=by, verb="drafted", thing=recap)
    return recap


def _locked(gathering: Gathering) -> Gathering:
    """The gathering as it is now, one writer at a time. PostgreSQL locks the row; SQLite the transaction."""
    return Gathering.objects.select_for_update(of=("self",)).select_related("agency").get(pk=gathering.pk)


def _recap(gathering: Gathering) -> Recap:
    known = Recap.objects.filter(gathering=gathering).first()
    return known or Recap(
        agency=gathering.agency,
        gathering=gathering,
        publish_by=recap_due(gathering),
    )


def recap_due(gathering: Gathering) -> date:
    """By when we promise to say what came of it."""
    return gathering.on + RECAP_DAYS


def _facts(gathering: Gathering) -> dict[str, Any]:
    numbers = gathering.numbers
    return {
        "planned": numbers.going,
        "minutes": gathering.minutes,
        "themes": themes.own(gathering),
    }


@transaction.atomic
def edit_recap(
    recap: Recap, *, words: Words | str, minutes: int | None, partners: Sequence[Partner], by: User | None
) -> Recap:
    """Words of a person, how long it took, and which partners came. An approval is asked for anew."""
    recap = _still_open(recap)
    plain = words_of(words).each(partial(_plain, lines=True))
    said = plain.signed(audit.name_of(by, recap.agency), before=recap.words)
    for each in said.texts.values():
        _refuse_records(each.text)
    recap.words, recap.edited_by = said, by
    recap.facts = recap.facts | {
        "minutes": minutes,
        "partners": [each.name for each in partners if each.agency_id == recap.agency_id and each.listed],
    }
    recap.approved_by, recap.approved_at = "", None
    recap.save(update_fields=["words", "edited_by", "facts", "approved_by", "approved_at"])
    audit.record(agency=recap.agency, by=by, verb="edited", thing=recap)
    return recap


def _refuse_records(words: str) -> None:
    """What is never published, is not published by way of the recap either."""
    for sign in patterns.seen_in(words, kind="thanks"):
        if sign.hold == Withheld.CJI:
            raise RecapRefused(_("Leave this out before it is published: %(why)s") % {"why": sign.why})


@transaction.atomic
def approve_recap(recap: Recap, *, by: User) -> Recap:
    """A coordinator or a commander stands for it, by name, and the name is published with it.

    It may be whoever wrote it: in a small agency there is nobody else.
    """
    recap = _still_open(recap)
    member = by.membership_at(recap.agency)
    if member is None or not member.holds(DESK):
        raise RecapRefused(_("A coordinator or a commander approves it."))
    if recap.words.shortest < SHORTEST_RECAP:
        raise RecapRefused(_("Write a sentence or two first: numbers alone are no recap."))
    recap.approved_by, recap.approved_at = str(member)[:160], clock.now()
    recap.save(update_fields=["approved_by", "approved_at"])
    audit.record(agency=recap.agency, by=by, verb="approved", thing=recap)
    return recap


@transaction.atomic
def publish_recap(recap: Recap, *, by: User | None) -> Recap:
    """Show it to everybody. Publishing twice is publishing once; what is published stays as it is."""
    # The agency's row before the gathering's, and that before the recap's: quarters and drafts are drawn in this order.
    Agency.objects.select_for_update(no_key=True).get(pk=recap.agency_id)
    gatherings.tell_heads(recap.gathering)
    recap = _locked_recap(recap)
    if recap.is_published:
        return recap
    if recap.approved_at is None:
        raise RecapRefused(_("Somebody with a name approves it first."))
    recap.facts = recap.facts | {"themes": _still_publishable(recap)}
    recap.published_at = clock.now()
    recap.save(update_fields=["published_at", "facts"])
    news.tell(recap)
    audit.record(agency=recap.agency, by=by, verb="published", thing=recap)
    return recap


def _still_publishable(recap: Recap) -> dict[str, Any] | None:
    """The themes as they were approved; fewer where fewer may be published by now, never others."""
    drawn: dict[str, Any] | None = recap.facts.get("themes")
    now = themes.own(recap.gathering)
    if drawn is None or now is None:
        return None
    if drawn != now:
        raise RecapRefused(_("Notes have changed since the numbers were drawn. Draw them again."))
    return drawn


def _locked_recap(recap: Recap) -> Recap:
    rows = Recap.objects.select_for_update(of=("self",)).select_related("agency", "gathering__agency")
    return rows.get(pk=recap.pk)


def _still_open(recap: Recap) -> Recap:
    locked = _locked_recap(recap)
    if locked.is_published:
        raise NotNow(_("It is published already, and stays as it is."))
    return locked


def draw_quarters(agency: Agency) -> list[QuarterThemes]:
    """Publish together what was too few to publish alone, for quarters that are over."""
    return themes.draw_quarters(agency)


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


def _plain(value: object, *, lines: bool) -> str:
    """Words of a phone, which may send anything: what are no words are none."""
    if not isinstance(value, str):
        return ""
    said = value[: 4 * LONGEST_WORDS]
    return text.lines(said) if lines else text.line(said, len(said) * 4)
