"""What we keep of one reader: what an address follows, and the mail that went to it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies import holds
from alongside.agencies.models import Agency, User
from alongside.core import formats
from alongside.outreach import actions
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions import rooms
from alongside.outreach.subscriptions.models import Subscription


# -- what an address follows ------------------------------------------------------------------------
def reader_behind(agency: Agency, token: str) -> str:
    """Whose page a link opens. Raises bearers.Useless."""
    reader: subscriptions.Reader = subscriptions.reader_behind(token, at=agency).thing
    return reader.known_as


def readers_at(agency: Agency, address: str) -> list[str]:
    """By what is known what this address follows."""
    rows = Subscription.objects.of(agency).standing().filter(address__iexact=address)
    return sorted(set(rows.values_list("reader", flat=True)))


def told_of_reader(agency: Agency, known_as: str) -> dict[str, str]:
    """The address, and what it follows until when."""
    reader, offered = subscriptions.reader_of(agency, known_as), rooms.offered(agency)
    if not reader.rows:
        return {}
    known = {_("Your e-mail address"): reader.rows[0].address}
    for number, row in enumerate(reader.rows, start=1):
        what = offered.get(row.topic, _("Something that we do not tell of any more"))
        until = formats.day(row.ends_on) if row.ends_on else ""
        known[_("You follow, %(number)d") % {"number": number}] = f"{what} ({until})" if until else what
    return known


def erase_reader(agency: Agency, known_as: str, by: User | None) -> None:
    """No more news of anything: the address goes, and mail that waits. Raises OnHold."""
    reader = subscriptions.reader_of(agency, known_as)
    for row in reader.rows:
        holds.refuse_if_held(row)
    subscriptions.stop(reader)


# -- mail -------------------------------------------------------------------------------------------
def mail_to(agency: Agency, address: str) -> list[str]:
    """Mail to this address, as long as we know that it was to it."""
    return list(Mail.objects.of(agency).filter(to__iexact=address).values_list("public_id", flat=True))


def told_of_mail(agency: Agency, public_id: str) -> dict[str, str]:
    mail = _mail(agency, public_id)
    if mail is None or not mail.to:
        return {}
    written = formats.moment(agency.local(mail.created_at))
    return {
        _("Your e-mail address"): mail.to,
        _("Subject"): mail.subject,
        pgettext("records", "Written on"): written,
    }


def erase_mail(agency: Agency, public_id: str, by: User | None) -> None:
    """The address of one mail, which is not sent any more where it waits. Raises OnHold."""
    mail = _mail(agency, public_id)
    if mail is not None:
        actions.forget_mail(mail)


def _mail(agency: Agency, public_id: str) -> Mail | None:
    return Mail.objects.of(agency).filter(public_id=public_id).first()
