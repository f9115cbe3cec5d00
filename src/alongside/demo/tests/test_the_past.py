"""What the demo city brings from the years before: whole rows, some kept and some not, all marked."""

from datetime import timedelta

import numpy as np
import pytest

from alongside.demo import past
from alongside.followthrough.models import Concern, Promise
from alongside.followthrough.promises.models import Kept
from alongside.gatherings.models import Gathering, Status

pytestmark = pytest.mark.django_db


def test_it_comes_in_by_the_same_doors_and_says_that_it_came_later(riverbend, ada, tmp_path):
    until = riverbend.today() - timedelta(days=1)
    told = past.load(
        riverbend, tmp_path, until=until, homes=["Eastbank", "Mill Row"], by=ada, rng=np.random.default_rng(1)
    )
    assert told == (Gathering.objects.filter(status=Status.HELD).count(), len(past.BEFORE))
    assert told[0] > 15
    assert all(each.is_loaded for each in Gathering.objects.filter(status=Status.HELD))
    assert Promise.objects.open_to_all().loaded_later().count() == len(past.BEFORE), "no sign in any of them"
    assert {each.state for each in Promise.objects.all()} == {Kept.OPEN, Kept.KEPT, Kept.NOT_KEPT}
    assert Concern.objects.count() == 5
