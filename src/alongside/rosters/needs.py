"""What waits for a person in this room."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core.needs import Need
from alongside.gatherings.models import Gathering
from alongside.rosters.models import Post, State


def unanswered(agency: Agency) -> Iterator[Need]:
    """Gatherings to which a member is asked and has not said whether they come."""
    coming = Gathering.objects.of(agency).coming()
    posts = Post.objects.of(agency).filter(
        state=State.INVITED, gathering__in=coming, member__user__isnull=False
    )
    page = reverse("rosters:mine", args=[agency.slug])
    for post in posts.select_related("gathering", "member"):
        yield Need(
            key=str(post.key),
            about=post.gathering.title,
            url=page,
            by=post.gathering.on,
            people=(post.member.user_id,),
        )
