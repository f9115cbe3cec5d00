"""What people said goes wherever it was kept: by the clock, at their wish, and again after a backup brought it back."""

from datetime import timedelta

import pytest

from alongside.core import clock
from alongside.followthrough import actions, jobs
from alongside.followthrough.models import Concern, Deed, Step
from alongside.followthrough.tests.cast import ben_says

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
