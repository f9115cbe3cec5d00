"""What happens to a concern and to a promise is in the ledger, and no word of it; erased, the ledger stays whole."""

from datetime import timedelta

import pytest

from alongside.followthrough import actions
from alongside.followthrough.entering import entries_of, said_of
from alongside.followthrough.models import Concern
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.tests.cast import WORDS, ben_says, it_is_so, member, town
from alongside.ledger import chain
from alongside.ledger.commitments import opens
from alongside.ledger.models import Entry

pytestmark = pytest.mark.django_db

PLANTED = "Rosalind Quimby, 502-555-0177, 1834 Larkspur Terrace"


def entries(agency):
    return list(Entry.objects.of(agency).order_by("n"))[1:]  # the first begins it


def kinds(agency):
    return [entry.kind for entry in entries(agency)]


def whole(agency):
    """The chain as a stranger would check it."""
    lines = [entry.line.encode() + b"\n" for entry in Entry.objects.of(agency).order_by("n")]
    return chain.verify(lines)


@pytest.fixture
def story(riverbend, ada, dent):
    """Received, promised, moved, kept, confirmed, opened again, declined."""
    concern = ben_says(riverbend, words=f"{WORDS} {PLANTED}", place="1834 Larkspur Terrace").concern
    due = riverbend.today() + timedelta(days=9)
    made = promises.make(riverbend, Said(f"New lamps. {PLANTED}", member(dent, riverbend), due, concern=concern),
                         by=ada)  # fmt: skip
    promises.move(made, due=due + timedelta(days=5), why=PLANTED, by=ada)
    promises.keep(made, outcome=f"They shine. {PLANTED}", by=ada)
    it_is_so(concern)
    actions.reopen(concern, words=f"Dark again. {PLANTED}")
    actions.close(concern, state="declined", outcome=f"The pole is not ours. {PLANTED}", by=ada)
    return concern


TOLD = [
    "concern.received", "promise.made", "concern.assigned", "promise.moved", "promise.kept", "concern.closed",
    "concern.confirmed", "promise.reopened", "concern.reopened", "promise.not_kept", "concern.closed",
]  # fmt: skip


def test_each_change_is_told_once_and_never_in_words(riverbend, story):
    assert sorted(kinds(riverbend)) == sorted(TOLD)
    told = "\n".join(entry.line for entry in Entry.objects.all())
    for planted in ("Rosalind", "Quimby", "0177", "Larkspur", "lamps", "Harvey", "Dent", "bus stop"):
        assert planted not in told
    whole(riverbend)


def test_what_was_said_can_be_shown_to_be_what_was_said(riverbend, story):
    concern = Concern.objects.get(pk=story.pk)
    received, closed = (
        next(entry.body for entry in entries(riverbend) if entry.kind == kind)
        for kind in ("concern.received", "concern.closed")
    )
    assert opens(concern.salt, concern.words, received["words"])
    assert not opens(concern.salt, concern.words + "!", received["words"])
    step = concern.steps.filter(deed="closed").first()
    assert opens(step.salt, said_of(step), closed["text"])


def test_erased_nobody_can_tell_what_it_was_and_the_ledger_is_whole(riverbend, ada, story):
    before = whole(riverbend)
    actions.redact(Concern.objects.get(pk=story.pk), because="It named a neighbor.", by=ada)
    concern = Concern.objects.get(pk=story.pk)
    assert concern.salt == concern.words == ""
    salts = {step.salt for step in concern.steps.exclude(deed="redacted")}
    salts |= {change.salt for promise in concern.promises.all() for change in promise.changes.all()}
    assert salts == {""}
    assert PLANTED not in str([(each.what, each.outcome) for each in concern.promises.all()])
    assert kinds(riverbend)[-1] == "concern.redacted"
    assert whole(riverbend).entries == before.entries + 1


def test_forgotten_by_the_clock_it_can_still_be_opened_again(riverbend, ada, story):
    Concern.objects.filter(pk=story.pk).update(words="", place="", salt="")
    actions.reopen(Concern.objects.get(pk=story.pk), words="Still dark.")
    assert "concern.taken_up" not in kinds(riverbend)
    whole(riverbend)


