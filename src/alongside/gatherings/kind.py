"""What a kind of gathering says of itself: one file of `kinds` each, plain data."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """A kind of gathering. Names are kept in rows, and stay; a new kind needs no migration.

    `at`: its place in lists. `titles`: the words of a title that speak of it, as a pattern; of several kinds that fit,
    the first by `guessed` counts.

    A room above that has a page of its own for such a gathering names it here: `page` for everybody and `desk` for
    staff, views that take the id which that room gave (`Gathering.page_id`), the lists in which each of them stands,
    and `plans`, where one plans another; without them a gathering is shown, listed and planned here.
    What a phone takes along there is made by `way`, a function's dotted name as manifests give them.
    """

    name: str
    label: str | Promise
    at: int
    titles: str = ""
    guessed: int = 99
    on_foot: bool = False
    recap_is_promised: bool = False
    plan_is_checked: bool = False  # nobody publishes it before somebody with a name has confirmed its plan
    page: str = ""
    desk: str = ""
    list_of_pages: str = "gatherings:coming"
    list_at_desk: str = "gatherings:desk"
    plans: str = ""
    way: str = ""

    def __str__(self) -> str:
        return str(self.label)
