"""What those who follow hear of a recap: that it is there."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from alongside.agencies.models import Agency
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.field.models import Recap
from alongside.gatherings import topics
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions.models import Happening
from alongside.outreach.subscriptions.rooms import Item

EVENT = "field.recap"


def tell(recap: Recap) -> None:
    """Those who follow the neighborhood or the program hear that there is something to read."""
    gathering = recap.gathering
    subscriptions.tell(EVENT, gathering.key, agency=recap.agency, topics=topics.of(gathering))


def recaps(agency: Agency, happenings: Sequence[Happening]) -> dict[int, Item]:
    """Which walk it was, and where it stands."""
    by_thing = {Origin.of(each.about).public_id: each.pk for each in happenings}
    there = Recap.objects.of(agency).filter(gathering__public_id__in=by_thing).exclude(published_at=None)
    return {
        by_thing[recap.gathering.public_id]: Item(
            title=_("What came of it: %s") % recap.gathering.titled,
            lines=(),
            url=absolute(recap.gathering.get_absolute_url()),
        )
        for recap in there.select_related("gathering__agency")
    }