def test_nobody_can_tell_from_the_ledger_when_whoever_a_page_tells_of_spoke(riverbend, ada, story):
    """What happened before its words were released names no concern, nor does what he did since; what we do, does."""
    concern = Concern.objects.get(pk=story.pk)
    actions.clear(concern, summary="A lamp is dark.", by=ada)
    actions.progress(Concern.objects.get(pk=story.pk), text="We look.", by=ada)
    actions.correct(concern, text="The lamp at the corner.")
    concern.refresh_from_db()
    actions.confirm(concern, read=concern.answer_mark)
    actions.reopen(concern, words="Dark again.")
    named = [entry.kind for entry in entries(riverbend) if concern.public_id in entry.line]
    assert named == ["concern.cleared", "concern.noted"]
    apart = [entry for entry in entries(riverbend) if entry.kind.startswith("concern.") and not entry.about]
    assert {name for entry in apart for name in entry.body} == {"text", "words"}


def test_whoever_holds_the_code_finds_every_line(riverbend, ada, story):
    concern = Concern.objects.get(pk=story.pk)
    lines = [entry.kind for entry in entries_of(concern).order_by("n")]
    assert lines == [kind for kind in kinds(riverbend) if kind.startswith("concern.")]
    assert not entries_of(ben_says(riverbend, key="another").concern).filter(n__in=[1, 2]).exists()


@pytest.mark.parametrize("reason", ["officer", "crime", "cji"])
def test_what_was_set_apart_from_the_first_is_in_no_ledger(riverbend, ada, reason):
    concern = ben_says(riverbend, withheld=reason).concern
    actions.redact(concern, because="It was a complaint.", by=ada)
    assert not entries(riverbend)
    assert Concern.objects.get(pk=concern.pk).ledger_line is None


def test_set_apart_by_mistake_it_is_taken_up_when_it_goes_on(riverbend, ada):
    concern = ben_says(riverbend, withheld="officer").concern
    actions.release(concern, by=ada)
    assert kinds(riverbend)[:2] == ["concern.taken_up", "concern.released"]


def test_set_apart_later_that_is_told_and_not_why(riverbend, ada):
    concern = ben_says(riverbend).concern
    actions.withhold(concern, reason="officer", by=ada)
    last = entries(riverbend)[-1]
    assert (last.kind, last.body, last.about) == ("concern.withheld", {}, "")
    assert "officer" not in last.line


def test_a_note_among_staff_is_nobody_elses(riverbend, ada):
    concern = ben_says(riverbend).concern
    before = kinds(riverbend)
    actions.progress(concern, text="Ask the sergeant.", by=ada, public=False)
    assert kinds(riverbend) == before


def test_sent_twice_it_was_received_once(riverbend):
    for _twice in range(2):
        ben_says(riverbend)
    assert kinds(riverbend) == ["concern.received"]


def test_in_front_and_no_more_is_told_and_so_is_a_promise_that_everybody_may_read(riverbend, ada, dent):
    concern = ben_says(riverbend, neighborhood=town(riverbend)["Eastbank"]).concern
    for _twice in range(2):
        actions.put_in_front(concern, by=ada)
    for _twice in range(2):
        actions.take_from_front(concern, by=ada)
    said = Said("New lamps.", member(dent, riverbend), riverbend.today() + timedelta(days=9))
    promise = promises.make(riverbend, said, by=ada)
    for _twice in range(2):
        promises.publish(promise, by=ada)
    told = ["concern.received", "concern.fronted", "concern.unfronted", "promise.made", "promise.published"]
    assert kinds(riverbend) == told
    assert [step.deed for step in concern.steps.public()] == ["received", "fronted", "unfronted"]
    assert [change.turn for change in promise.changes.all()] == ["made", "published"]


def test_going_on_in_other_words_those_are_committed_to_anew(riverbend, ada):
    concern = ben_says(riverbend).concern
    actions.withhold(concern, reason="officer", by=ada)
    actions.release(concern, by=ada, words="The light at the bus stop is out.")
    concern = Concern.objects.get(pk=concern.pk)
    released = next(entry for entry in entries(riverbend) if entry.kind == "concern.released")
    assert opens(concern.salt, concern.words, released.body["words"])
