"""Live through what comes after a walk: notes, head counts, photos, concerns and their fates, recaps."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime, time, timedelta
from functools import partial

from alongside.agencies import bearers
from alongside.agencies.models import Member
from alongside.core import clock
from alongside.core.authored import Words
from alongside.demo import afterwards, company, drawings
from alongside.demo.both import written
from alongside.demo.days import LivedSeason
from alongside.demo.heard import (
    COMMANDER,
    COMMANDERS_ANSWER,
    LATE,
    NOTES,
    RECAPS,
    USUAL,
    Fate,
    Say,
    WrittenRecap,
)
from alongside.field import actions as field
from alongside.field import passes, photos
from alongside.field.models import ExceptionKind, Note, Pass
from alongside.field.queries import streets_of
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Concern, ConcernKind
from alongside.gatherings.models import Gathering
from alongside.media import actions as media

NAMESPACE = uuid.UUID("8f0e7a6c-55d1-4c35-9d0d-2c1f7a3d9b10")
LOOKED_BACK = (-14, -11, -5, -4)  # weeks whose officers and partners said how it went
PHOTOGRAPHED = {-14: drawings.alley, -5: drawings.bench, -2: drawings.street}
CLEARED = {
    -14: written(
        "An alley between brick walls, with four lamps, none of them lit.",
        "Un callejón entre paredes de ladrillo, con cuatro faroles, ninguno encendido.",
    ),
    -5: written("A new bench on a hill."),
}
A_LATE_PROMISE = timedelta(days=21)

PROMISE_DAYS = 14
A_LONG_WAY = written("It takes longer than two weeks.", "Lleva más de dos semanas.")
COMPLAINTS = written(
    "Complaints about an officer go to the Office of Community Inquiries. It is no part of the police. Call "
    "502-555-0143, weekdays from 9 to 5, or ask at any library.",
    "Las quejas sobre un agente van a la Oficina de Consultas de la Comunidad, que no es parte de la policía. Llame al "
    "502-555-0143, de lunes a viernes de 9 a 5, o pregunte en cualquier biblioteca.",
)
REPORTS = written(
    "Call 911 in an emergency. To report what is over, call 502-555-0199, day and night.",
    "En una emergencia llame al 911. Para denunciar lo que ya pasó, llame al 502-555-0199, de día y de noche.",
)


def set_rules(season: LivedSeason) -> None:
    """What Riverbend promises of every concern, before it hears the first."""
    with clock.at(season.before(season.day(-15), timedelta(days=2))):
        followthrough.set_rules(
            season.agency,
            days=PROMISE_DAYS,
            owner=season.staff["Ada Okafor"],
            complaints=COMPLAINTS,
            complaints_url="",
            reports=REPORTS,
            by=season.user("ruth"),
        )


def live_through(season: LivedSeason, week: int, gathering: Gathering) -> None:
    """All that was written down of one walk, and what came of it since."""
    if not season.is_past(gathering.on):
        return
    season.diary.live_until(season.local(gathering.on, time(12, 19)))
    heard = _take_notes(season, week, gathering)
    if week in LOOKED_BACK:
        _look_back(season, gathering)
    for number, (say, note) in enumerate(heard):
        if not note.concern.withheld and note.concern.kind != ConcernKind.THANKS:
            _follow(season, gathering, note.concern, say.fate or _usual(say, number))
    if week in RECAPS:
        _say_what_came_of_it(season, week, gathering, RECAPS[week])


# -- on the walk ----------------------------------------------------------------------------------
def _take_notes(season: LivedSeason, week: int, gathering: Gathering) -> list[tuple[Say, Note]]:
    """The scribe's phone sends them at the end of the walk."""
    with clock.at(season.local(gathering.on, time(12, 20))):
        token = passes.open_pass(gathering, by=season.by, to=season.staff["Sam Whitaker"])
        opened = passes.pass_behind(token, at=season.agency)
        streets = streets_of(gathering)
        heard = []
        for number, say in enumerate(NOTES.get(week, ())):
            note = _note(season, opened, say, f"{week}:{number}", streets, minute=4 + 4 * number)
            heard.append((say, note))
            if say.followed:
                season.follow = note.code
        _count(season, opened, gathering)
        season.passes[week] = opened
        bearers.was_used(opened.by)
    return heard


def _note(season: LivedSeason, opened: Pass, say: Say, key: str, streets: list[str], *, minute: int) -> Note:
    street = str(season.rng.choice(streets)) if streets else ""
    number = 100 * int(season.rng.integers(1, 20))
    return field.take_note(
        opened,
        field.Jotting(
            kind=say.kind,
            category=say.about,
            words=say.words,
            place=f"{number} block of {street}" if street and season.rng.random() < 0.7 else street,
            language=say.language,
            heard_at=season.local(opened.gathering.on, time(11, min(minute, 59))).isoformat(),
            wants_answer=say.wants_answer,
            hold=say.hold,
        ),
        client_id=uuid.uuid5(NAMESPACE, f"{season.agency.slug}:{key}"),
    )


