"""Pass a concern on to the body that can mend it: hand it over once, ask after it, and tell what they say.

A report of Open311 has no key of its own: sent twice, it is two. So a row says that it is being sent before a word
leaves, and whoever finds it so later, or hears no clear answer, does not send it again: a person looks first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.care import patterns
from alongside.core.errors import Phrase, Refusal, phrase, said_by
from alongside.core.forms import first_error
from alongside.core.phrases import packed
from alongside.core.text import line, lines
from alongside.followthrough import actions as concerns
from alongside.followthrough.models import LONGEST_NOTE, LONGEST_OUTCOME, OPEN, Concern, Deed, State, rules_of
from alongside.followthrough.passing.georeport import (
    LONGEST_ID,
    AnotherNumber,
    Attribute,
    Kind,
    Report,
    Sent,
    Silent,
    Status,
    Unclear,
)
from alongside.followthrough.passing.models import Body, Passing, Sending
from alongside.followthrough.writing import locked, must_be_at_work, name_of, tell, write, written
from alongside.jobs import actions as jobs
from alongside.outside.readers import NotNow

# How often it is asked after: often at first, and for a bit more than a year.
SOON, LATER, RARELY = timedelta(hours=6), timedelta(days=1), timedelta(days=7)
LOOKED_FOR_AFTER = timedelta(minutes=10)
MOST_DEFINITIONS = 60
HANDING_OVER, LEARNING, LOOKING = (
    "followthrough.hand_over",
    "followthrough.learn_services",
    "followthrough.look_for",
)
FORGOTTEN: dict[str, Any] = {
    "sent": {},
    "their_notes": "",
    "outcome": "",
    "trouble": {},
    "ask_after": None,
}
NOT_ANSWERED = phrase("It did not answer for many hours. Nothing was handed over.")


class BodyRefused(Refusal):
    """A body without a name, or one that cannot be called as it stands."""


class NotPassedOn(Refusal):
    """A concern that cannot go to this body, or not as it is."""


class NotNowThere(Refusal):
    """What was passed on is in no state for this."""


# -- other bodies -----------------------------------------------------------------------------------
@transaction.atomic
def set_body(body: Body, *, key: str | None = None, by: User | None) -> Body:
    """Keep another body. `key`: a new one, empty for none; None leaves what is kept, and nobody sees that again."""
    who = name_of(by, body.agency)
    body.name, body.reached = body.name.signed(who), body.reached.signed(who)
    is_new = body.pk is None
    before = None if is_new else Body.objects.select_for_update().get(pk=body.pk)
    if key is not None:
        body.keep_key(line(key, 200))
    try:
        body.full_clean(exclude=["agency"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise BodyRefused(first_error(error, named=True)) from None
    if body.is_called and not body.endpoint:
        raise BodyRefused(_("Say where its GeoReport service is, or that you reach it by letter or phone."))
    if before is not None and (before.endpoint, before.jurisdiction) != (body.endpoint, body.jurisdiction):
        body.services, body.services_at, body.trouble = [], None, {}
    body.save()
    audit.record(agency=body.agency, by=by, verb="added" if is_new else "changed", thing=body)
    if body.is_called and body.active and not body.services:
        ask_for_services(body)
    return body


def ask_for_services(body: Body) -> Body:
    """Have its list of services fetched, in a moment; asked twice, it is fetched once."""
    if not body.is_called:
        raise BodyRefused(_("It has no list that a machine can ask for."))
    body.asking_since = clock.now()
    body.save(update_fields=["asking_since"])
    jobs.enqueue(LEARNING, agency_id=body.agency_id, body_id=body.pk)
    return body


def learn(body: Body) -> None:
    """Ask what it takes reports of, and what those ask beside. Outside of any transaction."""
    try:
        server = body.server()
        if server.is_discovery:
            Body.objects.filter(pk=body.pk).update(endpoint=server.found_by_discovery())
            body.refresh_from_db(fields=["endpoint"])
            server = body.server()
        services = server.services()
    except Refusal as wrong:
        Body.objects.filter(pk=body.pk).update(asking_since=None, trouble=packed(said_by(wrong)))
        return
    known = {row["code"]: row.get("attributes") for row in body.services}
    rows = [asdict(each) | {"kind": each.kind.value, "attributes": known.get(each.code)} for each in services]
    # What we know nothing of comes first: of a long list, the rest is asked the next time.
    asking = sorted((row for row in rows if row["asks_more"]), key=lambda row: row["attributes"] is not None)
    for row in asking[:MOST_DEFINITIONS]:
        try:
            row["attributes"] = [asdict(each) for each in server.definition(row["code"])]
        except Silent:
            break  # it has had enough: the others are asked when somebody chooses them
        except Refusal:
            continue
    trouble = {} if rows else packed(phrase("It answers, and takes reports of nothing."))
    Body.objects.filter(pk=body.pk).update(
        services=rows, services_at=clock.now(), asking_since=None, trouble=trouble
    )


# -- passing on -------------------------------------------------------------------------------------
def report_of(
    concern: Concern, *, service: str, place: str, more: Mapping[str, Sequence[str]] | None = None
) -> Report:
    """What would leave: the words for the public as they were written first, and the block."""
    return Report(service, concern.summary.original, place, more=more or {})


@transaction.atomic
def pass_on(
    concern: Concern,
    *,
    body: Body,
    outcome: Words | str,
    service: str = "",
    place: str = "",
    more: Mapping[str, Sequence[str]] | None = None,
    number: str = "",
    by: User | None,
) -> Passing:
    """It goes to `body`. Where a machine takes it, whoever asked is told once it is there; else one of us has said it.

    `outcome`: what whoever asked reads then. `number`: what a clerk gave it. Raises NotPassedOn, WordsMissing, and what
    a report is refused for (georeport.TellsOfSomebody, Incomplete).
    """
    concern = locked(concern)
    must_be_at_work(concern)
    if body.agency_id != concern.agency_id or not body.active:
        raise NotPassedOn(_("Choose a body that this agency passes on to."))
    if not concern.summary or concern.redacted_at is not None:
        raise NotPassedOn(_("Write the words for the public first: these, and no others, leave this house."))
    if concern.passings.exclude(state__in=[Sending.REFUSED, Sending.ENDED]).filter(body=body).exists():
        raise NotPassedOn(_("It is there already, or on its way."))
    passing = Passing(
        agency=concern.agency,
        concern=concern,
        body=body,
        by=by,
        outcome=written(outcome, LONGEST_OUTCOME).signed(name_of(by, concern.agency)),
    )
    if not body.is_called:
        return _said_by_hand(passing, number=number, by=by)
    chosen = body.service(service)
    if chosen is None:
        raise NotPassedOn(_("Choose what it is about, from their list."))
    _must_answer(body.attributes(service), more or {})
    passing.service_code, passing.service_name, passing.kind = chosen.code, chosen.name, chosen.kind
    passing.sent = {"fields": report_of(concern, service=service, place=place, more=more).fields()}
    passing.save(force_insert=True)
    audit.record(agency=concern.agency, by=by, verb="passed on", thing=concern, detail=_to(passing))
    jobs.enqueue(HANDING_OVER, agency_id=concern.agency_id, passing_id=passing.pk)
    return passing


def _must_answer(asked: Iterable[Attribute] | None, more: Mapping[str, Sequence[str]]) -> None:
    """What their service has to know is there, and nothing that tells of a person is asked."""
    if asked is None:
        raise NotPassedOn(_("We do not know yet what they ask about this. Please try again in a minute."))
    known = {each.code: each for each in asked if each.is_asked}
    if odd := set(more) - known.keys():
        raise NotPassedOn(_("They do not ask about %(what)s any more.") % {"what": ", ".join(sorted(odd))})
    for each in known.values():
        answered = [value for value in more.get(each.code, ()) if value.strip()]
        if each.of_a_person and (answered or each.is_required):
            raise NotPassedOn(
                _(
                    "This service wants to know who asks, and we tell nobody. Choose another, or reach them by phone."
                )
            )
        if each.is_required and not answered:
            raise NotPassedOn(_("They have to know: %(what)s") % {"what": each.description})
        offered = {key for key, _name in each.values}
        if offered and not set(answered) <= offered:
            raise NotPassedOn(_("Choose from their list: %(what)s") % {"what": each.description})


def _said_by_hand(passing: Passing, *, number: str, by: User | None) -> Passing:
    """One of us has written or phoned: it is there."""
    passing.state, passing.sent_at = Sending.SENT, clock.now()
    passing.request_id = line(number, LONGEST_ID)
    passing.save(force_insert=True)
    audit.record(agency=passing.agency, by=by, verb="passed on", thing=passing.concern, detail=_to(passing))
    _close(passing)
    return passing


def _to(passing: Passing) -> dict[str, str]:
    return {"body": passing.body.name.original}


# -- handing it over --------------------------------------------------------------------------------
def hand_over(passing_id: int) -> None:
    """Give it to the other body, once. Raises Silent where it has surely not arrived, to be tried again."""
    passing = _begun(passing_id)
    if passing is None:
        return
    try:
        sent = passing.body.server().hand_over(_as_kept(passing), kind=Kind(passing.kind))
    except Unclear as wrong:
        _ends(passing, Sending.UNCLEAR, said_by(wrong))
    except Silent:
        _ends(passing, Sending.WAITING, None)
        raise
    except Refusal as no:
        _ends(passing, Sending.REFUSED, said_by(no))
    else:
        _arrived(passing, sent)


def _as_kept(passing: Passing) -> Report:
    """The report as somebody saw it leave. What it holds is looked through once more on its way out."""
    said: dict[str, list[str]] = {}
    for name, value in passing.sent["fields"]:
        said.setdefault(name, []).append(value)
    answers = {name: values for name, values in said.items() if name.startswith("attribute[")}
    return Report(
        service=passing.service_code,
        description=said["description"][0],
        place=said.get("address_string", [""])[0],
        more={
            name.removeprefix("attribute[").removesuffix("[]").removesuffix("]"): v
            for name, v in answers.items()
        },
    )


@transaction.atomic
def _begun(passing_id: int) -> Passing | None:
    """Say that it is being sent, before a word of it leaves. None: it is not to be sent, now or ever."""
    passing = _locked(passing_id)
    if passing is None:
        return None
    if passing.state == Sending.SENDING:  # whoever sent it ended without a word
        _lost(passing)
        return None
    if passing.state != Sending.WAITING:
        return None
    if (why := _may_not_leave(passing.concern)) is not None:
        _note(passing, Sending.REFUSED, why)
        return None
    passing.state = Sending.SENDING
    passing.save(update_fields=["state"])
    return passing


def _may_not_leave(concern: Concern) -> Phrase | None:
    if concern.state not in OPEN:
        return phrase("It was closed, or is not handled here any more, before it left.")
    if not concern.summary:
        return phrase("Its words for the public were taken back before it left.")
    return None


def _lost(passing: Passing) -> None:
    _note(
        passing,
        Sending.UNCLEAR,
        phrase("Whether it arrived, nobody knows. We were cut off while we sent it."),
    )


def _note(passing: Passing, state: Sending, why: Phrase | None) -> None:
    """How an attempt ended. Where nobody knows, it is looked for over there in a while."""
    passing.state, passing.looked_at = state, None
    passing.note_trouble(why)
    passing.save(update_fields=["state", "trouble", "looked_at"])
    if state == Sending.UNCLEAR:
        later = clock.now() + LOOKED_FOR_AFTER
        jobs.enqueue(LOOKING, agency_id=passing.agency_id, run_after=later, passing_id=passing.pk)


@transaction.atomic
def given_up(passing_id: int) -> None:
    """No more attempts: what was cut off may have arrived, and what waits has not."""
    passing = _locked(passing_id)
    if passing is None:
        return
    if passing.state == Sending.SENDING:
        _lost(passing)
    elif passing.state == Sending.WAITING:
        _note(passing, Sending.REFUSED, NOT_ANSWERED)


@transaction.atomic
def _ends(passing: Passing, state: Sending, why: Phrase | None) -> None:
    now = _locked(passing.pk)
    if now is not None and now.state == Sending.SENDING:  # else somebody has looked meanwhile
        _note(now, state, why)


@transaction.atomic
def _arrived(passing: Passing, sent: Sent) -> None:
    """They have it: whoever asked is told by whom, and under which number."""
    now = _locked(passing.pk)
    # Whoever was slow, and was taken for lost, knows better all the same.
    if now is None or now.state not in {Sending.SENDING, Sending.UNCLEAR, Sending.WAITING}:
        return
    now.state, now.sent_at = Sending.SENT, clock.now()
    now.request_id, now.token = sent.id, sent.token
    if not _is_erased(now):
        now.their_notes = _theirs(sent.notice, now.agency)
        now.ask_after = clock.now() + SOON if sent.id or sent.token else None
    now.note_trouble(None)
    now.save()
    _close(now)


def _close(passing: Passing) -> None:
    """The concern is passed on. Where it was closed, taken back or erased meanwhile, that stands."""
    concern = passing.concern
    if concern.state not in OPEN or _is_erased(passing):
        return
    facts = _to(passing) | ({"number": passing.request_id} if passing.request_id else {})
    concerns.close(concern, state=State.PASSED, outcome=passing.outcome, by=passing.by, facts=facts)


# -- asking after it --------------------------------------------------------------------------------
def ask_after(at_most: int) -> int:
    """Ask after all that it is time for, and say how many. A body that does not answer is left alone in this round."""
    due = Passing.objects.everywhere().to_ask_after(clock.now()).select_related("agency", "body__agency")
    silent: set[int] = set()
    asked = 0
    for passing in due[:at_most]:
        if passing.body_id in silent:
            continue
        asked += 1
        try:
            ask(passing)
        except (Silent, NotNow):
            silent.add(passing.body_id)
            Passing.objects.filter(pk=passing.pk).update(ask_after=clock.now() + SOON)
    return asked


def ask(passing: Passing) -> None:
    """Ask the other body what became of it, and tell what is new. Raises Silent."""
    try:
        server = passing.body.server()
        number = passing.request_id or server.number_of(passing.token)
        told = server.status(number) if number else None
    except (Silent, NotNow):
        raise
    except AnotherNumber as other:
        _odd(passing, said_by(other), [other.number])
    except Refusal as odd:
        _odd(passing, said_by(odd))
    else:
        _heard(passing, number, told)


@transaction.atomic
def _odd(passing: Passing, why: Phrase, numbers: Iterable[str] = ()) -> None:
    """What came says nothing of it. A person is shown that once, until something else comes."""
    now = _locked(passing.pk)
    if now is None or now.state != Sending.SENT or _is_erased(now):
        return
    before = now.trouble
    now.note_trouble(why, numbers)
    now.looked_at = now.looked_at if now.trouble == before else None
    now.asked_at = clock.now()
    now.ask_after = clock.now() + max(LATER, _pause(now) or RARELY)
    now.save(update_fields=["trouble", "looked_at", "asked_at", "ask_after"])


@transaction.atomic
def _heard(passing: Passing, number: str, told: Status | None) -> None:
    now = _locked(passing.pk)
    if now is None or now.state != Sending.SENT or _is_erased(now):
        return
    is_news = _take_down(now, number, told)
    now.asked_at = clock.now()
    now.note_trouble(None)
    if told is not None and told.is_closed:
        now.state = Sending.ENDED
    pause = _pause(now)
    now.ask_after = None if pause is None or now.state == Sending.ENDED else clock.now() + pause
    if is_news:
        now.changed_at = clock.now()
    now.save()
    if is_news:
        _tell(now)


def _take_down(passing: Passing, number: str, told: Status | None) -> bool:
    """Write down what they say. Whether any of it is news: that they have it, we have said already."""
    before = (passing.their_status, passing.their_notes, passing.expected_on)
    is_news = bool(number) and not passing.request_id
    passing.request_id = number or passing.request_id
    if told is None:
        return is_news
    notes = told.notes or told.notice
    passing.their_status = told.status
    if notes:
        said = _theirs(notes, passing.agency)
        passing.their_notes = passing.their_notes if said.original == passing.their_notes.original else said
    passing.expected_on = told.expected and passing.agency.local(told.expected).date()
    after = (passing.their_status, passing.their_notes, passing.expected_on)
    if (before[0] or "open") == after[0] and before[1:] == after[1:]:
        return is_news
    return is_news or before != after


def _pause(passing: Passing) -> timedelta | None:
    """Until when it is not asked after again; None: it has been asked for long enough."""
    age = clock.now() - (passing.sent_at or passing.passed_at)
    for until, pause in ((2, SOON), (60, LATER), (400, RARELY)):
        if age < timedelta(days=until):
            return pause
    return None


def _theirs(words: str, agency: Agency) -> Words:
    """What they say, without what looks like a person's number or address: it is read by others than us."""
    said = lines(patterns.masked(words))[:2000]
    return Words.of(said, language=agency.language) if said else Words()


