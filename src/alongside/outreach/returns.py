"""Mail that comes back: reports of mail servers (RFC 3464), and which of our mails each is about.

Anybody can write such a report. It counts where it names the id of a mail of ours, which nobody can guess and only
its reader has seen; and it says something of that mail's address alone, whatever else it names. So the worst that
somebody can do is to silence themselves.
"""

from __future__ import annotations

from alongside.outreach import actions
from alongside.outreach.models import Mail
from alongside.outreach.reports import REPORT, NoReport
from alongside.outreach.travel import our_domain


def look_after(raw: bytes) -> bool:
    """Write down what came back. True for a report about a mail of ours, which nobody needs to read any more.

    One that says nothing that we can read is left in its box, for a person.
    """
    try:
        report = REPORT.read(raw)
    except NoReport:  # broken in whatever way: a person may read it, and the next are not held up
        return False
    ours = Mail.objects.everywhere().filter(
        message_id__in=[f"<{each}@{our_domain()}>" for each in report.names]
    )
    found = list(ours.values_list("message_id", flat=True))
    # One that names two of our mails says of neither which it means.
    if len(found) == 1 and report.failures:
        dead = any(each.dead for each in report.failures)
        actions.returned(found[0], report.failures[0].why, dead=dead)
    return len(found) == 1 and report.says_something