def _count(season: LivedSeason, opened: Pass, gathering: Gathering) -> None:
    """Two counts of one phone; the second is the one that counts."""
    came = gathering.came or int(season.rng.integers(9, 16))
    officers = len(company.officers_there(gathering))
    for minute, residents in ((15, came - 3), (40, came)):
        field.count_heads(
            opened,
            client_id=uuid.uuid5(NAMESPACE, f"{gathering.on}:{minute}"),
            residents=residents,
            officers=officers,
            partners=len(company.partners_there(gathering)),
            device="Sam’s phone",
            at=season.local(gathering.on, time(11, minute)).isoformat(),
        )


def photograph(season: LivedSeason) -> None:
    """What the phones photographed: pictures are read apart, for which no transaction waits."""
    for week in sorted(PHOTOGRAPHED.keys() & season.passes.keys()):
        opened = season.passes[week]
        with clock.at(season.local(opened.gathering.on, time(12, 20))):
            key = uuid.uuid5(NAMESPACE, f"photo:{week}")
            photo = photos.add_photo(opened, client_id=key, sent=PHOTOGRAPHED[week]())
            if week in CLEARED:
                media.clear(photo, alt=CLEARED[week], by=season.user("theo"))


def _look_back(season: LivedSeason, gathering: Gathering) -> None:
    """Officers and a partner say how it went, the day after."""
    with clock.at(season.local(gathering.on + timedelta(days=1))):
        for member in company.officers_there(gathering)[:3]:
            field.say_quality(gathering, member=member, introduced=3, asked_views=2, left_a_way=2)
        for partner in company.partners_there(gathering)[:1]:
            field.say_quality(gathering, partner=partner, introduced=3, asked_views=3, left_a_way=1)
            field.observe(
                gathering,
                partner=partner,
                voice=4,
                neutrality=3,
                respect=4,
                motives=3,
                words="People were not interrupted. The officers could say more plainly what happens next.",
            )


# -- what became of it ----------------------------------------------------------------------------
def _usual(say: Say, number: int) -> Fate:
    """The usual way: closed within two weeks, in the words that fit."""
    words = USUAL[say.about]
    return Fate(days=5 + number % 8, outcome=words[number % len(words)])


def _follow(season: LivedSeason, gathering: Gathering, concern: Concern, fate: Fate) -> None:
    """Whoever answers for it, by when; the news on the way; how it ended; and the words for the public."""
    days = int(A_LATE_PROMISE.days if fate.became == LATE else max(PROMISE_DAYS, fate.days + 4))
    owner = _owner(season, gathering, concern, fate)
    due = gathering.on + timedelta(days=days)
    if (owner, due) != (concern.owner, concern.due):
        why = A_LONG_WAY if days > PROMISE_DAYS else Words()
        assign = partial(followthrough.assign, concern, owner=owner, due=due, why=why, by=season.by)
        season.diary.add(_evening(season, gathering, 1), assign)
    afterwards.follow(season, concern, fate, since=gathering.on, owner=owner, due=due)


def _owner(season: LivedSeason, gathering: Gathering, concern: Concern, fate: Fate) -> Member:
    commands = fate.owner == COMMANDER or (not fate.owner and concern.category in COMMANDERS_ANSWER)
    leader = company.leader_of(gathering) if commands else None
    return leader or season.staff.get(fate.owner) or season.staff["Ada Okafor"]


def _evening(season: LivedSeason, gathering: Gathering, days: int) -> datetime:
    """So many days after the walk, but never in the future."""
    return min(season.local(gathering.on + timedelta(days=days), time(17, 0)), clock.now())


# -- the recap ------------------------------------------------------------------------------------
def _say_what_came_of_it(season: LivedSeason, week: int, gathering: Gathering, told: WrittenRecap) -> None:
    partners = company.partners_there(gathering)
    with clock.at(_evening(season, gathering, 2)):
        kind, number = (ExceptionKind.STOP, 1) if told.stop else (ExceptionKind.NONE, 0)
        said = field.say_exception(gathering, kind=kind, count=number, by=season.by)
        if told.confirmed and partners:
            field.confirm_exceptions(gathering, partner=partners[0], as_read=field.fingerprint([said]))
        recap = field.draft_recap(gathering, by=season.by)
        minutes = gathering.minutes + 5 * int(season.rng.integers(-1, 3))
        recap = field.edit_recap(recap, words=told.words, minutes=minutes, partners=partners, by=season.by)
    if told.days is None or not season.is_past(gathering.on, days_after=told.days):
        return
    with clock.at(_evening(season, gathering, told.days)):
        field.approve_recap(recap, by=season.user("ruth" if week % 3 else "dent"))
        field.publish_recap(recap, by=season.by)


def counted(season: LivedSeason) -> Counter[str]:
    """How many concerns are in which state: the builder says it on the screen."""
    return Counter(Concern.objects.filter(agency=season.agency).values_list("state", flat=True))