def _tell(passing: Passing) -> None:
    """A step, and a mail to whoever left an address. Once it is closed there, they are asked anew whether it is so."""
    concern = locked(passing.concern)
    if concern.redacted_at is not None or concern.is_withheld:
        return
    facts = _to(passing) | {"number": passing.request_id, "status": passing.their_status}
    if passing.expected_on is not None:
        facts["expected"] = passing.expected_on.isoformat()
    if passing.state == Sending.ENDED and concern.state == State.PASSED and concern.confirmed_at is None:
        concern.confirm_by = concern.agency.today() + timedelta(days=rules_of(concern.agency).confirm_days)
        concern.save(update_fields=["confirm_by"])
    text = passing.their_notes
    tell(concern, write(concern, Deed.ANSWERED, by=None, by_name="", text=text, facts=facts, public=True))


# -- where a person looks ---------------------------------------------------------------------------
def look_for(passing_id: int) -> None:
    """Look among the reports of the other body for one with our words: whoever decides is shown its number."""
    passing = Passing.objects.everywhere().select_related("body__agency").filter(pk=passing_id).first()
    if passing is None or passing.state != Sending.UNCLEAR or not passing.sent:
        return
    numbers = passing.body.server().alike(_as_kept(passing), since=passing.passed_at)
    with transaction.atomic():
        now = _locked(passing_id)
        if now is not None and now.state == Sending.UNCLEAR:
            now.note_trouble(now.wrong, numbers)
            now.save(update_fields=["trouble"])


