"""A plan is read by somebody with a name before it is published: what it lacks, who confirmed it, what changed since.

Whoever knows the plan of a gathering (a walk knows where it turns back) hands it in; the check is the same for all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal
from alongside.core.text import line
from alongside.gatherings import rules
from alongside.gatherings.models import LONGEST_RULE, PARTS, Gathering, OperatingRules, PlanCheck


class RulesIncomplete(Refusal):
    """Operating rules that are silent about something that will happen some day."""


class RulesChanged(Refusal):
    """Somebody confirms rules that are not in force any more."""


class NotTaken(Refusal):
    """A plan holds something that is confirmed by name, and nobody has."""


class NotSigned(Refusal):
    """A plan is confirmed by somebody with a name."""


class PlanIncomplete(Refusal):
    """Published is only what has a plan that says who, where and when, and that somebody has read."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(" ".join(each.text for each in missing))
        self.missing = missing


@dataclass(frozen=True)
class Missing:
    """Something a plan lacks, in a sentence, and the page on which it is put right."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Fact:
    """Something that a plan says, and what it is called where it has changed."""

    name: str
    word: str
    value: str
    asks: str = ""
    """What whoever confirms it takes upon themselves, beside a box of its own; "" where reading is enough."""


@dataclass(frozen=True)
class Plan:
    """Where the plan of a gathering is read and confirmed, and what it says beside when, where and who."""

    page: str
    facts: Sequence[Fact] = ()
    noted: Sequence[Fact] = ()
    """What is said beside the plan: kept with the confirmation as seen. It may change, and the plan is as it was."""


def about(gathering: Gathering, plan: Plan) -> list[Fact]:
    """What a confirmation is about."""
    return [
        Fact("when", _("day or hour"), gathering.starts.isoformat()),
        Fact("place", _("meeting point"), gathering.place.original),
        Fact("host", _("host"), gathering.host),
        *plan.facts,
    ]


# -- what is still to do ----------------------------------------------------------------------------
def missing(gathering: Gathering, plan: Plan) -> list[Missing]:
    """What is still to do before it may be published; empty when it may."""
    return lacking(gathering, plan) or unconfirmed(gathering, plan)


def lacking(gathering: Gathering, plan: Plan) -> list[Missing]:
    """What no gathering can do without. The rest may come later, and the plan says aloud what is not settled."""
    lacks = []
    if not gathering.place:
        page = reverse("gatherings:edit", args=[gathering.agency.slug, gathering.public_id])
        lacks.append(Missing(_("Nobody has said where people meet."), page))
    if not gathering.host:
        lacks.append(Missing(_("Nobody hosts it yet: name a host."), plan.page))
    return lacks


def unconfirmed(gathering: Gathering, plan: Plan) -> list[Missing]:
    """Whether somebody has read the plan as it is now, with the rules as they are now."""
    return _unread(last_check(gathering), rules.in_force(gathering.agency), gathering, plan)


def _unread(
    check: PlanCheck | None, in_force: OperatingRules, gathering: Gathering, plan: Plan
) -> list[Missing]:
    if check is None:
        return [Missing(_("Nobody has read and confirmed the plan yet."), plan.page)]
    if check.rules_id != in_force.pk:
        return [Missing(_("The operating rules have changed since the plan was confirmed."), plan.page)]
    changed = changed_since(check, gathering, plan)
    if changed:
        text = _("Changed since %(name)s confirmed the plan: %(what)s.")
        return [Missing(text % {"name": check.confirmed_by, "what": ", ".join(changed)}, plan.page)]
    return []


def confirmed_among(agency: Agency, plans: Sequence[tuple[Gathering, Plan]]) -> set[int]:
    """The numbers of those whose plan somebody has read as it is now: two questions for a whole list."""
    wanted = [gathering.pk for gathering, _plan in plans]
    in_force = rules.in_force(agency)
    rows = PlanCheck.objects.of(agency).filter(gathering__in=wanted).order_by("pk")
    last = {check.gathering_id: check for check in rows}
    return {
        gathering.pk
        for gathering, plan in plans
        if not (_unread(last.get(gathering.pk), in_force, gathering, plan) or lacking(gathering, plan))
    }


def noted_among(agency: Agency, gatherings: Collection[Gathering]) -> dict[int, dict[str, str]]:
    """What the last confirmation of each kept, by the gathering's number: one question for a whole list."""
    rows = PlanCheck.objects.of(agency).filter(gathering__in=gatherings).order_by("pk")
    return {check.gathering_id: check.about for check in rows}


def last_check(gathering: Gathering) -> PlanCheck | None:
    return gathering.checks.select_related("rules").order_by("-pk").first()


def changed_since(check: PlanCheck, gathering: Gathering, plan: Plan) -> list[str]:
    """What of it is not as it was."""
    return [fact.word for fact in about(gathering, plan) if check.about.get(fact.name, "") != fact.value]


# -- confirming -------------------------------------------------------------------------------------
@transaction.atomic
def confirm(
    gathering: Gathering,
    plan: Plan,
    *,
    rules_version: int,
    by: User | None,
    name: str = "",
    taken: Collection[str] = (),
) -> PlanCheck:
    """Somebody with a name read this plan and these rules. An agency that has set no rules takes those offered.

    `taken` names the facts that ask for more than reading, each of which they agreed to.
    """
    agency = gathering.agency
    who = audit.name_of(by, agency) if by else line(name, 160)
    if not who:
        raise NotSigned(_("Say who read the plan: a name, so that one can ask."))
    lacks = lacking(gathering, plan)
    if lacks:
        raise PlanIncomplete(lacks)
    if left := [fact.asks for fact in plan.facts if fact.asks and fact.name not in taken]:
        raise NotTaken(left[0])
    in_force = rules.in_force(agency)
    if in_force.version != rules_version:
        raise RulesChanged(_("The operating rules were changed meanwhile. Please read them once more."))
    if not in_force.version:
        in_force = set_rules(agency, by=by, name=who, **rules.offered())
    check = PlanCheck.objects.create(
        agency=agency,
        gathering=gathering,
        rules=in_force,
        confirmed_by=who,
        about={fact.name: fact.value for fact in (*about(gathering, plan), *plan.noted)},
    )
    detail = {"rules": in_force.version, "name": who}
    audit.record(agency=agency, by=by, verb="confirmed the plan of", thing=gathering, detail=detail)
    return check


@transaction.atomic
def set_rules(agency: Agency, *, by: User | None, name: str = "", **words: Words | str) -> OperatingRules:
    """The next version of what holds everywhere. The same words again are no new version."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    who = name or audit.name_of(by, agency)
    said = {part: words_of(words.get(part, "")).each(_plain).signed(who) for part in PARTS}
    empty = rules.missing_parts(said)
    if empty:
        heading = OperatingRules.heading_of(empty[0])
        raise RulesIncomplete(_("Say something about each part. Missing: %(part)s.") % {"part": heading})
    before = rules.in_force(agency)
    if before.version and rules.are_the_same(before, said):
        return before
    made = OperatingRules.objects.create(
        agency=agency,
        version=before.version + 1,
        set_by=who,
        **said,
    )
    audit.record(agency=agency, by=by, verb="set the rules", thing=made, detail={"version": made.version})
    return made


def _plain(text: str) -> str:
    """Lines of plain text, as long as the page has room for."""
    lines = [line(each, LONGEST_RULE) for each in text.splitlines()]
    return "\n".join(lines).strip()[:LONGEST_RULE]
