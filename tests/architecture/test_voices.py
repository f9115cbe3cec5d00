"""Whoever counts residents “once” counts by `voices`: once by constraint, nobody followed, forgotten in time."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import UniqueConstraint

from alongside.core.tokens import DigestField

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"

SENT_AGAIN = "a form sent twice is one deed; whoever opens the form again is somebody else"
OPENS = "two links are never the same: it opens something, and counts nobody"
# What is kept once by a digest, and is no voice.
NO_VOICE = {
    "agencies.Bearer.digest": OPENS,
    "followthrough.Card.digest": OPENS,
    "gatherings.Rsvp.form_digest": SENT_AGAIN,
    "outreach.FirstMail.digest": "an address, not a device: so many first mails a day go to it, whoever types it",
    "hotspots.Petition.form_digest": f"{SENT_AGAIN}. Who asks twice for one place is counted by voices",
    "walks.Walk.form_digest": f"{SENT_AGAIN}. Only staff send it",
}


def once_by_digest() -> Iterator[str]:
    """Columns of digests that a constraint keeps apart."""
    for model in apps.get_models():
        together = {
            name
            for each in model._meta.constraints
            if isinstance(each, UniqueConstraint)
            for name in each.fields
        }
        for field in model._meta.local_fields:
            if isinstance(field, DigestField) and (field.unique or field.name in together):
                yield f"{model._meta.label}.{field.name}"


def test_what_is_counted_once_is_a_voice_or_says_why_not():
    assert set(once_by_digest()) == {"voices.Voice.digest", *NO_VOICE}


# What a page or an answer may leave in a browser, or what else would know one again.
MARKS = re.compile(r"set_cookie\(|document\.cookie|localStorage|sessionStorage|indexedDB|HTTP_USER_AGENT")
MAY_LEAVE_A_MARK = {
    "core/assets/js/offer.js": "which languages were put away: no number, and it is sent nowhere",
    "followthrough/assets/keys.js": "whether J and K alone lead on, at a desk: no number, and it is sent nowhere",
    "core/assets/outbox/disk.js": "what waits to be sent on a phone, until the server has it",
    "field/assets/phone/adopting.js": "what a phone of before left there is taken over",
    "demo/views.py": "the key of the demo city's door, the same for whoever has it",
    "voices/assets/index.js": "the token by which a device is counted once; what it has spoken about, sent nowhere",
    "voices/devices.py": "the same, where no script runs",
}


def leaves_a_mark(text: str) -> bool:
    return MARKS.search(text) is not None


def test_a_mark_is_seen():
    assert leaves_a_mark('response.set_cookie("seen", "1")')
    assert leaves_a_mark("localStorage.setItem('voted', '1')")
    assert not leaves_a_mark("request.session['x'] = 1")


def test_nobody_else_knows_a_browser_again():
    found = {
        str(path.relative_to(SOURCE))
        for path in [
            *SOURCE.rglob("*.py"),
            *SOURCE.glob("*/assets/**/*.js"),
            *SOURCE.glob("*/templates/**/*.*"),
        ]
        if not {"tests", "migrations"} & set(path.parts) and leaves_a_mark(path.read_text())
    }
    assert found == set(MAY_LEAVE_A_MARK)
