"""Run, publish, choose, and answer residents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from alongside.agencies import audit, holds, retention
from alongside.agencies.models import Agency, User
from alongside.core import clock, keys, tokens
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal
from alongside.core.files import age, whole
from alongside.core.forms import first_error
from alongside.core.origins import Origin
from alongside.core.text import line, lines
from alongside.hotspots import analysis, evaluation, reading, words
from alongside.hotspots.models import (
    LONGEST_BECAUSE,
    LONGEST_REASON,
    SHORTEST_REASON,
    TAKEN_BACK,
    Campus,
    Choice,
    Criteria,
    Evaluation,
    FocusArea,
    Layer,
    Petition,
    PetitionKind,
    Run,
)
from alongside.hotspots.relative import CERTAINTY, THRESHOLD
from alongside.places.models import Area
from alongside.voices import actions as voices

FORM = "petition"


class ChoiceNeedsReason(Refusal):
    """A choice without a reason that a resident could read."""


class ChoiceNeedsPlace(Refusal):
    """A choice of nowhere."""


class CriteriaRefused(Refusal):
    """Criteria that weigh nothing, or more than they may."""


class PetitionRefused(Refusal):
    """A petition that says nothing, or too much."""


def run(
    agency: Agency,
    *,
    window: tuple[date, date] | None = None,
    layer: str = Layer.BOTH,
    resolution: int | None = None,
    undated: bool = False,
    by: User | None,
    public_id: str = "",
    progress: analysis.Progress = analysis.in_silence,
) -> Run:
    """Look for hot spots in the lake, and keep what was found. The computing happens outside of any transaction.

    public_id  the run's own, where whoever asks has given it one: asked for twice, it is one run

    Raises NothingToCompare.
    """
    sweep_tables(agency)
    criteria = Criteria.objects.of(agency).in_force() or Criteria()
    involvement = reading.involvement(agency, window=window, layer=layer, undated=undated)
    city = reading.city(agency, undated=undated)
    involvement = reading.sited(involvement, city)
    question = analysis.Question(layer, resolution, criteria.threshold, criteria.certainty)
    outcome = analysis.analyse(involvement, city.shapes, question, progress=progress)
    made = Run(
        **({"public_id": public_id} if public_id else {}),
        agency=agency,
        made_by=by,
        layer=_tested_layer(layer, outcome),
        window_from=involvement.first,
        window_to=involvement.last,
        resolution=outcome.resolution.value,
        cells=len(outcome.cells),
        significant=outcome.significant,
        findings=words.findings(outcome, involvement, city, asked=layer),
    )
    _write_table(made, outcome)
    _keep(made, outcome, city, by)
    return made


@transaction.atomic
def _keep(made: Run, outcome: analysis.Analysis, city: reading.NamedCity, by: User | None) -> None:
    made.save()
    names = words.names(outcome.areas, city)
    FocusArea.objects.bulk_create(
        _row(made, each, name, city) for each, name in zip(outcome.areas, names, strict=True)
    )
    audit.record(
        agency=made.agency, by=by, verb="looked for", thing=made, detail={"areas": len(outcome.areas)}
    )


def evaluate(
    agency: Agency,
    *,
    layer: str = Layer.BOTH,
    by: User | None,
    public_id: str = "",
    progress: analysis.Progress = analysis.in_silence,
) -> Evaluation:
    """Look at the method on the agency's own history, and keep what came of it. Raises NothingToCompare."""
    criteria = Criteria.objects.of(agency).in_force() or Criteria()
    years, city = reading.years(agency, layer), reading.city(agency)
    question = analysis.Question(layer, None, criteria.threshold, criteria.certainty)
    sited = [reading.sited(year, city) for year in years]
    origins = evaluation.evaluate(sited, city.shapes, question, progress=progress)
    if not origins:
        raise analysis.NothingToCompare(
            _(
                "There is no history to look at: it takes two years of dated rows, named neighborhoods and the number "
                "of their residents."
            )
        )
    made = Evaluation(
        **({"public_id": public_id} if public_id else {}),
        agency=agency,
        made_by=by,
        layer=layer if len(origins[-1].made_of.layers(layer)) == 2 else origins[-1].made_of.layers(layer)[0],
        threshold=question.threshold,
        certainty=question.certainty,
        origins=[words.origin(each, city) for each in origins],
    )
    _keep_evaluation(made, by)
    return made


@transaction.atomic
def _keep_evaluation(made: Evaluation, by: User | None) -> None:
    made.save()
    audit.record(
        agency=made.agency, by=by, verb="looked for", thing=made, detail={"years": len(made.origins)}
    )


