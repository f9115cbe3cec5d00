"""Send: write the mail down with the news it carries, and let a job bring it to the mail server."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock, readers
from alongside.core.errors import Phrase, Refusal, phrase, said_by
from alongside.core.ids import public_id
from alongside.jobs import actions as jobs
from alongside.jobs.models import Job
from alongside.outreach import travel
from alongside.outreach.models import Mail, State
from alongside.outside import smtp

# News older than this is no news: a reminder that a mail server held up for days must not arrive after the walk.
GOOD_FOR = timedelta(days=2)


class BadAddress(Refusal):
    """A mail was addressed to something that is no e-mail address."""


class BadMail(Refusal):
    """A mail has no words, or a subject or link that could smuggle in a second header."""


class NothingToTryAgain(Refusal):
    """Somebody asked to send a mail again that is on its way, sent, or erased."""


@transaction.atomic
def send(
    *,
    agency: Agency | None,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    unsubscribe_url: str = "",
    key: str | None = None,
    about: str = "",
) -> Mail:
    """Write a mail to one person, in the caller's transaction: it leaves exactly when that commits.

    It is written for somebody (`core.readers.written_for`), in their language; a letter for nobody is a slip.

    It is delivered at least once: when a process dies between the mail server's yes and our row, it is sent
    again, under the same Message-ID. With a `key`, telling the same thing twice is telling it once.
    `about`: without a key, what it is about, so that `forget` finds it.
    """
    name = public_id()
    mail = Mail(
        agency=agency,
        public_id=name,
        message_id=f"<{name}@{_our_domain()}>",
        to=_checked_address(to),
        language=readers.language(),
        subject=_checked_line(subject, "subject")[:250],
        text=text,
        html=html,
        unsubscribe_url=_checked_link(unsubscribe_url),
        key=f"{about}{name}" if about else key,
    )
    if not text.strip():
        raise BadMail(_("A mail needs words."))
    mail = _once(mail) if key else _new(mail)
    if mail.state == State.WAITING:
        _queue(mail)
    return mail


def _new(mail: Mail) -> Mail:
    mail.save(force_insert=True)
    return mail


def _once(mail: Mail) -> Mail:
    # Two at once with one key: the database keeps the first.
    if mail.agency is None:
        raise BadMail(_("A mail with a key belongs to an agency."))
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    return Mail.objects.get(agency=mail.agency, key=mail.key)


def _queue(mail: Mail) -> Job | None:
    """Hand it to a worker. Without a mail server it waits, and `sweep` hands it over once there is one."""
    if smtp.server() is None:
        return None
    return jobs.enqueue("outreach.deliver", key=f"mail:{mail.pk}", agency_id=mail.agency_id, mail_id=mail.pk)


def _checked_address(to: str) -> str:
    try:
        validate_email(to)
    except ValidationError:
        raise BadAddress(_("This is not an e-mail address. Check it and try again.")) from None
    return to


def _checked_line(line: str, what: str) -> str:
    if not line.strip() or any(character in line for character in "\r\n\0"):
        raise BadMail(_("The %(what)s of a mail is one line of words.") % {"what": what})
    return line.strip()


def _checked_link(link: str) -> str:
    if not link:
        return ""
    try:
        # A host without a dot is fine: people try this on their own machine first.
        URLValidator(schemes=["http", "https"])(link.replace("://localhost", "://localhost.example", 1))
    except ValidationError:
        raise BadMail(_("The link to unsubscribe is no web address.")) from None
    return link


def _our_domain() -> str:
    return parseaddr(settings.ALONGSIDE.mail_from)[1].rpartition("@")[2] or "localhost"


def deliver(mail: Mail) -> None:
    """Bring one mail to the mail server, and write down how it went."""
    server = smtp.server()
    if server is None:
        raise smtp.Temporary(phrase("No mail server is set up."))
    try:
        travel.deliver(mail, server)
    except smtp.Permanent as never:
        mark_failed(mail, said_by(never))
        return
    Mail.objects.filter(pk=mail.pk, state=State.WAITING).update(
        state=State.SENT, sent_at=clock.now(), error="", text="", html="", unsubscribe_url=""
    )


def mark_failed(mail: Mail, why: Phrase) -> None:
    Mail.objects.filter(pk=mail.pk, state=State.WAITING).update(state=State.FAILED, error=why)


@transaction.atomic
def send_again(mail: Mail, *, by: User) -> Mail:
    """The address is reachable now, or the mail server is mended: try a failed mail once more."""
    changed = (
        Mail.objects.failed()
        .filter(pk=mail.pk)
        .exclude(to="")
        .exclude(text="")
        .update(state=State.WAITING, error="", created_at=clock.now())
    )
    if not changed or mail.agency is None:
        raise NothingToTryAgain(
            _("This mail cannot be sent again: it has gone out, or its address was deleted.")
        )
    Job.objects.filter(name="outreach.deliver", key=f"mail:{mail.pk}").delete()
    mail.refresh_from_db()
    _queue(mail)
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
    stale = Mail.objects.waiting().written_before(clock.now() - GOOD_FOR)
    too_late = phrase("It waited for two days and was not sent: by then it was no news.")
    stale.update(state=State.FAILED, error=too_late)
    for mail in Mail.objects.waiting():
        _queue(mail)


def erase() -> None:
    """Delete the addresses and words that an agency may no longer keep. That a mail was sent stays known."""
    _erase(Mail.objects.exclude(to="").out_of_keeping())


def forget(agency: Agency, *, keys: str, to: str = "") -> None:
    """Delete the addresses and words of mails whose key begins so, and send none of them: their reader asked for it.

    `to`: and of mails to this address that have no key, so that nobody can say what they are about.
    """
    nameless = Q(key=None) & Q(to__iexact=to) & ~Q(to="")
    mails = Mail.objects.filter(Q(key__startswith=keys) | nameless, agency=agency)
    _erase(mails.exclude(state=State.WAITING))
    _erase(mails.waiting(), state=State.FAILED, error=phrase("Its reader took the address back."))


def _erase(mails: QuerySet[Mail], *, error: Phrase | str = "", **more: str) -> None:
    mails.update(to="", text="", html="", unsubscribe_url="", error=error, **more)
