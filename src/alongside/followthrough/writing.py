"""What every verb of this room begins and ends with: its refusals, the row as it is now, a step, and the news of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, Member, User
from alongside.core import clock, keys, tokens
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal
from alongside.core.text import line, lines
from alongside.followthrough import codes, entering, letters
from alongside.followthrough.models import CLOSED, Card, Concern, Deed, Promise, Step
from alongside.followthrough.public import topics
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions.models import Channel
from alongside.people import consent

CODE = "concern"
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


def digest(agency: Agency, code: str) -> str:
    """What is stored of a code. Bound to the agency: at another it opens nothing."""
    return tokens.digest(CODE, f"{agency.pk}:{code}", ring=keys.CODES)


def locked(concern: Concern) -> Concern:
    """The concern as it is now, one writer at a time. PostgreSQL locks the row; SQLite the transaction."""
    return (
        Concern.objects.select_for_update(of=("self",))
        .select_related("agency", "owner__rank")
        .get(pk=concern.pk)
    )


def lock_all(concerns: Iterable[int], promises: Iterable[int] = ()) -> None:
    """All of many before the first is worked on: each concern by its number, then each promise.

    The first step that is written has the agency's ledger until the transaction ends. Whoever has another concern
    meanwhile waits for that, and would be waited for.
    """
    list(
        Concern.objects.everywhere()
        .select_for_update()
        .filter(pk__in=set(concerns))
        .order_by("pk")
        .values("pk")
    )
    rows = Promise.objects.everywhere().select_for_update().filter(pk__in=set(promises))
    list(rows.order_by("pk").values("pk"))


def write(
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
    """A step, and its entry in the ledger."""
    name = name_of(by, concern.agency) if by_name is None else by_name
    step = Step(
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
    entering.enter(step)
    step.save(force_insert=True)
    return step


def tell(concern: Concern, step: Step) -> None:
    """Write to whoever left a contact, and to all who follow it, in the transaction that makes the news true."""
    topics.tell(concern, step)
    _prolong(concern)
    contact = concern.contact
    if contact is None or contact.channel != Channel.EMAIL:
        return  # a phone number of before is called by a person
    letters.notify(contact, concern, step, code=new_code(concern, expires_on=contact.ends_on))


def contact_ends(concern: Concern) -> date:
    """So many days after the day that is promised, or after the last on which we ask whether it is so."""
    last = concern.due if concern.is_open else concern.confirm_by
    days: int = concern.agency.contact_retention_days
    return max(last or date.min, concern.agency.today()) + timedelta(days=days)


def _prolong(concern: Concern) -> None:
    """Until the answer can be read, and the question answered; not where somebody agreed to fewer days."""
    contact = concern.contact
    if contact is None or contact.ends_on is None or contact.consent != consent.VERSION:
        return
    asks = concern.confirm_by is not None and concern.confirm_by >= concern.agency.today()
    if concern.is_open or (concern.is_closed and asks):
        contact.ends_on = contact_ends(concern)
        subscriptions.prolong(concern.topic, agency=concern.agency, until=contact.ends_on)


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


def promised(concern: Concern) -> dict[str, str]:
    """What was promised, as it was said then: people change their rank, and leave."""
    return {"owner": str(concern.owner), "due": concern.due.isoformat() if concern.due else ""}


def forget_contact(concern: Concern, *, by: User | None) -> None:
    if concern.contact is not None:
        audit.record(agency=concern.agency, by=by, verb="erased", thing=concern.contact)
        subscriptions.let_go(concern.topic, agency=concern.agency)
        letters.forget(concern)
        del concern.contact


def must_be_at_work(concern: Concern) -> None:
    if concern.state in CLOSED:
        raise NotNow(_("This concern is closed already."))
    if concern.is_withheld:
        raise NotNow(_("This concern is not handled here. Take it back first."))


def must_be_ours(owner: Member, agency: Agency) -> None:
    if owner.agency_id != agency.pk or not owner.active:
        raise PromiseRefused(_("Choose an active member of this agency."))


def must_be_a_day(due: date, concern: Concern) -> None:
    today = concern.agency.today()
    if due < today and due != concern.due:
        raise PromiseRefused(_("Promise a day from today on."))
    if due > today + FARTHEST:
        raise PromiseRefused(_("That day is too far away. Please check the year."))


def name_of(by: User | None, agency: Agency) -> str:
    return audit.name_of(by, agency) if by is not None else ""


def said_whole(text: str, longest: int) -> str:
    said = lines(text)
    if len(said) < SHORTEST:
        raise WordsMissing(_("Say it in a sentence."))
    if len(said) > longest:
        raise WordsRefused(_("Say it in up to %(most)d characters.") % {"most": longest})
    return said


def written(text: Words | str, longest: int) -> Words:
    """What staff write for the public, in one language or more: each a sentence, and none too long."""
    words = words_of(text).each(partial(said_whole, longest=longest))
    if not words:
        raise WordsMissing(_("Say it in a sentence."))
    return words


def one_line(text: Words | str, longest: int) -> Words:
    return words_of(text).each(partial(line, longest=longest))


def label(text: Words | str) -> Words:
    return one_line(text, LONGEST_LABEL)


def path(link: str) -> str:
    """A path of this site, or nothing: it becomes a link on a public page."""
    return link[:200] if link.startswith("/") and not link.startswith(("//", "/\\")) else ""
