"""Folders of the versions before keep their rules, and who confirmed which plan."""

from datetime import date, time

import pytest
from tests.migrating import as_before, up_to_date

from alongside.core.authored import Words
from alongside.gatherings import checks, rules
from alongside.gatherings.models import PARTS, OperatingRules, PlanCheck

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]
ABOUT = {"when": "2026-06-04T18:00:00-04:00", "place": "The mill", "host": "Chief Moreno", "turn_back": ""}


def test_rules_and_checks_of_before_are_the_gatherings():
    before = as_before(("walks", "0003_rules_and_plan_checks"))

    def make(model, **columns):
        return before.get_model(model).objects.create(**columns)

    riverbend = make("agencies.Agency", slug="riverbend", name="Riverbend", timezone="America/New_York")
    for version in (1, 2):
        words = {part: f"{part}, as of {version}" for part in PARTS}
        newest = make(
            "walks.OperatingRules", pk=version + 6, agency=riverbend, version=version, set_by="Ada", **words
        )
    walks = [
        make(
            "walks.Walk",
            agency=riverbend,
            public_id=f"wwwwwwwww{number}",
            gathering=make(
                "gatherings.Gathering",
                agency=riverbend,
                public_id=f"222222222{number}",
                title=f"Walk {number}",
                on=date(2026, 6, 4),
                at=time(18, 0),
                timezone="America/New_York",
            ),
        )
        for number in (3, 4)
    ]
    for walk in reversed(walks):
        make(
            "walks.PlanCheck",
            agency=riverbend,
            walk=walk,
            rules=newest,
            confirmed_by=f"Who read {walk.gathering.title}",
            about=ABOUT,
        )
    up_to_date()
    assert list(OperatingRules.objects.values_list("pk", "version", "press")) == [
        (8, 2, Words.of("press, as of 2", language="en")),
        (7, 1, Words.of("press, as of 1", language="en")),
    ]
    kept = PlanCheck.objects.order_by("gathering__title").values_list(
        "confirmed_by", "rules__version", "about"
    )
    assert list(kept) == [
        ("Who read Walk 3", 2, ABOUT),
        ("Who read Walk 4", 2, ABOUT),
    ]
    agency = OperatingRules.objects.first().agency
    made = checks.set_rules(agency, by=None, name="Ada", **rules.offered())
    assert (made.version, made.pk) == (3, 9), "numbered after the last"
