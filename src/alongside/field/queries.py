"""What a phone takes along, what a scribe is asked to do, and what the public learns of a gathering."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db import models
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, User
from alongside.core import formats, languages
from alongside.core.authored import Words
from alongside.core.care import patterns, wording
from alongside.field import actions, passes, themes
from alongside.field.models import (
    LARGEST_CROWD,
    LONGEST_PLACE,
    LONGEST_WORDS,
    ContactQuality,
    EnforcementException,
    HeadCount,
    Note,
    Observation,
    Pass,
    QuarterThemes,
    Recap,
)
from alongside.followthrough.models import Category, Concern, ConcernKind, Withheld, rules_of
from alongside.followthrough.public.lines import PublicPromise
from alongside.followthrough.queries import public_promises
from alongside.gatherings.models import Gathering, Status
from alongside.media.drawing import LONGEST_SIDE, MOST_BYTES
from alongside.media.models import Picture, PictureQuerySet
from alongside.methods.ground import circle
from alongside.places import queries as places
from alongside.places.models import Area, StreetNetwork

MOST_STREETS = 600
DESK_LOOKS_BACK = timedelta(days=70)
PROMISES_SHOWN = 6
AROUND_M = 900.0  # around a venue, where no neighborhood is known


def _spoken_first(gathering: Gathering) -> str:
    """In which language a resident is spoken to first there, of those that we write in."""
    return languages.among([*gathering.languages, gathering.agency.language])[0]


# -- for the phone --------------------------------------------------------------------------------
def kit(opened: Pass) -> dict[str, Any]:
    """What the phone works with alone, but for the codes of cards."""
    gathering = opened.gathering
    return {
        "gathering": {
            "id": gathering.public_id,
            "title": str(gathering.title),
            "when": gathering.when,
            "starts": gathering.starts.isoformat(),
            "ends": gathering.ends.isoformat(),
            "place": str(gathering.place),
            "neighborhood": gathering.neighborhood.name if gathering.neighborhood else "",
            "language": _spoken_first(gathering),
            "minutes": gathering.minutes,
        },
        "agency": {"name": opened.agency.name, "slug": opened.agency.slug},
        "pass": {"holder": opened.by.holder, "closes": passes.ends_of(gathering, opened.by).isoformat()},
        "kinds": [{"value": value, "label": str(label)} for value, label in ConcernKind.choices],
        "categories": [{"value": value, "label": str(label)} for value, label in Category.choices],
        "consent": {
            "version": wording.VERSION,
            **languages.in_each(wording.CONSENT, opened.agency.languages),
        },
        "warnings": patterns.as_json(),
        "guidance": guidances(opened.agency),
        "streets": streets_of(gathering),
        "limits": {
            "words": LONGEST_WORDS,
            "place": LONGEST_PLACE,
            "items": 50,
            "heads": LARGEST_CROWD,
            "photo_bytes": MOST_BYTES,
            "photo_side": LONGEST_SIDE,
        },
    }


def streets_of(gathering: Gathering) -> list[str]:
    """Names of the streets around, for choosing a block. Empty where the agency has no street network."""
    shape = _ground(gathering)
    network = places.streets(gathering.agency)
    if shape is None or network is None or not network.is_whole:
        return []
    return list(_names(network.public_id, shapely.to_wkb(shape)))


def _ground(gathering: Gathering) -> Any:
    if gathering.neighborhood_id is not None:
        return Area.objects.of(gathering.agency_id).get(pk=gathering.neighborhood_id).shape
    if gathering.venue is not None:
        return circle(gathering.venue.lat, gathering.venue.lon, AROUND_M)
    return None


@lru_cache(maxsize=64)
def _names(network: str, wkb: bytes) -> tuple[str, ...]:
    """Read once a network and a shape: a network's file never changes, a new import has another name."""
    graph = StreetNetwork.objects.everywhere().get(public_id=network).graph()
    shape = shapely.from_wkb(wkb)
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, graph.node_lon, graph.node_lat)
    touching = (inside[graph.edge_u] | inside[graph.edge_v]) & (graph.edge_name >= 0)
    names = {graph.names[index] for index in np.unique(graph.edge_name[touching])}
    return tuple(sorted(names)[:MOST_STREETS])


