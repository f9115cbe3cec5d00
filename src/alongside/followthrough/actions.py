"""Receive what people say, promise an answer by a day, keep the promise or say why not, in words a person can check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit, holds
from alongside.agencies.models import Agency, Member, User
from alongside.core import clock, keys, languages, tokens
from alongside.core.authored import Words, words_of
from alongside.core.care import patterns
from alongside.core.forms import first_error
from alongside.core.news import News
from alongside.core.origins import Origin
from alongside.core.text import line, lines
from alongside.followthrough import codes
from alongside.followthrough.models import (
    ANSWERED_FOR,
    CARDS_LAST,
    CLOSED,
    LONGEST_NOTE,
    LONGEST_OUTCOME,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    Card,
    CardQuerySet,
    Concern,
    ConcernKind,
    Deed,
    DueRule,
    HowItCame,
    Loaded,
    Promise,
    Rules,
    State,
    Step,
    Withheld,
    days_to_answer,
    rules_of,
)
from alongside.followthrough.promises import following
from alongside.followthrough.promises.loading import models as loading
from alongside.followthrough.public import finding, topics
from alongside.followthrough.public.days import end_of_week
from alongside.followthrough.writing import (
    CODE,
    SHORTEST,
    CardsRefused,
    ConcernRefused,
    MistypedCode,
    NotNow,
    PromiseRefused,
    UnknownCode,
    WordsMissing,
    WordsRefused,
    contact_ends,
    digest,
    forget_contact,
    label,
    locked,
    must_be_a_day,
    must_be_at_work,
    must_be_ours,
    name_of,
    new_code,
    one_line,
    path,
    promised,
    said_whole,
    tell,
    write,
    written,
)
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions.models import Subscription
from alongside.people import consent
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind

MOST_CARDS, MOST_CODES, MOST_CORRECTIONS, MOST_REOPENED = 400, 5, 10, 5


# -- news for rooms above ---------------------------------------------------------------------------
# Its words are erased: whoever keeps any of them lets them go.
on_erase: News[Concern] = News("followthrough.on_erase")
# It was withheld and goes on: nobody has to look at it any more.
on_release: News[Concern] = News("followthrough.on_release")


# -- cards ------------------------------------------------------------------------------------------
@transaction.atomic
def issue_cards(
    agency: Agency,
    *,
    count: int,
    origin: Origin | None = None,
    origin_label: Words | str = "",
    origin_link: str = "",
    expires_on: date | None = None,
    by: User | None,
) -> list[str]:
    """New codes, to be printed or shown now: only their digests are kept. Unused, they run out after a year."""
    if not 1 <= count <= MOST_CARDS:
        raise CardsRefused(_("Choose between 1 and %(most)d cards.") % {"most": MOST_CARDS})
    issued = [codes.new() for _each in range(count)]
    made = Card.objects.bulk_create(
        Card(
            agency=agency,
            digest=digest(agency, code),
            expires_on=expires_on or agency.today() + CARDS_LAST,
            origin=str(origin or ""),
            origin_label=label(origin_label),
            origin_link=path(origin_link),
        )
        for code in issued
    )
    audit.record(agency=agency, by=by, verb="issued cards", thing=made[0], detail={"count": count})
    return issued


@transaction.atomic
def show_origin(agency: Agency, origin: Origin, *, origin_label: Words | str, origin_link: str) -> None:
    """What concerns and cards came from has another name, or another page: they show it as it is now."""
    shown = {"origin_label": label(origin_label), "origin_link": path(origin_link)}
    for model in (Concern, Card):
        model.objects.filter(agency=agency, origin=str(origin)).exclude(**shown).update(**shown)


def _cards_with(agency: Agency, code: str) -> CardQuerySet:
    """The card that has this code, whichever key its digest was made by."""
    digests = tokens.digests(CODE, f"{agency.pk}:{code}", ring=keys.CODES)
    return Card.objects.filter(agency=agency, digest__in=digests)


def card_behind(agency: Agency, typed: str) -> Card:
    """The card whose code somebody typed. Raises MistypedCode, UnknownCode."""
    try:
        code = codes.read(typed)
    except codes.Mistyped:
        raise MistypedCode(
            _("A character is missing or wrong. Compare the code with your card, one group at a time.")
        ) from None
    card = _cards_with(agency, code).first()
    if card is None or (card.expires_on is not None and card.expires_on < agency.today()):
        raise UnknownCode(
            _("We do not know this code here. It may belong to another agency, or the card ran out unused.")
        )
    return card


# -- receiving --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Received:
    """What was written down, and the code that opens it. `replaced`: another concern had the code offered."""

    concern: Concern
    code: str
    new: bool
    replaced: bool = False


@dataclass(frozen=True)
class Intake:
    """What somebody said, as it is taken in: of what, about which place, when, and where it was heard.

    `words`: None where a card only says what it is about.
    """

    kind: str
    category: str
    words: str | None
    heard_on: date
    origin: Origin | None = None
    origin_label: Words | str = ""
    origin_link: str = ""
    neighborhood: Area | None = None
    place: str = ""
    language: str = "en"
    came: str = HowItCame.HEARD


@transaction.atomic
def receive(
    agency: Agency,
    said: Intake,
    *,
    key: str,
    code: str = "",
    owner: Member | None = None,
    due: date | None = None,
    withheld: str = "",
    by: User | None = None,
) -> Received:
    """Write down what somebody said, in the caller's transaction. The same key twice is once.

    Without an owner it goes to whoever the agency named for that. A code that is mistyped, run out or taken
    never loses the words: a new one is made, and `replaced` says so. Raises ConcernRefused, PromiseRefused.
    """
    concern = Concern.objects.filter(agency=agency, key=key).first()
    new = concern is None
    if concern is None:
        concern = Concern(
            agency=agency,
            key=key,
            kind=said.kind,
            category=said.category,
            words=lines(said.words or ""),
            neighborhood=said.neighborhood,
            place=line(said.place, 160),
            heard_on=said.heard_on,
            origin=str(said.origin or ""),
            origin_label=label(said.origin_label),
            origin_link=path(said.origin_link),
            language=languages.ours(said.language),
            came=said.came,
        )
        if not concern.words and said.words is not None:
            raise ConcernRefused(_("Write down what was said."))
        _route(concern, owner=owner, due=due, withheld=withheld)
        _check(concern)
        concern, new = _keep(concern)
    if new:
        _write_first_steps(concern, by=by)
    return _opened_by(concern, code, new=new)


def received_again(concern: Concern, *, code: str = "") -> Received:
    """What was taken in before is sent again: the first answer may have been lost on its way, with its code."""
    return _opened_by(concern, code, new=False)


def _check(concern: Concern) -> None:
    if not concern.key or len(concern.key) > 120:
        raise ConcernRefused(_("A concern needs a key of its own, of up to 120 characters."))
    home = concern.neighborhood
    if home is not None and home.agency_id != concern.agency_id:
        raise ConcernRefused(_("Choose a neighborhood of this agency."))
    if home is not None and home.kind == AreaKind.NEIGHBORHOOD:
        concern.division = places.division_of(concern.agency, home.shape)
    try:
        concern.full_clean(
            exclude=["agency", "neighborhood", "division", "owner"],
            validate_unique=False,
            validate_constraints=False,
        )
    except ValidationError as error:
        raise ConcernRefused(first_error(error, named=True)) from None


def _route(concern: Concern, *, owner: Member | None, due: date | None, withheld: str) -> None:
    """To whom it goes and by when, before anybody has looked at it."""
    if withheld:
        if withheld not in Withheld.values:
            raise ConcernRefused(_("Say why it is withheld: officer, crime or cji."))
        concern.state, concern.withheld = State.WITHHELD, withheld
        return
    rules = rules_of(concern.agency)
    if concern.kind == ConcernKind.THANKS and owner is None:
        return
    owner = owner or (rules.owner if rules.owner is not None and rules.owner.active else None)
    concern.due = due or concern.agency.today() + days_to_answer(concern, rules)
    concern.first_due = concern.due
    if owner is not None:
        must_be_ours(owner, concern.agency)
        concern.owner, concern.state = owner, State.OWNED


def _keep(concern: Concern) -> tuple[Concern, bool]:
    """Two at once with one key: the database keeps the first, and the second waits for it."""
    try:
        with transaction.atomic():
            concern.save(force_insert=True)
    except IntegrityError:
        return Concern.objects.get(agency=concern.agency, key=concern.key), False
    return concern, True


def _write_first_steps(concern: Concern, *, by: User | None) -> None:
    write(concern, Deed.RECEIVED, by=by, public=True)
    if concern.withheld:
        write(concern, Deed.WITHHELD, by=by, facts={"reason": concern.withheld}, public=True)
    if concern.owner is not None:
        write(concern, Deed.ASSIGNED, by=by, facts=promised(concern), public=True)
    audit.record(
        agency=concern.agency,
        by=by,
        verb="received",
        thing=concern,
        detail={"origin": concern.origin} if concern.origin else {},
    )


def _opened_by(concern: Concern, typed: str, *, new: bool) -> Received:
    """The code that opens it: the one offered, if it is free or already this one's; else a new one.

    Sent again without a code it gets one more, a few times: the first answer may have been lost on its way.
    """
    code = _claimed(concern, typed) if typed.strip() else ""
    if code:
        return Received(concern, code, new)
    if concern.cards.count() < MOST_CODES:
        code = new_code(concern)
    return Received(concern, code, new, replaced=bool(typed.strip()))


def _claimed(concern: Concern, typed: str) -> str:
    try:
        code = codes.read(typed)
    except codes.Mistyped:
        return ""
    agency, now = concern.agency, clock.now()
    cards = _cards_with(agency, code)
    # One statement decides: of two concerns that want one card, the first has it.
    if cards.unused(agency.today()).update(concern=concern, used_at=now, expires_on=None):
        return code
    return code if cards.filter(concern=concern).exists() else ""


# -- promising --------------------------------------------------------------------------------------
@transaction.atomic
def acknowledge(concern: Concern, *, by: User | None) -> Concern:
    """One of us has read it. Whoever said it reads that somebody has; done twice it is once."""
    concern = locked(concern)
    if concern.acknowledged_at is not None:
        return concern
    must_be_at_work(concern)
    _read(concern)
    concern.save(update_fields=["acknowledged_at", "state"])
    tell(concern, write(concern, Deed.ACKNOWLEDGED, by=by, public=True))
    audit.record(agency=concern.agency, by=by, verb="acknowledged", thing=concern)
    return concern


def _read(concern: Concern) -> None:
    """Whatever one of us does with it, somebody has read it."""
    concern.acknowledged_at = concern.acknowledged_at or clock.now()
    if concern.state == State.RECEIVED:
        concern.state = State.ACKNOWLEDGED


@transaction.atomic
def assign(concern: Concern, *, owner: Member, due: date, by: User | None, why: Words | str = "") -> Concern:
    """`owner` answers for it by `due`. A promised day that moves back needs a reason, which is told.

    What its owner promised about it goes along, to the new owner and to the new day.
    """
    concern = locked(concern)
    must_be_at_work(concern)
    must_be_ours(owner, concern.agency)
    is_promised = following.is_promised(concern)  # also while nobody answers for it: its owner has left
    answered_for = is_promised or concern.state in ANSWERED_FOR
    if (owner, due) == (concern.owner, concern.due) and answered_for:
        return concern
    why, was_due = one_line(why, LONGEST_NOTE), concern.due if answered_for else None
    must_be_a_day(due, concern)
    if was_due is not None and due > was_due and not why:
        raise WordsMissing(_("Say why the day moves back: the person who asked reads it."))
    _read(concern)
    stood = concern.owner
    was_owner = stood if answered_for and stood != owner else None
    concern.owner, concern.due = owner, due
    concern.first_due = concern.first_due if was_due is not None else due
    concern.state = State.PROMISED if is_promised else State.OWNED
    concern.save(update_fields=["owner", "due", "first_due", "state", "acknowledged_at"])
    following.to_owner_and_day(concern, was_owner=stood, was_due=was_due, why=why, by=by)
    moved = {"was_due": was_due.isoformat()} if was_due is not None and was_due != concern.due else {}
    if was_owner is not None:
        moved["was_owner"] = str(was_owner)
    facts = {**promised(concern), **moved}
    tell(concern, write(concern, Deed.ASSIGNED, by=by, text=why, facts=facts, public=True))
    audit.record(agency=concern.agency, by=by, verb="assigned", thing=concern, detail=facts)
    return concern


@transaction.atomic
def put_in_front(concern: Concern, *, by: User | None) -> Concern:
    """It is one of the few that its neighborhood has in front. Raises NotNow where those are as many as may be."""
    concern = locked(concern)
    if concern.in_front_since is not None:
        return concern
    must_be_at_work(concern)
    if concern.neighborhood_id is None:
        raise NotNow(_("Say first in which neighborhood it is."))
    # One writer at a time: whoever would put a fourth in front waits here, and then sees three.
    Area.objects.select_for_update().get(pk=concern.neighborhood_id)
    most = rules_of(concern.agency).in_front
    before = Concern.objects.filter(neighborhood=concern.neighborhood_id).in_front()
    if before.count() >= most:
        raise NotNow(
            _("%(n)d are in front here already, which is the most. Take one back first.") % {"n": most}
        )
    concern.in_front_since = clock.now()
    concern.save(update_fields=["in_front_since"])
    write(concern, Deed.FRONTED, by=by, public=True)
    audit.record(agency=concern.agency, by=by, verb="put in front", thing=concern)
    return concern


@transaction.atomic
def take_from_front(concern: Concern, *, by: User | None) -> Concern:
    """It is worked on as all others are."""
    concern = locked(concern)
    if concern.in_front_since is not None:
        concern.in_front_since = None
        concern.save(update_fields=["in_front_since"])
        write(concern, Deed.UNFRONTED, by=by, public=True)
        audit.record(agency=concern.agency, by=by, verb="took from the front", thing=concern)
    return concern


@transaction.atomic
def progress(concern: Concern, *, text: Words | str, by: User | None, public: bool = True) -> Step:
    """Write down what happened meanwhile: for the person who asked, or with `public=False` for staff alone."""
    concern = locked(concern)
    if concern.redacted_at is not None:
        raise NotNow(_("The words of this concern were erased."))
    step = write(concern, Deed.NOTED, by=by, text=written(text, LONGEST_NOTE), public=public)
    if public:
        tell(concern, step)
    audit.record(agency=concern.agency, by=by, verb="added to", thing=concern, detail={"public": public})
    return step


@transaction.atomic
def close(
    concern: Concern,
    *,
    state: str,
    outcome: Words | str,
    by: User | None,
    facts: dict[str, str] | None = None,
    promise: Promise | None = None,
) -> Concern:
    """It is done, cannot be done, or was passed on (`facts`: to whom), in words that whoever asked can check.

    Whoever asked is asked whether it is so. What was promised about it ends with it. `promise`: the last one, which
    has ended just now, and it with that.
    """
    if state not in CLOSED:
        raise NotNow(_("Close it as done, or as something that cannot be done."))
    concern = locked(concern)
    outcome = written(outcome, LONGEST_OUTCOME).signed(name_of(by, concern.agency), before=concern.outcome)
    if (concern.state, concern.outcome) == (state, outcome):
        return concern
    must_be_at_work(concern)
    _read(concern)
    concern.state, concern.outcome, concern.closed_at = state, outcome, clock.now()
    concern.confirm_by = concern.agency.today() + timedelta(days=rules_of(concern.agency).confirm_days)
    concern.in_front_since = None
    concern.save(
        update_fields=["state", "outcome", "closed_at", "confirm_by", "in_front_since", "acknowledged_at"]
    )
    ended = following.to_the_end(concern, by=by)
    told = {"state": state} | (facts or {})
    step = write(concern, Deed.CLOSED, by=by, text=outcome, facts=told, public=True)
    following.ended_with(step, [*ended, *([promise] if promise is not None else [])])
    tell(concern, step)
    audit.record(agency=concern.agency, by=by, verb="closed", thing=concern, detail={"as": state})
    return concern


# -- whether it is so -------------------------------------------------------------------------------
@transaction.atomic
def confirm(concern: Concern, *, read: str) -> Concern:
    """Whoever holds the code says that it is so. Said twice it is said once.

    `read`: the mark of the answer that stood on their page. Raises NotNow, where it was answered anew since.
    """
    concern = locked(concern)
    if concern.state not in CLOSED or concern.redacted_at is not None:
        raise NotNow(_("It is open: there is nothing to confirm yet."))
    if read != concern.answer_mark:
        raise NotNow(
            _("We answered anew since you opened this page. Please read the answer as it stands now.")
        )
    if concern.confirmed_at is not None:
        return concern
    concern.confirmed_at = clock.now()
    concern.save(update_fields=["confirmed_at"])
    write(concern, Deed.CONFIRMED, by=None, by_name="", public=True)
    audit.record(agency=concern.agency, by=None, verb="confirmed by code", thing=concern)
    return concern


@transaction.atomic
def reopen(concern: Concern, *, words: Words | str, by: User | None = None) -> Concern:
    """It is not so: it is open again, with whoever answered for it, and with a new day.

    By whoever holds the code, in their words; or by one of us, who says why. Raises NotNow, WordsMissing.
    """
    concern = locked(concern)
    if concern.state not in CLOSED or concern.redacted_at is not None:
        raise NotNow(_("It is open already: somebody is at it."))
    if by is None and concern.steps.filter(deed=Deed.REOPENED, by_name="").count() >= MOST_REOPENED:
        raise NotNow(
            _(
                "It was opened again several times, and we could not settle it in writing. Please speak with us."
            )
        )
    told = _why_open(concern, words, by)
    owner = concern.owner if concern.owner is not None and concern.owner.active else None
    concern.state = State.ACKNOWLEDGED if owner is None else State.OWNED
    concern.owner = owner
    concern.outcome, concern.closed_at, concern.confirm_by, concern.confirmed_at = Words(), None, None, None
    # The first day that was promised stays in sight: it was not kept.
    # A Sunday, so that nobody can count back from it when it was opened again: docs/methods/concerns.md, rule 4.
    concern.due = end_of_week(concern.agency.today() + days_to_answer(concern, rules_of(concern.agency)))
    concern.save()
    following.to_the_opening(concern, by=by)
    step = write(concern, Deed.REOPENED, by=by, facts=promised(concern), public=True, **told)
    tell(concern, step)
    audit.record(agency=concern.agency, by=by, verb="reopened", thing=concern)
    if by is None:
        _hold_back(concern, str(told["words"]))
    return concern


def _why_open(concern: Concern, words: Words | str, by: User | None) -> dict[str, Any]:
    """In the words of whoever asked; or in ours, in each language that we write in."""
    if by is None:
        return {"words": said_whole(str(words), LONGEST_NOTE), "by_name": ""}
    return {"text": written(words, LONGEST_NOTE).signed(name_of(by, concern.agency))}


# -- what the public may read -----------------------------------------------------------------------
@transaction.atomic
def clear(concern: Concern, *, summary: Words | str, by: User | None) -> Concern:
    """Release words for the public, written by a person: no name, no block. Without words, take them back."""
    concern = locked(concern)
    if concern.is_withheld or concern.redacted_at is not None:
        raise NotNow(_("Nothing of this concern is published."))
    summary = one_line(summary, LONGEST_NOTE).signed(name_of(by, concern.agency), before=concern.summary)
    if summary == concern.summary and not _said_since(concern):
        return concern
    for each in summary.texts.values():
        if len(each.text) > LONGEST_SUMMARY:
            raise WordsRefused(_("Say it in up to %(most)d characters.") % {"most": LONGEST_SUMMARY})
        if concern.place and concern.place.casefold() in each.text.casefold():
            raise WordsRefused(_("Leave out the block: in public a concern belongs to a neighborhood."))
    concern.summary = summary
    concern.cleared_at = clock.now() if summary else None
    concern.cleared_by = name_of(by, concern.agency) if summary else ""
    concern.save(update_fields=["summary", "cleared_at", "cleared_by"])
    following.to_the_public(concern)
    if topics.is_listed(concern):
        topics.tell_how_it_stands(concern)
    write(concern, Deed.CLEARED, by=by, text=summary)
    audit.record(
        agency=concern.agency, by=by, verb="cleared", thing=concern, detail={"public": bool(summary)}
    )
    return concern


def _said_since(concern: Concern) -> bool:
    """Whether we have written something since the words were released: released anew, everybody reads it, too."""
    since = concern.cleared_at
    return since is not None and concern.steps.written_since(since).exists()


@transaction.atomic
def withhold(concern: Concern, *, reason: str, by: User | None) -> Concern:
    """It does not belong here: a complaint about staff, a crime, details that may not be kept. Nothing is published."""
    if reason not in Withheld.values:
        raise WordsMissing(_("Say why it is withheld: officer, crime or cji."))
    concern = locked(concern)
    if concern.withheld == reason:
        if by is not None and concern.nobody_looked:
            _stays_apart(concern, by=by)
        return concern
    concern.state, concern.withheld = State.WITHHELD, reason
    following.to_the_withholding(concern, by=by)
    concern.owner = concern.due = concern.first_due = concern.closed_at = concern.cleared_at = None
    concern.in_front_since = concern.confirm_by = concern.confirmed_at = None
    concern.outcome = concern.summary = Words()
    concern.cleared_by = ""
    concern.save()
    tell(concern, write(concern, Deed.WITHHELD, by=by, facts={"reason": reason}, public=True))
    audit.record(agency=concern.agency, by=by, verb="withheld", thing=concern, detail={"reason": reason})
    return concern


def _stays_apart(concern: Concern, *, by: User) -> None:
    """Somebody looked at what was withheld by itself, and it stays so. Whoever said it hears nothing new."""
    write(concern, Deed.WITHHELD, by=by, facts={"reason": concern.withheld})
    audit.record(agency=concern.agency, by=by, verb="kept apart", thing=concern)


@transaction.atomic
def release(concern: Concern, *, by: User | None, words: str | None = None) -> Concern:
    """It was withheld by mistake: it goes to whom it would have gone. Raises OnHold, where words would be lost.

    `words`: as they go on, where whoever looked had more of them before their eyes, or keeps less.
    """
    concern = locked(concern)
    if not concern.is_withheld:
        return concern
    concern.state, concern.withheld = State.RECEIVED, ""
    if words is not None and concern.redacted_at is None:
        _say_otherwise(concern, lines(words))
    _route(concern, owner=None, due=None, withheld="")
    concern.save(update_fields=["state", "withheld", "words", "salt", "owner", "due", "first_due"])
    on_release.tell(concern)
    write(concern, Deed.RELEASED, by=by, public=True)
    if concern.owner is not None:
        write(concern, Deed.ASSIGNED, by=by, facts=promised(concern), public=True)
    audit.record(agency=concern.agency, by=by, verb="released", thing=concern)
    return concern


def _say_otherwise(concern: Concern, words: str) -> None:
    """Other words stand there, and those before are lost: not while they are held. Their salt goes with them."""
    if words == concern.words:
        return
    if concern.words:
        holds.refuse_if_held(concern)
    concern.words, concern.salt = words, ""


@transaction.atomic
def redact(concern: Concern, *, because: Words | str, by: User | None) -> Concern:
    """Erase the words, the block, the contact and every text of its steps. Who, when and why remain. Raises OnHold.

    What it was split into was said in the same breath, and goes with it: all or nothing.
    """
    because = one_line(because, LONGEST_REASON).signed(name_of(by, concern.agency))
    if because.shortest < SHORTEST:
        raise WordsMissing(_("Say why the words are erased: the reason remains."))
    whole = [locked(each) for each in with_parts(locked(concern))]
    told = [each for each in whole if each.redacted_at is None]
    for each in told:
        holds.refuse_if_held(each)
    for each in told:
        _erase(each, because=because, by=by)
    return whole[0]


def with_parts(concern: Concern) -> list[Concern]:
    """A concern, and all that it and its parts were split into: a part is younger than what it was split from."""
    found, among = [concern], {concern.pk}
    while parts := list(Concern.objects.filter(split_from__in=among).exclude(pk__in=among).order_by("pk")):
        found += parts
        among |= {part.pk for part in parts}
    return [concern, *sorted(found[1:], key=lambda part: part.pk)]


def _erase(concern: Concern, *, because: Words, by: User | None) -> None:
    forget_contact(concern, by=by)
    Step.objects.filter(concern=concern).erase_words()
    following.to_the_erasure(concern)
    write(concern, Deed.REDACTED, by=by, text=because, public=True)
    concern.words = concern.place = concern.salt = concern.cleared_by = ""
    concern.summary = Words()
    if concern.split_from_id is not None:  # its key was made of its words
        concern.key = f"erased:{concern.public_id}"
    concern.cleared_at, concern.redacted_at, concern.redacted_because = None, clock.now(), because
    concern.outcome = because if concern.is_closed else Words()
    concern.save()
    finding.nowhere(concern)
    Loaded.objects.filter(concern=concern).forget(loading.WORDS)
    on_erase.tell(concern)
    audit.record(agency=concern.agency, by=by, verb="redacted", thing=concern)


@transaction.atomic
def erase_brought_back() -> None:
    """A backup knows of an erased concern that it was erased, and brings back what lay beside it: that goes again."""
    Step.objects.everywhere().brought_back().erase_words()
    following.erase_brought_back()
    finding.nowhere_again()
    Loaded.objects.everywhere().filter(concern__redacted_at__isnull=False).forget(loading.WORDS)


@transaction.atomic
def forget_words() -> int:
    """Delete what people said, once the agency's days after the end are over. What came of it stays."""
    Step.objects.everywhere().out_of_keeping().exclude(text="", words="").erase_words()
    over = Concern.objects.everywhere().out_of_keeping()
    Loaded.objects.everywhere().filter(concern__in=over).forget(loading.SAID)
    return over.exclude(words="", place="").update(words="", place="", salt="")


