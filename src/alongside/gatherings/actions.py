"""Plan, publish, move and cancel a gathering; say who comes, and who waits."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.agencies import audit, bearers, holds, retention
from alongside.agencies.models import Agency, Bearer, Member, User
from alongside.core import clock, formats, keys, languages, spoken, tokens, typed
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal, phrase
from alongside.core.forms import first_error
from alongside.core.news import News
from alongside.core.text import line, lines
from alongside.followthrough import codes
from alongside.gatherings import access, breaking, checks, hanging, letters, topics, walltime
from alongside.gatherings.checks import Plan
from alongside.gatherings.models import (
    LARGEST_PARTY,
    LONGEST_NEEDS,
    LONGEST_REASON,
    MOMENTS,
    Cause,
    Gathering,
    HeadsCorrected,
    Notice,
    NoticeKind,
    Numbers,
    Question,
    Rsvp,
    Series,
    State,
    Status,
    Tally,
    ToldQuarters,
)
from alongside.gatherings.queries import (
    answered,
    answers_to,
    corrects,
    drawn,
    due,
    heads_are_told,
    told_of,
)
from alongside.outreach import actions as outreach
from alongside.outreach.subscriptions import actions as subscriptions

FORM = "rsvp-form"
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}\Z")
LONGEST_OFFER = timedelta(days=1)
SHORTEST_OFFER = timedelta(minutes=30)
MOST_PEOPLE = 100_000
MOST_CARDS = 500
CAME = "came"
A_DAY = timedelta(days=1)
SHORTEST_REASON = 3
COUNT_IS_PUBLISHED = gettext_lazy(
    "How many came is published. Say on “It took place” which number is right, and why."
)


class GatheringRefused(Refusal):
    """A gathering cannot be as described."""


class NoSuchTime(GatheringRefused):
    """The clocks skip this hour on that day."""


class NotNow(Refusal):
    """The gathering is in no state for this: a draft cannot be cancelled, one that is over cannot be moved."""


class ReasonMissing(Refusal):
    """Whoever cancels or moves owes the public a reason."""


class NotOpen(Refusal):
    """Someone answers a gathering that is not published, or was cancelled."""


class TooLate(Refusal):
    """Someone answers after the answers have closed."""


class BadCount(Refusal):
    """Numbers of people that cannot be."""


class BadParty(Refusal):
    """A number of people that no party has."""


class SentBefore(Refusal):
    """A form that was sent before, with other words in it."""


class PartyTooLarge(BadParty):
    """More people than one answer may bring, or than there are places at all."""


class GatheringIsFull(Refusal):
    """No places are left for this party. They may wait in line."""

    def __init__(self, text: str, *, left: int) -> None:
        super().__init__(text)
        self.left = left


class OfferIsOver(Refusal):
    """A place was offered and is not any more."""


class AnswerRefused(Refusal):
    """An answer holds something we cannot keep."""


# -- news for rooms above -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Change:
    """What became of a gathering: the fields that were written. `gone`: it is a draft, and being thrown away."""

    gathering: Gathering
    fields: frozenset[str] = frozenset()
    gone: bool = False


on_change: News[Change] = News("gatherings.on_change")


# -- planning ---------------------------------------------------------------------------------------
PLANNED = (
    "series",
    "kind",
    "title",
    "summary",
    "on",
    "at",
    "minutes",
    "venue",
    "meeting_point",
    "neighborhood",
    "typed_host",
    "typed_deputy",
    "access_notes",
    "languages",
    "photo_notes",
    "capacity",
    "guide_low",
    "guide_high",
    "rsvp_closes",
    "needs_by",
)


# Of these the database has rules between fields.
RULED = {"capacity", "guide_low", "guide_high"}


@transaction.atomic
def plan(agency: Agency, *, by: User | None, **words: object) -> Gathering:
    """Write down a gathering, seen by staff only until it is published."""
    gathering = draft(agency, **words)
    audit.record(agency=agency, by=by, verb="planned", thing=gathering)
    return gathering


@transaction.atomic
def draft(agency: Agency, **words: object) -> Gathering:
    """What `plan` does, without a line in the audit trail: who brings a whole calendar writes one line for all."""
    gathering = Gathering(agency=agency, timezone=agency.timezone)
    _set(gathering, words)
    _refuse_help_after_it(gathering)
    gathering.save()
    return gathering


@transaction.atomic
def show_at(gathering: Gathering, *, page_id: str) -> Gathering:
    """A room above has a page for it, under this id: from now on every link leads there."""
    gathering = _locked(gathering)
    gathering.page_id = page_id
    _save(gathering, "page_id")
    return gathering


@transaction.atomic
def call_off_unseen(gathering: Gathering, *, reason: Words | str) -> Gathering:
    """A draft of something that another calendar has announced and called off: it is shown as cancelled, with why."""
    gathering = _locked(gathering)
    if gathering.status != Status.DRAFT:
        raise NotNow(_("People have seen this already. Cancel it instead, with a reason."))
    gathering.status, gathering.published_at = Status.CANCELLED, clock.now()
    gathering.change_reason = _reason(reason)
    if gathering.is_over:  # nobody here kept account of it
        gathering.loaded_at = clock.now()
    _save(gathering, "status", "published_at", "change_reason", "loaded_at", sequence=True)
    return gathering


@transaction.atomic
def show_as_held(gathering: Gathering, *, came: int | None) -> Gathering:
    """A draft of something that was over before it came here, and took place: everybody reads that it came later."""
    gathering = _locked(gathering)
    if gathering.status != Status.DRAFT or not gathering.is_over:
        raise NotNow(_("Only a draft of what is over can be loaded as held."))
    gathering.status, gathering.came = Status.HELD, came
    gathering.published_at = gathering.loaded_at = clock.now()
    _save(gathering, "status", "came", "published_at", "loaded_at")
    return gathering


@transaction.atomic
def change(gathering: Gathering, *, by: User | None, **words: object) -> Gathering:
    """Change what is said of a gathering. Once it is public, its time and place change only by `move`.

    What hangs on the date of a draft goes with it, unless it is changed beside it.
    """
    gathering = _locked(gathering)
    before = hanging.standing(gathering)
    words = {name: _on(gathering, name, value) for name, value in words.items()}
    changed = {name for name, value in words.items() if getattr(gathering, name) != value}
    moved = changed & set(hanging.MOVES)
    if moved and gathering.status != Status.DRAFT:
        raise NotNow(_("People already know the time and place. Move the gathering instead, with a reason."))
    if gathering.has_own_page and words.get("kind", gathering.kind) != gathering.kind:
        raise NotNow(_("It has a page of its own as what it is. Plan another gathering instead."))
    _set(gathering, words)
    if moved:
        hanging.carry(gathering, before, said=changed | (words.keys() & set(hanging.OF_THE_PLACE)))
    _refuse_help_after_it(gathering)
    if (
        gathering.capacity is not None
        and gathering.numbers.going + gathering.numbers.offered > gathering.capacity
    ):
        raise GatheringRefused(
            _("%(coming)d people have places already: you cannot go below that.")
            % {"coming": gathering.numbers.going + gathering.numbers.offered}
        )
    _save(gathering, *words, *(hanging.FOLLOWS if moved else ()), sequence=gathering.status != Status.DRAFT)
    offer_next(gathering)
    audit.record(
        agency=gathering.agency, by=by, verb="changed", thing=gathering, detail={"fields": sorted(words)}
    )
    return gathering


@transaction.atomic
def set_hosts(
    gathering: Gathering, *, host: Member | None, deputy: Member | None, by: User | None
) -> Gathering:
    """Whom of ours the roster names to host it and to stand in. What somebody had typed in their place goes.

    Only the room that keeps the roster calls this, in the transaction that changes the roster.
    """
    gathering = _locked(gathering)
    if (gathering.host_member_id, gathering.deputy_member_id) == (host and host.pk, deputy and deputy.pk):
        return gathering
    gathering.host_member, gathering.deputy_member = host, deputy
    gathering.typed_host = "" if host else gathering.typed_host
    gathering.typed_deputy = "" if deputy else gathering.typed_deputy
    _save(gathering, *HOSTS, sequence=not gathering.is_draft)
    audit.record(
        agency=gathering.agency, by=by, verb="changed", thing=gathering, detail={"fields": sorted(HOSTS)}
    )
    return gathering


HOSTS = ("host_member", "deputy_member", "typed_host", "typed_deputy")


@transaction.atomic
def publish(gathering: Gathering, *, by: User | None, plan: Plan | None = None) -> Gathering:
    """Open the page to everybody and begin to take answers. Publishing twice is publishing once.

    Where a plan is handed in, somebody with a name has read it as it is now; some kinds cannot do without.
    """
    gathering = _locked(gathering)
    if gathering.status == Status.PUBLISHED:
        return gathering
    if gathering.status != Status.DRAFT:
        raise NotNow(_("Only a draft can be published."))
    if gathering.is_over:
        raise NotNow(_("This date has passed. Choose another, then publish."))
    if plan is None and gathering.needs_plan_check:
        raise NotNow(_("It has a desk of its own: publish it there, once its plan is confirmed."))
    missing = checks.missing(gathering, plan) if plan is not None else []
    if missing:
        raise checks.PlanIncomplete(missing)
    if not gathering.place:
        raise GatheringRefused(_("Say where people meet, then publish."))
    if gathering.venue is not None and not gathering.venue.active:
        raise GatheringRefused(
            _("%(venue)s is not in use any more. Choose another place, then publish.")
            % {"venue": gathering.venue.name}
        )
    gathering.status, gathering.published_at = Status.PUBLISHED, clock.now()
    _save(gathering, "status", "published_at")
    topics.tell(topics.PUBLISHED, gathering)
    audit.record(agency=gathering.agency, by=by, verb="published", thing=gathering)
    return gathering


@transaction.atomic
def discard(gathering: Gathering, *, by: User | None) -> None:
    """Throw away a draft that nobody outside has seen. What was public is cancelled instead, and stays."""
    gathering = _locked(gathering)
    if gathering.status != Status.DRAFT:
        raise NotNow(_("People have seen this already. Cancel it instead, with a reason."))
    audit.record(agency=gathering.agency, by=by, verb="discarded", thing=gathering)
    on_change.tell(Change(gathering, gone=True))
    gathering.delete()


@transaction.atomic
def cancel(
    gathering: Gathering, *, reason: Words | str, by: User | None, stand_in: str = "", cause: str = ""
) -> Notice:
    """Call it off, say why in public, and write to everybody who left an address.

    `stand_in` is who stands at the meeting point to tell the others; without one the desk keeps asking.
    `cause` is one of models.Cause: the same thing in one word, so that a season's account can count it.
    """
    gathering = _locked(gathering)
    _must_be_public_and_ahead(gathering)
    gathering.status, gathering.change_reason = Status.CANCELLED, _reason(reason)
    gathering.stand_in, gathering.cause = line(stand_in, 120), _cause(cause)
    _save(gathering, "status", "change_reason", "cause", "stand_in", sequence=True)
    return _notify(gathering, NoticeKind.CANCELLED, gathering.change_reason, by=by, verb="cancelled")


@transaction.atomic
def move(
    gathering: Gathering,
    *,
    reason: Words | str,
    stand_in: str,
    by: User | None,
    on: date | None = None,
    at: time | None = None,
    cause: str = "",
    accepts: Collection[str] = (),
    **place: object,
) -> Notice:
    """Another time, another place (`venue`, `meeting_point`), or both; with who stands at the old meeting point.

    Somebody must: not everybody who comes has told us, and not everybody who told us reads mail. What hangs on the
    date and on the place goes along (`hanging`); words about the new place (access, photos) may be said beside it.
    Raises BreaksAccess where people asked for what does not hold there, unless that is among what one `accepts`.
    """
    notice, broken = _move(
        _locked(gathering), reason=reason, stand_in=stand_in, by=by, on=on, at=at, cause=cause, **place
    )
    breaking.must_be_accepted(broken, accepts)  # or nothing has happened
    return notice


def _move(
    gathering: Gathering,
    *,
    reason: Words | str,
    stand_in: str,
    by: User | None,
    on: date | None,
    at: time | None,
    cause: str,
    **place: object,
) -> tuple[Notice, list[breaking.Broken]]:
    """The deed of `move`, and what it breaks."""
    _must_be_public_and_ahead(gathering)
    before = hanging.standing(gathering)
    said = {name for name in hanging.FOLLOWS if place.get(name)}
    place = {name: value for name, value in place.items() if name not in hanging.FOLLOWS or name in said}
    _set(gathering, {"on": on or gathering.on, "at": at or gathering.at, **place})
    if before == hanging.standing(gathering):
        raise NotNow(_("Nothing was moved: choose another time or another place."))
    if not gathering.place:
        raise GatheringRefused(_("Say where people meet now: choose a venue, or write where exactly."))
    if gathering.is_over:
        raise GatheringRefused(_("The new time has passed already."))
    stand_in = line(stand_in, 120)
    if not stand_in:
        raise ReasonMissing(_("Name the person who stands at the old meeting point."))
    _remember(gathering, before)
    hanging.carry(gathering, before, said=said)
    gathering.stand_in, gathering.change_reason = stand_in, _reason(reason)
    gathering.cause = _cause(cause)
    _save(gathering, *hanging.MOVES, *REMEMBERED, sequence=True)
    broken = breaking.broken_by(gathering, before)
    _arrange_anew(gathering)
    offer_next(gathering)
    notice = _notify(
        gathering,
        NoticeKind.MOVED,
        gathering.change_reason,
        by=by,
        verb="moved",
        before=letters.Told(before.on, before.at, before.place),
        access_was=access.facts_of(before.venue),
    )
    return notice, broken


@transaction.atomic
def put_right(gathering: Gathering, *, before: Words, reason: Words, by: User | None) -> Notice:
    """Its venue is elsewhere than it was written: whoever comes is told as after a move."""
    gathering = _locked(gathering)
    if not gathering.previous_place:
        gathering.previous_place = before
    gathering.change_reason = reason
    _save(gathering, "venue", "previous_place", "change_reason", sequence=True)
    _arrange_anew(gathering)
    return _notify(
        gathering,
        NoticeKind.MOVED,
        reason,
        by=by,
        verb="moved",
        before=letters.Told(gathering.on, gathering.at, before),
    )


@transaction.atomic
def say_again(gathering: Gathering, *, arrange_anew: bool = False) -> None:
    """Something of it that another room keeps is different: calendars and feeds look again, and the line is served.

    `arrange_anew`: it is something by which help was arranged, such as whether there are steps.
    """
    gathering = _locked(gathering)
    _save(gathering, sequence=not gathering.is_draft)
    if arrange_anew:
        _arrange_anew(gathering)
    offer_next(gathering)


@transaction.atomic
def say_access(gathering: Gathering, *, was: Mapping[str, str], by: User | None) -> Notice | None:
    """What is known of access at its place is another now: the page says both, and whoever relies on it is told.

    `was`: the facts (access.FACTS) that are put right, as they stood. Returns what was said, if to anybody.
    """
    gathering = _locked(gathering)
    _remember_access(gathering, was)
    _save(gathering, "previous_access", sequence=not gathering.is_draft)
    if "step_free" in was:
        _arrange_anew(gathering)
    if not gathering.is_ahead or not gathering.rsvps.still_in().relying_on_access().exists():
        return None
    text = Words.made(ACCESS_CHANGED)
    return _notify(
        gathering, NoticeKind.WORD, text, by=by, verb="wrote to", access_was=was, only_relying=True
    )


ACCESS_CHANGED = phrase(
    "What we know of access at the place is another now. You told us what you need to take part: please look again."
)


def _arrange_anew(gathering: Gathering) -> None:
    """A ride or an interpreter was found for the old day and place: for the new ones it is arranged anew."""
    gathering.rsvps.exclude(arranged_at=None).update(arranged_at=None, arranged_by=None)


REMEMBERED = (
    "previous_on",
    "previous_at",
    "previous_place",
    "previous_access",
    "stand_in",
    "change_reason",
    "cause",
    *hanging.FOLLOWS,
)


def _remember(gathering: Gathering, before: hanging.Standing) -> None:
    """What the flyers say: the first time and place that the public was told, however often it moves.

    Moved back, it is as the flyers say, and nothing is remembered.
    """
    if gathering.previous_on is None and (before.on, before.at) != (gathering.on, gathering.at):
        gathering.previous_on, gathering.previous_at = before.on, before.at
    elif (gathering.previous_on, gathering.previous_at) == (gathering.on, gathering.at):
        gathering.previous_on = gathering.previous_at = None
    if not gathering.previous_place and before.place != gathering.place:
        gathering.previous_place = before.place
    elif gathering.previous_place.original == gathering.place.original:
        gathering.previous_place = Words()
    _remember_access(gathering, access.facts_of(before.venue))


def _remember_access(gathering: Gathering, was: Mapping[str, str]) -> None:
    """The same of steps and toilets: what was first said of each, where it is another now."""
    first, now = {**was, **gathering.previous_access}, access.facts_of(gathering.venue)
    gathering.previous_access = {change.name: change.was for change in access.changes(first, now)}


@transaction.atomic
def send_word(gathering: Gathering, *, text: Words | str, by: User | None) -> Notice:
    """Write to the people who come: what to bring, where to park."""
    gathering = _locked(gathering)
    _must_be_public_and_ahead(gathering)
    return _notify(gathering, NoticeKind.WORD, _reason(text), by=by, verb="wrote to")


@transaction.atomic
def mark_held(
    gathering: Gathering,
    *,
    came: int | None,
    by: User | None,
    walk_ups: int | None = None,
    reason: Words | str = "",
) -> Gathering:
    """It took place. How many residents came is what somebody counted there, not what was planned.

    `walk_ups`: how many of them had not said before that they would come, where somebody counted that too. Once the
    number is published, another one is a correction, which has a `reason` and stands wherever the number stands.
    """
    gathering = _locked(gathering)
    if gathering.status not in {Status.PUBLISHED, Status.HELD}:
        raise NotNow(_("Only a published gathering can have been held."))
    if not gathering.has_begun:
        raise NotNow(_("It has not begun yet."))
    if walk_ups is not None and walk_ups > (came or 0):
        raise BadCount(_("More people just came by than came at all: check the two numbers."))
    _correct_what_was_told(gathering, came, reason, by=by)
    news = () if gathering.is_held else ("status",)
    gathering.status, gathering.came = Status.HELD, came
    gathering.walk_ups = walk_ups
    _save(gathering, *news, *COUNTED)
    audit.record(agency=gathering.agency, by=by, verb="held", thing=gathering, detail={"came": came})
    return gathering


def _correct_what_was_told(
    gathering: Gathering, came: int | None, reason: Words | str, *, by: User | None
) -> None:
    """A line beside the number that everybody has read, where they would read another one of this gathering."""
    if not corrects(gathering, came):
        return
    if not reason:
        raise ReasonMissing(COUNT_IS_PUBLISHED)
    HeadsCorrected.objects.create(
        agency=gathering.agency,
        told=told_of(gathering),
        gathering=gathering,
        before=gathering.came,
        after=came,
        reason=_reason(reason),
        by=by,
        corrected_on=gathering.agency.today(),
    )
    gathering.heads_told_on = gathering.heads_told_on or gathering.agency.today()


def tell_heads(gathering: Gathering) -> None:
    """How many came is published with its recap, if it was counted: from now on, another number is a correction."""
    counted = Gathering.objects.filter(pk=gathering.pk, came__isnull=False, heads_told_on=None)
    counted.update(heads_told_on=gathering.agency.today())


@transaction.atomic
def count_heads(gathering: Gathering, *, came: int = 0, walk_ups: int = 0, by: User | None) -> Gathering:
    """Add to the head count while people arrive, or take away: two who count at once lose nobody.

    A walk-up is counted among those who came. `came` and `walk_ups` are how many more, or fewer.
    """
    gathering = _locked(gathering)
    if not gathering.may_be_counted:
        raise NotNow(_("People are counted from when they arrive, at a gathering that is public."))
    if heads_are_told(gathering):
        raise NotNow(COUNT_IS_PUBLISHED)
    total = max(0, (gathering.came or 0) + came + walk_ups)
    if total > MOST_PEOPLE:
        raise BadCount(_("That is more people than a street holds: check the number."))
    by_chance = (gathering.walk_ups or 0) + walk_ups
    counted = walk_ups or gathering.walk_ups is not None
    gathering.came, gathering.walk_ups = total, min(max(0, by_chance), total) if counted else None
    _save(gathering, *COUNTED)
    audit.record(
        agency=gathering.agency, by=by, verb="counted", thing=gathering, detail={"came": gathering.came}
    )
    return gathering


@transaction.atomic
def change_coming(
    series: Series,
    *,
    reason: Words | str,
    stand_in: str,
    by: User | None,
    cause: str = "",
    weekday: int | None = None,
    at: time | None = None,
    accepts: Collection[str] = (),
    **place: object,
) -> list[Gathering]:
    """Another weekday, hour or place for all dates of a series that are still to come. Each date can still differ.

    Public dates are moved, with the reason, and those who come are told; drafts are changed. A date that would fall
    into the past, to the minute, or into an hour that the clocks skip, stays; so does one that has begun. Returns the
    dates that changed. Raises BreaksAccess as `move` does, once for all of them.
    """
    changed, broken = [], []
    for gathering in _still_to_come(series):
        on, hour = _same_week(gathering.on, weekday), at or gathering.at
        there = hanging.at_another_venue(gathering, place)
        there = {name: _on(gathering, name, value) for name, value in there.items()}
        now = {name: getattr(gathering, name) for name in there}
        if (on, hour, there) == (gathering.on, gathering.at, now) or not _may_begin(gathering, on, hour):
            continue
        if gathering.is_draft:
            gathering = change(gathering, by=by, on=on, at=hour, **there)
        else:
            _notice, breaks = _move(
                _locked(gathering),
                reason=reason,
                stand_in=stand_in,
                cause=cause,
                by=by,
                on=on,
                at=hour,
                **there,
            )
            broken += breaks
        changed.append(gathering)
    if not changed:
        raise NotNow(_("No date that is still to come would change."))
    breaking.must_be_accepted(broken, accepts)
    return changed


def _still_to_come(series: Series) -> list[Gathering]:
    dates = Gathering.objects.filter(series=series, status__in=[Status.DRAFT, Status.PUBLISHED])
    return list(dates.to_begin().select_related("agency", "venue"))


def _may_begin(gathering: Gathering, on: date, at: time) -> bool:
    """Whether there is such an hour on that day, and it is still to come."""
    zone = gathering.timezone
    return walltime.exists(on, at, zone) and walltime.moment(on, at, zone) > clock.now()


def _same_week(on: date, weekday: int | None) -> date:
    return on if weekday is None else on + timedelta(days=weekday - on.weekday())


@transaction.atomic
def set_series(agency: Agency, *, by: User | None, series: Series | None = None, **words: object) -> Series:
    """Begin a series, or change what is said of it. Its dates stay as they are."""
    series = series or Series(agency=agency)
    for name, value in words.items():
        setattr(series, name, _on(series, name, value))
    try:
        series.full_clean()
    except ValidationError as error:
        raise GatheringRefused(first_error(error, named=True)) from None
    series.save()
    audit.record(agency=agency, by=by, verb="set up", thing=series)
    return series


# -- answers ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Guest:
    """Who answers, as far as they say: what they need, in which language, and where news may reach them."""

    name: str = ""
    language: str = "en"
    interpreter: str = ""
    access_needs: str = ""
    without_steps: bool = False
    no_photos: bool = False
    email: str = ""


NAMELESS = Guest()


@transaction.atomic
def join(
    gathering: Gathering,
    *,
    party: object,
    form_key: str,
    guest: Guest = NAMELESS,
    wait: bool = False,
    unseen: bool = False,
) -> tuple[Rsvp, str]:
    """Give a party places, or with `wait` a place in line. Returns the answer and a token for its own link.

    `unseen`: places only for whoever would wait as well, and for all others the same refusal, however many are left.
    The same form sent twice is the same answer. The same form with other words is none, and nobody's answer is opened
    by it: a page comes back by a browser's button, or on a phone that a family shares.
    """
    number = party_of(party)
    if not FORM_KEY.match(form_key):
        raise AnswerRefused(_("This form is broken. Please load the page again."))
    gathering = _locked(gathering)
    form = f"{gathering.pk}:{form_key}"
    sent_before = tokens.digests(FORM, form, ring=keys.FORMS)
    earlier = Rsvp.objects.filter(gathering=gathering, form_digest__in=sent_before).first()
    if earlier is not None:
        if not _says_the_same(earlier, number, guest):
            raise SentBefore(
                _(
                    "An answer was sent from this page before, and it says something else. To change that one, open "
                    "its own page. Are you somebody else, or more of you? Then send now: it is a new answer."
                )
            )
        return earlier, new_link(earlier)
    _must_take_answers(gathering)
    rsvp = Rsvp(
        agency=gathering.agency,
        gathering=gathering,
        form_digest=tokens.digest(FORM, form, ring=keys.FORMS),
        party=number,
        language=languages.ours(guest.language),
        **_as_kept(guest),
    )
    _seat(rsvp, gathering, wait=wait, unseen=unseen)
    address = _address(guest.email) if guest.email.strip() else ""
    rsvp.amends = _answered_before(gathering, address)
    rsvp.save(force_insert=True)
    if address:
        subscriptions.keep(rsvp.key, agency=rsvp.agency, email=address, language=rsvp.language, ends_on=None)
        _confirm_by_mail(rsvp)
    return rsvp, new_link(rsvp)


def _answered_before(gathering: Gathering, address: str) -> Rsvp | None:
    """The answer that counts of this address. Whoever types it now need not be who reads there."""
    if not address:
        return None
    return gathering.rsvps.still_in().left_at(address).order_by("pk").first()


def _confirm_by_mail(rsvp: Rsvp) -> None:
    """To whoever reads at the address: their link; or, where they had answered, which of the two answers counts."""
    if rsvp.amends is None:
        letters.tell(rsvp, "welcome", {"token": new_link(rsvp)})
        return
    token, _bearer = bearers.issue(letters.AGAIN, rsvp.key, agency=rsvp.agency)
    # Once a day: forty answers are not forty mails.
    once = f"again:{rsvp.amends.public_id}:{rsvp.agency.today()}"
    letters.tell(rsvp, "again", {"token": token, "first": new_link(rsvp.amends)}, once=once)


@transaction.atomic
def let_count(rsvp: Rsvp) -> Rsvp:
    """The address says that the second answer counts: it takes the place of the first, in the line as well.

    The first goes with its links: whoever made it with another's address learns nothing of what counts now.
    """
    rsvp, gathering = both_locked(rsvp)
    first = rsvp.amends
    if first is None:
        return rsvp
    first.gathering = gathering
    if not rsvp.is_in:
        raise NotNow(_("This answer was taken back. Your first one counts."))
    if not first.is_in:
        _must_take_answers(gathering)
        _seat(rsvp, gathering, wait=True)
    else:
        if rsvp.party > first.party:
            _must_take_answers(gathering)
            _must_have_room(first, gathering, rsvp.party)
        rsvp.state, rsvp.waiting_since, rsvp.offer_ends = first.state, first.waiting_since, first.offer_ends
    rsvp.amends, rsvp.joined_at = None, first.joined_at
    rsvp.save(update_fields=["amends", "joined_at", "state", "waiting_since", "offer_ends", "ended_at"])
    outreach.forget(rsvp.agency, first.key)
    bearers.forget([first.key])
    others = Rsvp.objects.filter(amends=first)
    subscriptions.let_go(first.key, *(each.key for each in others), agency=rsvp.agency)
    first.delete()
    offer_next(gathering)
    return rsvp


def second_behind(token: str, *, at: Agency) -> bearers.Held:
    """A second answer, by the link that only its address has. Raises bearers.Useless."""
    return bearers.opened_by(letters.AGAIN, token, at=at)


def _as_kept(guest: Guest) -> dict[str, Any]:
    """What people say of themselves, as their answer keeps it: a language by its code, whatever name was typed."""
    return {
        "name": line(guest.name, 80),
        "interpreter": spoken.code_of(line(guest.interpreter, 60)),
        "access_needs": _needs(guest.access_needs),
        "without_steps": guest.without_steps,
        "no_photos": guest.no_photos,
    }


def _says_the_same(rsvp: Rsvp, party: int, guest: Guest) -> bool:
    said = {"party": party, **_as_kept(guest)}
    kept = {name: getattr(rsvp, name) for name in said}
    return kept == said and rsvp.address.lower() == guest.email.strip().lower()


def _seat(rsvp: Rsvp, gathering: Gathering, *, wait: bool, unseen: bool = False) -> None:
    """Places, or a place in line. Whoever waits already gets theirs first, so nobody is passed."""
    offer_next(gathering)
    left = gathering.numbers.left
    if gathering.capacity is not None and rsvp.party > gathering.capacity:
        raise PartyTooLarge(
            ngettext(
                "There is only %(n)d place in all.", "There are only %(n)d places in all.", gathering.capacity
            )
            % {"n": gathering.capacity}
        )
    if unseen and not wait and gathering.capacity is not None:
        raise GatheringIsFull(
            _(
                "Places were asked for many times from your network today. Join the waiting list: where there are "
                "places, they are yours at once."
            ),
            left=0,
        )
    if gathering.numbers.fits(rsvp.party):
        rsvp.state, rsvp.waiting_since, rsvp.offer_ends, rsvp.ended_at = State.GOING, None, None, None
    elif wait:
        rsvp.state, rsvp.waiting_since = State.WAITING, clock.now()
        rsvp.offer_ends, rsvp.ended_at = None, None
    else:
        raise GatheringIsFull(_too_few(rsvp.party), left=left or 0)


def _too_few(party: int) -> str:
    """Never how many are left: whoever asked for twenty, again and again, would read each answer of the others."""
    if party == 1:
        return _("All places are taken. You can join the waiting list.")
    return _("There are not so many places left. Come with fewer people, or join the waiting list.")


@transaction.atomic
def change_party(rsvp: Rsvp, *, party: object) -> Rsvp:
    """Come with more or fewer people. Whoever waits keeps their place in line."""
    number = party_of(party)
    rsvp, gathering = both_locked(rsvp)
    if not rsvp.is_in:
        raise NotNow(_("This answer was cancelled. Say that you will come again, then change the number."))
    more = number - rsvp.party
    if more > 0:
        _must_take_answers(gathering)
        offer_next(gathering)
        rsvp.refresh_from_db()
        _must_have_room(rsvp, gathering, number)
    rsvp.party = number
    if more > 0:  # a ride for one is none for three
        rsvp.arranged_at = rsvp.arranged_by = None
    rsvp.save(update_fields=["party", *ARRANGED])
    offer_next(gathering)
    return Rsvp.objects.get(pk=rsvp.pk)


def _must_have_room(rsvp: Rsvp, gathering: Gathering, number: int) -> None:
    if gathering.capacity is not None and number > gathering.capacity:
        raise PartyTooLarge(
            ngettext(
                "There is only %(n)d place in all.", "There are only %(n)d places in all.", gathering.capacity
            )
            % {"n": gathering.capacity}
        )
    if rsvp.state != State.WAITING and not gathering.numbers.fits(number - rsvp.party):
        raise GatheringIsFull(
            _("There are not so many places left. Your party stays as it was."),
            left=gathering.numbers.left or 0,
        )


@transaction.atomic
def change_needs(rsvp: Rsvp, guest: Guest) -> Rsvp:
    """Another name, language or need, said by whoever comes, until it begins. The number and the place stay."""
    rsvp, _gathering = both_locked(rsvp)
    if not rsvp.may_say_needs:
        raise NotNow(_("It has begun, or you are not coming: tell us there what you need."))
    before = (rsvp.interpreter, rsvp.access_needs, rsvp.without_steps)
    said = {"language": languages.ours(guest.language), **_as_kept(guest)}
    for name, value in said.items():
        setattr(rsvp, name, value)
    if before != (
        rsvp.interpreter,
        rsvp.access_needs,
        rsvp.without_steps,
    ):  # what was arranged was something else
        rsvp.arranged_at = rsvp.arranged_by = None
    rsvp.save(update_fields=[*said, *ARRANGED])
    subscriptions.speak(rsvp.key, rsvp.language, agency=rsvp.agency)
    return rsvp


ARRANGED = ("arranged_at", "arranged_by")


@transaction.atomic
def leave(rsvp: Rsvp) -> Rsvp:
    """Not coming after all, or not waiting any more. Leaving twice is leaving once."""
    rsvp, gathering = both_locked(rsvp)
    if rsvp.is_in:
        _end(rsvp, State.CANCELLED)
        offer_next(gathering)
    return rsvp


@transaction.atomic
def rejoin(rsvp: Rsvp, *, wait: bool = False) -> Rsvp:
    """Coming after all. Whoever left comes back at the end of the line, and only by their own word."""
    rsvp, gathering = both_locked(rsvp)
    if rsvp.is_in:
        return rsvp
    _must_take_answers(gathering)
    _seat(rsvp, gathering, wait=wait)
    rsvp.arranged_at = rsvp.arranged_by = None  # what was found for them was let go
    rsvp.save(update_fields=["state", "waiting_since", "offer_ends", "ended_at", *ARRANGED])
    return rsvp


@transaction.atomic
def forget_contact(rsvp: Rsvp) -> Rsvp:
    """Delete the address now, also where it answered again, and keep the places. Nobody can write to them any more."""
    answers = [rsvp, *Rsvp.objects.filter(amends=rsvp).with_addresses().select_related("agency")]
    for each in answers:
        letters.forget(each)
    subscriptions.let_go(*(each.key for each in answers), agency=rsvp.agency)
    return Rsvp.objects.get(pk=rsvp.pk)


@transaction.atomic
def forget_answer(rsvp: Rsvp, *, by: User | None) -> Rsvp:
    """Forget who answered, at their wish: name, needs and address. How many come stays, and so does their link."""
    holds.refuse_if_held(rsvp)
    rsvp = forget_contact(rsvp)
    rsvp.name = rsvp.interpreter = rsvp.access_needs = ""
    rsvp.without_steps, rsvp.forgotten_at = False, clock.now()
    rsvp.save(update_fields=["name", "interpreter", "access_needs", "without_steps", "forgotten_at"])
    audit.record(agency=rsvp.agency, by=by, verb="erased an answer to", thing=rsvp.gathering)
    return rsvp


def has_contact(rsvp: Rsvp) -> bool:
    """Whether there is an address to write to, now."""
    return Rsvp.objects.filter(pk=rsvp.pk).reachable().exists()


# -- the waiting list -------------------------------------------------------------------------------
def offer_next(gathering: Gathering) -> list[Rsvp]:
    """Free places go to those in line, first come first. Call with the gathering locked. Returns who got some.

    They are offered while there is time to say yes. Where nobody is turned away any more, or no time is left to ask,
    they are given: whoever waits has asked for them. A party that is too large for the places left is passed by and
    stays first: places are not kept empty for it, and it is asked as soon as enough are free.
    """
    if gathering.status != Status.PUBLISHED or gathering.is_over:
        return []
    give = gathering.capacity is None or gathering.offers_end <= clock.now()
    found = _held_to_the_end(gathering, give=give)
    left = _count_again(gathering).left
    line = gathering.rsvps.in_line()
    # Whoever does not fit now does not fit after others were seated: a long line is not read for nothing.
    for rsvp in line if left is None else line.filter(party__lte=left):
        if left is None or rsvp.party <= left:
            left = None if left is None else left - rsvp.party
            found.append(_give(rsvp, gathering) if give else _offer(rsvp, gathering))
        if left == 0:
            break
    if found:
        _count_again(gathering)
    return found


def _held_to_the_end(gathering: Gathering, *, give: bool) -> list[Rsvp]:
    """No offer outlives the time to answer: it ends with it, or where that has passed, its places are given."""
    offered = gathering.rsvps.filter(state=State.OFFERED, offer_ends__gt=clock.now())
    if give:
        return [_give(rsvp, gathering) for rsvp in offered.order_by("waiting_since", "pk")]
    offered.filter(offer_ends__gt=gathering.offers_end).update(offer_ends=gathering.offers_end)
    return []


def _offer(rsvp: Rsvp, gathering: Gathering) -> Rsvp:
    rsvp.state, rsvp.offer_ends = State.OFFERED, offer_ends(gathering.offers_end)
    rsvp.save(update_fields=["state", "offer_ends"])
    letters.offered(rsvp, token=new_link(rsvp))
    return rsvp


def _give(rsvp: Rsvp, gathering: Gathering) -> Rsvp:
    rsvp.state, rsvp.waiting_since, rsvp.offer_ends = State.GOING, None, None
    rsvp.save(update_fields=["state", "waiting_since", "offer_ends"])
    rsvp.gathering = gathering
    letters.tell(rsvp, "seated", {"token": new_link(rsvp)})
    return rsvp


def offer_ends(last: datetime) -> datetime:
    """How long an offer holds: a quarter of the time that is left to say yes, at most a day, and never longer."""
    now = clock.now()
    patience = min(max((last - now) / 4, SHORTEST_OFFER), LONGEST_OFFER)
    return min(now + patience, last)


@transaction.atomic
def serve_the_line(gathering: Gathering) -> list[Rsvp]:
    """What `offer_next` does, for whoever has not locked the gathering."""
    return offer_next(_locked(gathering))


def accept_offer(rsvp: Rsvp) -> Rsvp:
    """Take the offered places. Accepting twice is accepting once; too late is too late."""
    expire_offers(rsvp.gathering)
    return _accept(rsvp)


@transaction.atomic
def _accept(rsvp: Rsvp) -> Rsvp:
    rsvp, gathering = both_locked(rsvp)
    if rsvp.state == State.GOING:
        return rsvp
    if rsvp.state != State.OFFERED:
        raise OfferIsOver(
            _("This offer has run out and went to the next in line. You can join the line again.")
        )
    if gathering.status != Status.PUBLISHED:
        raise NotOpen(_("This gathering was cancelled."))
    rsvp.state, rsvp.offer_ends = State.GOING, None
    rsvp.save(update_fields=["state", "offer_ends"])
    return rsvp


@transaction.atomic
def decline_offer(rsvp: Rsvp) -> Rsvp:
    """No, thank you. The places go to the next in line, and we do not ask again."""
    rsvp, gathering = both_locked(rsvp)
    if rsvp.state == State.OFFERED:
        _end(rsvp, State.CANCELLED)
        offer_next(gathering)
    return rsvp


@transaction.atomic
def expire_offers(gathering: Gathering) -> int:
    """Offers that nobody answered in time go to the next in line. Whoever missed one may come back by themselves."""
    if not gathering.rsvps.overdue(clock.now()).exists():
        return 0
    gathering = _locked(gathering)
    overdue = list(gathering.rsvps.overdue(clock.now()))
    for rsvp in overdue:
        _end(rsvp, State.EXPIRED)
    if not gathering.has_begun:  # nobody is given a place because another did not answer until the beginning
        offer_next(gathering)
    return len(overdue)


def _end(rsvp: Rsvp, state: str) -> None:
    rsvp.state, rsvp.ended_at, rsvp.offer_ends = state, clock.now(), None
    rsvp.save(update_fields=["state", "ended_at", "offer_ends"])
    outreach.look_again(rsvp.agency, rsvp.key)


@transaction.atomic
def arrange(rsvp: Rsvp, *, done: bool = True, by: User) -> Rsvp:
    """Somebody saw to what these people asked for; or it is open again after all. Said twice is said once."""
    rsvp = Rsvp.objects.select_for_update(of=("self",)).select_related("gathering").get(pk=rsvp.pk)
    if (rsvp.arranged_at is not None) == done:
        return rsvp
    rsvp.arranged_at, rsvp.arranged_by = (clock.now(), by) if done else (None, None)
    rsvp.save(update_fields=ARRANGED)
    if done:
        audit.record(agency=rsvp.agency, by=by, verb="arranged help at", thing=rsvp.gathering)
    else:
        audit.record(agency=rsvp.agency, by=by, verb="took back arranged help at", thing=rsvp.gathering)
    return rsvp


# -- forgetting -------------------------------------------------------------------------------------
@transaction.atomic
def forget() -> int:
    """Delete names, needs, addresses and links once the agency's day has come. Numbers stay. Returns how many."""
    forgotten = Rsvp.objects.everywhere().out_of_keeping()
    subscriptions.let_go_but(Rsvp.KIND, kept=Rsvp.objects.everywhere().exclude(pk__in=forgotten.values("pk")))
    kept = Q(forgotten_at__isnull=True) | ~Q(name="", interpreter="", access_needs="", without_steps=False)
    over = Rsvp.objects.filter(kept).out_of_keeping()
    retention.certify(over)
    bearers.forget(rsvp.key for rsvp in over.only("public_id"))
    return over.update(
        name="", interpreter="", access_needs="", without_steps=False, forgotten_at=clock.now()
    )


