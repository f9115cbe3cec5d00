"""What people said goes wherever it was kept: by the clock, at their wish, and again after a backup brought it back."""

from datetime import timedelta

import pytest

from alongside.agencies import holds
from alongside.core import clock
from alongside.core.manifest import records_of
from alongside.core.origins import Origin
from alongside.followthrough import actions, jobs, records
from alongside.followthrough.models import Change, Concern, Deed, Loaded, Passing, Promise, Step
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.loading import judging, keeping
from alongside.followthrough.tests.cast import WORDS, ben_says, member
from alongside.followthrough.triage import splitting
from alongside.followthrough.triage.splitting import Part
from alongside.outreach.subscriptions.models import Subscription
from alongside.places.sheets import read_table

pytestmark = pytest.mark.django_db
NOT_SO = "It is dark again, and I fell over the curb."


@pytest.fixture
def his(riverbend):
    return ben_says(riverbend)


def done(concern, ada):
    return actions.close(concern, state="done", outcome="The lamp was mended on Tuesday.", by=ada)


def once_it_is_over(agency):
    return clock.at(clock.now() + timedelta(days=agency.words_retention_days + 2))


def load(agency, *, released, asked="Cars race down Oak Street at night.", outcome="Signs were put up."):
    """A row of a table of before, which is a concern and what was promised of it."""
    head = "Id,Concern,Promise,Owner,Date promised,Due date,Status,What came of it,Closed on"
    row = f"7,{asked},Put up signs for Mr. Hill,Sgt. Old Hand,2021-03-04,2021-05-01,Done,{outcome},2021-04-20"
    read = judging.judged(agency, read_table(f"{head}\n{row}\n".encode()), file_name="past.csv")
    _load, kept = keeping.load_file(agency, read, released=released, by=None)
    return kept.outcomes


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


def test_what_the_row_of_a_table_said_goes_with_the_clock_and_no_file_brings_it_back(riverbend):
    load(riverbend, released=False)
    assert "Cars race" in str(Loaded.objects.get().said), "the premise"
    jobs.forget()
    assert "Cars race" not in Concern.objects.get().words + str(Loaded.objects.get().said)
    assert "Signs were put up." in str(Loaded.objects.get().said), "what came of it stays"
    assert load(riverbend, released=False) == {"unchanged": 1}
    assert load(riverbend, released=False, asked="Cars still race.", outcome="Bumps came too.") == {
        "changed": 1
    }
    assert Concern.objects.get().words == ""
    assert str(Concern.objects.get().outcome) == "Bumps came too."


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


@pytest.mark.parametrize("released", [True, False])
def test_what_the_row_of_a_table_said_is_erased_and_no_file_brings_it_back(riverbend, ada, released):
    load(riverbend, released=released)
    actions.redact(Concern.objects.get(), because="It named a neighbor.", by=ada)
    for newer in ({}, {"asked": "Mr. Hill races.", "outcome": "He was told."}):
        assert load(riverbend, released=released, **newer) == {"unchanged": 1}
        kept = everything() + str(list(Loaded.objects.values())) + str(list(Promise.objects.values()))
        for said in ("Cars race", "Mr. Hill", "Signs were put up.", "He was told."):
            assert said not in kept


# -- what is held -------------------------------------------------------------------------------------
def test_a_hold_keeps_what_was_promised_what_happened_to_it_and_what_a_table_said(riverbend, his, ada):
    load(riverbend, released=True)
    of_a_table = Promise.objects.get()
    said = promises.Said(
        what="Mend it", owner=member(ada, riverbend), due=riverbend.today(), concern=his.concern
    )
    promise = promises.make(riverbend, said, by=ada)
    kept = [promise, promise.changes.get(), of_a_table, of_a_table.changes.get(), Loaded.objects.get()]
    assert not any(holds.held(each) for each in kept), "the premise"
    hold = holds.place(riverbend, kind="followthrough.concerns", reason="Hill v. Riverbend", by=ada)
    assert all(holds.held(each) for each in kept)
    holds.lift(hold, because="It was settled.", by=ada)
    holds.place(riverbend, key=his.concern.topic, reason="Hill v. Riverbend", by=ada)
    assert [holds.held(each) for each in kept] == [True, True, False, False, False]


def test_what_opens_something_leaves_in_no_export():
    for model, name in ((Promise, "key"), (Change, "salt"), (Passing, "token"), (Loaded, "name_digest")):
        known = records_of(model._meta.label)
        assert known is not None, model
        assert name in known[1].never


# -- words that are replaced --------------------------------------------------------------------------
@pytest.fixture
def apart(his):
    """Ben's words are in the ledger; then he puts them right, and what he writes sets them apart."""
    assert Concern.objects.get().salt, "the premise"
    actions.correct(his.concern, text="Officer Grimes hit me there.")
    concern = Concern.objects.get()
    assert concern.is_withheld, "the premise"
    return concern


def test_words_that_are_held_are_not_replaced(riverbend, apart, ada):
    holds.place(riverbend, key=apart.topic, reason="Hill v. Riverbend", by=ada)
    with pytest.raises(holds.OnHold):
        actions.release(apart, words="The light is out.", by=ada)
    assert (Concern.objects.get().words, Concern.objects.get().is_withheld) == (WORDS, True)
    assert actions.release(apart, words=WORDS, by=ada).words == WORDS, "nothing is lost"


def test_the_salt_of_words_goes_when_others_stand_there(apart, ada):
    salt = apart.salt
    actions.release(apart, words="The light is out.", by=ada)
    concern = Concern.objects.get()
    assert concern.words == "The light is out."
    assert concern.salt != salt
