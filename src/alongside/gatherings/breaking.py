"""Whose request for access a move breaks: whoever decides reads it, by name of what breaks, and agrees to each.

Of those who asked, a page says how many and never who: names stand where only coordinators read (`_needs.html`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core import tokens
from alongside.core.errors import Refusal
from alongside.gatherings.access import facts_of
from alongside.gatherings.hanging import Standing, is_elsewhere, standing
from alongside.gatherings.models import Gathering, Rsvp
from alongside.places.models import Known


class BreaksAccess(Refusal):
    """A move takes from people what they asked for to take part: whoever decides says that they have read it."""

    def __init__(self, broken: Iterable[Broken]) -> None:
        self.broken = list(broken)
        what = " ".join(map(str, self.broken))
        super().__init__(
            _(
                "This breaks what people asked for. %(what)s Tick each at the end of the form, once you have read it."
            )
            % {"what": what}
        )


MARK = 16  # characters of the keyed digest that a tick carries


@dataclass(frozen=True)
class Broken:
    """What people asked for that would not hold: whose answers, to which place and hours, and how it stands there."""

    kind: str
    answers: frozenset[int]
    moved_to: frozenset[Standing]
    place: str = ""
    step_free: str = Known.UNKNOWN

    @property
    def people(self) -> int:
        return len(self.answers)

    @property
    def key(self) -> str:
        """By this it is agreed to: of these people, at this place and hour. Of others, or elsewhere, it is another."""
        to = sorted(
            f"{each.on} {each.at} {each.venue.pk if each.venue else ''} {each.place.original}"
            for each in self.moved_to
        )
        mark = tokens.digest("breaking", repr((to, sorted(self.answers))))[-MARK:]
        return f"{self.kind}:{self.people}:{self.step_free}:{mark}"

    def __str__(self) -> str:
        """Such as: 1 person asked for a way without steps; Shelby Hall has steps at the door."""
        said = {"n": self.people, "place": self.place}
        if self.kind == "steps":
            return _steps(self) % said
        if self.kind == "words":
            return (
                ngettext(
                    "%(n)d person told us in words what they need; nobody has looked whether it is there at "
                    "%(place)s.",
                    "%(n)d people told us in words what they need; nobody has looked whether it is there at "
                    "%(place)s.",
                    self.people,
                )
                % said
            )
        if self.kind == "interpreter":
            return (
                ngettext(
                    "For %(n)d person an interpreter was found for the old time and place: find one again.",
                    "For %(n)d people an interpreter was found for the old time and place: find one again.",
                    self.people,
                )
                % said
            )
        return (
            ngettext(
                "For %(n)d person help was arranged for the old time and place: arrange it again.",
                "For %(n)d people help was arranged for the old time and place: arrange it again.",
                self.people,
            )
            % said
        )


def _steps(broken: Broken) -> str:
    if broken.step_free == Known.NO:
        return ngettext(
            "%(n)d person asked for a way without steps; %(place)s has steps at the door.",
            "%(n)d people asked for a way without steps; %(place)s has steps at the door.",
            broken.people,
        )
    return ngettext(
        "%(n)d person asked for a way without steps; nobody has written down whether %(place)s has any.",
        "%(n)d people asked for a way without steps; nobody has written down whether %(place)s has any.",
        broken.people,
    )


ASKED: dict[str, Callable[[Rsvp], bool]] = {
    "steps": lambda rsvp: rsvp.without_steps,
    "words": lambda rsvp: bool(rsvp.access_needs),
    "interpreter": lambda rsvp: rsvp.arranged_at is not None and bool(rsvp.interpreter),
    "arranged": lambda rsvp: rsvp.arranged_at is not None and not rsvp.interpreter,
}


def broken_by(gathering: Gathering, before: Standing) -> list[Broken]:
    """What people asked for that does not hold where and when it is now, as it did before it was moved."""
    asking = gathering.rsvps.still_in().filter(
        Q(without_steps=True) | ~Q(access_needs="") | Q(arranged_at__isnull=False)
    )
    answers = list(asking.only("without_steps", "access_needs", "arranged_at", "interpreter"))
    elsewhere = is_elsewhere(gathering, before)
    step_free = facts_of(gathering.venue)["step_free"]
    holds = {
        "steps": not elsewhere or step_free == Known.YES,
        "words": not elsewhere,
        "interpreter": False,
        "arranged": False,
    }
    place = gathering.venue.name if gathering.venue else str(gathering.place)
    to = frozenset([standing(gathering)])
    broken = [
        Broken(
            kind,
            frozenset(each.pk for each in answers if asked(each)),
            to,
            place,
            step_free if kind == "steps" else "",
        )
        for kind, asked in ASKED.items()
        if not holds[kind]
    ]
    return [each for each in broken if each.answers]


def must_be_accepted(broken: Iterable[Broken], accepted: Collection[str]) -> None:
    """Raises BreaksAccess unless each is agreed to by its key. Of several dates each is said once, for all of them."""
    together: dict[object, Broken] = {}
    for each in broken:
        venues = frozenset(there.venue for there in each.moved_to)
        alike = (each.kind, each.place, each.step_free, venues)
        known = together.get(alike)
        if known:
            each = replace(
                each, answers=known.answers | each.answers, moved_to=known.moved_to | each.moved_to
            )
        together[alike] = each
    if any(each.key not in accepted for each in together.values()):
        raise BreaksAccess(together.values())