# -- who came ---------------------------------------------------------------------------------------
@transaction.atomic
def make_cards(gathering: Gathering, *, count: int, by: User | None) -> list[str]:
    """Codes for those who came, a card each, which nobody can read again. Never more than heads, once known."""
    gathering = _locked(gathering)
    if not gathering.may_have_cards:
        raise NotNow(_("Cards are for a gathering that is public, until two weeks after it."))
    most = gathering.came if gathering.is_held and gathering.came is not None else MOST_CARDS
    if not 0 < count <= most - gathering.cards_made:
        left = max(0, most - gathering.cards_made)
        raise BadCount(
            ngettext(
                "A card is for one person who came: %(n)d more can be made.",
                "A card is for one person who came: %(n)d more can be made.",
                left,
            )
            % {"n": left}
        )
    made = [codes.new() for _card in range(count)]
    for code in made:
        bearers.issue(CAME, gathering.key, agency=gathering.agency, by=by, code=code)
    gathering.cards_made += count
    gathering.save(update_fields=["cards_made"])
    audit.record(
        agency=gathering.agency, by=by, verb="made cards for", thing=gathering, detail={"cards": count}
    )
    return made


@transaction.atomic
def take_back_cards(gathering: Gathering, *, by: User | None) -> None:
    """Those that nobody has used open nothing any more. How many these were nobody hears, nor how many were used."""
    gathering = _locked(gathering)
    left = bearers.opening(gathering.key, agency=gathering.agency, purpose=CAME)
    if bearers.end_all(left, by=by):
        audit.record(agency=gathering.agency, by=by, verb="took back cards for", thing=gathering)


