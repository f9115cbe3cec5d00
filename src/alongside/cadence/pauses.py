"""Stay away for a while and say why; or say afterwards why nothing took place."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.cadence.models import LONGEST_REASON, SHORTEST_REASON, Pause
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal
from alongside.core.forms import first_error
from alongside.core.text import line
from alongside.gatherings import actions as gatherings
from alongside.gatherings.kind import Kind
from alongside.gatherings.models import Gathering, Series
from alongside.places.models import Area

LONGEST = timedelta(days=366)


class PauseRefused(Refusal):
    """A pause without a reason, of no days, or of another agency's neighborhood."""


def proposed(
    agency: Agency,
    *,
    first: date,
    last: date | None,
    cause: str,
    reason: Words | str,
    of: Kind | Series,
    neighborhood: Area | None = None,
    by: User | None,
) -> Pause:
    """A pause of a kind of gathering, or of a series, as it would be said, not yet kept; what cannot be is refused."""
    said = Pause(
        agency=agency,
        first=first,
        last=last,
        cause=cause,
        reason=words_of(reason).each(partial(line, longest=LONGEST_REASON)).signed(audit.name_of(by, agency)),
        neighborhood=neighborhood,
        kind=of.kind if isinstance(of, Series) else of.name,
        series=of if isinstance(of, Series) else None,
        said_by=audit.name_of(by, agency),
    )
    _refuse_nonsense(said)
    return said


@transaction.atomic
def pause(
    agency: Agency, *, stand_in: str = "", by: User | None, **words: Any
) -> tuple[Pause, list[Gathering]]:
    """Say that none takes place on these days, and call off those that were announced for them.

    `words` are those of `proposed`. Everybody who left a contact is told by mail; `stand_in` tells the others at the
    meeting point. The same pause said twice is one pause.
    """
    said = proposed(agency, **words, by=by)
    twin = _twin(said)
    if twin is None:
        said.save()
        audit.record(agency=agency, by=by, verb="paused", thing=said, detail={"first": str(said.first)})
    said = twin or said
    off = within(said)
    for each in sorted(off, key=lambda each: each.pk):  # everybody locks in this order
        gatherings.cancel(each, reason=said.reason, cause=said.cause, stand_in=stand_in, by=by)
    return said, off


@transaction.atomic
def end(pause: Pause, *, last: date, by: User | None) -> Pause:
    """Say until when. What was called off stays so: it is planned anew.

    A pause that ends already is not made longer: what was planned for the days between has not been called off.
    """
    pause = Pause.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pause.pk)
    if pause.last is not None and last > pause.last:
        raise PauseRefused(_("It ends already. To stay away longer, say another pause."))
    pause.last = last
    _refuse_nonsense(pause)
    pause.save(update_fields=["last"])
    audit.record(agency=pause.agency, by=by, verb="ended", thing=pause, detail={"last": str(last)})
    return pause


def within(pause: Pause) -> list[Gathering]:
    """Published gatherings that have not begun and that it stops: what a pause calls off."""
    then = Gathering.objects.of(pause.agency).published().on_days(pause.first, pause.last)
    return [each for each in then.to_begin().with_places() if pause.stops(each)]


def published_all_the_same(agency: Agency, of: Kind | Series) -> list[tuple[Pause, Gathering]]:
    """What was published for days on which we said that it does not take place: one of the two must be put right.

    Two questions, however many pauses and gatherings.
    """
    today = agency.today()
    said = Pause.objects.of(agency).about(of).touching(today, today + LONGEST)
    coming = list(Gathering.objects.of(agency).with_places().published().to_begin())
    return [
        (pause, each)
        for pause in said.select_related("agency").order_by("first", "pk")
        for each in coming
        if pause.stops(each)
    ]


def _refuse_nonsense(said: Pause) -> None:
    if said.reason.shortest < SHORTEST_REASON:
        raise PauseRefused(_("Say why, in a sentence that everybody may read."))
    if said.last is not None and said.last < said.first:
        raise PauseRefused(_("It ends before it begins: check the two dates."))
    if said.last is not None and said.last - said.first > LONGEST:
        raise PauseRefused(_("That is more than a year. Say a shorter time, and say it again then."))
    if abs(said.first - said.agency.today()) > 2 * LONGEST:
        raise PauseRefused(_("This day is more than two years away. Please check the year."))
    if said.neighborhood is not None and said.neighborhood.agency_id != said.agency_id:
        raise PauseRefused(_("This area belongs to another agency."))
    try:
        said.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise PauseRefused(first_error(error)) from None


def _twin(said: Pause) -> Pause | None:
    """The same pause, sent twice. The agency's row is held, so that two at once are one, too."""
    Agency.objects.select_for_update(no_key=True).get(pk=said.agency_id)
    return (
        Pause.objects.of(said.agency)
        .filter(kind=said.kind, series=said.series, neighborhood=said.neighborhood)
        .filter(first=said.first, last=said.last, reason=said.reason)
        .first()
    )
