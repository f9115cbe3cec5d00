"""Promise something by a day; move the day with a reason; keep it, or say that we did not; tell those who follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, Member, User
from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.forms import first_error
from alongside.core.ids import public_id
from alongside.core.origins import Origin
from alongside.followthrough import actions
from alongside.followthrough.models import LONGEST_NOTE, Concern, Deed, State
from alongside.followthrough.promises import entering, following
from alongside.followthrough.promises.models import LONGEST_ENDING, LONGEST_PROMISE, Kept, Promise, Turn
from alongside.followthrough.public import finding
from alongside.followthrough.writing import (
    FARTHEST,
    NotNow,
    PromiseRefused,
    WordsMissing,
    label,
    lock_all,
    locked,
    must_be_at_work,
    must_be_ours,
    name_of,
    one_line,
    path,
    promised,
    tell,
    write,
    written,
)
from alongside.places.models import Area


@dataclass(frozen=True)
class Said:
    """What somebody promised: the words, who keeps it, by when; of which concern, where it was said, in which area.

    `item`: the recommendation or action item that it answers to, by reference.
    """

    what: Words | str
    owner: Member
    due: date
    made_on: date | None = None
    concern: Concern | None = None
    origin: Origin | None = None
    origin_label: Words | str = ""
    origin_link: str = ""
    area: Area | None = None
    item: str = ""


@transaction.atomic
def make(agency: Agency, said: Said, *, by: User | None, key: str = "", public: bool = False) -> Promise:
    """Write down a promise. The same key twice is once. `public`: it was said aloud, and everybody may read it.

    One about a concern gives that its owner and its day, and is public once the concern's words are released.
    Raises PromiseRefused, NotNow.
    """
    known = Promise.objects.filter(agency=agency, key=key).first() if key else None
    if known is not None:
        return known
    _must_be_right(agency, said)
    concern = locked(said.concern) if said.concern is not None else None
    promise = Promise(
        agency=agency,
        key=key or public_id(),
        what=one_line(said.what, LONGEST_PROMISE).signed(name_of(by, agency)),
        owner=said.owner,
        made_on=said.made_on or agency.today(),
        due=said.due,
        first_due=said.due,
        concern=concern,
        origin=str(said.origin or (concern.origin if concern is not None else "")),
        origin_label=label(said.origin_label) or (concern.origin_label if concern is not None else Words()),
        origin_link=path(said.origin_link) or (concern.origin_link if concern is not None else ""),
        area=said.area or (concern.neighborhood if concern is not None else None),
        item=said.item,
        published_at=clock.now() if public or (concern is not None and concern.cleared_at) else None,
    )
    _check(promise)
    try:
        with transaction.atomic():
            promise.save(force_insert=True)
    except IntegrityError:
        return Promise.objects.get(agency=agency, key=promise.key)
    if concern is not None:
        _bind(concern, promise, by=by)
    finding.promise(promise)
    entering.enter(promise, Turn.MADE, text=promise.what, by=by)
    audit.record(
        agency=agency, by=by, verb="promised", thing=promise, detail={"due": promise.due.isoformat()}
    )
    return promise


def _bind(concern: Concern, promise: Promise, *, by: User | None) -> None:
    """The concern is promised now, for the first day that is promised of it, by whoever promised first."""
    must_be_at_work(concern)
    soonest = following.first_day(concern) or promise.due
    concern.acknowledged_at = concern.acknowledged_at or clock.now()
    others = Promise.objects.filter(concern=concern).open().exclude(pk=promise.pk)
    if concern.owner is None or not concern.owner.active or not others.exists():
        concern.owner = promise.owner
    concern.due, concern.state = soonest, State.PROMISED
    concern.first_due = concern.first_due or soonest
    concern.save(update_fields=["owner", "due", "first_due", "state", "acknowledged_at"])
    facts = {"owner": promise.who, "due": promise.due.isoformat(), "promise": promise.public_id}
    tell(concern, write(concern, Deed.PROMISED, by=by, text=promise.what, facts=facts, public=True))


@transaction.atomic
def move(
    promise: Promise, *, due: date, why: Words | str, by: User | None, owner: Member | None = None
) -> Promise:
    """Another day, or another owner. A day that moves back needs a reason; the first one stays in sight."""
    promise = _locked(promise)
    _must_be_open(promise)
    owner = owner or promise.owner
    if (due, owner) == (promise.due, promise.owner):
        return promise
    if owner is not None:
        must_be_ours(owner, promise.agency)
    if due != promise.due:
        _must_be_a_day(due, promise.agency)
    why = one_line(why, LONGEST_NOTE)
    if due > promise.due and not why:
        raise WordsMissing(_("Say why the day moves back: everybody reads it."))
    was_due, stood = promise.due, promise.owner
    was_owner, promise.due, promise.owner = promise.who, due, owner
    promise.save(update_fields=["due", "owner"])
    changed = {"was_owner": was_owner} if was_owner != promise.who else {}
    if promise.concern is not None:
        _concern_follows(promise.concern, promise, was_owner=stood, why=why, by=by)
    entering.enter(promise, Turn.MOVED, text=why, was_due=was_due, by=by)
    audit.record(
        agency=promise.agency,
        by=by,
        verb="moved",
        thing=promise,
        detail={"due": due.isoformat(), "was_due": was_due.isoformat(), "owner": promise.who, **changed},
    )
    return promise


def _concern_follows(
    concern: Concern, promise: Promise, *, was_owner: Member | None, why: Words, by: User | None
) -> None:
    """It goes along to the new owner where it was the old one's, and to the first day that is promised of it."""
    concern = locked(concern)
    stood = concern.owner, concern.due
    if concern.owner is None or concern.owner == was_owner:
        concern.owner = promise.owner
    concern.due = following.first_day(concern)
    if concern.owner is not None:
        concern.state = State.PROMISED
    concern.save(update_fields=["owner", "due", "state"])
    if (concern.owner, concern.due) == stood and not why:
        return  # who keeps one of several is nothing new to whoever asked
    facts = promised(concern)
    if stood[1] is not None and stood[1] != concern.due:
        facts["was_due"] = stood[1].isoformat()
    if stood[0] is not None and stood[0] != concern.owner:
        facts["was_owner"] = str(stood[0])
    tell(concern, write(concern, Deed.ASSIGNED, by=by, text=why, facts=facts, public=True))