def card_behind(code: str, *, at: Agency) -> bearers.Held:
    """The gathering that a card is for, however its code is typed. Raises bearers.Useless."""
    try:
        code = codes.read(code)
    except codes.Mistyped:
        raise bearers.Useless(_(bearers.USELESS)) from None
    return bearers.opened_by(CAME, code, at=at)


@transaction.atomic
def say_who_came(card: Bearer, gathering: Gathering, answers: Mapping[str, str]) -> int:
    """Add what somebody chose to say of themselves to the sums, and keep nothing else. Returns how many were added.

    Each answer goes into a number of its own: nothing holds the answers of one person together, names them, or
    tells at which minute they spoke. The card is used up by it, and gone.
    """
    gathering = _locked(gathering)
    if not gathering.asks_who_came:
        raise NotNow(_("One can say this from when it begins, for two weeks."))
    known = {
        question: {name for name, _label in named} for question, named in answers_to(gathering.agency).items()
    }
    given = [(Question(name), answer) for name, answer in answers.items() if answer]
    if any(answer not in known[question] for question, answer in given):
        raise AnswerRefused(_("Choose one of the answers in the list."))
    bearers.use_unseen(card)
    _must_be_no_more_than_came(gathering)
    for question, answer in given:
        tally, _new = Tally.objects.get_or_create(
            agency=gathering.agency, gathering=gathering, question=question, answer=answer
        )
        Tally.objects.filter(pk=tally.pk).update(people=F("people") + 1)
    return len(given)


