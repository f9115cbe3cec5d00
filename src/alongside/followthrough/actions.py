"""Receive what people say, promise an answer by a day, keep the promise or say why not, in words a person can check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, Member, User
from alongside.core import clock, keys, languages, tokens
from alongside.core.authored import Words, words_of
from alongside.core.care import patterns
from alongside.core.errors import Refusal
from alongside.core.forms import first_error
from alongside.core.news import News
from alongside.core.origins import Origin
from alongside.core.text import line, lines
from alongside.followthrough import codes, letters
from alongside.followthrough.models import (
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
    Rules,
    State,
    Step,
    Withheld,
    rules_of,
)
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions.models import Channel, Subscription
from alongside.people import consent
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind

CODE = "concern"
MOST_CARDS, MOST_CODES, MOST_CORRECTIONS = 400, 5, 10
FARTHEST = timedelta(days=2 * 366)
SHORTEST, LONGEST_LABEL = 3, 160


class ConcernRefused(Refusal):
    """A concern that says nothing, or belongs to nobody here."""


class PromiseRefused(Refusal):
    """An owner who is not of this agency, or a day that cannot be promised."""


class WordsMissing(Refusal):
    """Whoever closes, moves or withholds owes words."""


class WordsRefused(Refusal):
    """Words that may not be shown to everybody, or are too many."""


class NotNow(Refusal):
    """The concern is in no state for this."""


class CardsRefused(Refusal):
    """A number of cards that nobody prints."""


class MistypedCode(Refusal):
    """These characters cannot be a code: one was misread."""


class UnknownCode(Refusal):
    """A code of nobody here, or one whose card ran out before anything was written down."""


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
            origin_label=_label(origin_label),
            origin_link=_path(origin_link),
        )
        for code in issued
    )
    audit.record(agency=agency, by=by, verb="issued cards", thing=made[0], detail={"count": count})
    return issued


@transaction.atomic
def show_origin(agency: Agency, origin: Origin, *, origin_label: Words | str, origin_link: str) -> None:
    """What concerns and cards came from has another name, or another page: they show it as it is now."""
    shown = {"origin_label": _label(origin_label), "origin_link": _path(origin_link)}
    for model in (Concern, Card):
        model.objects.filter(agency=agency, origin=str(origin)).exclude(**shown).update(**shown)


def digest(agency: Agency, code: str) -> str:
    """What is stored of a code. Bound to the agency: at another it opens nothing."""
    return tokens.digest(CODE, f"{agency.pk}:{code}", ring=keys.CODES)


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
            origin_label=_label(said.origin_label),
            origin_link=_path(said.origin_link),
            language=languages.ours(said.language),
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
    concern.due = due or concern.agency.today() + timedelta(days=rules.days)
    if owner is not None:
        _must_be_ours(owner, concern.agency)
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
    _step(concern, Deed.RECEIVED, by=by, public=True)
    if concern.withheld:
        _step(concern, Deed.WITHHELD, by=by, facts={"reason": concern.withheld}, public=True)
    if concern.owner is not None:
        _step(concern, Deed.ASSIGNED, by=by, facts=_promise(concern), public=True)
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


def new_code(concern: Concern, *, expires_on: date | None = None) -> str:
    """One more code that opens this concern."""
    code = codes.new()
    Card.objects.create(
        agency=concern.agency,
        digest=digest(concern.agency, code),
        concern=concern,
        used_at=clock.now(),
        expires_on=expires_on,
    )
    return code


# -- promising --------------------------------------------------------------------------------------
@transaction.atomic
def assign(concern: Concern, *, owner: Member, due: date, by: User | None, why: Words | str = "") -> Concern:
    """`owner` answers for it by `due`. A promised day that moves back needs a reason, which is told."""
    concern = _locked(concern)
    _must_be_at_work(concern)
    _must_be_ours(owner, concern.agency)
    if (owner, due) == (concern.owner, concern.due) and concern.state == State.OWNED:
        return concern
    why, was_due = _one_line(why, LONGEST_NOTE), concern.due if concern.state == State.OWNED else None
    _must_be_a_day(due, concern)
    if was_due is not None and due > was_due and not why:
        raise WordsMissing(_("Say why the day moves back: the person who asked reads it."))
    concern.owner, concern.due, concern.state = owner, due, State.OWNED
    concern.save(update_fields=["owner", "due", "state"])
    moved = {"was_due": was_due.isoformat()} if was_due is not None and was_due != due else {}
    facts = {**_promise(concern), **moved}
    _tell(concern, _step(concern, Deed.ASSIGNED, by=by, text=why, facts=facts, public=True))
    audit.record(agency=concern.agency, by=by, verb="assigned", thing=concern, detail=facts)
    return concern


@transaction.atomic
def progress(concern: Concern, *, text: Words | str, by: User | None, public: bool = True) -> Step:
    """Write down what happened meanwhile: for the person who asked, or with `public=False` for staff alone."""
    concern = _locked(concern)
    if concern.redacted_at is not None:
        raise NotNow(_("The words of this concern were erased."))
    step = _step(concern, Deed.NOTED, by=by, text=_written(text, LONGEST_NOTE), public=public)
    if public:
        _tell(concern, step)
    audit.record(agency=concern.agency, by=by, verb="added to", thing=concern, detail={"public": public})
    return step


@transaction.atomic
def close(concern: Concern, *, state: str, outcome: Words | str, by: User | None) -> Concern:
    """The promise is kept, or cannot be: either way in words that the person who asked can check."""
    if state not in CLOSED:
        raise NotNow(_("Close it as done, or as something that cannot be done."))
    concern = _locked(concern)
    outcome = _written(outcome, LONGEST_OUTCOME).signed(_name(by, concern.agency), before=concern.outcome)
    if (concern.state, concern.outcome) == (state, outcome):
        return concern
    _must_be_at_work(concern)
    concern.state, concern.outcome, concern.closed_at = state, outcome, clock.now()
    concern.save(update_fields=["state", "outcome", "closed_at"])
    _tell(concern, _step(concern, Deed.CLOSED, by=by, text=outcome, facts={"state": state}, public=True))
    audit.record(agency=concern.agency, by=by, verb="closed", thing=concern, detail={"as": state})
    return concern


# -- what the public may read -----------------------------------------------------------------------
@transaction.atomic
def clear(concern: Concern, *, summary: Words | str, by: User | None) -> Concern:
    """Release words for the public, written by a person: no name, no block. Without words, take them back."""
    concern = _locked(concern)
    if concern.is_withheld or concern.redacted_at is not None:
        raise NotNow(_("Nothing of this concern is published."))
    summary = _one_line(summary, LONGEST_NOTE).signed(_name(by, concern.agency), before=concern.summary)
    if summary == concern.summary and not (summary and concern.is_closed and not concern.outcome_is_cleared):
        return concern
    for each in summary.texts.values():
        if len(each.text) > LONGEST_SUMMARY:
            raise WordsRefused(_("Say it in up to %(most)d characters.") % {"most": LONGEST_SUMMARY})
        if concern.place and concern.place.casefold() in each.text.casefold():
            raise WordsRefused(_("Leave out the block: in public a concern belongs to a neighborhood."))
    concern.summary = summary
    concern.cleared_at = clock.now() if summary else None
    concern.cleared_by = _name(by, concern.agency) if summary else ""
    concern.save(update_fields=["summary", "cleared_at", "cleared_by"])
    _step(concern, Deed.CLEARED, by=by, text=summary)
    audit.record(
        agency=concern.agency, by=by, verb="cleared", thing=concern, detail={"public": bool(summary)}
    )
    return concern


@transaction.atomic
def withhold(concern: Concern, *, reason: str, by: User | None) -> Concern:
    """It does not belong here: a complaint about staff, a crime, details that may not be kept. Nothing is published."""
    if reason not in Withheld.values:
        raise WordsMissing(_("Say why it is withheld: officer, crime or cji."))
    concern = _locked(concern)
    if concern.withheld == reason:
        if by is not None and concern.nobody_looked:
            _stays_apart(concern, by=by)
        return concern
    concern.state, concern.withheld = State.WITHHELD, reason
    concern.owner = concern.due = concern.closed_at = concern.cleared_at = None
    concern.outcome = concern.summary = Words()
    concern.cleared_by = ""
    concern.save()
    _tell(concern, _step(concern, Deed.WITHHELD, by=by, facts={"reason": reason}, public=True))
    audit.record(agency=concern.agency, by=by, verb="withheld", thing=concern, detail={"reason": reason})
    return concern


def _stays_apart(concern: Concern, *, by: User) -> None:
    """Somebody looked at what was withheld by itself, and it stays so. Whoever said it hears nothing new."""
    _step(concern, Deed.WITHHELD, by=by, facts={"reason": concern.withheld})
    audit.record(agency=concern.agency, by=by, verb="kept apart", thing=concern)


@transaction.atomic
def release(concern: Concern, *, by: User | None, words: str | None = None) -> Concern:
    """It was withheld by mistake: it goes to whom it would have gone.

    `words`: as they go on, where whoever looked had more of them before their eyes, or keeps less.
    """
    concern = _locked(concern)
    if not concern.is_withheld:
        return concern
    concern.state, concern.withheld = State.RECEIVED, ""
    if words is not None and concern.redacted_at is None:
        concern.words = lines(words)
    _route(concern, owner=None, due=None, withheld="")
    concern.save(update_fields=["state", "withheld", "words", "owner", "due"])
    on_release.tell(concern)
    _step(concern, Deed.RELEASED, by=by, public=True)
    if concern.owner is not None:
        _step(concern, Deed.ASSIGNED, by=by, facts=_promise(concern), public=True)
    audit.record(agency=concern.agency, by=by, verb="released", thing=concern)
    return concern


@transaction.atomic
def redact(concern: Concern, *, because: Words | str, by: User | None) -> Concern:
    """Erase the words, the block, the contact and every text of its steps. Who, when and why remain."""
    because = _one_line(because, LONGEST_REASON).signed(_name(by, concern.agency))
    if because.shortest < SHORTEST:
        raise WordsMissing(_("Say why the words are erased: the reason remains."))
    concern = _locked(concern)
    if concern.redacted_at is not None:
        return concern
    _forget(concern, by=by)
    concern.words = concern.place = concern.cleared_by = ""
    concern.summary = Words()
    concern.cleared_at, concern.redacted_at, concern.redacted_because = None, clock.now(), because
    concern.outcome = because if concern.is_closed else Words()
    concern.save()
    Step.objects.filter(concern=concern).erase_words()
    on_erase.tell(concern)
    _step(concern, Deed.REDACTED, by=by, text=because, public=True)
    audit.record(agency=concern.agency, by=by, verb="redacted", thing=concern)
    return concern


@transaction.atomic
def forget_words() -> int:
    """Delete what people said, once the agency's days after the end are over. What came of it stays."""
    Step.objects.everywhere().out_of_keeping().exclude(text="", words="").erase_words()
    over = Concern.objects.everywhere().out_of_keeping()
    return over.exclude(words="", place="").update(words="", place="")