@transaction.atomic
def keep(
    promise: Promise, *, outcome: Words | str, by: User | None, evidence_url: str = "", on: date | None = None
) -> Promise:
    """It is done, and this is how anybody can see it. The last promise of a concern closes that, too."""
    return _end(promise, Kept.KEPT, outcome=outcome, by=by, evidence_url=evidence_url, on=on)


@transaction.atomic
def fail(promise: Promise, *, outcome: Words | str, by: User | None, on: date | None = None) -> Promise:
    """We did not do it, and this is why."""
    return _end(promise, Kept.NOT_KEPT, outcome=outcome, by=by, on=on)


def _end(
    promise: Promise,
    state: Kept,
    *,
    outcome: Words | str,
    by: User | None,
    evidence_url: str = "",
    on: date | None = None,
) -> Promise:
    promise = _locked(promise)
    outcome = written(outcome, LONGEST_ENDING).signed(name_of(by, promise.agency), before=promise.outcome)
    if (promise.state, promise.outcome) == (state, outcome):
        return promise
    _must_be_open(promise)
    promise.state, promise.outcome, promise.evidence_url = state, outcome, evidence_url
    promise.closed_on = on or promise.agency.today()
    if promise.closed_on > promise.agency.today() or promise.closed_on < promise.made_on:
        raise PromiseRefused(_("Choose a day between the promise and today."))
    _check(promise)
    promise.save(update_fields=["state", "outcome", "evidence_url", "closed_on"])
    if promise.concern is not None:
        _concern_ends(promise.concern, promise, by=by)
    entering.enter(promise, entering.ENDED[state], text=outcome, by=by)
    audit.record(agency=promise.agency, by=by, verb="ended", thing=promise, detail={"as": state})
    return promise


def _concern_ends(concern: Concern, promise: Promise, *, by: User | None) -> None:
    """Where nothing else is promised of it, it ends with its promise, and whoever asked is asked."""
    concern = locked(concern)
    if not concern.is_open:
        return
    if Promise.objects.filter(concern=concern).open().exists():
        deed = Deed.KEPT if promise.state == Kept.KEPT else Deed.NOT_KEPT
        facts = {"promise": promise.public_id}
        tell(concern, write(concern, deed, by=by, text=promise.outcome, facts=facts, public=True))
        return
    ended = State.DONE if promise.state == Kept.KEPT else State.DECLINED
    actions.close(concern, state=ended, outcome=promise.outcome, by=by, promise=promise)


@transaction.atomic
def publish(promise: Promise, *, by: User | None) -> Promise:
    """Everybody may read it. Published once, it stays published: it was promised in public."""
    promise = _locked(promise)
    if promise.published_at is None:
        promise.published_at = clock.now()
        promise.save(update_fields=["published_at"])
        finding.promise(promise)
        entering.enter(promise, Turn.PUBLISHED, by=by)
        audit.record(agency=promise.agency, by=by, verb="published", thing=promise)
    return promise


def _locked(promise: Promise) -> Promise:
    """As it is now, one writer at a time; the concern first, as every verb locks it."""
    lock_all([promise.concern_id] if promise.concern_id is not None else [])
    return (
        Promise.objects.select_for_update(of=("self",))
        .select_related("agency", "owner__rank", "concern")
        .get(pk=promise.pk)
    )


def _must_be_open(promise: Promise) -> None:
    if promise.state != Kept.OPEN:
        raise NotNow(_("This promise has ended already."))


def _must_be_right(agency: Agency, said: Said) -> None:
    must_be_ours(said.owner, agency)
    _must_be_a_day(said.due, agency)
    if said.made_on is not None and said.made_on > agency.today():
        raise PromiseRefused(_("It cannot have been promised on a day to come."))
    for thing in (said.concern, said.area):
        if thing is not None and thing.agency_id != agency.pk:
            raise PromiseRefused(_("That belongs to another agency."))


def _must_be_a_day(due: date, agency: Agency) -> None:
    today = agency.today()
    if due < today:
        raise PromiseRefused(_("Promise a day from today on."))
    if due > today + FARTHEST:
        raise PromiseRefused(_("That day is too far away. Please check the year."))


def _check(promise: Promise) -> None:
    try:
        promise.full_clean(
            exclude=["agency", "owner", "concern", "area"], validate_unique=False, validate_constraints=False
        )
    except ValidationError as error:
        raise PromiseRefused(first_error(error, named=True)) from None
