"""What was heard belongs to its gathering by a key: it stays so when the gathering's page moves."""

from collections import Counter
from datetime import date, time, timedelta

import pytest

from alongside.core import clock
from alongside.field import actions, queries
from alongside.field.tests.cast import a_walk, scribe, talk
from alongside.field.tests.test_recap import published
from alongside.followthrough import actions as followthrough
from alongside.followthrough import queries as promises
from alongside.followthrough.models import Card, Concern
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_draft


@pytest.fixture
def walked(riverbend, ada):
    """A walk in January, two days after: twenty came, and six spoke of the lamps."""
    with clock.at(clock.now().replace(year=2027, month=1, day=4, hour=12)):
        walk = a_walk(riverbend, on=date(2027, 1, 13), at=time(18, 0))
    with clock.at(walk.ends + timedelta(days=2)):
        gatherings.mark_held(walk, came=20, by=ada)
        talk(walk, lighting=6)
        yield walk


def moved(gathering):
    """A room above gives it a page of its own, at another address."""
    before = gathering.get_absolute_url()
    Gathering.objects.filter(pk=gathering.pk).update(page_id="7fq2mz9k4b")
    gathering = Gathering.objects.get(pk=gathering.pk)
    assert gathering.get_absolute_url() != before
    return gathering


@pytest.mark.django_db
def test_a_gathering_whose_page_moved_tells_its_themes(walked, ada):
    walk = moved(walked)
    published(walk, ada)
    assert queries.recap_of(walk).themes == [("Street lights", 6)]


@pytest.mark.django_db
def test_a_gathering_whose_page_moved_is_in_its_quarter(walked):
    moved(walked)
    with clock.at(clock.now().replace(month=4, day=25)):
        (pool,) = actions.draw_quarters(walked.agency)
    assert pool.facts["themes"]["shown"] == [["lighting", 6]]


@pytest.mark.django_db
def test_a_gathering_whose_page_moved_keeps_its_promises(walked, ada):
    followthrough.clear(Concern.objects.first(), summary="The lamps on Oak Street", by=ada)
    walk = moved(walked)
    with clock.at(clock.now() + timedelta(days=21)):  # on the list it stands after a while
        (promise,) = promises.public_promises(walk.agency, origins=[walk.key])
    assert str(promise.summary) == "The lamps on Oak Street"


@pytest.mark.django_db
def test_what_was_heard_shows_its_gathering_as_it_is_called_now(walked, ada):
    talk(a_walk(walked.agency, title="Another walk"), noise=1)
    gatherings.change(moved(walked), by=ada, title="Lamps of Oak Street")
    shown = Concern.objects.values_list("origin_label", "origin_link")
    assert Counter((str(label), link) for label, link in shown) == {
        ("Lamps of Oak Street", "/riverbend/walks/7fq2mz9k4b/"): 6,
        ("Another walk", Gathering.objects.get(title="Another walk").get_absolute_url()): 1,
    }


@pytest.mark.django_db
def test_what_was_heard_leads_to_the_page_that_a_room_above_gives_it(walked):
    gatherings.show_at(walked, page_id="7fq2mz9k4b")
    assert {*Concern.objects.values_list("origin_link", flat=True)} == {"/riverbend/walks/7fq2mz9k4b/"}


@pytest.mark.django_db
def test_cards_that_were_handed_out_know_their_gathering(riverbend):
    walk = a_walk(riverbend)
    with clock.at(walk.starts):
        actions.cards_for(scribe(walk), count=3)
    assert {*Card.objects.values_list("origin", flat=True)} == {str(walk.key)}


@pytest.mark.django_db
def test_of_a_draft_that_was_thrown_away_its_name_stays_and_no_link(riverbend):
    draft = a_draft(riverbend)
    with clock.at(draft.starts):
        actions.cards_for(scribe(draft), count=1)
        talk(draft, noise=1)
        gatherings.discard(draft, by=None)
    for model in (Concern, Card):
        shown = model.objects.exclude(origin="").values_list("origin_label", "origin_link")
        assert {(str(label), link) for label, link in shown} == {(str(draft.title), "")}