def _must_be_no_more_than_came(gathering: Gathering) -> None:
    """Once somebody has said how many came, no more than these are heard: a card that is left over says nothing."""
    if gathering.is_held and gathering.came is not None and answered(gathering) >= gathering.came:
        raise AnswerRefused(_("As many have said it as came. Thank you."))


@transaction.atomic
def tell_quarters(agency: Agency) -> list[ToldQuarters]:
    """Publish what is due of who came. What is published stays as it is, whatever becomes of its gatherings."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    return [
        ToldQuarters.objects.create(
            agency=agency,
            first_day=first,
            last_day=last,
            told_on=agency.today(),
            facts=drawn(agency, since=first, until=last),
        )
        for first, last in due(agency)
    ]


# -- links ------------------------------------------------------------------------------------------
def new_link(rsvp: Rsvp) -> str:
    """Every mail carries a fresh one, since the old one cannot be read back."""
    token, _bearer = bearers.issue(letters.LINK, rsvp.key, agency=rsvp.agency)
    return token


def answer_behind(token: str, *, at: Agency) -> bearers.Held:
    """The answer that a link looks after, at this agency and until it is forgotten. Raises bearers.Useless."""
    return bearers.opened_by(letters.LINK, token, at=at)


def behind_links(rows: Sequence[Bearer]) -> bearers.Asked:
    """Answers, each until the day on which what was said with it is forgotten, and until it is over."""
    known = (
        Rsvp.objects.everywhere()
        .with_addresses()
        .select_related("agency", "gathering__agency", "gathering__venue", "amends")
    )
    return {number: _behind(rsvp) for number, rsvp in bearers.things_of(rows, known).items()}


def behind_cards(rows: Sequence[Bearer]) -> bearers.Asked:
    """Gatherings that take place, each from when it begins until two weeks after it."""
    known = Gathering.objects.everywhere().select_related("agency", "venue")
    return {
        number: bearers.Behind(
            each,
            what=each.titled,
            since=each.starts,
            until=each.asks_until,
            person=_("somebody who came"),
            stands=each.status in {Status.PUBLISHED, Status.HELD},
        )
        for number, each in bearers.things_of(rows, known).items()
    }


def _behind(rsvp: Rsvp) -> bearers.Behind:
    gathering = rsvp.gathering
    forgotten = datetime.combine(gathering.forget_on, time(), tzinfo=gathering.agency.zone)
    until = max(forgotten, gathering.ends)
    return bearers.Behind(rsvp, what=gathering.titled, until=until, person=_("a resident"))


# -- small things -----------------------------------------------------------------------------------
def party_of(value: object) -> int:
    """A number of people, or the sentence that says what is wrong with it."""
    text = typed.plain(value)
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
        raise BadParty(_("Write how many of you come, as a number such as 2."))
    number = int(text)
    if number < 1:
        raise BadParty(_("At least one person comes: write 1 or more."))
    if number > LARGEST_PARTY:
        raise PartyTooLarge(
            _("One answer is for up to %(most)d people. Ask the others to answer too, or write to us.")
            % {"most": LARGEST_PARTY}
        )
    return number


def _on(row: Gathering | Series, name: str, value: object) -> object:
    """As it stands on a row: words made plain, and a text in one language beside those in the others."""
    if isinstance(value, str):
        before = getattr(row, name)
        if not isinstance(before, Words):
            return _one_line(value)
        value = before.written(value, language=languages.current())
    if isinstance(value, Words):
        return value.each(lines if name in SEVERAL_LINES else _one_line)
    return value


SEVERAL_LINES = {"summary", "access_notes", "description"}


def _one_line(value: str) -> str:
    """Words without what would break a mail's header, a calendar or a database."""
    return line(value, len(value))


