"""Tell somebody: write it down with the news it carries, and let a job bring it to the mail server while it is true."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.agencies import audit, holds, retention
from alongside.agencies.models import Agency, User
from alongside.core import clock, languages, typed
from alongside.core.errors import Phrase, Refusal, phrase, said_by
from alongside.core.ids import public_id
from alongside.core.origins import Origin
from alongside.core.readers import NobodyReads
from alongside.jobs import actions as jobs
from alongside.jobs.models import Job
from alongside.jobs.models import State as JobState
from alongside.outreach import quiet, refusals, travel
from alongside.outreach.models import Letter, Mail, MailQuerySet, Message, State, Untrue
from alongside.outreach.subscriptions import limits
from alongside.outside import smtp
from alongside.outside.errors import Away, Resting, Unsure

# News older than this is no news: a reminder that a mail server held up for days must not arrive after the walk.
GOOD_FOR = timedelta(days=2)
DELIVER, LOOK_AGAIN = "outreach.deliver", "outreach.look_again"
TAKEN_BACK = phrase("Its reader took the address back.")
TOO_MANY = phrase("We had written to this address often enough: anybody may have typed it.")


class BadAddress(Refusal):
    """A mail was addressed to something that is no e-mail address."""


class BadMail(Refusal):
    """A letter has no words, or a subject or link that could smuggle in a second header."""


class NothingToTryAgain(Refusal):
    """Somebody asked to send a mail again that is on its way, sent, or erased."""


# -- telling ----------------------------------------------------------------------------------------
@transaction.atomic
def tell(message: Message) -> Mail:
    """Write down what somebody is told, in the caller's transaction: it leaves exactly when that commits.

    Its words are made when it leaves, from the facts and the rows as they are then; what is true no longer is
    withdrawn. Mails to one address leave in the order in which they were written. Each is delivered at least once:
    when a process dies between the mail server's yes and our row, it is sent again, under the same Message-ID.
    """
    name = public_id()
    mail = Mail(
        agency=message.agency,
        public_id=name,
        kind=message.kind,
        about=str(message.about or ""),
        whose=str(message.whose or ""),
        batch=message.batch,
        facts=dict(message.facts),
        message_id=travel.name_of(name),
        to=_checked_address(message.to),
        language=_checked_language(message),
        key=message.once,
        not_before=_when_it_may_leave(message),
    )
    mail.thing = message.thing
    try:
        mail.subject = _checked(mail.letter).subject[:250]
    except Untrue as over:
        mail.state, mail.error, mail.facts = State.WITHDRAWN, over.why, None
    if mail.state == State.WAITING and (silent := quiet.why_unsent()):
        mail.state, mail.error, mail.facts = State.WITHDRAWN, silent, None
    if mail.state == State.WAITING and not _has_room(message):
        mail.state, mail.error, mail.facts, mail.to = State.WITHDRAWN, TOO_MANY, None, ""
    refusals.hold(mail)
    mail = _once(mail) if message.once else _new(mail)
    if mail.state == State.WAITING:
        _take_along(mail)
        _go_on(mail)
    return mail


def _when_it_may_leave(message: Message) -> datetime:
    """The one place where a message is held back: to the hour that is returned."""
    if message.can_wait and message.agency and quiet.is_quiet(message.agency):
        return quiet.next_morning(message.agency)
    return clock.now() + (quiet.SHORTLY if message.with_more else timedelta())


def _has_room(message: Message) -> bool:
    """The one place where it is decided whether we write to an address that anybody may have typed."""
    if message.typed_until is None:
        return True
    return limits.may_write(message.to, about=_first_of(message), until=message.typed_until)


def _first_of(message: Message) -> str:
    """What had a first mail that this one follows from: the same answer, not another to the same walk. Or it is one."""
    return str((message.about and message.whose) or message.about or public_id())


def _new(mail: Mail) -> Mail:
    mail.save(force_insert=True)
    return mail


def _once(mail: Mail) -> Mail:
    # Two at once with one key: the database keeps the first.
    if mail.agency is None:
        raise BadMail(_("A mail with a key belongs to an agency."))
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    return Mail.objects.get(agency=mail.agency, key=mail.key)


def _go_on(mail: Mail) -> None:
    """Hand the first in the line of this address to a worker. Without a mail server it waits, and `sweep` does."""
    if smtp.server() is None:
        return
    first = Mail.objects.waiting().to_the_same(mail).in_order().first()
    if first is not None:
        _queue(first)


def _take_along(mail: Mail) -> None:
    """What was held back for the night leaves with what cannot wait, before it: nobody reads the later one first."""
    if mail.agency is None or not quiet.is_quiet(mail.agency):
        return
    later = Mail.objects.waiting().to_the_same(mail).filter(pk__lt=mail.pk, not_before__gt=mail.not_before)
    held = list(later.values_list("pk", flat=True))
    if held:
        later.update(not_before=mail.not_before)
        their_jobs = Job.objects.filter(name=DELIVER, key__in=map(_job_of, held), state=JobState.WAITING)
        their_jobs.update(run_after=mail.not_before)


def _queue(mail: Mail) -> None:
    job = _job(mail)
    if job.is_over:  # it was not its turn then, or a person has mended the cause
        job.delete()
        _job(mail)


def _job(mail: Mail) -> Job:
    due = max(mail.not_before, clock.now())
    return jobs.enqueue(
        DELIVER, key=_job_of(mail.pk), run_after=due, agency_id=mail.agency_id, mail_id=mail.pk
    )


def _job_of(number: int) -> str:
    return f"mail:{number}"


def _checked_address(to: str) -> str:
    if not typed.is_address(to):
        raise BadAddress(_("This is not an e-mail address. Check it and try again."))
    return to


def _checked_language(message: Message) -> str:
    """Of whoever reads it, if we write it. A letter for nobody is a slip of ours, found by the first test of it."""
    if not message.language:
        raise NobodyReads(f"{message.kind}: say in which language its reader reads.")
    return languages.ours(message.language)


def _checked(letter: Letter) -> Letter:
    if not letter.text.strip():
        raise BadMail(_("A mail needs words."))
    if not letter.subject.strip() or any(character in letter.subject for character in "\r\n\0"):
        raise BadMail(_("The subject of a mail is one line of words."))
    if letter.unsubscribe_url:
        _check_link(letter.unsubscribe_url)
    return letter


def _check_link(link: str) -> None:
    try:
        # A host without a dot is fine: people try this on their own machine first.
        URLValidator(schemes=["http", "https"])(link.replace("://localhost", "://localhost.example", 1))
    except ValidationError:
        raise BadMail(_("The link to unsubscribe is no web address.")) from None


# -- leaving ----------------------------------------------------------------------------------------
def deliver(number: int) -> None:
    """Bring one mail to the mail server, if it waits, it is its turn and it is still true; write down how it went."""
    server = smtp.server()
    if server is None:
        raise smtp.Temporary(phrase("No mail server is set up."))
    ready = _made_ready(number)
    if ready is None:
        return
    try:
        travel.deliver(ready, server)
    except smtp.Permanent as never:
        mark_failed(ready, said_by(never), dead=never.nobody_there)
        return
    except (smtp.Temporary, Away) as not_now:
        _still_waits(ready, not_now)
        raise
    _mark_sent(ready)


def _still_waits(mail: Mail, why: smtp.Temporary | Away) -> None:
    """What fell silent in the middle may have taken it, and so may an attempt before."""
    now = Mail.objects.waiting().filter(pk=mail.pk)
    now.update(perhaps_taken=mail.perhaps_taken or isinstance(why, Unsure))
    if not isinstance(why, Resting):  # then nothing was tried
        now.update(error=said_by(why))


@transaction.atomic
def _mark_sent(mail: Mail) -> None:
    """Also where it was withdrawn while it was on its way: it has gone."""
    Mail.objects.filter(pk=mail.pk).update(
        state=State.SENT, sent_at=clock.now(), subject=mail.subject, told=mail.told, error="", facts=None
    )
    _go_on(mail)


@transaction.atomic
def _made_ready(number: int) -> Mail | None:
    """The mail with its words, made now; nothing where others come before it, or it is true no longer.

    Only the first in the line of an address passes, and it stays the first until it is over: so no two workers write
    to one address at once, and none passes another. A message that is over hands the line on.
    """
    ready = _locked(number)
    if ready is None or ready.not_before > clock.now():
        return None
    if Mail.objects.waiting().to_the_same(ready).before(ready).exists():
        return None
    try:
        ready.subject, ready.told = _checked(ready.letter).subject[:250], ready.letter.told
    except Untrue as over:
        _withdraw(ready, over)
        return None
    if why := refusals.why_not(ready):
        mark_failed(ready, why, dead=True)
        return None
    Mail.objects.filter(pk=ready.pk).update(perhaps_taken=True)
    return ready


def _locked(number: int) -> Mail | None:
    """A mail that waits, with nobody else looking at it. PostgreSQL locks the row; SQLite the transaction."""
    waiting = Mail.objects.waiting().select_for_update(of=("self",)).select_related("agency")
    return waiting.filter(pk=number).first()


@transaction.atomic
def mark_failed(mail: Mail, why: Phrase, *, dead: bool = False) -> None:
    """It will not arrive. `dead`: nor will any other at this address, as far as its mail server says."""
    refused_at = clock.now() if dead else None
    Mail.objects.filter(pk=mail.pk, state=State.WAITING).update(
        state=State.FAILED, error=why, refused_at=refused_at
    )
    _go_on(mail)


@transaction.atomic
def returned(message_id: str, why: Phrase | str, *, dead: bool = True) -> Mail | None:
    """A mail that was sent came back.

    Whoever calls this has made sure that a mail server says it, and nobody else. `dead`: the address is, and not only
    this mail is refused. Returns the mail, if it is one of ours.
    """
    mail = Mail.objects.filter(state=State.SENT, message_id=message_id).first()
    if mail is None:
        return None
    refused_at = clock.now() if dead and mail.to else None
    Mail.objects.filter(pk=mail.pk, state=State.SENT).update(
        state=State.FAILED,
        sent_at=None,
        error=why if mail.to else "",  # a server may repeat an address that was taken back meanwhile
        refused_at=refused_at,
    )
    mail.refresh_from_db()
    return mail


@transaction.atomic
def send_again(mail: Mail, *, by: User) -> Mail:
    """The address is reachable now, or the mail server is mended: try a failed mail once more."""
    now = clock.now()
    changed = (
        Mail.objects.failed()
        .filter(pk=mail.pk, facts__isnull=False)
        .exclude(to="")
        .update(state=State.WAITING, error="", created_at=now, not_before=now, perhaps_taken=False)
    )
    if not changed or mail.agency is None:
        raise NothingToTryAgain(
            _("This mail cannot be sent again: it has gone out, or its address was deleted.")
        )
    refused = Mail.objects.refused().to_the_same(mail).of_room(mail.kind)
    refused.update(refused_at=None)
    mail.refresh_from_db()
    _take_along(mail)
    _go_on(mail)
    audit.record(agency=mail.agency, by=by, verb="sent again", thing=mail)
    return mail


@transaction.atomic
def run_again(job: Job, *, at: Agency, by: User) -> Job:
    """An administrator has mended what made a job fail."""
    job = jobs.run_again(job)
    audit.record(agency=at, by=by, verb="ran again", thing=job)
    return job


def sweep() -> None:
    """Hand over what waits without a job, and give up what has grown old."""
    stale = Mail.objects.waiting().filter(not_before__lt=clock.now() - GOOD_FOR)
    too_late = phrase("It waited for two days and was not sent: by then it was no news.")
    stale.update(state=State.FAILED, error=too_late)
    if smtp.server() is None:
        return
    handed_over = set(Job.objects.open().filter(name=DELIVER).values_list("key", flat=True))
    first: dict[tuple[int | None, str], int] = {}
    for number, agency, to in Mail.objects.waiting().in_order().values_list("pk", "agency", "to"):
        first.setdefault((agency, to.lower()), number)
    for number in first.values():
        if _job_of(number) not in handed_over:
            for mail in Mail.objects.waiting().filter(pk=number):
                _queue(mail)


# -- taking back ------------------------------------------------------------------------------------
def look_again(agency: Agency, key: Origin) -> None:
    """Withdraw what waits about this, or for this reader, and is true no longer: by a job, once this has happened.

    Each is looked at when it leaves, too. This shows to staff at once what will not.
    """
    if _about(agency.pk, key).waiting().exists():
        jobs.enqueue(LOOK_AGAIN, agency_id=agency.pk, at=agency.pk, key_of_what=str(key))


def look_at(agency_id: int, key: Origin) -> None:
    """Withdraw what waits about this and is true no longer."""
    _look_at(_about(agency_id, key))


def _about(agency_id: int, key: Origin) -> MailQuerySet:
    return Mail.objects.of(agency_id).filter(Q(about=str(key)) | Q(whose=str(key)))


def look_at_all() -> None:
    """Withdraw whatever waits and is true no longer: a day is over, an offer has ended."""
    _look_at(Mail.objects.everywhere())


@transaction.atomic
def _look_at(mails: MailQuerySet) -> None:
    for known in list(mails.waiting().in_order().values_list("pk", flat=True)):
        mail = _locked(known)  # as it is now: another may have handed on to it what it knew
        if mail is not None and (over := _why_untrue(mail)):
            _withdraw(mail, over)


def _why_untrue(mail: Mail) -> Untrue | None:
    try:
        _made = mail.letter
    except Untrue as over:
        return over
    return None


def _withdraw(mail: Mail, over: Untrue) -> None:
    if over.heir is not None and (heir := _locked(over.heir.pk)):
        heir.facts = heir.known | dict(over.inherits)
        heir.save(update_fields=["facts"])
    Mail.objects.waiting().filter(pk=mail.pk).update(
        state=State.WITHDRAWN, error=over.why, facts=None, key=None
    )
    _go_on(mail)


def put_to_rest(why: Phrase) -> int:
    """Withdraw whatever waits, true or not: another copy of this install may have sent it. Returns how many.

    It keeps its key, so that the clock does not tell the same again.
    """
    return Mail.objects.waiting().update(state=State.WITHDRAWN, error=why, facts=None)


def erase() -> None:
    """Delete the addresses and facts that an agency may no longer keep. That a mail was sent stays known."""
    retention.empty(Mail.objects.exclude(to="").out_of_keeping(), to="", facts=None, error="")


@transaction.atomic
def forget_mail(mail: Mail) -> None:
    """Delete the address of one mail, and send it no more. Raises OnHold."""
    holds.refuse_if_held(mail)
    rows = Mail.objects.filter(pk=mail.pk)
    waited = rows.waiting().update(to="", facts=None, key=None, state=State.WITHDRAWN, error=TAKEN_BACK)
    rows.update(to="", facts=None, error=TAKEN_BACK if waited else "", refused_at=None)
    if waited:  # others to it may wait behind
        _go_on(mail)


@transaction.atomic
def forget(agency: Agency, whose: Origin, *, to: str = "") -> None:
    """Delete the address and facts from every mail to this reader, and send none of them: they asked for it.

    `to`: and from mails to this address that do not say whose they are, as those of before.
    """
    nameless = Q(whose="") & Q(to__iexact=to) & ~Q(to="")
    mails = Mail.objects.filter(Q(whose=str(whose)) | nameless, agency=agency)
    waiting = list(mails.waiting())
    mails.exclude(state=State.WAITING).update(to="", facts=None, error="", refused_at=None)
    mails.waiting().update(to="", facts=None, key=None, state=State.WITHDRAWN, error=TAKEN_BACK)
    for mail in {mail.to.lower(): mail for mail in waiting}.values():  # others to it may wait behind them
        _go_on(mail)
