"""What waits for a person in this room: an answer, a host, a scribe."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core import manifest
from alongside.core.needs import Need
from alongside.gatherings.models import Gathering
from alongside.gatherings.needs import a_page_of, about, soon
from alongside.rosters.models import Part, Post, PostQuerySet, State


def unanswered(agency: Agency) -> Iterator[Need]:
    """Gatherings to which a member is asked and has not said whether they come."""
    page = reverse("rosters:mine", args=[agency.slug])
    for post in _asked(agency).filter(member__user__isnull=False).select_related("member", "gathering"):
        yield Need(
            key=str(post.key),
            about=post.gathering.title,
            url=page,
            by=post.gathering.on,
            people=(post.member.user_id,),
        )


def silent(agency: Agency) -> Iterator[Need]:
    """Whom we asked to a gathering of the next seven days, and who has not said whether they come: one calls them."""
    near = soon(agency).in_bulk()
    for post in _asked(agency).filter(gathering__in=list(near)):
        gathering = near[post.gathering_id]
        yield about(gathering, a_page_of(gathering, "rosters:roster"), key=post.key)


def _asked(agency: Agency) -> PostQuerySet:
    ahead = Gathering.objects.of(agency).coming().exclude(status="cancelled")
    return Post.objects.of(agency).filter(state=State.INVITED, gathering__in=ahead)


def without_host(agency: Agency) -> Iterator[Need]:
    """Gatherings of the next seven days that nobody hosts."""
    near = list(soon(agency))
    yield from (_to_add(each, Part.HOST) for each in near if not each.host)


def without_scribe(agency: Agency) -> Iterator[Need]:
    """Walks of the next seven days at which nobody writes down what is heard."""
    near = [each for each in soon(agency) if each.is_of.recap_is_promised]
    known = manifest.done("scribe", agency, near)
    yield from (_to_add(each, Part.SCRIBE) for each in near if each.pk not in known)


def with_scribe(agency: Agency, gatherings: Collection[Gathering]) -> set[int]:
    """Those at which somebody writes, and has not said no."""
    posts = Post.objects.of(agency).filter(gathering__in=gatherings, part=Part.SCRIBE).standing()
    return set(posts.still_ours().values_list("gathering", flat=True))


def _to_add(gathering: Gathering, part: Part) -> Need:
    """To the form that puts somebody on the roster, ready for this part."""
    return about(gathering, a_page_of(gathering, "rosters:roster", f"?part={part}#add"))
