"""A kind of gathering is one file: in every list, guessed from titles, with the page of its room, and no migration."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from alongside.gatherings import actions, kinds
from alongside.gatherings.forms import GatheringForm
from alongside.gatherings.importing.kinds import known
from alongside.gatherings.kind import Kind
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_draft


@pytest.fixture
def picnic(monkeypatch):
    kind = Kind("picnic", "Picnic", at=45)
    monkeypatch.setitem(kinds.KINDS, "picnic", kind)
    return kind


def test_a_new_kind_is_offered_and_shown(riverbend, ada, picnic, client_for):
    form = GatheringForm(agency=riverbend, by=ada)
    assert ("picnic", "Picnic") in form.fields["kind"].choices
    gathering = a_draft(riverbend, kind="picnic")
    page = client_for(ada).get(gathering.get_absolute_url())
    assert page.status_code == 200
    assert str(gathering.is_of) == "Picnic"


@pytest.mark.django_db
def test_a_new_kind_needs_no_migration(picnic):
    call_command("makemigrations", "gatherings", "--check", "--dry-run", verbosity=0)


def test_the_places_of_kinds_differ():
    assert len({kind.at for kind in kinds.KINDS.values()}) == len(kinds.KINDS)
    guessed = [kind.guessed for kind in kinds.KINDS.values() if kind.titles]
    assert len(set(guessed)) == len(guessed), "else chance says what a title speaks of"


def test_a_kind_that_is_gone_is_a_gathering_all_the_same(riverbend):
    gathering = a_draft(riverbend, kind="walk")
    Gathering.objects.filter(pk=gathering.pk).update(kind="parade")
    gathering.refresh_from_db()
    assert gathering.get_absolute_url() == f"/riverbend/gatherings/{gathering.public_id}/"


def test_a_kind_said_outright_is_known_by_its_name_and_its_word():
    assert known("night_out") == known("National Night Out") == "night_out"
    assert known("Parade") is None


@pytest.mark.parametrize("kind", [kind for kind in kinds.KINDS.values() if kind.page or kind.desk])
def test_a_page_of_a_room_above_is_there_for_everybody_and_for_staff(kind):
    for view in (kind.page, kind.desk):
        assert reverse(view, args=["riverbend", "x2x3x4x5x6"])


def test_what_has_a_page_of_its_own_stays_what_it_is(riverbend, ada):
    gathering = a_draft(riverbend, kind="walk")
    Gathering.objects.filter(pk=gathering.pk).update(page_id="x2x3x4x5x6")
    gathering.refresh_from_db()
    assert gathering.get_absolute_url() == "/riverbend/walks/x2x3x4x5x6/"
    assert "kind" not in GatheringForm(agency=riverbend, by=ada, instance=gathering).fields
    with pytest.raises(actions.NotNow, match="page of its own"):
        actions.change(gathering, by=ada, kind="coffee")
    assert str(actions.change(gathering, by=ada, kind="walk", title="A walk")) == "A walk"
