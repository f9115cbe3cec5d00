"""Twenty years go by: what a hold keeps is still there, word for word; once lifted, it goes, with a certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from alongside.agencies import actions as agencies
from alongside.agencies import holds, retention
from alongside.agencies.models import EVERYTHING, Disposal
from alongside.core import clock
from alongside.core.manifest import follow, record_kinds, records_of
from alongside.core.origins import Origin
from alongside.core.said import Said, told_of
from alongside.field.models import Note
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Concern
from alongside.gatherings.models import Gathering, Rsvp
from alongside.hotspots import actions as hotspots
from alongside.hotspots.models import Petition
from alongside.jobs import registry
from alongside.media.models import Picture
from alongside.outreach.models import Mail
from alongside.outreach.models import State as MailState
from alongside.outreach.subscriptions.models import Subscription
from alongside.people.models import Partner
from alongside.voices import actions as voices
from tests.doors.populated import one_of_everything

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LATER = timedelta(days=20 * 366)


def words() -> dict[str, list[Any]]:
    """What stands in every field for what people say, by its full name."""
    fields = {(model, name) for model, name, _keeping in told_of() if isinstance(_field(model, name), Said)}
    found = {
        f"{model._meta.label}.{name}": [
            value for value in model._base_manager.values_list(name, flat=True) if value
        ]
        for model, name in fields
    }
    return {name: values for name, values in found.items() if values}


def _field(model: Any, name: str) -> Any:
    return next((field for field in model._meta.concrete_fields if field.name == name), None)


def the_clock_goes_round() -> None:
    for eraser in sorted({keeping.eraser for _model, _name, keeping in told_of()}):
        follow(eraser)()


@pytest.fixture
def long_over(riverbend, ada) -> Iterator[Any]:
    """One of everything that anybody said, done with; and twenty years later."""
    one_of_everything(riverbend)
    now = clock.now()
    Concern.objects.update(
        state="done", outcome={"en": {"text": "Mended."}}, closed_at=now, owner=None, due=None
    )
    Disposal._base_manager.all().delete()
    Petition.objects.update(
        answered_at=now, answer={"en": {"text": "In June."}}, erased_at=None, erased_because=""
    )
    Note.objects.update(held=True, held_words="A plate, as it was heard.")
    Partner.objects.update(active=False)
    Picture.objects.update(state="waiting")
    Rsvp.objects.update(forgotten_at=None)
    Mail.objects.update(state=MailState.SENT, sent_at=now, facts=None, to="ben@leaves.example")
    Subscription.objects.update(ends_on=now.date(), topic="area:7fq2mz9k4b")
    voices.speak(
        riverbend, purpose="too", about=Origin("area", "7fq2mz9k4b"), token="a device", lasts=LATER / 40
    )
    with clock.at(now + LATER):
        yield riverbend


def test_every_kind_of_word_is_a_record_of_some_kind():
    """Whoever keeps what people say says of which kind of record it is, so that it can be held and certified."""
    said = {model._meta.label for model, _name, _keeping in told_of()}
    assert len(said) > 10, "the premise"
    assert {label for label in said if records_of(label) is None} == set()
    for model, _name, keeping in told_of():
        kind, _rows = records_of(model._meta.label)
        assert kind.clock == keeping.eraser, "the clock of its kind disposes of it"


def test_every_row_and_column_that_a_kind_names_is_there_and_its_clock_is_set():
    scheduled = {
        f"{each.function.__module__.removeprefix('alongside.')}.{each.function.__name__}"
        for each in registry.scheduled()
    }
    for kind in record_kinds().values():
        assert not kind.clock or kind.clock in scheduled
        for rows in kind.rows:
            model = apps.get_model(rows.model)
            columns = [*rows.keys, *rows.ids.values(), *filter(None, [rows.since, rows.agency])]
            model._base_manager.values(*columns).first()


def test_what_is_held_outlasts_every_clock_and_goes_when_the_hold_is_lifted(long_over, ada):
    before = words()
    assert len(before) > 15, f"the premise: {sorted(before)}"
    hold = holds.place(long_over, kind=EVERYTHING, reason="Doe against the city", matter="26-CV-1", by=ada)
    the_clock_goes_round()
    assert words() == before
    assert not Disposal.objects.exists(), "nothing went, so nothing is certified"
    holds.lift(hold, because="It was settled.", by=ada)
    the_clock_goes_round()
    assert words() == {}


def test_what_went_is_certified_kind_by_kind_and_never_what_it_was(long_over):
    retention.schedule(long_over, "hotspots.petitions", days=1825, authority="Kentucky L5007", by=None)
    there = {records_of(name.rpartition(".")[0])[0].name for name in words()} | {"media.photos"}
    the_clock_goes_round()
    certificates = list(Disposal.objects.all())
    assert {each.kind for each in certificates} == there
    counted = Counter(each.kind for each in certificates)
    petitions = next(each for each in certificates if each.kind == "hotspots.petitions")
    assert (petitions.days, petitions.authority, petitions.count) == (1825, "Kentucky L5007", 1)
    assert petitions.first == petitions.last is not None
    the_clock_goes_round()
    assert Counter(each.kind for each in Disposal.objects.all()) == counted, "nothing goes twice"
    with pytest.raises(TypeError):
        Disposal.objects.all().delete()


@pytest.mark.parametrize("kind", sorted(name for name, kind in record_kinds().items() if kind.clock))
def test_a_hold_on_one_kind_keeps_that_and_no_other(long_over, kind, ada):
    held = {rows.model for rows in record_kinds()[kind].rows}
    before = {name: said for name, said in words().items() if name.rpartition(".")[0] in held}
    holds.place(long_over, kind=kind, reason="Doe against the city", by=ada)
    pictures = Picture.objects.filter(state="waiting").count()
    the_clock_goes_round()
    assert words() == before
    assert before or (kind == "media.photos" and Picture.objects.filter(state="waiting").count() == pictures)


def test_a_hold_on_a_gathering_keeps_what_hangs_on_it(long_over, ada):
    gathering = Gathering.objects.get()
    holds.place(
        long_over, key=Origin("gathering", gathering.public_id), reason="A fall at the fountain", by=ada
    )
    the_clock_goes_round()
    assert {name.rpartition(".")[0] for name in words()} >= {
        "gatherings.Rsvp",
        "field.Note",
        "field.Observation",
        "rosters.PartnerInvitation",
    }
    assert not any(name.startswith("hotspots.") for name in words())


def test_another_agencys_hold_keeps_nothing_here(long_over, elsewhere, eve):
    holds.place(elsewhere, kind=EVERYTHING, reason="Theirs", by=eve)
    the_clock_goes_round()
    assert words() == {}


def test_without_a_day_set_nothing_is_disposed_of(long_over):
    retention.schedule(
        long_over, "hotspots.petitions", days=None, authority="State schedule pending", by=None
    )
    the_clock_goes_round()
    assert {name.rpartition(".")[0] for name in words()} == {"hotspots.Petition"}


def test_a_schedule_counts_other_days_than_the_settings(riverbend, ada):
    one_of_everything(riverbend)
    Petition.objects.update(answered_at=clock.now(), answer={"en": {"text": "In June."}}, erased_at=None)
    agencies.change_agency(riverbend, by=None, words_retention_days=30)
    retention.schedule(riverbend, "hotspots.petitions", days=400, authority="KRS 171", by=ada)
    for days, left in ((399, 1), (400, 0)):
        with clock.at(clock.now() + timedelta(days=days, hours=1)):
            hotspots.forget_petitions()
        assert Petition.objects.exclude(text="").count() == left


def test_what_is_held_is_not_erased_by_anybody_and_a_wish_is_kept(riverbend, ada):
    one_of_everything(riverbend)
    petition, concern = Petition.objects.get(), Concern.objects.exclude(words="").get()
    Petition.objects.update(erased_at=None)
    hold = holds.place(riverbend, kind=EVERYTHING, reason="Doe against the city", by=ada)
    for _twice in range(2):
        with pytest.raises(holds.OnHold):
            hotspots.take_back(petition)
    with pytest.raises(holds.OnHold):
        followthrough.redact(concern, because="Whoever said it asks for it.", by=ada)
    assert Concern.objects.exclude(words="").exists()
    assert (
        list(petition.agency_wishes()) == [str(petition.key)] if hasattr(petition, "agency_wishes") else True
    )
    holds.lift(hold, because="It was settled.", by=ada)
    followthrough.redact(concern, because="Whoever said it asks for it.", by=ada)
    assert not Concern.objects.exclude(words="").exists()