# -- whoever holds the code -------------------------------------------------------------------------
@transaction.atomic
def leave_contact(concern: Concern, *, email: str, language: str = "en") -> Subscription:
    """Keep an address for news of this one concern, instead of any left before. Raises AddressRefused."""
    concern = _locked(concern)
    if concern.redacted_at is not None:
        raise NotNow(_("The words of this concern were erased."))
    if not email.strip():
        raise subscriptions.AddressRefused(_("Write your e-mail address."))
    _forget(concern, by=None)
    contact = subscriptions.keep(
        concern.topic,
        agency=concern.agency,
        email=email,
        language=language,
        ends_on=concern.agency.today() + timedelta(days=concern.agency.contact_retention_days),
        consent=consent.VERSION,
    )
    audit.record(agency=concern.agency, by=None, verb="left a contact for", thing=concern)
    return contact


@transaction.atomic
def remove_contact(concern: Concern) -> Concern:
    """Delete the address now. Removing twice is removing once."""
    concern = _locked(concern)
    _forget(concern, by=None)
    return concern


def has_contact(concern: Concern) -> bool:
    """Whether there is an address to write to, now."""
    return Subscription.objects.of(concern.agency_id).about(concern.topic).exists()


@transaction.atomic
def correct(concern: Concern, *, text: str) -> Step:
    """“That is not what I said”: whoever holds the code puts our words right, and the owner reads it."""
    concern = _locked(concern)
    if concern.redacted_at is not None:
        raise NotNow(_("The words of this concern were erased."))
    text = _said(text, LONGEST_NOTE)
    if concern.is_withheld:
        raise NotNow(_("This concern is not handled here."))
    said = concern.steps.filter(deed=Deed.CORRECTED)
    same = said.filter(words=text).first()
    if same is not None:  # the button was pressed twice
        return same
    if said.count() >= MOST_CORRECTIONS:
        raise NotNow(_("Our words were put right many times. Please speak to us instead."))
    step = _step(concern, Deed.CORRECTED, by=None, by_name="", words=text, public=True)
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
@transaction.atomic
def set_rules(
    agency: Agency,
    *,
    days: int,
    owner: Member | None,
    complaints: Words | str,
    complaints_url: str,
    reports: Words | str,
    by: User | None,
) -> Rules:
    """What the agency promises of every concern. Promises already made stay as they are."""
    if owner is not None:
        _must_be_ours(owner, agency)
    rules = rules_of(agency)
    rules.days, rules.owner, rules.complaints_url = days, owner, complaints_url
    who = _name(by, agency)
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
            "days": rules.days,
            "owner": owner,
            "complaints": rules.complaints,
            "complaints_url": rules.complaints_url,
            "reports": rules.reports,
        },
    )
    audit.record(agency=agency, by=by, verb="changed", thing=kept, detail={"days": days})
    return kept