def _needs(text: str) -> str:
    if len(text) > LONGEST_NEEDS:
        raise AnswerRefused(
            _("Please say it in up to %(most)d characters; you wrote %(length)d.")
            % {"most": LONGEST_NEEDS, "length": len(text)}
        )
    return lines(text)


def _address(email: str) -> str:
    if not typed.is_address(email.strip()):
        raise AnswerRefused(_("This is no e-mail address. Correct it, or leave it empty."))
    return email.strip()


def _reason(said: Words | str) -> Words:
    """Why, for everybody to read; whoever says it in one language has written it in theirs."""
    reason = words_of(said).each(partial(line, longest=LONGEST_REASON))
    if reason.shortest < SHORTEST_REASON:
        raise ReasonMissing(_("Say why, in a sentence that everybody may read."))
    return reason


def _cause(word: str) -> str:
    if word and word not in Cause.values:
        raise ReasonMissing(_("Choose one of the causes in the list."))
    return word


def _locked(gathering: Gathering) -> Gathering:
    """The gathering, one writer at a time, so that two neighbours cannot both take the last place.

    PostgreSQL locks the row; SQLite the transaction, which begins IMMEDIATE.
    """
    gathering = (
        Gathering.objects.select_for_update(of=("self",))
        .select_related("agency", "venue")
        .get(pk=gathering.pk)
    )
    _keep_what_is_told(gathering)
    return gathering


