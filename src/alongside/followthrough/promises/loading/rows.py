"""What a row of before may say, by which words its columns are known, and why it may be set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.errors import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_ROWS = 5_000


class UnreadableTable(Refusal):
    """A table without a column for what was promised, or with more rows than one load takes."""


# For each thing we ask, the names of columns that usually hold it; the most likely first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "what": (
        "promise",
        "commitment",
        "action",
        "promised",
        "whatwaspromised",
        "whatwepromised",
        "task",
        "promesa",
        "compromiso",
    ),
    "who": (
        "owner",
        "responsible",
        "whopromised",
        "promisedby",
        "assignedto",
        "answers",
        "officer",
        "lead",
        "quien",
        "responsable",
    ),
    "made_on": (
        "promisedon",
        "datepromised",
        "madeon",
        "promisedate",
        "date",
        "made",
        "opened",
        "prometidoel",
        "fecha",
    ),
    "due": ("bywhen", "duedate", "deadline", "dueby", "by", "targetdate", "target", "plazo", "paracuando"),
    "state": ("status", "kept", "result", "estado"),
    "outcome": (
        "whatcameofit",
        "whatcame",
        "whathappened",
        "resolution",
        "comments",
        "notes",
        "answer",
        "resultado",
    ),
    "closed_on": (
        "closed",
        "closedon",
        "dateclosed",
        "completed",
        "completedon",
        "completiondate",
        "doneon",
        "finished",
        "cerradoel",
    ),
    "area": ("neighborhood", "neighbourhood", "district", "beat", "division", "barrio", "vecindario"),
    "place": (
        "whereitwassaid",
        "said",
        "saidat",
        "meeting",
        "event",
        "origin",
        "source",
        "walk",
        "reunion",
    ),
    "link": ("evidence", "evidencelink", "evidenceurl", "proof", "url", "enlace", "prueba"),
    "item": (
        "recommendation",
        "taskforceitem",
        "actionitem",
        "recommendationoractionitem",
        "pillaritem",
        "recomendacion",
    ),
    "asked": (
        "concern",
        "issue",
        "request",
        "question",
        "whatwasasked",
        "asked",
        "heard",
        "complaint",
        "inquietud",
        "pedido",
    ),
    "topic": ("about", "category", "tema", "categoria"),
    "uid": ("id", "number", "no", "ref", "reference", "caseid", "numero"),
}
LABELS: Mapping[str, StrOrPromise] = {
    "what": _("What is promised"),
    "who": _("Who"),
    "made_on": pgettext_lazy("promise", "Promised on"),
    "due": _("By when"),
    "state": _("State"),
    "outcome": _("What came of it"),
    "closed_on": pgettext_lazy("promise", "Ended on"),
    "area": _("Neighborhood"),
    "place": _("Where it was said"),
    "link": _("Where anybody can see it"),
    "item": _("Recommendation or action item"),
    "asked": _("What was asked, in words for the public"),
    "topic": pgettext_lazy("topic", "About"),
    "uid": _("Its number in the table"),
}
OPEN, KEPT, NOT_KEPT = "open", "kept", "not kept"
STATES: dict[str, str] = {
    **dict.fromkeys(
        ("open", "inprogress", "ongoing", "pending", "started", "notyet", "abierto", "encurso", "pendiente"),
        OPEN,
    ),
    **dict.fromkeys(
        (
            "kept",
            "done",
            "complete",
            "completed",
            "closed",
            "yes",
            "y",
            "true",
            "x",
            "fulfilled",
            "resolved",
            "finished",
            "cumplido",
            "cumplida",
            "hecho",
            "si",
        ),
        KEPT,
    ),
    **dict.fromkeys(
        (
            "notkept",
            "notdone",
            "broken",
            "failed",
            "declined",
            "dropped",
            "cancelled",
            "canceled",
            "abandoned",
            "no",
            "n",
            "false",
            "nocumplido",
            "nocumplida",
            "rechazado",
        ),
        NOT_KEPT,
    ),
}
NOTHING = {"", "null", "none", "nan", "n/a", "na", "-", "–", "tbd"}


class Aside:
    """Why a row cannot be kept: one reason each."""

    NO_WHAT = "no_what"
    NO_WHO = "no_who"
    NO_DAY = "no_day"
    BAD_DAY = "bad_day"
    FAR = "far"
    FUTURE = "future"
    BACKWARDS = "backwards"
    ENDED_BEFORE = "ended_before"
    NO_DUE = "no_due"
    NO_STATE = "no_state"
    OPEN_AND_ENDED = "open_and_ended"
    STATE = "state"
    LONG = "long"
    TWICE = "twice"
    HERE = "here"
    REFUSED = "refused"


ASIDE_WORDS = {
    Aside.NO_WHAT: _("it says neither what was promised nor what was asked"),
    Aside.NO_WHO: _("nobody is named who promised it: no promise stands without somebody who answers for it"),
    Aside.NO_DAY: _("no day on which it was promised or asked"),
    Aside.BAD_DAY: _("a day that cannot be read: write it as 2021-05-04"),
    Aside.FAR: _("a year that cannot be right"),
    Aside.FUTURE: _("promised, asked or ended on a day to come"),
    Aside.BACKWARDS: _("promised for a day before it was promised"),
    Aside.ENDED_BEFORE: _("ended before it was promised"),
    Aside.NO_DUE: _("still open, and without a day: promise a day here"),
    Aside.NO_STATE: _("ended, and nothing says whether it was kept"),
    Aside.OPEN_AND_ENDED: _("still open, and with a day on which it ended"),
    Aside.STATE: _("a state that we do not know: write open, kept or not kept"),
    Aside.LONG: _("longer than we keep: shorten its words"),
    Aside.TWICE: _("its number stands in the table twice, and says something else"),
    Aside.HERE: _("promised here already, with the same words and on the same day"),
    Aside.REFUSED: _("cannot be kept as it is"),
}


class Odd:
    """What is odd about a row that is kept. The first keeps it from the public until a person has looked."""

    SIGNS = "signs"
    NAMED = "named"
    LATE = "late"
    NO_DUE = "no_due"
    NO_END = "no_end"
    NO_WORDS = "no_words"
    AREA = "area"
    TOPIC = "topic"
    LINK = "link"
    ITEM = "item"
    FORMULA = "formula"


ODD_WORDS = {
    Odd.SIGNS: _("may name or describe somebody: not public before a person has looked"),
    Odd.NAMED: _("no member of today is called so: the name stays as it is typed"),
    Odd.LATE: _("still open, and its day has passed: it counts as late"),
    Odd.NO_DUE: _("no day by which it was promised: it never counts as kept on time"),
    Odd.NO_END: _("no day on which it ended: it never counts as kept on time"),
    Odd.NO_WORDS: _("nothing says what came of it: the page says that"),
    Odd.AREA: _("no neighborhood of ours is called so: kept without"),
    Odd.TOPIC: _("a topic that we do not know: kept as something else"),
    Odd.LINK: _("its link is no address of a page: left out"),
    Odd.ITEM: _("its item is not written as in “tf:4.5.1”: left out"),
    Odd.FORMULA: _("begins as a formula does: kept as words"),
}