def _row(made: Run, each: analysis.OutlinedArea, name: str, city: reading.NamedCity) -> FocusArea:
    area = each.area
    return FocusArea(
        agency=made.agency,
        run=made,
        neighborhood=city.neighborhood(area.neighborhood),
        division=city.division(area.division),
        name=name,
        band=each.band,
        events=area.events,
        layer_events=dict(area.layer_events),
        population=area.residents,
        rate=area.rate.value,
        rate_low=area.rate.low,
        rate_high=area.rate.high,
        rate_missing=area.rate.missing,
        relative=words.relative_of(each.risk),
        is_part=each.part is not None,
        part_p=each.part.claim.p if each.part else None,
        looks=each.part.share if each.part else None,
        peak_z=area.peak_z,
        peak_q=area.peak_q,
        cells=each.cells,
        outline=shapely.to_wkb(each.outline),
        site_share=each.site.share if each.site else None,
        site_cell=each.site_cell,
        site_name=city.venue_at(each.site_cell) if each.site else "",
    )


def _tested_layer(asked: str, outcome: analysis.Analysis) -> str:
    """What was really looked at: `both` needs both."""
    return asked if asked != Layer.BOTH or len(outcome.tested) == 2 else outcome.tested[0]


def _write_table(made: Run, outcome: analysis.Analysis) -> None:
    """Whole or not at all; a table without its row is swept with the next run."""
    with whole(made.table_path) as file:
        np.savez_compressed(
            file, cell=outcome.cells, count=outcome.counts, z=outcome.z, p=outcome.p, q=outcome.q
        )
    made.keep()


def sweep_tables(agency: Agency) -> int:
    """Remove tables whose run was never kept: a process that died between the file and the row."""
    known = set(Run.objects.filter(agency=agency).values_list("public_id", flat=True))
    folder = Run(agency=agency).table_path.parent
    orphans = [path for path in folder.iterdir() if path.name.split(".")[0] not in known]
    old = [path for path in orphans if age(path) > timedelta(hours=1)]
    for path in old:
        path.unlink()
    return len(old)


@transaction.atomic
def publish(made: Run, *, by: User | None) -> Run:
    """Show the public which neighborhoods came out, by band. Never an outline, a point or a rank."""
    made.published_at, made.published_by = clock.now(), by
    made.save(update_fields=["published_at", "published_by"])
    audit.record(agency=made.agency, by=by, verb="published", thing=made)
    return made


@transaction.atomic
def set_criteria(
    agency: Agency,
    *,
    weights: dict[str, int],
    threshold: float = THRESHOLD,
    certainty: float = CERTAINTY,
    why: Words | str = "",
    by: User,
) -> Criteria:
    """Publish a new version of how this agency chooses. The old ones stay readable."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    last = Criteria.objects.filter(agency=agency).aggregate(last=Max("version"))["last"] or 0
    made = Criteria(
        agency=agency,
        version=last + 1,
        threshold=threshold,
        certainty=certainty,
        why=_tidy(why, by, agency),
        published_by=audit.name_of(by, agency),
        **weights,
    )
    try:
        made.full_clean()
    except ValidationError as error:
        raise CriteriaRefused(first_error(error)) from None
    made.save()
    audit.record(agency=agency, by=by, verb="published", thing=made, detail=dict(weights))
    return made


@transaction.atomic
def choose(
    agency: Agency,
    *,
    reason: Words | str,
    area: FocusArea | None = None,
    neighborhood: Area | None = None,
    place: str = "",
    by: User,
) -> Choice:
    """Decide where to walk. The person who decides gives the reason, in words a resident can read.

    Raises ChoiceNeedsReason, ChoiceNeedsPlace.
    """
    name = place.strip() or str(area or neighborhood or "")
    if not name:
        raise ChoiceNeedsPlace(_("Say where: choose a neighborhood, or write the name of a place."))
    made = Choice(
        agency=agency,
        area=area,
        neighborhood=neighborhood or (area.neighborhood if area else None),
        place_name=name,
        criteria=Criteria.objects.filter(agency=agency).in_force(),
        reason=_tidy(reason, by, agency),
        decided_by=audit.name_of(by, agency),
    )
    try:
        made.full_clean(exclude=["area", "neighborhood", "criteria"])
    except ValidationError as error:
        if "reason" not in error.message_dict:
            raise ChoiceNeedsPlace(first_error(error)) from None
        raise ChoiceNeedsReason(
            _(
                "Say in a sentence or two why you chose this place, so that a resident can follow: "
                "%(shortest)s to %(longest)s characters."
            )
            % {"shortest": SHORTEST_REASON, "longest": LONGEST_REASON}
        ) from None
    made.save()
    audit.record(agency=agency, by=by, verb="chose", thing=made)
    return made


def petition(
    agency: Agency,
    *,
    kind: str,
    form_key: str,
    device: str,
    neighborhood: Area | None = None,
    place: str = "",
    text: str = "",
    language: str = "en",
) -> Petition:
    """A resident asks for a walk, or objects to a label. The same form sent twice is one petition.

    Whoever writes again about a neighborhood is read again, and counted once a device (decision 22).
    """
    sent_before = Petition.objects.filter(
        agency=agency, form_digest__in=tokens.digests(FORM, form_key, ring=keys.FORMS)
    )
    if known := sent_before.first():
        return known
    made = Petition(
        agency=agency,
        kind=kind,
        neighborhood=neighborhood,
        place=place.strip(),
        text=text.strip(),
        language=language,
        form_digest=tokens.digest(FORM, form_key, ring=keys.FORMS),
    )
    if not (made.neighborhood or made.place):
        raise PetitionRefused(_("Say where: choose a neighborhood, or write the name of a place."))
    if kind == PetitionKind.LABEL and not made.text:
        raise PetitionRefused(_("Say what is wrong with how we describe the neighborhood."))
    try:
        made.full_clean(exclude=["neighborhood", "form_digest", "answered_at"], validate_constraints=False)
        with transaction.atomic():
            made.save()
            _count_once(made, device)
    except ValidationError as error:
        raise PetitionRefused(first_error(error)) from None
    except IntegrityError:
        return sent_before.get()  # the same form, a moment earlier
    return made


def _count_once(made: Petition, device: str) -> None:
    """A place in somebody's own words is read, and not counted: nobody can say which other words mean it, too."""
    if made.neighborhood is None:
        return
    spoken = voices.speak(
        made.agency,
        purpose=f"petition-{made.kind}",
        about=Origin("area", made.neighborhood.public_id),
        token=device,
        what=made.public_id,
        replaces=True,
    )
    if not spoken.new:
        Petition.objects.filter(agency=made.agency, public_id=spoken.before).update(counts=False)


