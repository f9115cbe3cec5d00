"""Name what draws a season, type it in once it is known, put it right in public.

Named before anybody knows it and never exchanged, so that nobody can try values until the draw pleases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock, formats
from alongside.core.authored import Words, words_of
from alongside.core.text import line
from alongside.season import planning, seeds
from alongside.season.models import Draw
from alongside.season.planning import NotNow, SeasonRefused


class CannotDraw(SeasonRefused):
    """A value that draws nothing: it is known already, comes too late, or says nothing."""


@dataclass(frozen=True)
class Named:
    """Which public value will draw a season, the day on which it becomes known, and an example of how it is written."""

    source: str
    known_on: date
    example: str


def name(agency: Agency, first: date, named: Named, *, by: User | None) -> Draw:
    """The draw for a season whose first walk is on that day. Where it has one, that one holds, whatever is asked."""
    known = Draw.objects.of(agency).in_force(first)
    if known is not None:
        return known
    _refuse_known(named, first, today=agency.today())
    draw = Draw(
        agency=agency,
        first=first,
        source=line(named.source, 160),
        known_on=named.known_on,
        shape=seeds.shape_of(named.example),
        rules=planning.rules_now(agency),
        named_by=audit.name_of(by, agency),
    )
    try:
        with transaction.atomic():
            return _keep(draw, verb="named", by=by)
    except IntegrityError:  # somebody has named one at the same moment, and theirs holds
        if (theirs := Draw.objects.of(agency).in_force(first)) is not None:
            return theirs
        raise


def _refuse_known(named: Named, first: date, *, today: date) -> None:
    if not line(named.source, 160):
        raise CannotDraw(_("Say which public value draws the season, such as a lottery and its evening."))
    if not seeds.shape_of(named.example):
        raise CannotDraw(
            _(
                "Give an example of how the value is written, in digits and in letters from a to z: such as 00-00-00."
            )
        )
    if named.known_on <= today:
        raise CannotDraw(
            _("Nobody may know the value when it is named: choose one of tomorrow (%(day)s) or later.")
            % {"day": formats.day(today + timedelta(days=1))}
        )
    if named.known_on >= first:
        raise CannotDraw(
            _("The value must be known before the first walk, on %(day)s.") % {"day": formats.day(first)}
        )


@transaction.atomic
def type_value(draw: Draw, value: str, *, by: User | None) -> Draw:
    """Type in the value as it was announced. The same twice is once; another needs `put_right`."""
    draw = _locked(draw)
    value = line(value, 160)
    refuse_misshapen(value, draw.shape)
    if draw.value:
        if seeds.canonical(draw.value) == seeds.canonical(value):
            return draw
        raise NotNow(_("Another value is typed in already. If it is wrong, put it right, and say why."))
    if draw.agency.today() < draw.known_on:
        raise NotNow(_("Nobody can know this value before %(day)s.") % {"day": formats.day(draw.known_on)})
    draw.value, draw.typed_at, draw.typed_by = value, clock.now(), audit.name_of(by, draw.agency)
    draw.save(update_fields=["value", "typed_at", "typed_by"])
    _record(draw, verb="typed in", by=by)
    return draw


@transaction.atomic
def put_right(draw: Draw, value: str, *, why: Words | str, by: User | None) -> Draw:
    """The next version, with the value as it was announced in truth. Both stay in public, with the reason."""
    return keep_right(righted(_locked(draw), value, why=why, by=by), by=by)


@transaction.atomic
def keep_right(after: Draw, *, by: User | None) -> Draw:
    """Keep what `righted` made. Of two corrections at once the first holds."""
    _refuse_righting(_locked(Draw.objects.of(after.agency).get(first=after.first, version=after.version - 1)))
    return _keep(after, verb="put right", by=by)


def _refuse_righting(draw: Draw) -> None:
    if not draw.value or draw.followed:
        raise NotNow(_("Only a value that was typed in can be put right."))


def righted(draw: Draw, value: str, *, why: Words | str, by: User | None) -> Draw:
    """The version that would follow, not kept."""
    value = line(value, 160)
    _refuse_righting(draw)
    refuse_misshapen(value, draw.shape)
    if seeds.canonical(value) == seeds.canonical(draw.value):
        raise CannotDraw(_("This is the value that stands there already."))
    if not words_of(why):
        raise CannotDraw(_("Say why: everybody may read it."))
    name = audit.name_of(by, draw.agency)
    return Draw(
        agency=draw.agency,
        first=draw.first,
        version=draw.version + 1,
        source=draw.source,
        known_on=draw.known_on,
        shape=draw.shape,
        rules=draw.rules,
        named_by=draw.named_by,
        named_at=draw.named_at,
        value=value,
        typed_by=name,
        typed_at=clock.now(),
        why=words_of(why),
    )


def public_of(first: date, value: str, draw: Draw | None) -> str:
    """What a season would be drawn from by this value. Raises CannotDraw where it says nothing, or was not named so."""
    refuse_misshapen(value, draw.shape if draw else "")
    return seeds.public_of(first, value)


def refuse_misshapen(value: str, shape: str) -> None:
    """One value is one text: otherwise whoever types it in could try spellings until the draw pleases."""
    if not seeds.canonical(value):
        raise CannotDraw(_("Write the value as it was announced: it has digits or letters."))
    if not seeds.has_shape(value, shape):
        raise CannotDraw(
            _("Write the value and nothing else, in the shape that was named for it: %(shape)s.")
            % {"shape": shape}
        )


def _keep(draw: Draw, *, verb: str, by: User | None) -> Draw:
    draw.save(force_insert=True)
    _record(draw, verb=verb, by=by)
    return draw


def _record(draw: Draw, *, verb: str, by: User | None) -> None:
    detail: dict[str, Any] = {
        "source": draw.source,
        "known on": draw.known_on.isoformat(),
        "shape": draw.shape,
    }
    if draw.value:
        detail["value"] = draw.value
    audit.record(agency=draw.agency, by=by, verb=verb, thing=draw, detail=detail)


def _locked(draw: Draw) -> Draw:
    return Draw.objects.select_for_update(of=("self",)).select_related("agency").get(pk=draw.pk)
