"""An agency where one need of each kind waits: whoever adds a kind adds how it comes to be."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from alongside.agencies.models import Agency, Member, Role
from alongside.cadence.models import Pause
from alongside.core import clock
from alongside.core.authored import Words
from alongside.field.models import Note
from alongside.followthrough import actions as followthrough
from alongside.followthrough.passing import actions as passing
from alongside.followthrough.passing.models import Body, Passing, Sending
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_draft as a_plain_draft
from alongside.gatherings.tests.cast import a_gathering, a_venue, answer
from alongside.hotspots import actions as hotspots
from alongside.hotspots.models import Petition, PetitionKind
from alongside.incidents import actions as incidents
from alongside.incidents.models import Import
from alongside.incidents.models import State as ImportState
from alongside.jobs.models import Job
from alongside.jobs.models import State as JobState
from alongside.ledger import actions as ledger
from alongside.media.models import Picture
from alongside.methods.tests.streets import box
from alongside.outreach.models import Mail
from alongside.outreach.models import State as MailState
from alongside.places.models import Area, AreaKind, Venue
from alongside.records.models import RecordsRequest
from alongside.records.models import State as RequestState
from alongside.rosters import actions as rosters
from alongside.rosters import posting
from alongside.rosters.models import Part, Post
from alongside.rosters.tests.cast import command, somebody
from alongside.season.models import Draw, Season, Week
from alongside.walks.models import Walk
from alongside.walks.tests import cast as walks
from alongside.weather.models import Alert, Hazard, Level, Stage

CALLS = b"date,kind,lat,lon\n2026-05-04 18:00,NOISE,38.2,-85.7\n"


@dataclass
class Waiting:
    """The agency, its people by role, and the two neighborhoods: Dent commands the first, Hargrove the second."""

    agency: Agency
    people: dict[str, Member]
    eastbank: Area
    mill_row: Area


def everything(agency: Agency) -> Waiting:
    """One of each kind, in Eastbank, where it lies anywhere."""
    eastbank, mill_row, _library = walks.a_town(agency)
    people = {
        role.value: somebody(agency, f"Some {role.value.title().replace('_', '')}", role, rank="Officer")
        for role in Role
        if role not in {Role.COMMANDER, Role.PARTNER}
    }
    for name, shape in (("dent", box(250, -50, 1000, 700)), ("hargrove", box(-500, -50, 250, 700))):
        people[name] = somebody(agency, f"Major {name.title()}", Role.COMMANDER, rank="Major")
        division = walks.an_area(agency, f"Division of {name}", shape, AreaKind.DIVISION)
        command(division, people[name], agency)
    people["chief"] = somebody(agency, "Ruth Chief", Role.COMMANDER, rank="Chief")
    made = Waiting(agency, people, eastbank, mill_row)
    with clock.at(clock.now() - timedelta(days=9)):
        ledger.begin(agency)  # and nobody signs
    for each in (_gatherings, _promises, _season, _records, _what_runs_by_itself):
        each(made)
    return made


def a_walk(agency: Agency, **words: Any) -> Walk:
    return walks.a_draft(agency, **{"meeting_point": "The fountain"} | words)


def in_days(agency: Agency, days: int) -> date:
    return agency.today() + timedelta(days=days)


def _gatherings(made: Waiting) -> None:
    agency, ada = made.agency, made.people["coordinator"].user
    soon = a_walk(agency, area=made.eastbank, on=in_days(agency, 3), minutes=60)
    walks.actions.lay_route(soon, by=None)
    Gathering.objects.filter(pk=soon.gathering_id).update(typed_host="")
    read = walks.confirmed(a_walk(agency, area=made.eastbank, on=in_days(agency, 4)))
    assert read.gathering.is_draft
    coffee = a_gathering(agency, kind="coffee", on=in_days(agency, 5), neighborhood=made.eastbank)
    answer(coffee, access_needs="A ramp")
    gone = answer(coffee, email="gone@neighbors.example")
    Mail.objects.filter(whose=str(gone.key)).update(state=MailState.FAILED, refused_at=clock.now())
    a_plain_draft(agency, kind="coffee", on=in_days(agency, 6), neighborhood=made.eastbank)
    posting.add(coffee, member=made.people["officer"], part=Part.OFFICER, by=None)
    rosters.invite_all(Post, coffee, by=ada)
    Alert.objects.create(
        agency=agency,
        gathering=coffee,
        about=coffee.starts,
        hazard=Hazard.RAIN,
        stage=Stage.DAYS,
        level=Level.CAUTION,
        value=80,
        worst_at=coffee.starts,
    )
    hall = a_venue(agency, "The old hall")
    a_gathering(agency, kind="coffee", on=in_days(agency, 6), venue=hall, neighborhood=made.eastbank)
    Venue.objects.filter(pk=hall.pk).update(active=False)
    over = walks.published(a_walk(agency, area=made.eastbank, on=in_days(agency, 8))).gathering
    days = {"on": in_days(agency, -9), "published_at": clock.now() - timedelta(days=20)}
    Gathering.objects.filter(pk=over.pk).update(**days)
    for words, withheld in (("He told of a theft.", "crime"), ("About an officer.", "officer")):
        concern = ben_says(agency, key=words, words=words, withheld=withheld).concern
        Note.objects.create(
            agency=agency,
            gathering=over,
            client_id=uuid.uuid4(),
            concern=concern,
            heard_at=clock.now(),
            held=True,
        )
    Picture.objects.create(
        agency=agency, origin=str(over.key), client_id=uuid.uuid4(), width=4, height=3, published=True
    )


def _promises(made: Waiting) -> None:
    agency, ada = made.agency, made.people["coordinator"].user
    today, officer = agency.today(), made.people["officer"]

    def said(key: str) -> Any:
        return ben_says(agency, key=key, neighborhood=made.eastbank).concern

    said("unowned")
    for key, days in (("late", -2), ("due", 2)):
        concern = followthrough.assign(said(key), owner=officer, due=in_days(agency, 5), by=ada)
        type(concern).objects.filter(pk=concern.pk).update(due=today + timedelta(days=days))
    corrected = followthrough.assign(said("corrected"), owner=officer, due=in_days(agency, 9), by=ada)
    followthrough.correct(corrected, text="It is the other corner of the street.")
    followthrough.correct(said("apart"), text="Officer Smith was kind to my mother, please thank him.")
    over = followthrough.close(said("ending"), state="done", outcome="It is done.", by=ada)
    long_ago = clock.now() - timedelta(days=agency.words_retention_days - 10)
    type(over).objects.filter(pk=over.pk).update(closed_at=long_ago)
    _passed_on(made)
    _on_their_way(made)
    _petition(agency, made.eastbank)
    hotspots.choose(
        agency, neighborhood=made.mill_row, reason="Nobody has walked there for a long time.", by=ada
    )


def _passed_on(made: Waiting) -> None:
    """One that nobody knows the end of, and one of which nobody says anything."""
    agency, ada = made.agency, made.people["coordinator"].user
    works = passing.set_body(Body(agency=agency, name=Words.of("Public Works")), by=ada)
    for key, more in (
        ("unclear", {"state": Sending.UNCLEAR}),
        ("silent", {"sent_at": clock.now() - timedelta(days=40)}),
    ):
        concern = ben_says(agency, key=key, neighborhood=made.eastbank).concern
        concern = followthrough.clear(concern, summary="The lamp is dark.", by=ada)
        sent = passing.pass_on(concern, body=works, outcome="We passed it on.", by=ada)
        Passing.objects.filter(pk=sent.pk).update(**more)


def _on_their_way(made: Waiting) -> None:
    """What nobody read, what came back, what was promised aloud; and who left with one of them in hand."""
    agency, ada, officer = made.agency, made.people["coordinator"].user, made.people["officer"]
    unread = ben_says(agency, key="unread", neighborhood=made.eastbank, owner=officer).concern
    type(unread).objects.filter(pk=unread.pk).update(received_at=clock.now() - timedelta(days=10))
    again = followthrough.assign(
        ben_says(agency, key="reopened", neighborhood=made.eastbank).concern,
        owner=officer,
        due=in_days(agency, 9),
        by=ada,
    )
    followthrough.reopen(
        followthrough.close(again, state="done", outcome="It is done.", by=ada), words="It is not."
    )
    gone = somebody(agency, "Some Leaver", Role.OFFICER, rank="Officer")
    for key, who, days in (("late", officer, -2), ("soon", officer, 2), ("left", gone, 30)):
        said = promising.Said(f"Promised, {key}.", who, in_days(agency, 5), area=made.eastbank)
        promise = promising.make(agency, said, by=ada, key=f"waits:{key}", public=True)
        type(promise).objects.filter(pk=promise.pk).update(due=in_days(agency, days))
    Member.objects.filter(pk=gone.pk).update(active=False)
    kept = promising.Said("Promised, and kept.", officer, in_days(agency, 5))
    promising.keep(promising.make(agency, kept, by=ada, public=True), outcome="It is done.", by=ada)


def _petition(agency: Agency, home: Area) -> None:
    digest = uuid.uuid4().hex
    Petition.objects.create(
        agency=agency, kind=PetitionKind.WALK, neighborhood=home, text="Come", form_digest=digest
    )


def _season(made: Waiting) -> None:
    agency = made.agency
    facts = {"at": time(18, 0), "minutes": 60, "objective": 0.0, "best": 0.0, "bound": 0.0, "seconds": 0.0}
    asked = Season.objects.create(agency=agency, start=in_days(agency, 60), **facts)
    Week.objects.create(agency=agency, season=asked, number=1, day=in_days(agency, 60), where="Eastbank")
    unnamed = Season.objects.create(agency=agency, start=in_days(agency, 50), inputs={"band": 5}, **facts)
    Week.objects.create(agency=agency, season=unnamed, number=1, day=in_days(agency, 50), where="Eastbank")
    signed = {"coordinator": "Ada", "commander": "Dent"}
    moments = {f"{who}_at": clock.now() for who in signed}
    force = Season.objects.create(
        agency=agency,
        start=in_days(agency, 1),
        state="approved",
        draw=Draw.objects.create(
            agency=agency,
            first=in_days(agency, 20),
            source="A lottery",
            known_on=in_days(agency, 0),
            value="3 12",
            typed_at=clock.now(),
        ),
        inputs={"band": 5},
        seed="ab" * 32,
        **facts,
        **signed,
        **moments,
    )
    Week.objects.create(agency=agency, season=force, number=1, day=in_days(agency, 20), where="Eastbank")
    _paused(made)


def _records(made: Waiting) -> None:
    """What was asked for by law: gathered, and written."""
    today = made.agency.today()
    for number, state in enumerate((RequestState.REVIEW, RequestState.FINISHED)):
        RecordsRequest.objects.create(
            agency=made.agency, number=f"2026-{number}", asked="Lamps", first=today, last=today, state=state
        )


def _paused(made: Waiting) -> None:
    """A walk that was published into a pause; and weeks before it, of which nobody said why nobody walked."""
    agency = made.agency
    day = in_days(agency, 40)
    Pause.objects.create(
        agency=agency,
        kind="walk",
        first=day,
        last=day,
        cause="mourning",
        reason=Words.of("We stay away that day.", language="en"),
    )
    walks.published(a_walk(agency, area=made.eastbank, on=day))
    old = walks.published(a_walk(agency, area=made.eastbank, on=in_days(agency, 41))).gathering
    Gathering.objects.filter(pk=old.pk).update(on=in_days(agency, -60), status=Status.HELD, came=9)


def _what_runs_by_itself(made: Waiting) -> None:
    agency = made.agency
    incidents.upload(agency, [SimpleUploadedFile("calls.csv", CALLS)], by=None)
    Import.objects.create(agency=agency, state=ImportState.FAILED, names=["calls.csv"])
    Mail.objects.create(
        agency=agency,
        to="x@example.org",
        subject="News",
        kind="outreach.own",
        facts={"subject": "News", "text": "News"},
        message_id="<1@x>",
        state=MailState.FAILED,
    )
    Job.objects.create(
        name="outreach.sweep", agency_id=agency.pk, state=JobState.DEAD, finished_at=clock.now()
    )
    ledger.lose_key(agency, by=None)


def more_of_it(made: Waiting, times: int) -> None:
    """So many more of what there may be many of."""
    agency, ada = made.agency, made.people["coordinator"].user
    for number in range(times):
        home = walks.an_area(
            agency, f"Quarter {number}", box(300 + 10 * number, 0, 300 + 10 * number + 90, 90)
        )
        walk = a_walk(agency, area=home, on=in_days(agency, 2), at=time(8 + number, 0))
        walks.actions.lay_route(walk, by=None)
        coffee = a_gathering(agency, kind="coffee", on=in_days(agency, 3), neighborhood=home)
        answer(coffee, access_needs="A ramp")
        gone = answer(coffee, email=f"gone{number}@neighbors.example")
        Mail.objects.filter(whose=str(gone.key)).update(state=MailState.FAILED, refused_at=clock.now())
        posting.add(coffee, member=made.people["officer"], part=Part.OFFICER, by=None)
        rosters.invite_all(Post, coffee, by=ada)
        over = a_gathering(agency, kind="coffee", on=in_days(agency, 3), neighborhood=home)
        Gathering.objects.filter(pk=over.pk).update(on=in_days(agency, -3))
        ben_says(agency, key=f"more:{number}", neighborhood=home)
        late = followthrough.assign(
            ben_says(agency, key=f"late:{number}", neighborhood=home).concern,
            owner=made.people["officer"],
            due=in_days(agency, 1),
            by=ada,
        )
        type(late).objects.filter(pk=late.pk).update(due=in_days(agency, -number - 1))
        _petition(agency, home)
        hotspots.choose(agency, neighborhood=home, reason="Nobody has walked there for a long time.", by=ada)
