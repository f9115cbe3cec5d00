"""What a restored copy is kept from doing again: the install that it is a copy of went on after the backup.

Mail that waited may have been sent; what the clock tells (reminders, offers, the morning's mail) may have been told.
So what waited is withdrawn, and the clock goes round once, of every room, with nothing leaving: each room marks as
told what is due by now, and lets go of what is past its time. From then on the clock tells what comes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation

from alongside.core import copies
from alongside.core.backup import erased
from alongside.core.errors import Refusal, phrase
from alongside.jobs import registry
from alongside.ledger import actions as ledger
from alongside.outreach import actions as outreach
from alongside.outreach import quiet
from alongside.outreach.models import Mail, State

log = logging.getLogger("alongside.restore")

WHY = phrase("This copy was restored from a backup: the mail may have been sent before.")


@dataclass
class Rested:
    """What was put to rest, and what was let go of again."""

    mails: int = 0
    untold: int = 0
    failed: list[str] = field(default_factory=list)
    erased: erased.Applied | None = None

    def lines(self, seal: Mapping[str, Any], has_keys: bool) -> Iterator[str]:
        if self.erased is None:
            yield (
                "What was deleted is not known, for no FILE.erased stood beside the backup. What people have had "
                f"deleted after {seal['moment'][:16]}Z is here again: delete it again. The folder that the "
                f"backup was made of keeps that file, too: backups/{seal['id']}.erased."
            )
        else:
            yield (
                f"Deleted again, as of {self.erased.at[:16]}Z: {self.erased.gone} rows, words of "
                f"{self.erased.emptied} rows, {self.erased.files} files."
            )
            for name in self.erased.unknown:
                yield f"Whether anything was deleted of {name} could not be compared across versions: look."
        yield (
            f"{self.mails} mails that waited are withdrawn, and {self.untold} that were due by the clock are not sent: "
            "the page Mail lists both."
        )
        for name in self.failed:
            yield f"The clock could not go round for {name}: the worker tries again."
        if not has_keys:
            yield "Its keys are new. bin/alongside check counts what they do not open."


def rest(said: Mapping[str, Any] | None) -> Rested:
    """Let go again, withdraw what waits, and let the clock go round in silence."""
    done = Rested(erased=erased.apply(said) if said is not None else None)
    ledger.say_restored()
    done.mails = outreach.put_to_rest(WHY)
    before = Mail.objects.everywhere().filter(state=State.WITHDRAWN).count()
    with quiet.unsent(WHY), translation.override(settings.LANGUAGE_CODE):
        for kind in registry.scheduled():
            if kind.lane in {registry.QUICK, registry.SLOW}:
                try:
                    kind.function()
                except Refusal as refusal:
                    log.warning("%s: %s", kind.name, refusal)
                    done.failed.append(kind.name)
                except Exception:  # one room's clock must not keep a city from its data
                    log.exception("%s", kind.name)
                    done.failed.append(kind.name)
    copies.write_anew()
    done.untold = Mail.objects.everywhere().filter(state=State.WITHDRAWN).count() - before
    return done
