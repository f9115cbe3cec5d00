"""What people said goes wherever it was kept: by the clock, at their wish, and again after a backup brought it back."""

from datetime import timedelta

import pytest

from alongside.agencies import holds
from alongside.core import clock
from alongside.core.origins import Origin
from alongside.followthrough import actions, jobs, records
from alongside.followthrough.models import Concern, Deed, Step
from alongside.followthrough.tests.cast import WORDS, ben_says
from alongside.followthrough.triage import splitting
from alongside.followthrough.triage.splitting import Part
from alongside.outreach.subscriptions.models import Subscription

pytestmark = pytest.mark.django_db
NOT_SO = "It is dark again, and I fell over the curb."


@pytest.fixture
def his(riverbend):
    return ben_says(riverbend)


def done(concern, ada):
    return actions.close(concern, state="done", outcome="The lamp was mended on Tuesday.", by=ada)


def once_it_is_over(agency):
    return clock.at(clock.now() + timedelta(days=agency.words_retention_days + 2))


# -- by the clock -------------------------------------------------------------------------------------
def test_what_ben_wrote_when_he_opened_it_again_goes_with_the_clock(riverbend, his, ada):
    done(his.concern, ada)
    actions.reopen(his.concern, words=NOT_SO)
    actions.progress(his.concern, text="The crew comes on Friday.", by=ada)
    done(his.concern, ada)
    jobs.forget()
    assert Step.objects.get(deed=Deed.REOPENED).words == NOT_SO, "the days are not over"
    with once_it_is_over(riverbend):
        jobs.forget()
    step = Step.objects.get(deed=Deed.REOPENED)
    assert (step.words, step.salt) == ("", "")
    assert str(Step.objects.get(deed=Deed.NOTED).text) == "The crew comes on Friday.", (
        "what we answered stays"
    )
    assert Concern.objects.get().words == ""


# -- at their wish ------------------------------------------------------------------------------------
@pytest.fixture
def parts(his, ada):
    """What Ben said was split, and a part of it once more."""
    actions.leave_contact(his.concern, email="ben@riverbend.example")
    (cars,) = splitting.split(his.concern, [Part("traffic", "Cars race at night.")], by=ada)
    (horns,) = splitting.split(cars, [Part("noise", "They blow their horns.")], by=ada)
    return [cars, horns]


def everything():
    return "".join(str(list(model.objects.everywhere().values())) for model in (Concern, Step, Subscription))


def test_ben_reads_and_erases_the_parts_of_what_he_said_with_it(riverbend, his, parts):
    told = " ".join(records.told(riverbend, his.concern.public_id).values())
    for said in (WORDS, "Cars race at night.", "They blow their horns."):
        assert said in told
    keys = [part.key for part in parts]
    records.erase(riverbend, his.concern.public_id, None)
    kept = everything()
    for said in (WORDS, "Cars race", "horns", "Oak Street", "ben@riverbend.example", *keys):
        assert said not in kept
    assert not Concern.objects.filter(redacted_at=None).exists()
    assert records.told(riverbend, his.concern.public_id) == {}


def test_a_part_alone_goes_alone(his, parts, ada):
    actions.redact(parts[0], because="It named a neighbor.", by=ada)
    assert [each.redacted_at is None for each in Concern.objects.order_by("pk")] == [True, False, False]
    actions.redact(his.concern, because="It named a neighbor.", by=ada)
    assert not Concern.objects.filter(redacted_at=None).exists()
    assert Step.objects.filter(deed=Deed.REDACTED).count() == 3, "what was erased is not erased again"


def test_a_part_that_is_held_keeps_the_whole(riverbend, his, parts, ada):
    held = Origin("concern", parts[1].public_id)
    holds.place(riverbend, key=held, reason="Hill v. Riverbend", by=ada)
    with pytest.raises(holds.OnHold):
        records.erase(riverbend, his.concern.public_id, None)
    assert not Concern.objects.exclude(redacted_at=None).exists()
