"""Of what ended with its concern before: with which step; and what was called not kept, and was passed on.

A promise is called passed on only where it surely ended by that: in the same moment as its concern, by the same person,
in the same words. What its history and the ledger called it then stays as it was written.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations

OVER = ("done", "declined", "passed")
ONE_MOMENT = timedelta(seconds=10)


def bring_over(apps: Any, schema_editor: Any) -> None:
    promises = apps.get_model("followthrough", "Promise").objects
    known = promises.exclude(state="open").filter(due_known=True, closed_known=True, concern__state__in=OVER)
    of_each: defaultdict[Any, list[Any]] = defaultdict(list)
    for promise in known.select_related("concern__agency").order_by("closed_on", "pk"):
        of_each[promise.concern_id].append(promise)
    for ended in of_each.values():
        concern = ended[0].concern
        closing = concern.steps.filter(deed="closed").order_by("at", "pk").last()
        if closing is None:
            continue
        passed_on = [each for each in ended if _was_passed_on(each, closing)]
        for promise in passed_on:
            promise.state = "passed"
        for promise in {*passed_on, *_with_it(ended, closing, ZoneInfo(concern.agency.timezone))}:
            promise.ended_with = closing
            promise.save(update_fields=["ended_with", "state"])


def _with_it(ended: list[Any], closing: Any, zone: ZoneInfo) -> list[Any]:
    """As it was found until now: by its words and its day; or the one with which it ended."""
    on = closing.at.astimezone(zone).date()
    together = [
        each for each in ended if each.closed_on == on and _plain(each.outcome) == _plain(closing.text)
    ]
    return together or ended[-1:]


def _was_passed_on(promise: Any, closing: Any) -> bool:
    if promise.state != "not kept" or closing.facts.get("state") != "passed":
        return False
    change = promise.changes.order_by("at", "pk").exclude(turn="published").last()
    return (
        change is not None
        and change.turn == "not-kept"
        and timedelta() <= closing.at - change.at <= ONE_MOMENT
        and (change.by_id, change.by_name) == (closing.by_id, closing.by_name)
        and _plain(change.text) == _plain(closing.text)
    )


def _plain(words: Any) -> dict[str, str]:
    return {language: text.text for language, text in words.texts.items()}


class Migration(migrations.Migration):
    dependencies = [("followthrough", "0016_passed_on_with_its_concern")]

    operations = [migrations.RunPython(bring_over, migrations.RunPython.noop)]