# -- what a scribe is asked to do -----------------------------------------------------------------
def guidance(note: Note) -> str:
    """What the scribe should do about a note that is held; nothing where it is not."""
    withheld = note.concern.withheld
    return guidances(note.agency)[withheld] if withheld else ""


def guidances(agency: Agency) -> dict[str, str]:
    """What to do about each kind of note that is held, with the agency's own addresses."""
    rules = rules_of(agency)
    complaint = _(
        "This is kept apart and not published. Tell the person: complaints about an officer are taken by an "
        "office of their own, not here."
    )
    crime = _(
        "This is kept apart and not published. Tell the person: nobody investigates from these notes. If "
        "somebody is in danger, call 911 now."
    )
    return {
        str(Withheld.OFFICER): _join(complaint, rules.complaints, rules.complaints_url),
        str(Withheld.CRIME): _join(crime, rules.reports),
        str(Withheld.CJI): _(
            "This is kept apart until somebody has looked at it. Next time leave out plates, numbers of IDs, "
            "dates of birth, case numbers, warrants and phone numbers."
        ),
    }


def _join(*parts: Words | str) -> str:
    return " ".join(str(part) for part in parts if part)


# -- for the desk ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class HeardAt:
    """One line of the desk: a gathering and what waits there for a person."""

    gathering: Gathering
    notes: int
    held: int
    photos: int
    recap: RecapShown | None


def lately(user: User, agency: Agency) -> list[HeardAt]:
    """Gatherings of the last weeks and the next days, the latest first, with what waits at each."""
    today = agency.today()
    shown = (
        Gathering.objects.visible_to(user, at=agency)
        .with_places()
        .on_days(today - DESK_LOOKS_BACK, today + timedelta(days=7))
        .exclude(status__in=[Status.DRAFT, Status.CANCELLED])
        .select_related("recap")
        .order_by("-starts_at", "-pk")[:60]
    )
    gatherings = list(shown)
    notes = _count(Note.objects.visible_to(user, at=agency), gatherings)
    held = _count(Note.objects.visible_to(user, at=agency).held(), gatherings)
    photos = _count_photos(Picture.objects.visible_to(user, at=agency).waiting(), gatherings)
    return [
        HeardAt(each, notes[each.pk], held[each.pk], photos[each.pk], recap_promise(each))
        for each in gatherings
    ]


def _count(rows: Any, gatherings: list[Gathering]) -> Counter[int]:
    counted = rows.filter(gathering__in=gatherings).order_by().values_list("gathering")
    return Counter(dict(counted.annotate(n=models.Count("pk"))))


def _count_photos(pictures: PictureQuerySet, gatherings: list[Gathering]) -> dict[int, int]:
    keys = {each.pk: each.key for each in gatherings}
    rows = pictures.that_came_from(*keys.values()).order_by().values_list("origin")
    counted = dict(rows.annotate(n=models.Count("pk")))
    return {pk: counted.get(str(key), 0) for pk, key in keys.items()}


@dataclass(frozen=True)
class SaidBy:
    """How one person saw it: (what was asked, what they answered), and their words."""

    who: str
    answers: list[tuple[str, str]]
    words: str = ""


def concerns_open_to(user: User, gathering: Gathering, notes: Iterable[Note]) -> set[int]:
    """Those behind these notes that this member may open. Not all are: more may read what was heard."""
    seen = Concern.objects.visible_to(user, at=gathering.agency)
    return set(seen.filter(pk__in=[note.concern_id for note in notes]).values_list("pk", flat=True))


def looked_back(user: User, gathering: Gathering) -> list[SaidBy]:
    """Contact quality and the observers' checklists, person by person. Left out is left out."""
    said = []
    for model in (ContactQuality, Observation):
        rows = model.objects.visible_to(user, at=gathering.agency).filter(gathering=gathering)
        for row in rows.select_related("partner", "member__rank"):
            answers = _answers(row)
            words = getattr(row, "words", "")
            if answers or words:
                said.append(SaidBy(row.who, answers, words))
    return said


