"""Draw a season again and again: asked for when it is drawn, made by a job, published when it is signed.

What each draw's later seasons go on from is what that draw did before: its own past, not ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import Q

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core import clock
from alongside.core.files import whole
from alongside.jobs.actions import enqueue, run_again
from alongside.jobs.models import Job
from alongside.methods import scheduling
from alongside.methods.scheduling import SeasonProblem
from alongside.methods.scheduling.redrawing import DRAWS
from alongside.season import freezing, letters
from alongside.season.models import Redraws, Season, SeasonState
from alongside.season.planning import PlanBasis

REDRAW = "season.redraw"
STANDING = Q(season__state__in=[SeasonState.PROPOSED, SeasonState.APPROVED])


def ask(season: Season, known: PlanBasis, *, public: str, by: User | None) -> Redraws:
    """Ask for the draws of a season that is kept, in the transaction that keeps it."""
    names = {
        key: [site.name, site.home.name if site.home else site.name] for key, site in known.sites.items()
    }
    asked = Redraws.objects.create(
        agency=season.agency,
        season=season,
        public=public,
        draws=DRAWS,
        problem=freezing.frozen(known.season),
        chances={"names": names},
        asked_by=by,
    )
    _enqueue(asked)
    return asked


def _enqueue(asked: Redraws) -> None:
    enqueue(REDRAW, key=str(asked.key), agency_id=asked.agency_id, redraws_id=asked.pk)


def ask_again(asked: Redraws) -> None:
    """The job was given up, or is forgotten: whatever was wrong is mended, and it begins anew."""
    if asked.done_at is not None:
        publish(asked, by=None)
        return
    if not is_wanted(asked):
        return
    job = job_of(asked)
    if job is None:
        _enqueue(asked)
    else:
        run_again(job)


def is_wanted(asked: Redraws) -> bool:
    """Whether its season stands: what was replaced or laid aside is drawn no more."""
    return Redraws.objects.of(asked.agency_id).filter(STANDING, pk=asked.pk).exists()


def job_of(asked: Redraws) -> Job | None:
    """What draws, or did; it is forgotten some weeks after."""
    return Job.objects.filter(name=REDRAW, key=str(asked.key)).first()


def make(asked: Redraws, *, progress: Callable[[int, int], None] | None = None) -> None:
    """Draw, and keep the file. Twice is once: the same draws have the same text. The drawing holds no transaction."""
    if asked.done_at is not None:
        publish(asked, by=None)
        return
    if not is_wanted(asked):
        return
    problem = freezing.thawed(asked.problem)
    every = scheduling.redraws(
        problem,
        asked.public,
        band=asked.season.inputs["band"] / 100,
        draws=asked.draws,
        pasts=pasts(asked, problem),
        progress=progress,
    )
    with whole(asked.file_path) as draft:
        draft.write(every.text().encode())
    asked.keep()
    _finish(asked, every)


@transaction.atomic
def _finish(asked: Redraws, every: scheduling.Redraws) -> None:
    _lock_season(asked)
    asked.done_at = clock.now()
    asked.chances = asked.chances | {"weeks": every.chances()}
    asked.save(update_fields=["size", "sha256", "done_at", "chances"])
    first = every.days[0]
    for week in asked.season.weeks.filter(day__gte=first).exclude(where=""):
        if week.key in every.homes:
            week.chance = asked.chances["weeks"][week.key][every.days.index(week.day)]
            week.save(update_fields=["chance"])
    publish(asked, by=None)
    letters.tell_redrawn(asked)


@transaction.atomic
def publish(asked: Redraws, *, by: User | None) -> None:
    """Published as soon as the season is signed and every draw is made, whichever comes last."""
    _lock_season(asked)
    asked.refresh_from_db(fields=["done_at", "published_at"])
    in_force = Season.objects.of(asked.agency).filter(pk=asked.season_id, state=SeasonState.APPROVED).exists()
    if not in_force or asked.done_at is None or asked.published_at is not None:
        return
    asked.published_at = clock.now()
    asked.save(update_fields=["published_at"])
    audit.record(agency=asked.agency, by=by, verb="published", thing=asked, detail={"sha256": asked.digest})


def _lock_season(asked: Redraws) -> None:
    """Whoever signs holds the same row: so of a signature and the end of the draws one sees the other."""
    Season.objects.select_for_update(of=("self",)).get(pk=asked.season_id)


# -- each draw's own past --------------------------------------------------------------------------
def pasts(asked: Redraws, problem: SeasonProblem) -> list[Mapping[str, date | None]] | None:
    """For each draw, the last walks in it before this season; None where no season was drawn before.

    Draw 0 is what is planned in truth, and has the past that was. In the others a walk that no season planned took
    place all the same.
    """
    before = [
        each
        for each in Redraws.objects.of(asked.agency_id).of_signed().exclude(pk=asked.pk)
        if each.draws >= asked.draws and freezing.thawed(each.problem).weeks[0].day < problem.weeks[0].day
    ]
    if not before:
        return None
    problems = [*(freezing.thawed(each.problem) for each in before), problem]
    every = [each.every for each in before]
    return [{}, *(_past(every, problems, number) for number in range(1, asked.draws))]


def _past(
    every: Sequence[scheduling.Redraws], problems: Sequence[SeasonProblem], number: int
) -> dict[str, date | None]:
    """What one draw has been through: home → its last walk."""
    last: dict[str, date | None] = {}
    planned: set[date] = set()
    for drawn, (here, after) in zip(every, pairwise(problems), strict=True):
        _add_unplanned(last, here, planned)
        end = after.weeks[0].day
        planned |= {day for day in drawn.days if day < end}
        for day, area in zip(drawn.days, drawn.draws[number], strict=True):
            if area is not None and day < end:
                last[drawn.homes[area]] = day
    _add_unplanned(last, problems[-1], planned)
    return last


def _add_unplanned(last: dict[str, date | None], problem: SeasonProblem, planned: set[date]) -> None:
    """Walks that no season planned, and homes of which no draw has known before."""
    for area in problem.areas:
        was = last.setdefault(area.home, None)
        if area.last is not None and area.last not in planned and (was is None or was < area.last):
            last[area.home] = area.last
