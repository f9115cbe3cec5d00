"""A crowd that answers, changes its mind and lets offers run out, all at once, each on a connection of its own."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import OperationalError, connection

from alongside.core.errors import Refusal
from alongside.gatherings import actions
from alongside.gatherings.models import Gathering, Rsvp, State
from alongside.gatherings.tests.cast import form_key

# Seconds between two deeds of one neighbour.
THINKS = 0.004
# Minutes that pass with each deed of anybody: an offer holds for a day at most, and not all look in that time.
LEAPS = 6


class LeapingClock:
    """Time that passes faster the more the crowd does, so that offers run out while the test runs."""

    def __init__(self) -> None:
        self.start, self.leapt, self.lock = datetime.now(UTC), timedelta(0), threading.Lock()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.leapt

    def leap(self, minutes: float) -> None:
        with self.lock:
            self.leapt += timedelta(minutes=minutes)


@dataclass
class Promise:
    """What one neighbour was last told of their own answer. Nobody else touches it."""

    rsvp: Rsvp
    state: str
    party: int


# From what one was told, to what may have become of it without one's own doing.
MAY_BECOME = {
    State.GOING: {State.GOING},
    State.CANCELLED: {State.CANCELLED},
    State.EXPIRED: {State.EXPIRED},
    State.OFFERED: {State.OFFERED, State.EXPIRED},
    State.WAITING: {State.WAITING, State.OFFERED, State.EXPIRED},
}


@dataclass
class Crowd:
    gathering: Gathering
    clock: LeapingClock
    operations: int
    threads: int
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    promises: list[Promise] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    shared: list[Rsvp] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    # What happened to each answer, in the order in which the database let it happen: offered, ended, came back.
    fates: dict[int, list[str]] = field(default_factory=dict)
    looks: int = 0
    ran_out: int = 0  # how often somebody was told that their offer had run out

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.over = threading.Event()

    def listen(self, monkeypatch: Any) -> None:
        """Write down each offer, each end and each return, where they are written into the database."""

        def heard(verb: Any, word: str) -> Any:
            def remembered(rsvp: Rsvp, *args: Any, **kwargs: Any) -> Any:
                done = verb(rsvp, *args, **kwargs)
                with self.lock:
                    self.fates.setdefault(rsvp.pk, []).append(word)
                return done

            return remembered

        monkeypatch.setattr(actions, "_offer", heard(actions._offer, "offered"))
        monkeypatch.setattr(actions, "_end", heard(actions._end, "ended"))
        seat = actions._seat
        monkeypatch.setattr(
            actions,
            "_seat",
            lambda rsvp, *args, **how: (heard(seat, "came back") if rsvp.pk else seat)(rsvp, *args, **how),
        )

    def run(self) -> None:
        watcher = threading.Thread(target=self._guarded, args=(self._watch,))
        people = [
            threading.Thread(target=self._guarded, args=(self._behave, self.seed + number))
            for number in range(self.threads)
        ]
        for thread in (watcher, *people):
            thread.start()
        for thread in people:
            thread.join()
        self.over.set()
        watcher.join()

    def _guarded(self, behave: Any, *args: Any) -> None:
        try:
            behave(*args)
        except Exception as error:  # anything but a refusal is a failure of the whole test
            self.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def _watch(self) -> None:
        """Look at the numbers in one statement, again and again: never more promised than there is."""
        while not self.over.is_set():
            seen = Gathering.objects.with_numbers().get(pk=self.gathering.pk)
            self.looks += 1
            if seen.people_going + seen.people_offered > seen.capacity:
                self.wrong.append(f"oversold: {seen.people_going}+{seen.people_offered} of {seen.capacity}")
            self.over.wait(0.02)

    def _behave(self, seed: int) -> None:
        dice = random.Random(seed)
        mine: list[Promise] = []
        for _ in range(self.operations // self.threads):
            self.clock.leap(dice.expovariate(1 / LEAPS))
            name = dice.choices(list(DEEDS), weights=[weight for weight, _deed in DEEDS.values()])[0]
            try:
                DEEDS[name][1](self, dice, mine)
            except Refusal as refusal:
                name = f"{name}: {type(refusal).__name__}"
            except OperationalError as busy:
                # SQLite's queue is not fair: one of many may wait its twenty seconds in vain, and tries again.
                if "locked" not in str(busy):
                    raise
                name = "busy"
            time.sleep(dice.expovariate(1 / THINKS))
            with self.lock:
                self.done[name] += 1
        with self.lock:
            self.promises += mine

    # -- deeds -------------------------------------------------------------------------------------
    def join(self, dice: random.Random, mine: list[Promise]) -> None:
        key, party = form_key(), dice.randint(1, 5)
        words = {
            "party": party,
            "form_key": key,
            "wait": dice.random() < 0.8,
            "guest": actions.Guest(email="ben@example.org" if dice.random() < 0.1 else ""),
        }
        rsvp, _token = actions.join(self.gathering, **words)
        with self.lock:
            self.forms.add(key)
        if dice.random() < 0.1:
            again, _token = actions.join(self.gathering, **words)
            if again.pk != rsvp.pk:
                self.wrong.append("a form sent twice made two answers")
        if dice.random() < 0.1:
            self.shared.append(rsvp)
            return
        mine.append(Promise(rsvp, rsvp.state, party))

    def _own(self, verb: Any, dice: random.Random, mine: list[Promise], **words: Any) -> None:
        """Do something with an answer of one's own, and remember what one was told."""
        # Mostly what makes sense, as far as one knows; now and then a button that has nothing to do any more.
        sensible = [promise for promise in mine if promise.state in FITTING[verb]]
        among = sensible if sensible and dice.random() < 0.8 else mine
        if not among:
            return
        promise = dice.choice(among)
        was = promise.state
        try:
            rsvp = verb(promise.rsvp, **words)
        except actions.OfferIsOver:
            rsvp = Rsvp.objects.get(pk=promise.rsvp.pk)
            if rsvp.state == State.GOING:
                self.wrong.append("told that the offer is over, and yet coming")
            promise.state = rsvp.state
            with self.lock:
                self.ran_out += rsvp.state == State.EXPIRED
            raise
        if was == State.CANCELLED and verb is not actions.rejoin and rsvp.state != State.CANCELLED:
            self.wrong.append(f"{verb.__name__} brought back somebody who had left")
        promise.state, promise.party = rsvp.state, rsvp.party

    def leave(self, dice: random.Random, mine: list[Promise]) -> None:
        self._own(actions.leave, dice, mine)

    def change(self, dice: random.Random, mine: list[Promise]) -> None:
        self._own(actions.change_party, dice, mine, party=dice.randint(1, 6))

    def accept(self, dice: random.Random, mine: list[Promise]) -> None:
        """Every other one looks at their page first: mostly for an offer, at times for one that has run out."""
        if dice.random() < 0.5:
            state = State.OFFERED if dice.random() < 0.8 else State.EXPIRED
            found = Rsvp.objects.filter(pk__in=[each.rsvp.pk for each in mine], state=state)
            seen = set(found.values_list("pk", flat=True))
            mine = [each for each in mine if each.rsvp.pk in seen] or mine
        self._own(actions.accept_offer, dice, mine)

    def decline(self, dice: random.Random, mine: list[Promise]) -> None:
        self._own(actions.decline_offer, dice, mine)

    def rejoin(self, dice: random.Random, mine: list[Promise]) -> None:
        self._own(actions.rejoin, dice, mine, wait=dice.random() < 0.5)

    def expire(self, dice: random.Random, mine: list[Promise]) -> None:
        actions.expire_offers(self.gathering)

    def quarrel(self, dice: random.Random, mine: list[Promise]) -> None:
        """Two people with one link, who press different buttons at the same moment."""
        if self.shared:
            rsvp = dice.choice(self.shared)
            dice.choice([actions.leave, actions.accept_offer, actions.decline_offer, actions.rejoin])(rsvp)

    def resize(self, dice: random.Random, mine: list[Promise]) -> None:
        """Ada finds chairs, or loses some. Below what is promised she may not go."""
        actions.change(self.gathering, by=None, capacity=dice.randint(20, 40))

    # -- afterwards --------------------------------------------------------------------------------
    def check(self) -> None:
        """Never oversold, nobody lost, nobody brought back who had left, no place idle while somebody waits for it."""
        assert not self.wrong, self.wrong[:5]
        actions.expire_offers(self.gathering)
        now = Gathering.objects.get(pk=self.gathering.pk)
        assert now.numbers.going + now.numbers.offered <= now.capacity
        assert Rsvp.objects.filter(gathering=now).count() == len(self.forms), "an answer was lost or doubled"
        rows = {rsvp.pk: rsvp for rsvp in Rsvp.objects.filter(gathering=now)}
        for promise in self.promises:
            row = rows[promise.rsvp.pk]
            assert row.state in MAY_BECOME[State(promise.state)], (promise.state, row.state)
            assert row.party == promise.party
        for fate in self.fates.values():
            for before, after in pairwise(fate):
                assert (before, after) != ("ended", "offered"), (
                    "somebody who had left was offered a place again"
                )
                assert (before, after) != ("offered", "offered"), "one offer was made twice"
        smallest = min((rsvp.party for rsvp in now.rsvps.in_line()), default=None)
        assert smallest is None or smallest > now.numbers.left, (
            "places stand empty while somebody waits who fits"
        )


FITTING = {
    actions.leave: {State.GOING, State.WAITING, State.OFFERED},
    actions.change_party: {State.GOING, State.WAITING, State.OFFERED},
    actions.accept_offer: {State.WAITING, State.OFFERED},
    actions.decline_offer: {State.WAITING, State.OFFERED},
    actions.rejoin: {State.CANCELLED, State.EXPIRED},
}
DEEDS = {
    "join": (30, Crowd.join),
    "leave": (22, Crowd.leave),
    "change": (14, Crowd.change),
    "accept": (14, Crowd.accept),
    "decline": (5, Crowd.decline),
    "rejoin": (6, Crowd.rejoin),
    "expire": (3, Crowd.expire),
    "quarrel": (5, Crowd.quarrel),
    "resize": (1, Crowd.resize),
}
