"""A plan is read by somebody with a name before it is published: of some kinds always, of others where there is one."""

import pytest

from alongside.core.errors import Refusal
from alongside.gatherings import actions, checks, rules
from alongside.gatherings.checks import Fact, Plan
from alongside.gatherings.kinds import KINDS
from alongside.gatherings.models import Gathering, PlanCheck
from alongside.gatherings.tests.cast import a_draft

pytestmark = pytest.mark.django_db


def plan(turn_back="At the school"):
    """What a room above knows of its gathering."""
    return Plan("/riverbend/workspace/plan/", [Fact("turn_back", "turn-back point", turn_back)])


def with_own_page(gathering):
    """As a room above shows it."""
    gathering.page_id = gathering.public_id
    gathering.save(update_fields=["page_id"])
    return gathering


def confirmed(gathering, by, **words):
    return checks.confirm(
        gathering, plan(**words), rules_version=rules.in_force(gathering.agency).version, by=by
    )


@pytest.fixture
def forum(riverbend):
    return a_draft(riverbend, kind="forum", typed_host="Chief Moreno")


def test_a_walk_with_a_plan_is_not_published_without_it(riverbend, ada):
    walk = with_own_page(a_draft(riverbend, typed_host="Chief Moreno"))
    assert KINDS["walk"].plan_is_checked, "the premise"
    with pytest.raises(actions.NotNow, match="once its plan is confirmed"):
        actions.publish(walk, by=ada)
    confirmed(walk, ada)
    with pytest.raises(actions.NotNow):
        actions.publish(walk, by=ada)
    assert actions.publish(walk, plan=plan(), by=ada).is_published


def test_what_has_no_plan_here_is_published_as_it_is(riverbend, ada):
    """A walk out of another calendar; and kinds that need no check."""
    for kind in KINDS:
        assert actions.publish(a_draft(riverbend, kind=kind), by=ada).is_published, kind
    meetings = [kind.name for kind in KINDS.values() if not kind.plan_is_checked]
    assert meetings, "the premise"
    for kind in meetings:
        assert actions.publish(with_own_page(a_draft(riverbend, kind=kind)), by=ada).is_published, kind


def test_a_forum_whose_plan_is_handed_in_has_the_same_check(forum, ada):
    with pytest.raises(checks.PlanIncomplete, match="Nobody has read"):
        actions.publish(forum, plan=plan(), by=ada)
    assert forum.is_draft
    check = confirmed(forum, ada)
    assert (check.gathering, check.confirmed_by) == (forum, "Ada Coordinator")
    assert check.about["turn_back"] == "At the school"
    assert actions.publish(forum, plan=plan(), by=ada).is_published


def test_what_is_handed_in_is_compared_with_what_was_read(forum, ada):
    check = confirmed(forum, ada)
    assert checks.changed_since(check, forum, plan()) == []
    assert checks.changed_since(check, forum, plan("At the mill")) == ["turn-back point"]
    with pytest.raises(checks.PlanIncomplete, match="Ada Coordinator confirmed the plan: turn-back point"):
        actions.publish(forum, plan=plan("At the mill"), by=ada)
    actions.change(forum, typed_host="Major Dent", by=ada)
    forum = Gathering.objects.get()
    assert checks.changed_since(check, forum, plan("At the mill")) == ["host", "turn-back point"]


def test_it_has_a_place_and_a_host_before_anybody_confirms_it(riverbend, ada):
    nowhere = a_draft(riverbend, meeting_point="")
    with pytest.raises(checks.PlanIncomplete) as refused:
        confirmed(nowhere, ada)
    assert [each.text for each in refused.value.missing] == [
        "Nobody has said where people meet.",
        "Nobody hosts it yet: name a host.",
    ]
    assert refused.value.missing[1].url == plan().page
    assert not PlanCheck.objects.exists()


def test_rules_that_changed_meanwhile_are_read_once_more(forum, ada):
    confirmed(forum, ada)
    with pytest.raises(Refusal, match="read them once more"):
        checks.confirm(forum, plan(), rules_version=0, by=ada)
    checks.set_rules(forum.agency, by=ada, **rules.offered() | {"heat": "Above 95 °F we stay home."})
    with pytest.raises(checks.PlanIncomplete, match="rules have changed"):
        actions.publish(forum, plan=plan(), by=ada)