# -- whoever holds the code -------------------------------------------------------------------------
@transaction.atomic
def leave_contact(concern: Concern, *, email: str, language: str = "en") -> Subscription:
    """Keep an address for news of this one concern, instead of any left before. Raises AddressRefused."""
    concern = locked(concern)
    if concern.redacted_at is not None:
        raise NotNow(_("The words of this concern were erased."))
    if not email.strip():
        raise subscriptions.AddressRefused(_("Write your e-mail address."))
    forget_contact(concern, by=None)
    contact = subscriptions.keep(
        concern.topic,
        agency=concern.agency,
        email=email,
        language=language,
        ends_on=contact_ends(concern),
        consent=consent.VERSION,
    )
    audit.record(agency=concern.agency, by=None, verb="left a contact for", thing=concern)
    return contact


@transaction.atomic
def remove_contact(concern: Concern) -> Concern:
    """Delete the address now. Removing twice is removing once."""
    concern = locked(concern)
    forget_contact(concern, by=None)
    return concern


@transaction.atomic
def prolong_contacts() -> None:
    """While it is open, the address for its news stays, also where nothing is told: who agreed to that, for no less."""
    for agency in Agency.objects.all():
        until = agency.today() + timedelta(days=agency.contact_retention_days)
        soon = Subscription.objects.of(agency).filter(
            topic__startswith="concern:", consent=consent.VERSION, ends_on__lt=until
        )
        ids = [Origin.of(topic).public_id for topic in soon.values_list("topic", flat=True)]
        rows = Concern.objects.of(agency).open().filter(public_id__in=ids)
        subscriptions.prolong(*(each.topic for each in rows), agency=agency, until=until)