@transaction.atomic
def it_arrived(passing: Passing, *, number: str = "", by: User | None) -> Passing:
    """Somebody has asked or looked there: they have it."""
    passing = _must_be(passing, Sending.UNCLEAR)
    passing.state, passing.sent_at = Sending.SENT, clock.now()
    passing.request_id = line(number, LONGEST_ID)
    passing.ask_after = clock.now() if passing.request_id and not _is_erased(passing) else None
    passing.note_trouble(None)
    passing.save()
    _record(passing, audit.deed("found"), by)
    _close(passing)
    return passing


@transaction.atomic
def send_again(passing: Passing, *, by: User | None) -> Passing:
    """Somebody has looked: it is not there, or what was wrong is put right."""
    passing = _must_be(passing, Sending.UNCLEAR, Sending.REFUSED)
    if _may_not_leave(passing.concern) is not None:
        raise NotNowThere(_("It was closed, or its words for the public were taken back: it does not leave."))
    others = passing.concern.passings.exclude(state__in=[Sending.REFUSED, Sending.ENDED]).exclude(
        pk=passing.pk
    )
    if others.filter(body=passing.body_id).exists():
        raise NotNowThere(_("It is there already, or on its way."))
    passing.state, passing.looked_at = Sending.WAITING, None
    passing.note_trouble(None)
    passing.passed_at = clock.now()
    passing.save(update_fields=["state", "trouble", "looked_at", "passed_at"])
    _record(passing, audit.deed("sent again"), by)
    jobs.enqueue(HANDING_OVER, agency_id=passing.agency_id, passing_id=passing.pk)
    return passing