def _answers(row: ContactQuality | Observation) -> list[tuple[str, str]]:
    asked = [
        field for field in row._meta.concrete_fields if field.choices and getattr(row, field.name) is not None
    ]
    return [(str(field.verbose_name), str(getattr(row, f"get_{field.name}_display")())) for field in asked]


def latest_counts(counts: Iterable[HeadCount]) -> list[HeadCount]:
    """The last count of each device."""
    return list(
        {count.device: count for count in sorted(counts, key=lambda each: (each.at, each.pk))}.values()
    )


def proposed(counts: Iterable[HeadCount]) -> int | None:
    """How many residents came, as far as the devices say: the largest of their last counts.

    Two phones count the same people, one of them later or from further back. A person decides.
    """
    return max((count.residents for count in counts), default=None)


# -- for everybody --------------------------------------------------------------------------------
@dataclass(frozen=True)
class RecapShown:
    """What the public learns of a gathering, or by when it will.

    `state`: "coming", "late" or "published". `themes`: (what, how many), each at least `minimum`; `others` is how
    many notes were about something else. `too_few`: themes are published with the quarter's, on `together_on`.
    """

    gathering: Gathering
    state: str
    due: date
    recap: Recap | None = None
    exceptions: Sequence[EnforcementException] = ()
    photos: Sequence[Picture] = ()
    promises: Sequence[PublicPromise] = ()
    pool: QuarterThemes | None = None

    @property
    def is_published(self) -> bool:
        return self.state == "published"

    @property
    def is_late(self) -> bool:
        return self.state == "late"

    @property
    def due_said(self) -> str:
        """“Friday, June 12”."""
        return formats.weekday_and_day(self.due)

    @property
    def was_late(self) -> bool:
        """Published after the day that was promised. Said, not hidden."""
        return self.published_on is not None and self.published_on > self.due

    @property
    def published_on(self) -> date | None:
        if self.recap is None or self.recap.published_at is None:
            return None
        return self.gathering.agency.local(self.recap.published_at).date()

    @property
    def facts(self) -> dict[str, Any]:
        return self.recap.facts if self.recap else {}

    @property
    def theme_counts(self) -> dict[str, Any] | None:
        return self.facts.get("themes") or (self.pool.facts.get("themes") if self.pool else None)

    @property
    def themes(self) -> list[tuple[str, int]]:
        return named(self.theme_counts)

    @property
    def others(self) -> int:
        return self.theme_counts["others"] if self.theme_counts else 0

    @property
    def too_few(self) -> bool:
        return self.is_published and self.theme_counts is None

    @property
    def together(self) -> bool:
        """The themes shown are those of several gatherings."""
        return not self.facts.get("themes") and self.theme_counts is not None

    @property
    def together_on(self) -> date | None:
        """When they are published with the quarter's; None once that has been, and was too little even so."""
        return None if self.pool else themes.pooled_on(self.gathering.on)

    @property
    def minimum(self) -> int:
        return themes.RULE.floor

    @property
    def partners(self) -> list[str]:
        names: list[str] = self.facts.get("partners", [])
        return names

    @property
    def confirmed_by(self) -> list[str]:
        """Partners who confirmed what is said of enforcement, where they are listed in public."""
        names = {
            each.confirmed_by_partner.name
            for each in self.exceptions
            if each.confirmed_by_partner and each.confirmed_by_partner.listed
        }
        return sorted(names)

    @property
    def all_confirmed(self) -> bool:
        return bool(self.exceptions) and all(each.is_confirmed for each in self.exceptions)


def named(counts: dict[str, Any] | None) -> list[tuple[str, int]]:
    """Themes as people read them."""
    return [(str(Category(value).label), count) for value, count in (counts or {}).get("shown", [])]


def recap_promise(gathering: Gathering, recap: Recap | None = None) -> RecapShown | None:
    """Whether the recap is coming, late or there; None where none was promised. Asks the database nothing more
    where the gathering came with its recap."""
    recap = recap or getattr(gathering, "recap", None)
    if gathering.status in {Status.DRAFT, Status.CANCELLED}:
        return None
    due = recap.publish_by if recap else actions.recap_due(gathering)
    if recap is not None and recap.is_published:
        return RecapShown(gathering, "published", due, recap)
    announced = gathering.published_at is not None and gathering.published_at < gathering.starts
    if recap is None and not (announced and gathering.is_of.recap_is_promised):
        return None  # a date of long ago that was read from a list promised nothing
    late = gathering.agency.today() > due
    return RecapShown(gathering, "late" if late else "coming", due, recap if late else None)


