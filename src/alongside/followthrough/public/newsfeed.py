"""News of promises for readers that follow us (RSS 2.0): what joined the list, and how things ended."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency
from alongside.core.links import absolute
from alongside.followthrough.models import Concern, rules_of
from alongside.followthrough.promises.models import Promise
from alongside.followthrough.public import days, rules
from alongside.followthrough.public.lines import in_public
from alongside.followthrough.public.listing import Listing, in_full

MOST = 30


class Feed(Rss201rev2Feed):
    """Empty, it is of this morning: of “now” it would be another feed whenever it is asked for."""

    def latest_post_date(self) -> datetime:
        since: datetime = self.feed["since"]
        return super().latest_post_date() if self.items else since


def rss(agency: Agency, *, language: str) -> bytes:
    """The latest first. Each state of a thing is a piece of news of its own."""
    feed = Feed(
        title=_("What we promised: %(name)s") % {"name": agency.name},
        link=absolute(reverse("followthrough:public-list", args=[agency.slug])),
        description=_("What people told us, what we promised, and what became of it."),
        language=language,
        since=rules.morning(agency),
        feed_url=absolute(reverse("followthrough:public-rss", args=[agency.slug])),
    )
    for at, each in _latest(agency):
        line = in_public(each)
        feed.add_item(
            title=f"{line.says_whole}: {line.summary.shown.with_mark}",
            link=absolute(line.url),
            description=line.outcome.shown.with_mark if line.outcome else line.owner,
            unique_id=f"{each.public_id}#{line.state}",
            unique_id_is_permalink=False,
            pubdate=at,
            categories=[category for category in (line.category, line.neighborhood) if category],
        )
    return feed.writeString("utf-8").encode()


def _latest(agency: Agency) -> list[tuple[datetime, Concern | Promise]]:
    listed, after = Listing(agency), rules_of(agency).shown_after_days
    still = listed.concerns.filter(closed_at=None).order_by("-heard_on", "-pk")
    over = listed.concerns.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    concerns = [number for rows in (still, over) for number in rows.values_list("pk", flat=True)[:MOST]]
    ours = listed.promises.filter(loaded_at=None).order_by("-published_at", "-pk")
    # What a load brought is no news of the day on which it was loaded.
    before = listed.promises.loaded_later().order_by(Coalesce("closed_on", "made_on").desc(), "-pk")
    promises = [number for rows in (ours, before) for number in rows.values_list("pk", flat=True)[:MOST]]
    every: list[Concern | Promise] = [*in_full(agency, "concern", concerns).values()]
    every += in_full(agency, "promise", promises).values()
    dated = [(_since(agency, each, after), each) for each in every]
    return sorted(dated, key=lambda pair: (pair[0], pair[1].public_id), reverse=True)[:MOST]


def _since(agency: Agency, each: Concern | Promise, after: int) -> datetime:
    """From when on everybody reads it as it stands: never the hour, nor the day, at which somebody said it.

    Of before, when it ended or was promised; of a day of then nobody learns who speaks to us.
    """
    if each.is_loaded:
        return _then(agency, each)
    if isinstance(each, Promise):
        assert each.published_at is not None  # it is on the list
        ended = each.closed_on
        return max(each.published_at, _midnight(agency, ended)) if ended else each.published_at
    on = days.joins_on(each.heard_on, after)
    released = each.cleared_at or each.received_at
    return max(_midnight(agency, on), released, each.closed_at or released)


def _then(agency: Agency, each: Concern | Promise) -> datetime:
    if isinstance(each, Promise):
        return _midnight(agency, each.closed_on or each.made_on)
    return each.closed_at or _midnight(agency, each.heard_on)


def _midnight(agency: Agency, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=agency.zone)
