"""Whose request for access a move breaks: whoever decides reads it, by name of what breaks, and agrees to each.

Of those who asked, a page says how many and never who: names stand where only coordinators read (`_needs.html`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.errors import Refusal
from alongside.gatherings.access import facts_of
from alongside.gatherings.hanging import Standing
from alongside.gatherings.models import Gathering
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


@dataclass(frozen=True)
class Broken:
    """What people asked for that would not hold: how many asked, and how it stands at the new place."""

    kind: str
    people: int
    place: str = ""
    step_free: str = Known.UNKNOWN

    @property
    def key(self) -> str:
        """By this it is agreed to. Where one more has asked meanwhile, it is another."""
        return f"{self.kind}:{self.people}:{self.step_free}"

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


def broken_by(gathering: Gathering, before: Standing) -> list[Broken]:
    """What people asked for that does not hold where and when it is now, as it did before it was moved."""
    asked = gathering.rsvps.still_in().aggregate(
        for_steps=Count("pk", filter=Q(without_steps=True)),
        for_words=Count("pk", filter=~Q(access_needs="")),
        for_interpreter=Count("pk", filter=Q(arranged_at__isnull=False) & ~Q(interpreter="")),
        for_arranged=Count("pk", filter=Q(arranged_at__isnull=False, interpreter="")),
    )
    elsewhere = gathering.place.original != before.place.original
    step_free = facts_of(gathering.venue)["step_free"]
    holds = {
        "steps": not elsewhere or step_free == Known.YES,
        "words": not elsewhere,
        "interpreter": False,
        "arranged": False,
    }
    place = gathering.venue.name if gathering.venue else str(gathering.place)
    return [
        Broken(kind, asked[f"for_{kind}"], place, step_free if kind == "steps" else "")
        for kind in holds
        if asked[f"for_{kind}"] and not holds[kind]
    ]


def must_be_accepted(broken: Iterable[Broken], accepted: Collection[str]) -> None:
    """Raises BreaksAccess unless each is agreed to by its key. Of several dates each is said once, for all of them."""
    together: dict[tuple[str, str, str], Broken] = {}
    for each in broken:
        alike = (each.kind, each.place, each.step_free)
        known = together.get(alike)
        together[alike] = replace(each, people=each.people + (known.people if known else 0))
    if any(each.key not in accepted for each in together.values()):
        raise BreaksAccess(together.values())