def _keep_what_is_told(gathering: Gathering) -> None:
    """Before anything changes: how many places were taken when the public's clock last struck.

    Nothing has changed since then, or whoever changed it has kept the number: so it is the number of now. No clock
    runs for it, and nobody who reads writes.
    """
    if not gathering.is_looked_at:
        gathering.looked_at, gathering.taken_then = gathering.last_look, gathering.numbers.taken
        gathering.save(update_fields=["looked_at", "taken_then"])
        del gathering.numbers  # what follows counts for itself


def both_locked(rsvp: Rsvp) -> tuple[Rsvp, Gathering]:
    """The answer as it is now, with its gathering locked first: everybody locks in this order."""
    gathering = _locked(rsvp.gathering)
    rsvp = Rsvp.objects.get(pk=rsvp.pk)
    rsvp.gathering = gathering
    return rsvp, gathering


def _count_again(gathering: Gathering) -> Numbers:
    gathering.__dict__.pop("numbers", None)
    return gathering.numbers


def _must_take_answers(gathering: Gathering) -> None:
    if gathering.status != Status.PUBLISHED:
        raise NotOpen(
            _("This gathering was cancelled.")
            if gathering.is_cancelled
            else _("This gathering takes no answers.")
        )
    if not gathering.takes_answers:
        raise TooLate(_("Answers have closed. You may still come by if there is room."))


