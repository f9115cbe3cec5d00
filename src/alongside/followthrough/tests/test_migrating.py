"""Mail of the version before says whose it is, goes out as it stood, and can be taken back."""

import pytest
from django.utils import timezone
from tests.migrating import as_before, up_to_date

from alongside.agencies.models import Agency
from alongside.core.origins import Origin
from alongside.jobs.worker import drain
from alongside.outreach import actions as outreach
from alongside.outreach import jobs
from alongside.outreach.models import Mail, State
from alongside.outreach.tests.conftest import post_office

__all__ = ["post_office"]
pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]


def test_mails_of_before_go_as_they_stand_and_can_be_taken_back(post_office):
    apps = as_before(
        ("outreach", "0004_language_of_mails_of_before"), ("followthrough", "0004_authored_words")
    )
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")
    concern = apps.get_model("followthrough.Concern").objects.create(
        agency=agency, key="note:1", public_id="cccccccccc", kind="question", category="lighting",
        heard_on="2026-11-01", words="The lamp",
    )  # fmt: skip

    def write(number, state="waiting", **columns):
        words = {"text": "See you at six.", "unsubscribe_url": "https://x.example/stop/"}
        if state == "sent":
            words = {"text": "", "unsubscribe_url": "", "sent_at": timezone.now()}
        apps.get_model("outreach.Mail").objects.create(
            public_id=f"{number:010}", message_id=f"<{number}@x>", state=state, language="en",
            **{"agency": agency, "to": "ben@neighbors.example", "subject": f"News {number}", **words, **columns},
        )  # fmt: skip

    write(1, key="rsvp:rrrrrrrrrr:1111111111")
    write(2, key=f"concern:{concern.pk}:7", to="cleo@neighbors.example")
    write(3, key="partner:pppppppppp:3333333333", state="failed", error="550 No")
    write(4, key="remind:ssssssssss:2026-12-01:day", state="sent")
    write(5, agency=None, subject="New password")
    write(6, state="failed", to="", text="")
    up_to_date()

    whose = dict(Mail.objects.values_list("subject", "whose"))
    assert (whose["News 1"], whose["News 4"]) == ("rsvp:rrrrrrrrrr", "rsvp:ssssssssss")
    assert whose["News 2"] == "concern:cccccccccc"
    assert whose["News 3"] == "invited:pppppppppp"
    assert {mail.subject for mail in Mail.objects.all() if mail.may_be_sent_again} == {"News 3"}
    outreach.forget(Agency.objects.get(), Origin("concern", "cccccccccc"))
    assert Mail.objects.get(subject="News 2").state == State.WITHDRAWN
    jobs.sweep()
    drain()
    assert sorted(post_office.subjects) == ["New password", "News 1"]
    first = next(message for _from, _to, message in post_office.taken if message["Subject"] == "News 1")
    assert first["List-Unsubscribe"] == "<https://x.example/stop/>"
    assert "See you at six." in str(first)
    assert first["Message-ID"] == "<1@x>"
