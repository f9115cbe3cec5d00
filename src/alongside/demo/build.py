"""Build the demo city: its files, taken in by the same actions as pages and commands use.

Each step is a sentence on the screen. Nothing here writes a row by hand that an action could write.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as dawn
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext as _

from alongside.agencies import actions as agencies
from alongside.agencies import statements
from alongside.agencies.models import Agency, Role, User
from alongside.core import clock, data, shaping
from alongside.core.errors import Refusal
from alongside.demo import ahead, by_law, company, gathering, marker, notes, past, staffing
from alongside.demo.city import CityFiles, generate_city
from alongside.demo.days import LivedSeason
from alongside.demo.personas import SLUG
from alongside.demo.voices import CHOICES, CRITERIA, VOICES
from alongside.gatherings import actions as gatherings
from alongside.hotspots import actions as hotspots
from alongside.hotspots.models import FocusArea, Run
from alongside.incidents import actions as incidents
from alongside.people import actions as people
from alongside.people.tables import understand_partners, understand_staff
from alongside.places import actions as places
from alongside.places.boundaries.counts import read_counts
from alongside.places.models import AreaKind
from alongside.places.queries import areas
from alongside.places.sheets import read_sheet

NAME = "Riverbend Police"
TIMEZONE = "America/Kentucky/Louisville"
SEED = 20_160_712  # the day of one of the first walks of the program this is modelled on

Progress = Callable[[str], None]


class NotADemoFolder(Refusal):
    """The data folder holds something that was not generated here."""


@dataclass
class Story:
    """What the steps hand on to each other: the agency, its people by e-mail, and the files."""

    files: CityFiles
    agency: Agency
    until: date
    seed: int
    users: dict[str, User] = field(default_factory=dict)
    progress: Progress = lambda _: None
    season: LivedSeason | None = None

    def by(self, first_name: str) -> User:
        """The account of one of the personas."""
        return self.users[f"{first_name}@riverbend.example"]


def build_demo(
    *, seed: int = SEED, until: date | None = None, progress: Progress = lambda _: None
) -> marker.Marker:
    """Build the city in the data folder, or find it standing there. Incidents end yesterday.

    Stopped half way, the next call begins anew. A folder that holds anything else is refused.
    """
    marker.refuse_postgres()
    folder = data.folder()
    standing = marker.read(folder)
    if standing is not None:
        return standing
    _refuse_others(folder)
    if marker.was_begun(folder):
        progress("A build was stopped here before it was done: beginning anew.")
        _clear(folder)
    marker.begin(folder)
    until = until or _yesterday()
    story = _agency_with_files(seed, until, progress)
    for title, step in STEPS:
        with _timed(title, progress):
            step(story)
    season = story.season
    return marker.finish(
        folder,
        seed=seed,
        until=until,
        follow=season.follow if season else "",
        scribe=season.scribe if season else "",
    )


def _yesterday() -> date:
    """By the calendar of Riverbend: elsewhere it may be tomorrow already."""
    return clock.now().astimezone(ZoneInfo(TIMEZONE)).date() - timedelta(days=1)


def _refuse_others(folder: Path) -> None:
    if Agency.objects.exists() and not marker.was_begun(folder):
        raise NotADemoFolder(
            _(
                "%(folder)s holds an install already, and the demo would mix with it: set ALONGSIDE_DATA "
                "to an empty folder."
            )
            % {"folder": folder}
        )


def _clear(folder: Path) -> None:
    """Take away what a stopped build left: rows here, files in the folders that the steps fill."""
    _empty_the_database()
    for part in ("demo", "streets", "lake", "hotspots", "records"):
        for path in sorted((folder / part).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()


def _empty_the_database() -> None:
    """A new file: the ledger in the old one lets nobody take a row away. The demo never has another database."""
    connection.close()
    file = Path(connection.settings_dict["NAME"])
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        each.unlink(missing_ok=True)
    with shaping.quickly():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _timed(title: str, progress: Progress) -> Iterator[None]:
    began = time.monotonic()
    yield
    progress(f"  {title}: {time.monotonic() - began:.1f} s")


def _agency_with_files(seed: int, until: date, progress: Progress) -> Story:
    progress("Building Riverbend, a city that does not exist:")
    with _timed("drawing streets, neighborhoods and two years of incidents", progress):
        files = generate_city(data.folder("demo"), seed=seed, until=until)
    agency = agencies.create_agency(slug=SLUG, name=NAME, timezone=TIMEZONE)
    agencies.change_agency(agency, by=None, contact_email="walks@riverbend.example")
    return Story(files=files, agency=agency, until=until, seed=seed, progress=progress)


# -- people -----------------------------------------------------------------------------------------
def open_accounts(story: Story) -> None:
    """Accounts for those whose shoes one can step into. They have no password: only the demo signs them in."""
    names = agencies.set_ranks(story.agency, names=staffing.RANKS, by=None)
    ranks = {rank.name: rank for rank in names}
    for row in _rows(story.files.staff):
        if row["email"]:
            user = User.objects.create_user(row["email"], language=staffing.LANGUAGES.get(row["email"], ""))
            agencies.add_member(
                story.agency,
                name=row["name"],
                roles=[Role(role) for role in row["roles"].split()],
                rank=ranks.get(row["rank"]),
                user=user,
                employee=row["roles"] != Role.MODERATOR,
                by=None,
            )
            story.users[user.email] = user


def hire(story: Story) -> None:
    """Everybody else on the staff list; who commands which division, for longer than the incident files reach."""
    with clock.at(_noon(story.until - timedelta(days=3 * 365))):
        read = understand_staff(read_sheet(story.files.staff.read_bytes()))
        people.keep_staff(story.agency, read, by=story.by("ruth"))


def invite_partners(story: Story) -> None:
    """The directory of those who walk with us."""
    read = understand_partners(read_sheet(story.files.partners.read_bytes()))
    people.keep_partners(story.agency, read, by=story.by("ada"))


# -- places -----------------------------------------------------------------------------------------
def draw_areas(story: Story) -> None:
    """Neighborhoods, divisions and beats by name; tracts with a table of residents, rows of one tract summed."""
    files = story.files
    counts = read_counts(files.tract_population.read_bytes(), key="tract", value="population")
    for path, kind, more in (
        (files.neighborhoods, AreaKind.NEIGHBORHOOD, {"population": "population"}),
        (files.divisions, AreaKind.DIVISION, {}),
        (files.beats, AreaKind.BEAT, {}),
        (files.tracts, AreaKind.TRACT, {"key": "code", "counts": counts}),
    ):
        field_of_name = "code" if kind in (AreaKind.BEAT, AreaKind.TRACT) else "name"
        read = places.read_areas(
            path.read_bytes(), file_name=path.name, kind=kind, name=field_of_name, **more
        )
        places.keep_areas(story.agency, read, by=story.by("ada"))


def lay_streets(story: Story) -> None:
    """The walkable streets, from the map file."""
    path = story.files.streets
    places.import_streets(story.agency, path, file_name=path.name, by=story.by("ada"))


def list_venues(story: Story) -> None:
    """Meeting points, the mall, libraries, community centers, places of worship, schools."""
    path = story.files.venues
    read = places.read_venues(story.agency, path.read_bytes(), file_name=path.name)
    places.keep_venues(story.agency, read, by=story.by("ada"))


# -- involvement ------------------------------------------------------------------------------------
def read_incidents(story: Story) -> None:
    """Both incident files into the lake, with their quality report."""
    files = [str(story.files.investigation), str(story.files.enforcement)]
    done = incidents.import_files(story.agency, files, by=story.by("ines"))
    story.progress(f"    {done.report['read']:,} rows read, {done.report['kept']:,} kept")


def find_hot_spots(story: Story) -> None:
    """Two runs, as an analyst would leave them: the earlier one private, the latest one published."""
    first = story.until - timedelta(days=729)
    year_ago = story.until - timedelta(days=365)
    with clock.at(_noon(story.until - timedelta(days=364))):
        hotspots.run(story.agency, window=(first, year_ago), by=story.by("ines"))
    latest = hotspots.run(story.agency, by=story.by("ines"))
    hotspots.publish(latest, by=story.by("ada"))
    statements.accept(story.agency, "enforcement-first", by=story.by("ada"))
    story.progress(f"    {latest.areas.count()} areas and single sites, {latest.significant} cells")


def hear_residents(story: Story) -> None:
    """What residents asked and objected to, and the answers most of them have."""
    homes = {area.name: area for area in areas(story.agency, AreaKind.NEIGHBORHOOD)}
    for number, voice in enumerate(VOICES):
        asked = story.until - timedelta(days=voice.days_ago)
        with clock.at(_noon(asked)):
            petition = hotspots.petition(
                story.agency,
                kind=voice.kind,
                form_key=f"demo-petition-{number:08d}",
                device=f"demo-petition-device-{number:08d}",
                neighborhood=homes.get(voice.neighborhood),
                place=voice.neighborhood,
                text=voice.text,
                language=voice.language,
            )
        if voice.answer:
            with clock.at(_noon(asked + timedelta(days=voice.answered_after))):
                hotspots.answer(petition, text=voice.answer, by=story.by("ada"))


def choose_places(story: Story) -> None:
    """Two versions of how Riverbend chooses, and some choices, each with the reason of whoever made it."""
    for days_ago, weights, why in CRITERIA:
        with clock.at(_noon(story.until - timedelta(days=days_ago))):
            hotspots.set_criteria(story.agency, weights=weights, why=why, by=story.by("ruth"))
    homes = {area.name: area for area in areas(story.agency, AreaKind.NEIGHBORHOOD)}
    latest = {area.neighborhood_id: area for area in _latest_areas(story.agency)}
    for days_ago, name, reason in CHOICES:
        home = homes.get(name)
        with clock.at(_noon(story.until - timedelta(days=days_ago))):
            hotspots.choose(
                story.agency,
                area=latest.get(home.pk) if home else None,
                neighborhood=home,
                place=name,
                reason=reason,
                by=story.by("ruth" if days_ago > 30 else "ada"),
            )


# -- the program ------------------------------------------------------------------------------------
def say_who_works_where(story: Story) -> None:
    """Usual areas, courses, and the seats of the council, as they were before the first walk."""
    divisions = {row["name"]: row["division"] for row in _rows(story.files.staff)}
    with transaction.atomic(), clock.at(_noon(story.until - timedelta(days=150))):
        company.settle_in(story.agency, divisions, by=story.by("ada"), rng=_chance(story, 21))


def live_through_the_season(story: Story) -> None:
    """Walks that were held, cancelled and moved, walks that are coming, who comes, what was heard, what came of it."""
    story.season = gathering.begin(story.agency, users=story.users, rng=_chance(story, 20))
    with transaction.atomic():  # a thousand writes, and one wait for the disk
        gathering.live_through(story.season)
        gatherings.tell_quarters(story.agency)
    notes.photograph(story.season)
    states = notes.counted(story.season)
    story.progress(f"    {states.total()} notes, {states['done']} promises kept, {states['owned']} open")


def plan_ahead(story: Story) -> None:
    """The next twelve Saturdays, in two versions, signed by the coordinator and a commander."""
    assert story.season is not None
    ahead.plan(story.season)
    statements.accept(story.agency, "every-week", by=story.by("ada"))


def load_the_past(story: Story) -> None:
    """What was walked and promised in the years before, from the tables that the office had."""
    homes = sorted(area.name for area in areas(story.agency, AreaKind.NEIGHBORHOOD))
    walked, promised = past.load(
        story.agency,
        story.files.folder,
        until=story.until,
        homes=homes,
        by=story.by("ada"),
        rng=_chance(story, 22),
    )
    story.progress(f"    {walked} walks and {promised} promises of before")


def answer_by_law(story: Story) -> None:
    """One records request handed over and counted in public, one to look through, and a hold."""
    by_law.live_through(story.agency, by=story.by("grace"))


def _chance(story: Story, topic: int) -> np.random.Generator:
    return np.random.default_rng([story.seed, topic])


def _latest_areas(agency: Agency) -> list[FocusArea]:
    run = Run.objects.filter(agency=agency).latest_published()
    return list(run.areas.all()) if run else []


def _noon(day: date) -> datetime:
    return datetime.combine(day, dawn(hour=12), tzinfo=UTC)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


STEPS: tuple[tuple[str, Callable[[Story], None]], ...] = (
    ("opening accounts", open_accounts),
    ("drawing neighborhoods, divisions, beats and tracts", draw_areas),
    ("hiring the staff", hire),
    ("inviting partners", invite_partners),
    ("laying the streets", lay_streets),
    ("listing places to meet", list_venues),
    ("reading incidents into the lake", read_incidents),
    ("looking for hot spots", find_hot_spots),
    ("hearing residents", hear_residents),
    ("choosing where to walk", choose_places),
    ("saying who works where", say_who_works_where),
    ("walking every Saturday", live_through_the_season),
    ("planning the season ahead", plan_ahead),
    ("loading the years before", load_the_past),
    ("answering what was asked by law", answer_by_law),
)