# -- small things -----------------------------------------------------------------------------------
def _locked(concern: Concern) -> Concern:
    """The concern as it is now, one writer at a time. PostgreSQL locks the row; SQLite the transaction."""
    return (
        Concern.objects.select_for_update(of=("self",))
        .select_related("agency", "owner__rank")
        .get(pk=concern.pk)
    )


def _step(
    concern: Concern,
    deed: Deed,
    *,
    by: User | None,
    by_name: str | None = None,
    text: Words | str = "",
    words: str = "",
    facts: dict[str, Any] | None = None,
    public: bool = False,
) -> Step:
    name = _name(by, concern.agency) if by_name is None else by_name
    return Step.objects.create(
        agency=concern.agency,
        concern=concern,
        by=by,
        by_name=name,
        deed=deed,
        text=words_of(text).signed(name),
        words=words,
        facts=facts or {},
        public=public,
    )


def _tell(concern: Concern, step: Step) -> None:
    """Write to whoever left a contact, in the transaction that makes the news true."""
    contact = concern.contact
    if contact is None or contact.channel != Channel.EMAIL:
        return  # a phone number of before is called by a person
    letters.notify(contact, concern, step, code=new_code(concern, expires_on=contact.ends_on))


def _promise(concern: Concern) -> dict[str, str]:
    """What was promised, as it was said then: people change their rank, and leave."""
    return {"owner": str(concern.owner), "due": concern.due.isoformat() if concern.due else ""}