def has_contact(concern: Concern) -> bool:
    """Whether there is an address to write to, now."""
    return Subscription.objects.of(concern.agency_id).about(concern.topic).exists()


@transaction.atomic
def correct(concern: Concern, *, text: str) -> Step:
    """“That is not what I said”: whoever holds the code puts our words right, and the owner reads it."""
    concern = locked(concern)
    if concern.redacted_at is not None:
        raise NotNow(_("The words of this concern were erased."))
    text = said_whole(text, LONGEST_NOTE)
    if concern.is_withheld:
        raise NotNow(_("This concern is not handled here."))
    said = concern.steps.filter(deed=Deed.CORRECTED)
    same = said.filter(words=text).first()
    if same is not None:  # the button was pressed twice
        return same
    if said.count() >= MOST_CORRECTIONS:
        raise NotNow(_("Our words were put right many times. Please speak to us instead."))
    step = write(concern, Deed.CORRECTED, by=None, by_name="", words=text, public=True)
    audit.record(agency=concern.agency, by=None, verb="corrected by code", thing=concern)
    _hold_back(concern, text)
    return step


def _hold_back(concern: Concern, text: str) -> None:
    """New words that name an officer or tell a crime are withheld as they would have been in the first place."""
    seen = {sign.hold for sign in patterns.seen_in(text, kind=concern.kind)}
    reason = next((each for each in (Withheld.OFFICER, Withheld.CRIME) if each in seen), None)
    if reason is not None:
        withhold(concern, reason=reason, by=None)