@transaction.atomic
def take_back(passing: Passing, *, by: User | None) -> Passing:
    """It does not go there after all. What may have arrived cannot be called back."""
    passing = _must_be(passing, Sending.WAITING, Sending.UNCLEAR, Sending.REFUSED)
    passing.state, passing.looked_at = Sending.REFUSED, clock.now()
    passing.save(update_fields=["state", "looked_at"])
    _record(passing, audit.deed("took back"), by)
    return passing


@transaction.atomic
def follow(passing: Passing, *, number: str, by: User | None) -> Passing:
    """It has another number over there: that one is asked after from now on."""
    passing = _must_be(passing, Sending.SENT)
    _must_have_words(passing)
    number = line(number, LONGEST_ID)
    if not number:
        raise NotNowThere(_("Type its number."))
    passing.request_id, passing.looked_at, passing.ask_after = number, clock.now(), clock.now()
    passing.note_trouble(None)
    passing.save(update_fields=["request_id", "looked_at", "ask_after", "trouble"])
    _record(passing, audit.deed("changed"), by)
    return passing


@transaction.atomic
def looked(passing: Passing, *, by: User | None) -> Passing:
    """One of us has asked them, by phone or letter: their silence counts from here."""
    passing = _must_be(passing, Sending.SENT)
    passing.looked_at = clock.now()
    passing.save(update_fields=["looked_at"])
    _record(passing, audit.deed("asked after"), by)
    return passing