def _forget(concern: Concern, *, by: User | None) -> None:
    if concern.contact is not None:
        audit.record(agency=concern.agency, by=by, verb="erased", thing=concern.contact)
        subscriptions.let_go(concern.topic, agency=concern.agency)
        letters.forget(concern)
        del concern.contact


def _must_be_at_work(concern: Concern) -> None:
    if concern.state in CLOSED:
        raise NotNow(_("This concern is closed already."))
    if concern.is_withheld:
        raise NotNow(_("This concern is not handled here. Take it back first."))


def _must_be_ours(owner: Member, agency: Agency) -> None:
    if owner.agency_id != agency.pk or not owner.active:
        raise PromiseRefused(_("Choose an active member of this agency."))


def _must_be_a_day(due: date, concern: Concern) -> None:
    today = concern.agency.today()
    if due < today and due != concern.due:
        raise PromiseRefused(_("Promise a day from today on."))
    if due > today + FARTHEST:
        raise PromiseRefused(_("That day is too far away. Please check the year."))


def _name(by: User | None, agency: Agency) -> str:
    return audit.name_of(by, agency) if by is not None else ""


def _said(text: str, longest: int) -> str:
    said = lines(text)
    if len(said) < SHORTEST:
        raise WordsMissing(_("Say it in a sentence."))
    if len(said) > longest:
        raise WordsRefused(_("Say it in up to %(most)d characters.") % {"most": longest})
    return said


def _written(text: Words | str, longest: int) -> Words:
    """What staff write for the public, in one language or more: each a sentence, and none too long."""
    written = words_of(text).each(partial(_said, longest=longest))
    if not written:
        raise WordsMissing(_("Say it in a sentence."))
    return written


def _one_line(text: Words | str, longest: int) -> Words:
    return words_of(text).each(partial(line, longest=longest))


def _label(text: Words | str) -> Words:
    return _one_line(text, LONGEST_LABEL)


def _path(link: str) -> str:
    """A path of this site, or nothing: it becomes a link on a public page."""
    return link[:200] if link.startswith("/") and not link.startswith(("//", "/\\")) else ""