@transaction.atomic
def answer(petition: Petition, *, text: Words | str, by: User) -> Petition:
    """Answer a resident, in words that anybody may read. Raises PetitionRefused."""
    if petition.erased_at is not None:
        raise PetitionRefused(_("The words were erased: there is nothing left to answer."))
    petition.answer = _tidy(text, by, petition.agency)
    if not petition.answer:
        raise PetitionRefused(_("Write an answer: the person who asked reads it by their code."))
    petition.answered_at, petition.answered_by = clock.now(), audit.name_of(by, petition.agency)
    try:
        petition.full_clean(exclude=["neighborhood", "form_digest", "place", "text"])
    except ValidationError as error:
        raise PetitionRefused(first_error(error)) from None
    petition.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(agency=petition.agency, by=by, verb="answered", thing=petition)
    return petition


@transaction.atomic
def erase_petition(petition: Petition, *, because: str, by: User | None) -> Petition:
    """Erase what a resident wrote, and our answer, which may repeat it. Who, when and why remain."""
    because = line(because, LONGEST_BECAUSE)
    if len(because) < 3:
        raise PetitionRefused(_("Say why the words are erased: the reason remains."))
    petition = Petition.objects.select_for_update(of=("self",)).select_related("agency").get(pk=petition.pk)
    if petition.erased_at is not None:
        return petition
    holds.refuse_if_held(petition)
    petition.place = petition.text = petition.answer = ""
    petition.erased_at, petition.erased_because = clock.now(), because
    petition.save(update_fields=["place", "text", "answer", "erased_at", "erased_because"])
    audit.record(agency=petition.agency, by=by, verb="erased", thing=petition)
    return petition


def take_back(petition: Petition) -> Petition:
    """Whoever holds its code erases what they wrote, at once. Raises OnHold: then it goes when the hold ends."""
    if holds.held(petition):
        holds.note_wish(petition.agency, petition.key)
        raise holds.OnHold
    return erase_petition(petition, because=TAKEN_BACK, by=None)


def forget_petitions() -> int:
    """Delete what residents wrote once the agency's days after the answer are over. The answer, ours, stays."""
    over = Petition.objects.everywhere().out_of_keeping()
    return retention.empty(over.exclude(place="", text=""), place="", text="")


@transaction.atomic
def keep_eligible(agency: Agency, *, cell: str, name: str, by: User) -> Campus:
    """Say that people live where most incidents are at one spot, so that the next run leaves it in."""
    made, _new = Campus.objects.update_or_create(
        agency=agency,
        cell=cell,
        defaults={"name": name.strip() or cell, "noted_by": audit.name_of(by, agency)},
    )
    audit.record(agency=agency, by=by, verb="kept eligible", thing=made)
    return made


def record_export(made: Run | Evaluation, *, what: str, by: User) -> None:
    """Write down that somebody took numbers out."""
    detail: dict[str, Any] = {"what": what}
    audit.record(agency=made.agency, by=by, verb="exported", thing=made, detail=detail)


def _tidy(written: Words | str, by: User, agency: Agency) -> Words:
    return words_of(written).each(lines).signed(audit.name_of(by, agency))