# -- the agency -------------------------------------------------------------------------------------
class Days(TypedDict, total=False):
    """What an agency sets in days, and how many it has in front; what is not given stays as it is."""

    days: int
    acknowledge_days: int
    confirm_days: int
    in_front: int
    shown_after_days: int


@transaction.atomic
def set_rules(
    agency: Agency,
    *,
    owner: Member | None,
    complaints: Words | str,
    complaints_url: str,
    reports: Words | str,
    by: User | None,
    by_category: Mapping[str, int] | None = None,
    **days: Unpack[Days],
) -> Rules:
    """What the agency promises of every concern. Promises already made stay as they are.

    `by_category`: topics that are answered sooner or later than usual; None leaves those as they stand.
    """
    if owner is not None:
        must_be_ours(owner, agency)
    rules = rules_of(agency)
    rules.owner, rules.complaints_url = owner, complaints_url
    for name, number in days.items():
        setattr(rules, name, number)
    who = name_of(by, agency)
    rules.complaints, rules.reports = (
        words_of(written).each(lines).signed(who, before=stood)
        for written, stood in ((complaints, rules.complaints), (reports, rules.reports))
    )
    try:
        rules.full_clean(exclude=["agency", "owner"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise PromiseRefused(first_error(error, named=True)) from None
    kept, _new = Rules.objects.update_or_create(
        agency=agency,
        defaults={
            **days,
            "owner": owner,
            "complaints": rules.complaints,
            "complaints_url": rules.complaints_url,
            "reports": rules.reports,
        },
    )
    if by_category is not None:
        _set_days(agency, by_category)
    audit.record(agency=agency, by=by, verb="changed", thing=kept, detail={"days": kept.days})
    return kept


def _set_days(agency: Agency, by_category: Mapping[str, int]) -> None:
    """Which topics are answered sooner or later than usual; those that are not named are answered as usual."""
    DueRule.objects.filter(agency=agency).exclude(category__in=by_category).delete()
    for category, days in by_category.items():
        rule = DueRule(agency=agency, category=category, days=days)
        try:
            rule.full_clean(exclude=["agency"], validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            raise PromiseRefused(first_error(error, named=True)) from None
        DueRule.objects.update_or_create(agency=agency, category=category, defaults={"days": days})