def _must_be_public_and_ahead(gathering: Gathering) -> None:
    if gathering.status != Status.PUBLISHED:
        raise NotNow(_("Only a published gathering can be called off, moved or written about."))
    if gathering.is_over:
        raise NotNow(_("It is over already."))


def _set(gathering: Gathering, words: dict[str, object]) -> None:
    """Put words on a gathering and refuse what cannot be, in one sentence."""
    unknown = set(words) - set(PLANNED)
    if unknown:
        raise TypeError(f"A gathering has no {', '.join(sorted(unknown))}.")
    for name, value in words.items():
        setattr(gathering, name, _on(gathering, name, value))
    if any(getattr(gathering, field) for field in gathering.roster_names):
        raise GatheringRefused(_("The roster says who hosts it. Change it there: the page follows."))
    for thing in (gathering.series, gathering.venue, gathering.neighborhood):
        if thing is not None and thing.agency_id != gathering.agency_id:
            raise GatheringRefused(_("“%(thing)s” belongs to another agency.") % {"thing": thing})
    try:
        # Asking the database about its rules costs more than all the rest: only where the words touch one.
        gathering.full_clean(validate_constraints=bool(RULED & set(words)))
    except ValidationError as error:
        raise GatheringRefused(first_error(error, named=True)) from None
    _refuse_odd_days(gathering)
    if not walltime.exists(gathering.on, gathering.at, gathering.timezone):
        raise NoSuchTime(
            _("On %(day)s the clocks skip %(time)s. Choose another time.")
            % {"day": formats.day(gathering.on), "time": formats.hour(gathering.at)}
        )