@transaction.atomic
def they_say(
    passing: Passing,
    *,
    text: Words | str,
    closed: bool = False,
    expected_on: date | None = None,
    by: User | None,
) -> Passing:
    """What one of us heard from them, by phone or letter, in our words."""
    passing = _must_be(passing, Sending.SENT)
    _must_have_words(passing)
    passing.their_notes = written(text, LONGEST_NOTE).signed(name_of(by, passing.agency))
    passing.their_status, passing.expected_on = "closed" if closed else "open", expected_on
    passing.state = Sending.ENDED if closed else Sending.SENT
    passing.changed_at = passing.looked_at = clock.now()
    passing.ask_after = None if closed else passing.ask_after
    passing.note_trouble(None)
    passing.save()
    _record(passing, audit.deed("wrote down an answer about"), by)
    _tell(passing)
    return passing


def forget(concern: Concern) -> None:
    """Its words are erased here: also those that we keep of what left. What others were told, they keep.

    It is asked after no more: what they say would fill it again.
    """
    Passing.objects.filter(concern=concern).update(**FORGOTTEN)
    waits = Passing.objects.filter(concern=concern, state__in=[Sending.WAITING, Sending.UNCLEAR])
    waits.update(state=Sending.REFUSED, looked_at=clock.now())


def forget_brought_back() -> None:
    """What a backup brought back of what left, of concerns whose words were erased."""
    erased = Passing.objects.everywhere().filter(concern__redacted_at__isnull=False)
    erased.exclude(sent={}, their_notes="", outcome="").update(**FORGOTTEN)


