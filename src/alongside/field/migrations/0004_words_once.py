"""What was said is kept once, in the concern. A note that is held keeps the words as they were heard until then.

Of each note the words that a person would have read last go on: those that somebody looked at; else the concern's, and
none where they were erased. What was taken back where it is followed waits for nobody any more.
"""

from typing import Any

from django.db import migrations
from django.utils import timezone, translation
from django.utils.translation import gettext


def move_words(apps: Any, schema_editor: Any) -> None:
    Note = apps.get_model("field", "Note")
    rows = Note.objects.select_related("concern", "gathering")
    for pk in list(Note.objects.order_by("pk").values_list("pk", flat=True)):
        note = rows.get(pk=pk)
        if note.concern is None:
            note.concern = concern_for(note, apps)
        concern, waits = note.concern, bool(note.hold) and note.settled_at is None
        words = words_of(note)
        if words != concern.words:
            concern.words = words
            concern.save(update_fields=["words"])
        note.held = waits and bool(concern.withheld) and concern.redacted_at is None
        note.held_words = note.words if note.held and note.words != words else ""
        if waits and not note.held:
            note.settled_at = timezone.now()
        note.save(update_fields=["concern", "held", "held_words", "settled_at"])


def words_of(note: Any) -> str:
    """The one text from here on."""
    concern = note.concern
    words: str = concern.words
    if concern.redacted_at is not None:
        return words
    if not note.words:
        return "" if words in says_what_about(note) else words
    looked_at = note.settled_at is not None and note.hold != "cji"
    return note.words if looked_at or not words else words


def says_what_about(note: Any) -> list[str]:
    """What stood in the place of words where nobody wrote any, in the language of whoever sent it."""
    said = []
    for language in ("en", "es"):
        with translation.override(language):
            said.append(f"{gettext(note.get_kind_display())}: {gettext(note.get_category_display())}")
    return said


def concern_for(note: Any, apps: Any) -> Any:
    """A note that nobody followed: it is followed now."""
    gathering = note.gathering
    erased = bool(note.hold and note.settled_at) and not (note.words or note.place)
    with translation.override(note.language):
        because = gettext("It held what may not be kept here.")
    concern, new = apps.get_model("followthrough", "Concern").objects.get_or_create(
        agency_id=note.agency_id,
        key=f"note:{note.client_id}",
        defaults={
            "kind": note.kind,
            "category": note.category,
            "words": "[…]" if note.hold == "cji" and not erased else note.words,
            "language": note.language,
            "neighborhood_id": note.neighborhood_id,
            "place": note.place,
            "heard_on": gathering.on,
            "received_at": note.received_at,
            "origin": f"gathering:{gathering.public_id}",
            "origin_label": gathering.title,
            "state": "withheld" if note.hold else "received",
            "withheld": note.hold,
            "redacted_at": note.settled_at if erased else None,
            "redacted_because": because if erased else "",
        },
    )
    if new:
        steps = apps.get_model("followthrough", "Step").objects
        facts = {"agency_id": note.agency_id, "concern": concern, "at": note.received_at, "public": True}
        steps.create(deed="received", **facts)
        if note.hold:
            steps.create(deed="withheld", facts={"reason": note.hold}, **facts)
    return concern


class Migration(migrations.Migration):
    dependencies = [("field", "0003_held"), ("followthrough", "0002_where_it_came_from")]
    operations = [migrations.RunPython(move_words, migrations.RunPython.noop)]
