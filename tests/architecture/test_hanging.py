"""What hangs on a date goes along when it moves, what is said of a place is said anew: every field is looked at.

Each day and moment of a gathering and of every row that hangs on one, and each text of a gathering, is in the list of
`gatherings.hanging` or stands here with its reason. A new field that is in neither is found.
"""

import pytest
from django.apps import apps
from django.db import models

from alongside.core.authored import Authored
from alongside.gatherings.hanging import FOLLOWS, OF_THE_PLACE, ON_THE_DATE
from alongside.gatherings.models import Gathering

WHAT_HAPPENED = "a moment at which something happened stays"
MOMENTS = {
    "gatherings.Gathering": {
        "on": "the date itself",
        "at": "the hour itself",
        "starts_at": "derived whenever the date is written (MomentField)",
        "ends_at": "derived whenever the date is written (MomentField)",
        "previous_on": "what the flyers say: actions._remember",
        "previous_at": "what the flyers say: actions._remember",
        "published_at": WHAT_HAPPENED,
        "loaded_at": WHAT_HAPPENED,
        "changed_at": WHAT_HAPPENED,
        "heads_told_on": WHAT_HAPPENED,
        "looked_at": "when the places that everybody reads of were counted, wherever and whenever it is",
    },
    "gatherings.Rsvp": {
        "offer_ends": "an offer ends before it begins: actions.offer_next, with every move and change",
        "joined_at": WHAT_HAPPENED,
        "waiting_since": WHAT_HAPPENED,
        "ended_at": WHAT_HAPPENED,
        "forgotten_at": WHAT_HAPPENED,
        "arranged_at": "what was arranged for another time or place is arranged anew: actions._arrange_anew",
    },
    "gatherings.Notice": {"at": WHAT_HAPPENED},
    "gatherings.HeadsCorrected": {"corrected_on": WHAT_HAPPENED},
    "gatherings.PlanCheck": {
        "confirmed_at": "what was confirmed is compared each time: checks.changed_since"
    },
    "rosters.Post": {
        "asked_at": WHAT_HAPPENED,
        "answered_at": WHAT_HAPPENED,
        "reminded_at": "of another day they are reminded anew: rosters.actions.tell_what_changed",
    },
    "rosters.PartnerInvitation": {
        "asked_at": WHAT_HAPPENED,
        "answered_at": WHAT_HAPPENED,
        "reminded_at": "of another day they are reminded anew: rosters.actions.tell_what_changed",
    },
    "weather.Outlook": {
        "about": "compared with the hour at which it begins now: Outlook.is_current",
        "looked_at": WHAT_HAPPENED,
        "made_at": WHAT_HAPPENED,
    },
    "weather.Alert": {
        "about": "compared with the hour at which it begins now: weather.queries.alerts_for",
        "worst_at": "an hour of that forecast",
        "first_seen": WHAT_HAPPENED,
        "last_seen": WHAT_HAPPENED,
        "ended_at": WHAT_HAPPENED,
        "settled_at": WHAT_HAPPENED,
    },
    "field.Note": dict.fromkeys(["heard_at", "received_at", "settled_at"], WHAT_HAPPENED),
    "field.HeadCount": dict.fromkeys(["at", "received_at"], WHAT_HAPPENED),
    "field.ContactQuality": {"at": WHAT_HAPPENED},
    "field.Observation": {"at": WHAT_HAPPENED},
    "field.EnforcementException": dict.fromkeys(["said_at", "confirmed_at"], WHAT_HAPPENED),
    "field.Recap": {
        "publish_by": "a recap is begun when it is over, and what is over does not move",
        "drawn_at": WHAT_HAPPENED,
        "approved_at": WHAT_HAPPENED,
        "published_at": WHAT_HAPPENED,
    },
}
WORDS = {
    "title": "what it is, wherever it is",
    "summary": "what happens there, wherever it is",
    "meeting_point": "the place itself: at another venue it is said anew (hanging.at_another_venue)",
    "change_reason": "said with each move",
    "previous_place": "what the flyers say: actions._remember",
}


def rows_of_a_gathering() -> list[type[models.Model]]:
    hang = (
        each
        for each in apps.get_models()
        if any(field.is_relation and field.related_model is Gathering for field in each._meta.fields)
    )
    return [Gathering, *hang]


@pytest.mark.parametrize("model", rows_of_a_gathering(), ids=lambda model: model._meta.label)
def test_every_moment_goes_along_or_says_why_not(model):
    excused = MOMENTS.get(model._meta.label, {})
    moments = {
        field.name for field in model._meta.fields if isinstance(field, models.DateField | models.TimeField)
    }
    carried = set(ON_THE_DATE) if model is Gathering else set()
    assert moments - carried - set(excused) == set(), "gatherings.hanging: what becomes of it when it moves?"
    assert not carried & set(excused)


def test_every_text_is_said_anew_of_another_place_or_says_why_not():
    texts = {field.name for field in Gathering._meta.fields if isinstance(field, Authored)}
    assert texts - set(OF_THE_PLACE) == set(WORDS)


def test_what_goes_along_is_written():
    assert {*ON_THE_DATE, *OF_THE_PLACE, "neighborhood"} == set(FOLLOWS)
    names = {field.name for field in Gathering._meta.fields}
    assert set(FOLLOWS) <= names