def recap_of(gathering: Gathering) -> RecapShown | None:
    """What a page of a gathering shows of its recap; None where none was promised. At most six questions."""
    shown = recap_promise(gathering, Recap.objects.belonging_to(gathering=gathering).first())
    if shown is None:
        return None
    said = EnforcementException.objects.belonging_to(gathering=gathering).select_related(
        "confirmed_by_partner"
    )
    if not shown.is_published:
        return replace(shown, recap=None, exceptions=list(said))
    alone = bool(shown.facts.get("themes"))
    return replace(
        shown,
        exceptions=list(said),
        photos=list(
            Picture.objects.of(gathering.agency_id)
            .open_to_all()
            .that_came_from(gathering.key)
            .select_related("agency")
        ),
        promises=_promises(gathering),
        pool=None if alone else QuarterThemes.objects.belonging_to(gatherings=gathering).first(),
    )


def preview(gathering: Gathering, recap: Recap | None) -> RecapShown | None:
    """The recap as it would be published now, for those who write it."""
    if recap is None or recap.is_published:
        return recap_of(gathering) if recap else None
    shown = RecapShown(gathering, "published", recap.publish_by, recap)
    said = EnforcementException.objects.belonging_to(gathering=gathering).select_related(
        "confirmed_by_partner"
    )
    pool = QuarterThemes.objects.belonging_to(gatherings=gathering).first()
    return replace(shown, exceptions=list(said), promises=_promises(gathering), pool=pool)


def _promises(gathering: Gathering) -> list[PublicPromise]:
    """What is promised in the neighborhood, from whatever walk: one walk's own would tell who was there."""
    if gathering.neighborhood_id is None:
        return []
    return public_promises(gathering.agency, neighborhood=gathering.neighborhood, limit=PROMISES_SHOWN)


def told(gathering: Gathering) -> RecapShown | None:
    """What was published of what people spoke about there, by itself or with its quarter; None where nothing was.

    For all that speaks of one gathering: whoever reads it, on whatever paper, learns no more than the public.
    """
    recap = Recap.objects.belonging_to(gathering=gathering).first()
    if recap is None or not recap.is_published:
        return None
    alone = bool(recap.facts.get("themes"))
    pool = None if alone else QuarterThemes.objects.belonging_to(gatherings=gathering).first()
    shown = RecapShown(gathering, "published", recap.publish_by, recap, pool=pool)
    return None if shown.too_few else shown


@dataclass(frozen=True)
class Heard:
    """What people spoke about, added up from what was published, and from nothing else."""

    themes: list[tuple[str, int]]
    others: int
    gatherings: int


def heard(
    agency: Agency, *, since: date | None = None, until: date | None = None, neighborhood: Area | None = None
) -> Heard:
    """For pages about many gatherings: the sum of what recaps and quarters have published.

    Never count the notes themselves for the public: the difference to what the recaps publish would be the notes
    that no recap may publish. A quarter counts where its first day lies within the dates.
    """
    then = Gathering.objects.of(agency).on_days(since, until)
    recaps = Recap.objects.of(agency).filter(published_at__isnull=False, gathering__in=then)
    pools = QuarterThemes.objects.of(agency)
    if since is not None:
        pools = pools.filter(first_day__gte=since)
    if until is not None:
        pools = pools.filter(first_day__lte=until)
    if neighborhood is not None:
        recaps, pools = (
            recaps.filter(gathering__neighborhood=neighborhood),
            pools.filter(neighborhood=neighborhood),
        )
    facts = [*recaps.values_list("facts", flat=True), *pools.values_list("facts", flat=True)]
    published = [each["themes"] for each in facts if each.get("themes")]
    counted: Counter[str] = Counter()
    for each in published:
        counted.update(dict(each["shown"]))
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return Heard(named({"shown": ordered}), sum(each["others"] for each in published), len(published))
