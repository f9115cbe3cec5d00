"""A server that does not answer is left alone for a while, and asked by one at a time until it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Coalesce

from alongside.core import clock
from alongside.core.errors import Phrase, phrase, said_by
from alongside.outside.errors import Away, Resting
from alongside.outside.models import Circuit

OPENS_AFTER = 5  # failures in a row
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
NOBODY_ASKS = timedelta(hours=2)
# Whoever asks on behalf of all holds the others back for so long, and no longer, should it end without a word.
PROBE = timedelta(minutes=2)


@contextmanager
def through(server: str, *, what: Phrase) -> Iterator[None]:
    """Call a server (host:port). Raises Resting where it has not answered lately; what is raised inside as `Away`
    counts against it, and anything else that comes back says that it is there.
    """
    circuit = Circuit.objects.filter(server=server).first()
    if circuit is not None and circuit.down_since is not None:
        _take_the_probe(circuit)
    try:
        yield
    except Away as wrong:
        _failed(server, what, said_by(wrong), probed=circuit is not None and circuit.down_since is not None)
        raise
    except Exception:
        _answered(circuit, server)
        raise
    _answered(circuit, server)


def _take_the_probe(circuit: Circuit) -> None:
    """One of all who come may try; the others are told when to come back."""
    now = clock.now()
    mine = Circuit.objects.down().filter(pk=circuit.pk, ask_after__lte=now).update(ask_after=now + PROBE)
    if not mine:
        later = max(circuit.ask_after or now, now + timedelta(seconds=1))
        raise Resting(phrase("%(what)s does not answer at the moment.", what=circuit.what), until=later)


def _failed(server: str, what: Phrase, why: Phrase, *, probed: bool) -> None:
    now = clock.now()
    Circuit.objects.bulk_create([Circuit(server=server, what=what)], ignore_conflicts=True)
    circuit = Circuit.objects.filter(server=server)
    circuit.filter(failures=0).update(failing_since=now)
    # Of many who asked at once and failed together, none makes the next rest longer: only whoever asks for all.
    counts = circuit if probed else circuit.filter(failures__lt=OPENS_AFTER)
    if not counts.update(failures=F("failures") + 1, what=what, why=why):
        return
    failures = circuit.values_list("failures", flat=True).get()
    if failures >= OPENS_AFTER:
        circuit.update(down_since=Coalesce("down_since", "failing_since"), ask_after=now + _rest(failures))


def _rest(failures: int) -> timedelta:
    """Twice as long each time."""
    doubled: int = 2 ** min(failures - OPENS_AFTER, 20)
    return min(SHORTEST * doubled, LONGEST)


def _answered(circuit: Circuit | None, server: str) -> None:
    if circuit is not None and circuit.failures:
        Circuit.objects.filter(server=server).update(
            failures=0, failing_since=None, down_since=None, ask_after=None, why=""
        )


def down() -> list[Circuit]:
    """Who does not answer, longest first; but not whom nobody has asked for some time, such as a server of before."""
    asked = Circuit.objects.down().filter(ask_after__gt=clock.now() - NOBODY_ASKS)
    return list(asked.order_by("down_since"))