def forget_old() -> int:
    """What left, of concerns whose words are out of keeping."""
    over = Concern.objects.everywhere().out_of_keeping()
    return Passing.objects.everywhere().filter(concern__in=over).exclude(sent={}).update(sent={})


# -- small things -----------------------------------------------------------------------------------
def _locked(passing_id: int) -> Passing | None:
    """As it is now, one writer at a time; the concern first, as every verb locks it."""
    row = Passing.objects.everywhere().filter(pk=passing_id).values_list("concern_id", flat=True).first()
    if row is None:
        return None
    Concern.objects.everywhere().select_for_update().filter(pk=row).values("pk").first()
    rows = Passing.objects.everywhere().select_for_update(of=("self",))
    return rows.select_related("agency", "body__agency", "concern__agency", "concern__owner__rank").get(
        pk=passing_id
    )


def _must_be(passing: Passing, *states: Sending) -> Passing:
    now = _locked(passing.pk)
    if now is None or now.state not in states:
        raise NotNowThere(_("It has gone on meanwhile. Please look again."))
    return now


def _is_erased(passing: Passing) -> bool:
    """Whether the words of its concern were erased: from then on it takes down nobody's."""
    return passing.concern.redacted_at is not None


def _must_have_words(passing: Passing) -> None:
    if _is_erased(passing):
        raise NotNowThere(_("The words of this concern were erased."))


def _record(passing: Passing, verb: str, by: User | None) -> None:
    audit.record(agency=passing.agency, by=by, verb=verb, thing=passing, detail=_to(passing))