def _refuse_help_after_it(gathering: Gathering) -> None:
    if not gathering.asks_for_help_before_it:
        raise GatheringRefused(_("Help for access is asked for before it begins: choose an earlier day."))


def _refuse_odd_days(gathering: Gathering) -> None:
    """A slip of the keyboard. At the ends of time the calendar itself breaks, and the page would, too."""
    closes = gathering.rsvp_closes.date() if gathering.rsvp_closes else None
    latest = gathering.agency.today() + clock.FARTHEST
    for day in (gathering.on, gathering.needs_by, closes):
        if day is not None and not clock.EARLIEST <= day <= latest:
            raise GatheringRefused(
                _("%(day)s is too far away. Please check the year.") % {"day": formats.day(day)}
            )


COUNTED = {"came", "walk_ups", "heads_told_on"}


def _save(gathering: Gathering, *fields: str, sequence: bool = False) -> None:
    """Save these fields, and tell calendars and the rooms above that there is something new. What waits to be told of
    it is looked at again.

    Calendars and feeds hold no number of heads, and do not look again for one: whoever watches them would count along.
    """
    if not fields or set(fields) - COUNTED:
        gathering.changed_at = clock.now()
    gathering.sequence += sequence
    gathering.save(update_fields=[*fields, *MOMENTS, "changed_at", "sequence"])
    outreach.look_again(gathering.agency, gathering.key)
    on_change.tell(Change(gathering, frozenset(fields)))


def _notify(
    gathering: Gathering,
    kind: str,
    text: Words,
    *,
    by: User | None,
    verb: str,
    before: letters.Told | None = None,
    access_was: Mapping[str, str] | None = None,
    only_relying: bool = False,
) -> Notice:
    """Write down what was said, and a mail to each who left an address; the deed is kept with how many that reaches.

    `only_relying`: only to those who told us something that a place has, or has not.
    """
    asked = gathering.rsvps.still_in().with_addresses()
    people = list(asked.relying_on_access() if only_relying else asked)
    reached = [rsvp for rsvp in people if rsvp.address]
    notice = Notice.objects.create(
        agency=gathering.agency,
        gathering=gathering,
        kind=kind,
        text=text,
        by=by,
        told=len(reached),
        untold=len(people) - len(reached),
    )
    for rsvp in reached:
        rsvp.gathering = gathering
        letters.notify(rsvp, notice, token=new_link(rsvp), before=before, access_was=access_was)
    if kind in topics.OF_NOTICE:
        topics.tell(topics.OF_NOTICE[kind], gathering)
    reach = {"told": notice.told, "untold": notice.untold}
    audit.record(agency=gathering.agency, by=by, verb=verb, thing=gathering, detail=reach)
    return notice
