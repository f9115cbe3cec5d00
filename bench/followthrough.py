"""The public list of 100,000 concerns: its pages against the same rows asked for plainly, on both databases.

    bin/bench followthrough [--concerns 100000]

A city with so many concerns of every state, in 60 neighborhoods, each found by its words, with three steps each, and
2,000 promises made aloud. Each page is asked for again and again within one process, as a server renders it: the list,
its tenth, middle and last page, searches for a rare, a middling and a very common word, for two of these and for two
letters, one neighborhood’s part of it and that neighborhood’s own page, one concern, the sheet for a meeting.
Milliseconds of the server by the clock (the middle one, the slowest of twenty, the least) and of the processor, with
the number of questions to the database; the target is 50 for the middle one. Other work on the machine (`load`)
stretches all of them, the least the least: compare within one run, and read them anew where nothing else runs.

The peer, in the same run: what the list shows, asked for in one plain statement each (count by state, thirty rows in
order, words by LIKE), with the same rows and without the indexes that the list has of its own. On PostgreSQL the server
is one of its own in a temporary folder. Writes bench/results/followthrough-DATE.json.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kept import keep, machine

HERE = Path(__file__).resolve().parent
TARGET_MS, TIMES, ROUNDS, AREAS, IN_A_ROW, ALOUD, A_TIME = 50, 11, 2, 60, 10, 2_000, 5_000
COMMON = ["light", "street", "corner", "school", "river", "noise", "car", "park", "walk", "dark"]
MIDDLING = [f"place{number}" for number in range(300)]


def main() -> None:
    options = argparse.ArgumentParser(description="The public list of promises, against plain statements.")
    options.add_argument("--concerns", type=int, default=100_000)
    options.add_argument("--dry", action="store_true", help="print, write no file")
    options.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(one(chosen.concerns)))
        return
    measured = {"sqlite": on_sqlite(chosen), "postgresql": on_postgresql(chosen)}
    pages = [page for each in measured.values() for page in each["pages"].values()]
    slowest = {what: max(page[what] for page in pages) for what in ("p50_ms", "cpu_ms", "least_ms")}
    result = {
        "what": f"{chosen.concerns} concerns on the public list; each page {TIMES} times, in the quietest of {ROUNDS}",
        **measured,
        "target_ms": TARGET_MS,
        "slowest_p50_ms": slowest["p50_ms"],
        "slowest_cpu_ms": slowest["cpu_ms"],
        "slowest_least_ms": slowest["least_ms"],
        "within_target": slowest["p50_ms"] <= TARGET_MS,
        "machine": machine(),
        "versions": {"django": version("django")},
    }
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("followthrough", result))


def on_sqlite(chosen: argparse.Namespace) -> dict:
    return _apart(chosen, {})


def on_postgresql(chosen: argparse.Namespace) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        where.chmod(0o755)
        data = where / "pg"
        as_whom = ["setpriv", "--reuid=nobody", "--clear-groups"] if os.geteuid() == 0 else []
        data.mkdir()
        if as_whom:
            subprocess.run(["chown", "nobody", str(data)], check=True)
        quietly = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
        subprocess.run([*as_whom, "initdb", "-D", data, "-U", "bench", "--auth=trust"], **quietly)
        says = f"-k {data} -c listen_addresses= -c fsync=off"
        subprocess.run(
            [*as_whom, "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", says, "start"], **quietly
        )
        try:
            url = f"postgres://bench@{str(data).replace('/', '%2F')}/postgres"
            return _apart(chosen, {"DATABASE_URL": url})
        finally:
            subprocess.run([*as_whom, "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quietly)


def _apart(chosen: argparse.Namespace, more: dict[str, str]) -> dict:
    """In a process and a data folder of its own."""
    with tempfile.TemporaryDirectory() as data:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {
            "ALONGSIDE_DATA": data,
            "PYTHONPATH": str(HERE.parent / "src"),
            "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
            **more,
        }
        asked = [sys.executable, __file__, "--one", "--concerns", str(chosen.concerns)]
        done = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.splitlines()[-1])


# -- in its own process -----------------------------------------------------------------------------
def one(concerns: int) -> dict:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    known = a_city(concerns)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    first = once_something_happened(known)
    client = Client()
    client.cookies["theirs"] = "1"  # whoever brings a cookie is given no page that was made for another
    paths = addresses(known)
    told = measured(
        {
            **{name: lambda path=path: asked_for(client, path) for name, path in paths.items()},
            **{f"plain {name}": ask for name, ask in peers(known).items()},
            "anew": lambda: first(client),
        }
    )
    plain = {name: told[f"plain {name}"] for name in peers(known)}
    return {
        "load": [round(each, 1) for each in os.getloadavg()],
        "pages": {name: told[name] for name in paths},
        "list, counted anew": told["anew"],
        "plain": plain,
        "plain_to_page": {name: round(plain[name]["p50_ms"] / told[name]["p50_ms"], 2) for name in plain},
    }


def a_city(concerns: int) -> dict:
    """An agency with so many concerns of every state, and what was promised aloud; the last concern is asked for."""
    from alongside.followthrough.public.listing import Listing

    chance = random.Random(13)
    home = a_home()
    last = None
    for first in range(0, concerns, A_TIME):
        numbers = range(first, min(first + A_TIME, concerns))
        last = kept([a_concern(home, number, chance) for number in numbers])[-1]
    promised_aloud(home, chance)
    return {
        "agency": home["agency"],
        "area": home["areas"][AREAS // 2 + IN_A_ROW // 2],
        "concern": last,
        "pages": Listing(home["agency"]).pages().num_pages,
    }


def a_home() -> dict:
    """Whose concerns they are: the agency, who answers, and the neighborhoods."""
    import shapely

    from alongside.agencies.models import Agency, Member
    from alongside.places.models import Area, AreaKind

    agency = Agency.objects.create(slug="bench", name="Bench", timezone="America/New_York", published=True)
    made = {"agency": agency, "kind": AreaKind.NEIGHBORHOOD}
    west, south, side = -85.80, 38.15, 0.01
    return {
        "agency": agency,
        "owners": [Member.objects.create(agency=agency, name=f"Owner {n}") for n in range(20)],
        "areas": [
            Area.objects.create(
                **made, name=f"Home {n:02}", **Area.columns_of(shapely.box(x, y, x + side, y + side))
            )
            for n in range(AREAS)
            for x, y in [(west + n % IN_A_ROW * side, south + n // IN_A_ROW * side)]
        ],
    }


def a_concern(home: dict, number: int, chance: random.Random) -> object:
    """One that was said some time in three years, and is over in 85 of 100 cases; not kept yet."""
    from alongside.core import clock
    from alongside.core.authored import Words
    from alongside.followthrough.models import Category, Concern

    today, now = home["agency"].today(), clock.now()
    heard = today - timedelta(days=chance.randint(15, 1200))
    over = chance.random() < 0.85
    states = ["done"] * 6 + ["declined", "passed"] if over else ["owned", "promised"]
    due = today + timedelta(days=chance.randint(-20, 60))
    return Concern(
        agency=home["agency"],
        key=f"bench:{number}",
        kind="concern",
        category=chance.choice(Category.values),
        words="Private words. " * 10,
        place="400 block of Oak Street",
        neighborhood=chance.choice(home["areas"]),
        heard_on=heard,
        state=chance.choice(states),
        owner=chance.choice(home["owners"]),
        due=due,
        first_due=due - timedelta(days=chance.choice([0, 7])),
        outcome=Words.of("It was mended.", language="en") if over else Words(),
        closed_at=min(now, now - (today - heard) + timedelta(days=chance.randint(1, 90))) if over else None,
        confirm_by=today if over else None,
        summary=Words.of(a_summary(number, chance), language="en"),
        cleared_at=now,
    )


def a_summary(number: int, chance: random.Random) -> str:
    """Two very common words, a middling one and a rare one."""
    common = [chance.choice(COMMON) for _word in range(2)]
    return f"A {common[0]} by the {common[1]} {chance.choice(MIDDLING)} rare{number % 5000}."


def kept(made: list) -> list:
    """Concerns, the words by which each is found, and three steps of each."""
    from alongside.core import clock
    from alongside.followthrough.models import Concern, Step, Word
    from alongside.followthrough.public.words import words_of

    concerns, now = Concern.objects.bulk_create(made), clock.now()
    agency = concerns[0].agency
    Word.objects.bulk_create(
        [
            Word(agency=agency, concern=each, word=word)
            for each in concerns
            for word in words_of(each.summary)
        ],
        batch_size=A_TIME,
    )
    deeds = ("received", "cleared", "noted")
    Step.objects.bulk_create(
        [Step(agency=agency, concern=each, deed=deed, at=now) for each in concerns for deed in deeds],
        batch_size=A_TIME,
    )
    return concerns


def promised_aloud(home: dict, chance: random.Random) -> None:
    """Promises of no concern, each found by its words."""
    from alongside.core import clock
    from alongside.core.authored import Words
    from alongside.followthrough.models import Promise, Word
    from alongside.followthrough.public.words import words_of

    agency = home["agency"]
    today, now = agency.today(), clock.now()
    promises = Promise.objects.bulk_create(
        Promise(
            agency=agency,
            key=f"bench:{number}",
            what=Words.of(f"We will mend {chance.choice(MIDDLING)}.", language="en"),
            owner=chance.choice(home["owners"]),
            made_on=today - timedelta(days=100),
            due=today + timedelta(days=chance.randint(-20, 60)),
            first_due=today,
            published_at=now,
        )
        for number in range(ALOUD)
    )
    Word.objects.bulk_create(
        [Word(agency=agency, promise=each, word=word) for each in promises for word in words_of(each.what)]
    )


def addresses(known: dict) -> dict[str, str]:
    here, area = "/bench/promises/", known["area"].public_id
    return {
        "list": here,
        "tenth page": f"{here}?page=10",
        "page in the middle": f"{here}?page={known['pages'] // 2}",
        "last page": f"{here}?page={known['pages']}",
        "late ones": f"{here}?state=late",
        "a topic": f"{here}?topic=lighting",
        "search, rare": f"{here}?q=rare1234",
        "search, middling": f"{here}?q=place17",
        "search, two words": f"{here}?q=light+school",
        "search, common": f"{here}?q=light",
        "search, two letters": f"{here}?q=ra",
        "one neighborhood": f"{here}?neighborhood={area}",
        "a neighborhood’s page": f"/bench/neighborhoods/{area}/",
        "one concern": f"{here}{known['concern'].public_id}/",
        "sheet for a meeting": f"{here}sheet/?neighborhood={area}",
    }


def once_something_happened(known: dict) -> Callable[[Any], None]:
    """The list as whoever comes first after a change of what is public is given it: all is counted anew."""
    from alongside.followthrough.models import Step

    def ask(client: Any) -> None:
        Step.objects.create(agency=known["agency"], concern=known["concern"], deed="cleared")
        asked_for(client, "/bench/promises/")

    return ask


def asked_for(client: Any, path: str) -> None:
    answer = client.get(path, secure=True)
    assert answer.status_code == 200, (path, answer.status_code)


def peers(known: dict) -> dict[str, Callable[[], object]]:
    """Plain statements, which name no index of the list: `+` and `||` keep SQLite and PostgreSQL from them."""
    from django.db import connection

    agency = known["agency"].pk
    public = f"agency_id + 0 = {agency} AND cleared_at IS NOT NULL AND redacted_at IS NULL"
    rows = "SELECT id, summary, outcome, state, due, closed_at FROM followthrough_concern"
    count = f"SELECT state, COUNT(*) FROM followthrough_concern WHERE {public} GROUP BY state"

    def run(*statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    order = "ORDER BY closed_at IS NOT NULL, closed_at DESC, due LIMIT 30"
    like = "LOWER(summary) LIKE '%%{}%%'".replace("%%", "%")
    found = {
        name: f"{public} AND {like.format(word)}"
        for name, word in {
            "search, rare": "rare1234",
            "search, middling": "place17",
            "search, common": "light",
        }.items()
    }
    home = f"{public} AND neighborhood_id + 0 = {known['area'].pk}"
    return {
        "list": lambda: run(count, f"{rows} WHERE {public} {order}"),
        "one neighborhood": lambda: run(count.replace(public, home), f"{rows} WHERE {home} {order}"),
        **{
            name: lambda where=where: run(count.replace(public, where), f"{rows} WHERE {where} {order}")
            for name, where in found.items()
        },
    }


def measured(asked: dict[str, Callable[[], object]]) -> dict[str, dict[str, float]]:
    """Of each, in rounds: all of them in turn, so that what else the machine does falls on none alone."""
    rounds = [{name: measured_once(ask) for name, ask in asked.items()} for _round in range(ROUNDS)]
    return {name: min((each[name] for each in rounds), key=lambda told: told["cpu_ms"]) for name in asked}


def measured_once(ask: Callable[[], object]) -> dict[str, float]:
    """Milliseconds by the clock, and of the processor: this process, and the server of PostgreSQL that answers it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    questions = len(asked)
    took = [milliseconds(ask) for _time in range(TIMES)]
    by_clock, of_processor = [wall for wall, _cpu in took], [cpu for _wall, cpu in took]
    return {
        "p50_ms": round(statistics.median(by_clock), 1),
        "p95_ms": round(statistics.quantiles(by_clock, n=20)[18], 1),
        "cpu_ms": round(statistics.median(of_processor), 1),
        "least_ms": round(min(by_clock), 1),
        "questions": questions,
    }


def milliseconds(ask: Callable[[], object]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), worked()
    ask()
    return (time.perf_counter() - clock) * 1000, (worked() - processor) * 1000


def worked() -> float:
    """Seconds of the processor so far. Of what PostgreSQL lets others help with, only its own part is seen."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time()
    ran = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() + int(ran) / 1e9


if __name__ == "__main__":
    main()
