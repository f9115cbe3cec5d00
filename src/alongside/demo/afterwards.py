"""Live through what comes after a concern was heard: news, promises, how they end, and whether it is so."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial

from alongside.agencies.models import Member, User
from alongside.core.authored import Words
from alongside.demo.days import LivedSeason
from alongside.demo.heard import (
    BODIES,
    BROKEN,
    CONFIRMED_AFTER,
    DECLINED,
    DONE,
    OPENED_AFTER,
    PASSED,
    REPLIES,
    STAGE,
    Fate,
    FromAStage,
)
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Body, Concern
from alongside.followthrough.passing import actions as passing
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.public import actions as public
from alongside.followthrough.triage import replies
from alongside.places.models import Area

ENDS = (DONE, DECLINED, BROKEN, PASSED)
A_LONGER_WAY = timedelta(days=60)  # what came back takes longer


def follow(
    season: LivedSeason, concern: Concern, fate: Fate, *, since: date, owner: Member, due: date
) -> None:
    """Put into the diary what becomes of one concern; what lies in the future does not happen yet."""
    by, diary = owner.user or season.by, season.diary
    if fate.promised:
        said = Said(fate.promised, owner, due, concern=concern)
        diary.add(_evening(season, since, 2), partial(promises.make, season.agency, said, by=by))
    for after, text in fate.news:
        diary.add(_evening(season, since, after), partial(followthrough.progress, concern, text=text, by=by))
    if fate.in_front and concern.neighborhood is not None:
        diary.add(_evening(season, since, 3), partial(followthrough.put_in_front, concern, by=by))
    last = fate.days if fate.became in ENDS else max((after for after, _text in fate.news), default=1)
    ends = fate.became in ENDS and season.is_past(since, days_after=fate.days)
    if ends:
        diary.add(_evening(season, since, fate.days), partial(_end, concern, fate, by=by))
    if ends and fate.they_say is not None and season.is_past(since, days_after=fate.they_say[0]):
        after, text = fate.they_say
        diary.add(_evening(season, since, after), partial(_they_say, concern, text, by=by))
    if fate.me_too:
        at = _evening(season, since, last + 1) - timedelta(days=1)
        diary.add(
            max(at, _evening(season, since, last)) + timedelta(hours=4),
            partial(_me_too, concern, fate.me_too),
        )
    if fate.public:
        told = partial(followthrough.clear, concern, summary=fate.public, by=season.user("theo"))
        diary.add(_evening(season, since, last) + timedelta(hours=2), told)
    if ends and fate.confirmed and season.is_past(since, days_after=fate.days + CONFIRMED_AFTER):
        diary.add(_evening(season, since, fate.days + CONFIRMED_AFTER), partial(_they_confirm, concern))
    if ends and fate.again is not None and season.is_past(since, days_after=fate.days + OPENED_AFTER):
        day = since + timedelta(days=fate.days + OPENED_AFTER)
        diary.add(_evening(season, day, 0), partial(_open_again, season, concern, fate, day))


def _they_confirm(concern: Concern) -> None:
    concern.refresh_from_db()
    followthrough.confirm(concern, read=concern.answer_mark)


def _end(concern: Concern, fate: Fate, *, by: User) -> None:
    """The promise is kept, or not; where nothing but an answer was promised, it is given."""
    promise = concern.promises.first()
    if fate.body:
        _pass_on(concern, fate, by=by)
    elif promise is None:
        state = DECLINED if fate.became == BROKEN else fate.became
        followthrough.close(concern, state=state, outcome=fate.outcome, by=by)
    elif fate.became == DONE:
        promises.keep(promise, outcome=fate.outcome, evidence_url=fate.evidence, by=by)
    else:
        promises.fail(promise, outcome=fate.outcome, by=by)


def _pass_on(concern: Concern, fate: Fate, *, by: User) -> None:
    """By phone: one of us writes down the number, and what they say."""
    followthrough.clear(concern, summary=fate.public, by=by)
    body = Body.objects.get(agency=concern.agency, name__contains=fate.body)
    passing.pass_on(concern, body=body, outcome=fate.outcome, number=fate.number, by=by)


def _they_say(concern: Concern, text: Words, *, by: User) -> None:
    passing.they_say(concern.passings.get(), text=text, by=by)


def _me_too(concern: Concern, voices: int) -> None:
    for number in range(voices):
        public.me_too(concern, device=f"demo:{concern.pk}:{number}")


def set_up(season: LivedSeason) -> None:
    """To whom Riverbend passes on, and the replies that it begins with."""
    for name, reached in BODIES.values():
        passing.set_body(Body(agency=season.agency, name=name, reached=reached), by=season.by)
    for called, text in REPLIES.items():
        replies.keep(season.agency, name=called, text=text, by=season.by)


def _open_again(season: LivedSeason, concern: Concern, fate: Fate, day: date) -> None:
    """Whoever asked says that it is not so; the words for the public stay, and tell it."""
    words, then = fate.again or ("", fate)
    again = followthrough.reopen(concern, words=words)
    if again.owner is not None and again.due is not None:
        follow(season, again, then, since=day, owner=again.owner, due=again.due + A_LONGER_WAY)


def promise_from_a_stage(season: LivedSeason, told: FromAStage, *, on: date, area: Area | None) -> None:
    """Said aloud before everybody, and written down that evening."""
    owner = season.staff[told.owner]
    by, due = owner.user or season.by, on + timedelta(days=told.within)

    def make_and_end() -> None:
        said = Said(told.what, owner, due, made_on=on, area=area, item=told.item)
        made = promises.make(season.agency, said, by=by, public=True)
        if told.outcome and season.is_past(on, days_after=told.days):
            end = promises.keep if told.became == DONE else promises.fail
            season.diary.add(_evening(season, on, told.days), partial(end, made, outcome=told.outcome, by=by))

    season.diary.add(_evening(season, on, 0), make_and_end)


def from_the_stage(season: LivedSeason) -> None:
    """All that was promised aloud, and of no concern."""
    for told in STAGE:
        promise_from_a_stage(season, told, on=season.day(told.week), area=season.homes.get(told.area))


def _evening(season: LivedSeason, since: date, days: int) -> datetime:
    """So many days later, but never in the future."""
    return min(season.local(since + timedelta(days=days), time(17, 0)), season.now)
