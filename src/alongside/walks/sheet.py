"""What the walk plan says: one page that those who lead read standing, and carry on paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.core.errors import Phrase, phrase
from alongside.core.svgmap import Map
from alongside.field import queries as field
from alongside.followthrough import queries as followthrough
from alongside.followthrough.models import Concern
from alongside.gatherings import checks, rules
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, OperatingRules, PlanCheck, Status
from alongside.places.models import Area, Venue
from alongside.rosters import queries as rosters
from alongside.rosters.models import Part, PartnerInvitation, Post
from alongside.walks import cautions, queries
from alongside.walks.cautions import Caution
from alongside.walks.models import Route, Walk
from alongside.weather import queries as weather

MOST_PROMISES = 8


@dataclass(frozen=True)
class Person:
    """One line of the roster."""

    name: str
    part: str
    state: str
    before: int
    """How often they have met people of this neighborhood."""


@dataclass(frozen=True)
class LastTime:
    """The last walk here: when, how many came, and what they talked about."""

    gathering: Gathering
    told: field.RecapShown | None

    @property
    def talked_about(self) -> str:
        """As it was published, and no more: paper gets lost, and police read it."""
        if self.told is None:
            return ""
        rest = _("Other things") if self.told.themes else _("Several things")
        lines = [*self.told.themes, (rest, self.told.others)]
        return ", ".join(f"{about} ({n})" for about, n in lines if n)


@dataclass(frozen=True)
class Sheet:
    """The whole page. `silent` is said aloud: what nobody has settled yet, and the walk can do without."""

    roster: list[Person]
    scribe: str
    partners: list[PartnerInvitation]
    topics: list[PartnerInvitation]
    promises: list[Concern]
    last: LastTime | None
    weather: weather.Forecast
    warnings: list[str]
    cautions: list[Caution]
    silent: list[str]
    map: Map | None
    summary: queries.RouteSummary | None
    halfway: Phrase
    district: Area | None
    rules: OperatingRules
    check: PlanCheck | None
    changed: list[str]


def sheet(walk: Walk, route: Route | None) -> Sheet:
    """Everything about one walk that those who lead it should have read."""
    gathering = walk.gathering
    posts = rosters.roster_of(gathering)
    partners = rosters.invited_partners(gathering)
    check = checks.last_check(gathering)
    summary = queries.summary_of(route) if route else None
    return Sheet(
        roster=_people(gathering, posts),
        scribe=", ".join(str(post.member) for post in posts if post.part == Part.SCRIBE),
        partners=[each for each in partners if each.said_yes],
        topics=rosters.topics(gathering),
        promises=_promises(gathering),
        last=last_time(gathering),
        weather=weather.forecast_of(gathering),
        warnings=[
            *filter(None, [summary.better if summary else ""]),
            *filter(None, [rosters.more_leaders(gathering, posts)]),
            *rosters.conflicts(gathering),
            *rosters.quorum_warnings(gathering),
        ],
        cautions=[
            each for each in cautions.of_one(walk) if each.name != "few"
        ],  # said with its numbers above
        silent=_silent(walk, route, posts, partners),
        map=queries.route_map(walk.agency, walk, route),
        summary=summary,
        halfway=halfway(summary),
        district=queries.district_of(walk),
        rules=rules.in_force(walk.agency),
        check=check,
        changed=checks.changed_since(check, gathering, queries.plan_of(walk)) if check else [],
    )


def _people(gathering: Gathering, posts: list[Post]) -> list[Person]:
    met = rosters.familiar(gathering)
    return [
        Person(str(post.member), post.get_part_display(), post.state_label, met.get(post.member_id, 0))
        for post in posts
    ]


def _promises(gathering: Gathering) -> list[Concern]:
    """What is promised and open in this neighborhood: the walkers will be asked about it.

    Only in words that were released: a list of every note's theme would tell what the recap may not.
    """
    home = gathering.neighborhood
    if home is None:
        return []
    return followthrough.open_promises(
        gathering.agency, neighborhood=home, released=True, limit=MOST_PROMISES
    )


def last_time(gathering: Gathering) -> LastTime | None:
    """The last walk held in this neighborhood before this one."""
    home = gathering.neighborhood
    if home is None:
        return None
    before = Gathering.objects.of(gathering.agency_id).begun_before(gathering.starts)
    held = before.filter(kind=WALK.name, status=Status.HELD, neighborhood=home)
    last = held.order_by("-starts_at", "-pk").first()
    return LastTime(last, field.told(last)) if last else None


def _silent(
    walk: Walk, route: Route | None, posts: list[Post], partners: list[PartnerInvitation]
) -> list[str]:
    """What is not settled. A first walk has a host and a place, and that is enough."""
    gathering = walk.gathering
    said = [
        (posts, _("Nobody is on the roster yet.")),
        (gathering.deputy_host, _("Nobody is named to host it if the host is away.")),
        ([post for post in posts if post.part == Part.SCRIBE], _("Nobody is named to take notes.")),
        (partners, _("No partner is invited yet.")),
        (route, _("No route is laid: people meet, and go where the talk goes.")),
        (walk.turn_back, _("No turn-back point is named.")),
        (walk.alternative or not weather.is_outdoors(gathering), _("No place is named for bad weather.")),
    ]
    return [text for there, text in said if not there]


def halfway(summary: queries.RouteSummary | None) -> Phrase:
    """The corner where a group that is late turns back, as the cue sheet says it."""
    if summary is None or summary.halfway is None:
        return Phrase("")
    cue = summary.cues[summary.halfway]
    return phrase("At half of the way, minute %(minute)d: “%(cue)s”", minute=cue.minute, cue=cue.said)


# -- what the form offers ---------------------------------------------------------------------------
def offered(walk: Walk, route: Route | None, *, by: str) -> dict[str, object]:
    """The plan as it is; and for what is open, an answer that one can agree to."""
    gathering = walk.gathering
    fresh = not gathering.checks.exists()
    turn = halfway(queries.summary_of(route)) if route and fresh else Phrase("")
    return {
        "host": gathering.host or by,
        "deputy_host": gathering.deputy_host,
        "turn_back": walk.turn_back or turn or (_back_the_same_way() if fresh else ""),
        "alternative": walk.alternative or (weather.suggested_shelter(gathering) if fresh else None),
    }


def _back_the_same_way() -> Phrase:
    return phrase("After half of the time, wherever we are: back the same way")


def shelters(gathering: Gathering) -> list[Venue]:
    """Places that may be used on that day."""
    return list(Venue.objects.of(gathering.agency_id).active().may_be_used(gathering.on))
