"""Threads are lent in turn, each to one, and come back whoever leaves."""

import asyncio
import random

import pytest

from alongside.config.turns import Full, Turns


def played(turns, play):
    """What happens when these come, leave and give back; nothing of it takes time."""

    async def game():
        return await asyncio.wait_for(play(turns), 5)

    return asyncio.run(game())


async def settle():
    for _ in range(4):
        await asyncio.sleep(0)


def test_each_network_has_its_turn():
    async def play(turns):
        order = []

        async def ask(network):
            await turns.wait(network)
            order.append(network)

        asking = []
        for network in "aaaaabbc":  # in the order in which they come
            asking.append(asyncio.create_task(ask(network)))
            await settle()
        for _ in asking:
            turns.give_back()
            await settle()
        return "".join(order)

    assert played(Turns(1, 100), play) == "aabcabaa", "the first finds it free"


def test_where_too_many_wait_those_who_are_most_give_way():
    async def play(turns):
        asking = [asyncio.create_task(turns.wait("hall")) for _ in range(3)]
        asking += [asyncio.create_task(turns.wait("flood")) for _ in range(200)]
        await settle()
        late = [asyncio.create_task(turns.wait("hall")) for _ in range(3)]
        await settle()
        assert not any(each.done() for each in late), "each is in line, in the place of one of the flood"
        with pytest.raises(Full):
            await turns.wait("flood")
        away = sum(each.done() and each.exception() is not None for each in asking[3:])
        for each in [*asking, *late]:
            each.cancel()
        await asyncio.gather(*asking, *late, return_exceptions=True)
        return away

    turns = Turns(1, 10)
    assert played(turns, play) == 200 - 10 + 2 + 3, "two of the hall were in line before, and three came"


@pytest.mark.parametrize("seed", range(20))
def test_no_thread_is_lent_twice_or_lost(seed):
    chance = random.Random(seed)
    threads = chance.randint(1, 4)

    async def play(turns):
        lent, asking = 0, set()

        async def ask(network):
            nonlocal lent
            await turns.wait(network)
            lent += 1
            assert lent <= threads

        for _ in range(400):
            what = chance.random()
            if what < 0.5:
                asking.add(asyncio.create_task(ask(chance.choice("abcd"))))
            elif what < 0.7 and asking:
                chance.choice(sorted(asking, key=id)).cancel()
            elif lent:
                lent -= 1
                turns.give_back()
            if chance.random() < 0.6:
                await asyncio.sleep(0)
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        for _ in range(lent):
            turns.give_back()
        wrong = [each.exception() for each in asking if not each.cancelled() and each.exception()]
        assert all(isinstance(each, Full) for each in wrong)

    turns = Turns(threads, 12)
    played(turns, play)
    assert (turns.free, turns.waiting, turns.lines) == (threads, 0, {})
