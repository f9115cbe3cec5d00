"""Who comes along: where officers normally work, who is away, who is asked to each walk, and who came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np

from alongside.agencies.models import Agency, Member, User
from alongside.core import clock
from alongside.demo.days import LivedSeason
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Question
from alongside.people.models import Partner
from alongside.people.queries import partners_of
from alongside.places.models import Area, AreaKind
from alongside.places.queries import areas, division_of
from alongside.rosters import actions as rosters
from alongside.rosters import partnering, posting, staffing
from alongside.rosters.models import (
    STANDING,
    Heard,
    Part,
    PartnerInvitation,
    Post,
    PublicBody,
    State,
)

ASKED_AHEAD, ANSWERED_AHEAD = timedelta(days=18), timedelta(days=13)
SURE = (Part.HOST, Part.DEPUTY, Part.LEADER, Part.SCRIBE)  # those who come when they said so
SUPERVISORS = ("Lieutenant", "Sergeant")
SCRIBES = ("Sam Whitaker", "Theo Lindqvist")

# A course, how many of ten took it, for how many years it is valid.
COURSES = (
    ("Talking with people in crisis", 8, 2),
    ("Treating people fairly: voice, respect, neutrality", 7, 3),
    ("Working with interpreters", 4, 0),
)


@dataclass(frozen=True)
class Absence:
    """Somebody cannot come in a week. `late`: they say so only after the roster stands."""

    name: str
    week: int
    why: str = ""
    late: bool = False


AWAY = (
    Absence("Ruth Calloway", -13, "A conference of chiefs"),
    Absence("Ruth Calloway", -7),
    Absence("Luis Cabrera", -4, "On leave"),
    Absence("Ruth Calloway", 2, "Sworn in as president of the state association"),
    Absence("Ruth Calloway", 5, "My daughter’s graduation", late=True),
    Absence("Yvonne Hargrove", 8, "On leave"),
)

# How many of ten have answered already, by week; everybody, where it is not listed.
ANSWERED = {0: 9, 1: 7, 2: 4, 4: 2, 5: 3}


@dataclass(frozen=True)
class Guest:
    """A partner whose answer to one walk is worth telling."""

    week: int
    name: str
    party: int = 1
    topics: str = ""
    cohost: bool = False


GUESTS = (
    Guest(
        -5,
        "Centro Comunitario Esperanza",
        party=6,
        cohost=True,
        topics="¿A quién llamamos cuando no hablamos inglés?",
    ),
    Guest(
        -4, "Riverbend Youth Council", party=9, topics="Where can we be after school without being moved on?"
    ),
    Guest(0, "County Health Street Team", topics="Warm places in the cold months, and how to get there."),
    Guest(
        1,
        "Centro Comunitario Esperanza",
        party=5,
        cohost=True,
        topics="Los callejones sin luz.\nCómo avisar de una farola rota sin hablar inglés.",
    ),
    Guest(1, "Riverbend Youth Council", party=8, topics="The way home from the late bus."),
    Guest(1, "Council District 1"),
    Guest(1, "Council District 2"),
    Guest(1, "Council District 3", topics="When the alleys are to be lit again."),
    Guest(1, "Council District 4"),
    Guest(2, "Riverbend Mall Merchants", cohost=True, topics="The bus stop behind the mall after dark."),
)
COUNCIL, MEMBERS, QUORUM = "Riverbend City Council", 9, 5


# -- before the first walk ------------------------------------------------------------------------
def settle_in(agency: Agency, divisions: dict[str, str], *, by: User, rng: np.random.Generator) -> None:
    """Where everybody normally works, what they learned, and who sits on the council."""
    staff = Member.objects.filter(agency=agency, employee=True).select_related("rank").order_by("pk")
    beats = _beats_of(agency)
    named = {area.name: area for area in areas(agency, AreaKind.DIVISION)}
    for number, member in enumerate(staff):
        division = divisions.get(member.name, "")
        if division and member.rank:
            supervises = member.rank.name in SUPERVISORS
            own = [named[division]] if supervises else _two_of(beats[division], number)
            staffing.set_usual_areas(member, areas=own, by=by)
        if member.rank:
            _train(member, agency.today(), by=by, rng=rng)
    seats = Partner.objects.filter(agency=agency, name__startswith="Council District")
    council = PublicBody(agency=agency, name=COUNCIL, members=MEMBERS, quorum=QUORUM)
    staffing.save_body(council, partners=seats, by=by)


def _beats_of(agency: Agency) -> dict[str, list[Area]]:
    by_division: dict[str, list[Area]] = {}
    for beat in areas(agency, AreaKind.BEAT):
        division = division_of(agency, beat.shape)
        by_division.setdefault(division.name if division else "", []).append(beat)
    return by_division


def _two_of(beats: list[Area], number: int) -> list[Area]:
    """Two beats side by side, others for the next officer."""
    return [beats[(2 * number + step) % len(beats)] for step in range(min(2, len(beats)))]


def _train(member: Member, today: date, *, by: User, rng: np.random.Generator) -> None:
    for name, of_ten, years in COURSES:
        ago = int(rng.integers(40, 1100))
        if rng.integers(10) < of_ten:
            done = today - timedelta(days=ago)
            until = done + timedelta(days=365 * years) if years else None
            staffing.keep_training(member, name=name, done_on=done, expires_on=until, by=by)


def host_the_series(season: LivedSeason) -> None:
    """The chief hosts on Saturdays, the assistant chief stands in; and who cannot come, as far as it is known."""
    chief, assistant = season.staff["Ruth Calloway"], season.staff["Miguel Santos"]
    staffing.set_hosting(season.series, host=chief, deputy=assistant, by=season.by)
    mark_absences(season, late=False)


def mark_absences(season: LivedSeason, *, late: bool) -> None:
    for each in AWAY:
        on = season.day(each.week)
        if each.late == late:
            with clock.at(season.before(on, timedelta(days=40))):
                member = season.staff[each.name]
                staffing.mark_away(member, first=on, last=on, why=each.why, by=member.user)


# -- before a walk --------------------------------------------------------------------------------
def ask(season: LivedSeason, week: int, gathering: Gathering) -> None:
    """Put the roster together, ask everybody, and hear most of them."""
    with clock.at(season.before(gathering.on, ASKED_AHEAD)):
        posting.propose(gathering, by=season.by)
        scribe = season.staff[SCRIBES[0 if week >= -1 else week % len(SCRIBES)]]
        posting.add(gathering, member=scribe, part=Part.SCRIBE, by=season.by)
        if week < 5:
            rosters.invite_all(Post, gathering, by=season.by)
            _ask_partners(season, week, gathering)
    with clock.at(season.before(gathering.on, ANSWERED_AHEAD)):
        _hear(season, week, gathering)
    gathering.refresh_from_db()


def _ask_partners(season: LivedSeason, week: int, gathering: Gathering) -> None:
    """Those of the place; on earlier walks a few of them, so that the lists stay short enough to look at."""
    home = gathering.neighborhood
    near = sorted(partners_of(season.agency, home.shape), key=lambda each: each.name) if home else []
    chosen = season.rng.permutation(len(near))[: 4 if week < 0 else 7]
    guests = Partner.objects.filter(agency=season.agency, name__in=_guests(week))
    for partner in dict.fromkeys([*guests, *(near[number] for number in chosen)]):
        partnering.add(gathering, partner=partner, by=season.by)
    rosters.invite_all(PartnerInvitation, gathering, by=season.by)


def _guests(week: int) -> dict[str, Guest]:
    return {guest.name: guest for guest in GUESTS if guest.week == week}


def _hear(season: LivedSeason, week: int, gathering: Gathering) -> None:
    of_ten = ANSWERED.get(week, 10)
    posts = Post.objects.filter(gathering=gathering, state=State.INVITED).with_people()
    for post in posts.order_by("pk"):
        if season.rng.integers(10) < of_ten:
            coming = post.part in SURE or season.rng.random() < 0.85
            own = post.member.user
            heard = Heard.LINK if own else Heard.TOLD
            rosters.answer(post, coming=coming, heard=heard, by=own or season.by)
    guests = _guests(week)
    for each in _invited(gathering, State.INVITED):
        guest = guests.get(each.partner.name)
        if guest is None and season.rng.integers(10) < of_ten:
            coming = bool(season.rng.random() < 0.7)
            partnering.answer(each, coming=coming, heard=Heard.LINK, party=int(season.rng.integers(1, 4)))
        if guest is not None:
            if guest.cohost:
                partnering.let_cohost(each, cohost=True, by=season.by)
            partnering.answer(each, coming=True, heard=Heard.LINK, party=guest.party, topics=guest.topics)


def _invited(gathering: Gathering, *states: str) -> list[PartnerInvitation]:
    rows = PartnerInvitation.objects.filter(gathering=gathering, state__in=states)
    return list(rows.select_related("partner").order_by("partner__name"))


# -- after a walk ---------------------------------------------------------------------------------
def say_who_came(season: LivedSeason, gathering: Gathering) -> None:
    """Those who said yes came, but for a few; the partners who came are thanked the day after."""
    with clock.at(season.local(gathering.on, time(13, 10))):
        posts = Post.objects.filter(gathering=gathering, state=State.COMING).order_by("pk")
        there = [post.pk for post in posts if post.part in SURE or season.rng.random() < 0.93]
        rosters.mark_came(Post, gathering, came=there, by=season.by)
        partners = _invited(gathering, State.COMING)
        rosters.mark_came(PartnerInvitation, gathering, came=[each.pk for each in partners], by=season.by)
    with clock.at(season.local(gathering.on + timedelta(days=1))):
        partnering.thank(gathering, by=season.by)


def leader_of(gathering: Gathering) -> Member | None:
    """The commander who was, or will be, there."""
    post = (
        Post.objects.filter(gathering=gathering, part=Part.LEADER, state__in=STANDING).with_people().first()
    )
    return post.member if post else None


def officers_there(gathering: Gathering) -> list[Member]:
    rows = Post.objects.filter(gathering=gathering, state=State.CAME, part=Part.OFFICER).with_people()
    return [post.member for post in rows.order_by("pk")]


def partners_there(gathering: Gathering) -> list[Partner]:
    return [each.partner for each in _invited(gathering, State.CAME)]


def tell_of_themselves(season: LivedSeason, gathering: Gathering, *, share: float = 0.62) -> None:
    """Some of those who came say where they live and how old they are. Only sums are kept of it."""
    home = gathering.neighborhood
    if home is None or not gathering.came:
        return
    others = [str(area.public_id) for name, area in sorted(season.homes.items()) if area != home][:6]
    with clock.at(season.local(gathering.on, time(19, 0))):
        people = round(gathering.came * share)
        for code in gatherings.make_cards(gathering, count=people, by=season.by):
            lives = str(home.public_id) if season.rng.random() < 0.78 else str(season.rng.choice(others))
            card = gatherings.card_behind(code, at=gathering.agency)
            gatherings.say_who_came(card.bearer, card.thing, _answers(season.rng, lives))


def _answers(rng: np.random.Generator, lives: str) -> dict[str, str]:
    """One person's answers; not everybody answers everything."""
    said = {
        Question.HOME.value: lives,
        Question.TIE.value: _one(rng, "lives lives lives works visits"),
        Question.AGE.value: _one(rng, "under-18 18-29 30-44 30-44 45-59 60-up 60-up"),
        Question.YEARS.value: _one(rng, "under-1 1-4 5-19 5-19 20-up 20-up"),
        Question.BEFORE.value: _one(rng, "first first first once often"),
    }
    return {name: answer for name, answer in said.items() if rng.random() < 0.95}


def _one(rng: np.random.Generator, words: str) -> str:
    return str(rng.choice(words.split()))
