"""What is known of members and bodies: who is away, who works where, who hosts a series, who learned what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Member, User
from alongside.core import clock, formats
from alongside.core.errors import Refusal
from alongside.core.forms import first_error
from alongside.core.text import line
from alongside.gatherings.models import Gathering, Series
from alongside.people.models import Partner
from alongside.places.models import Area
from alongside.rosters import actions, timing
from alongside.rosters.models import (
    STANDING,
    Away,
    Heard,
    Hosting,
    Post,
    PublicBody,
    Seat,
    State,
    Training,
    UsualArea,
)
from alongside.rosters.tables import Read

LONGEST_AWAY = timedelta(days=2 * 366)
OLDEST_COURSE = date(1970, 1, 1)


class AwayRefused(Refusal):
    """Days away that cannot be."""


class StaffRefused(Refusal):
    """Something about a member that cannot be kept so."""


class BodyRefused(Refusal):
    """A public body that cannot be as described."""


# -- away -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Gone:
    """Days away, and the gatherings whose rosters they changed."""

    away: Away
    posts: list[Post] = field(default_factory=list)


@transaction.atomic
def mark_away(member: Member, *, first: date, last: date, why: str = "", by: User | None) -> Gone:
    """A member cannot come on these days. Where they are on a roster, that is a no, and the deputy hosts."""
    today = member.agency.today()
    if last < first:
        raise AwayRefused(_("The last day comes before the first."))
    if last < today:
        raise AwayRefused(_("These days have passed."))
    if last - first > LONGEST_AWAY or first - today > LONGEST_AWAY:
        raise AwayRefused(_("%(day)s is too far away. Please check the year.") % {"day": formats.day(last)})
    # Whoever puts together a roster of these days waits, and then knows; or has done so, and is seen here.
    timing.lock_days(member.agency_id, max(first, today), last)
    away, new = Away.objects.get_or_create(
        member=member, first=first, last=last, defaults={"agency": member.agency, "why": line(why, 80)}
    )
    if not new:
        return Gone(away)
    audit.record(
        agency=member.agency,
        by=by,
        verb="marked away",
        thing=member,
        detail={"days": (last - first).days + 1},
    )
    return Gone(away, [_say_no(post, by=by) for post in _posts_within(away)])


def _posts_within(away: Away) -> list[Post]:
    """Their posts of those days that are not over."""
    then = Gathering.objects.of(away.agency_id).on_days(away.first, away.last).coming()
    rows = (
        Post.objects.belonging_to(member=away.member)
        .filter(state__in=STANDING, gathering__in=then)
        .exclude(state=State.CAME)
    )
    return [
        post
        for post in rows.select_related("gathering").order_by("gathering_id")
        if timing.is_ahead(post.gathering)
    ]


def _say_no(post: Post, *, by: User | None) -> Post:
    return actions.answer(post, coming=False, heard=Heard.AWAY, by=by)


@transaction.atomic
def not_away(away: Away, *, by: User | None) -> None:
    """They are here after all. Rosters stay as they are: who took over keeps the part."""
    audit.record(agency=away.agency, by=by, verb="unmarked away", thing=away.member)
    away.delete()


# -- usual areas ------------------------------------------------------------------------------------
@transaction.atomic
def set_usual_areas(member: Member, *, areas: Iterable[Area], by: User | None) -> None:
    """Where a member normally works: so many areas, and no others."""
    wanted = {area.pk: area for area in areas}
    if any(area.agency_id != member.agency_id for area in wanted.values()):
        raise StaffRefused(_("Choose areas of this agency."))
    UsualArea.objects.belonging_to(member=member).exclude(area__in=wanted).delete()
    have = set(UsualArea.objects.belonging_to(member=member).values_list("area", flat=True))
    UsualArea.objects.bulk_create(
        [UsualArea(agency=member.agency, member=member, area_id=pk) for pk in wanted if pk not in have],
        ignore_conflicts=True,
    )
    audit.record(
        agency=member.agency,
        by=by,
        verb="set the usual areas of",
        thing=member,
        detail={"areas": len(wanted)},
    )


# -- training ---------------------------------------------------------------------------------------
@transaction.atomic
def keep_training(
    member: Member, *, name: str, done_on: date, expires_on: date | None = None, by: User | None
) -> Training:
    """A member took a course. The same course again is a newer date."""
    training = Training.objects.belonging_to(member=member).filter(
        name__iexact=line(name, 80)
    ).first() or Training(agency=member.agency, member=member)
    training.name, training.done_on, training.expires_on = line(name, 80), done_on, expires_on
    if not training.name:
        raise StaffRefused(_("Say what the training is called."))
    if not OLDEST_COURSE <= done_on <= clock.now().date() + timedelta(days=1):
        raise StaffRefused(_("A training is written down once it was done. Please check the year."))
    if expires_on is not None and expires_on < done_on:
        raise StaffRefused(_("It would run out before it was done."))
    training.save()
    audit.record(agency=member.agency, by=by, verb="kept a training of", thing=member)
    return training


@transaction.atomic
def drop_training(training: Training, *, by: User | None) -> None:
    """It was written down by mistake."""
    audit.record(agency=training.agency, by=by, verb="dropped a training of", thing=training.member)
    training.delete()


# -- hosts of series --------------------------------------------------------------------------------
@transaction.atomic
def set_hosting(series: Series, *, host: Member | None, deputy: Member | None, by: User | None) -> None:
    """Who hosts a series and who stands in; without a host, the highest rank that is free."""
    if host is None:
        Hosting.objects.belonging_to(series=series).delete()
    else:
        if host == deputy:
            raise StaffRefused(_("The deputy is somebody else than the host."))
        if any(each and each.agency_id != series.agency_id for each in (host, deputy)):
            raise StaffRefused(_("Choose somebody who works here."))
        Hosting.objects.update_or_create(
            series=series, defaults={"agency": series.agency, "host": host, "deputy": deputy}
        )
    audit.record(agency=series.agency, by=by, verb="set who hosts", thing=series)


# -- public bodies ----------------------------------------------------------------------------------
@transaction.atomic
def save_body(body: PublicBody, *, partners: Iterable[Partner], by: User | None) -> PublicBody:
    """A council or board, and which partners sit on it."""
    chosen = list(partners)
    if any(each.agency_id != body.agency_id for each in chosen):
        raise BodyRefused(_("Choose partners of this agency."))
    body.name = line(body.name, 120)
    try:
        body.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise BodyRefused(first_error(error)) from None
    if body.quorum > body.members:
        raise BodyRefused(_("A quorum cannot be more than all of them."))
    if len(chosen) > body.members:
        raise BodyRefused(_("You chose more partners than the body has members."))
    if PublicBody.objects.of(body.agency).filter(name__iexact=body.name).exclude(pk=body.pk).exists():
        raise BodyRefused(_("There is a body of this name already."))
    body.save()
    Seat.objects.filter(body=body).exclude(partner__in=chosen).delete()
    Seat.objects.bulk_create([Seat(body=body, partner=each) for each in chosen], ignore_conflicts=True)
    audit.record(agency=body.agency, by=by, verb="kept", thing=body, detail={"seats": len(chosen)})
    return body


@transaction.atomic
def drop_body(body: PublicBody, *, by: User | None) -> None:
    audit.record(agency=body.agency, by=by, verb="dropped", thing=body)
    body.delete()


# -- tables -----------------------------------------------------------------------------------------
@transaction.atomic
def keep_read(read: Read, *, by: User | None) -> int:
    """Keep what a table said: the usual areas of whoever is in it are those of the table. Returns how many rows."""
    for row in read.usual:
        set_usual_areas(row.member, areas=row.areas, by=by)
    for each in read.trainings:
        keep_training(each.member, name=each.name, done_on=each.done_on, expires_on=each.expires_on, by=by)
    return read.understood
