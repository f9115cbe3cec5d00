"""Public pages of the demo city at 50 requests a second: ours, and the same pages by Django's own ASGI handler.

    bin/bench pages [--rate 50] [--seconds 20]

Requests leave on a fixed timetable, whether or not earlier ones were answered, so that a slow answer is not hidden
by the wait for it (no coordinated omission). Then eight clients ask as fast as they can. The target is a 95th
percentile of at most 50 ms. Writes bench/results/pages-DATE.json.
"""

import argparse
import gzip
import http.client
import json
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from queue import Queue

from kept import keep

HERE = Path(__file__).resolve().parent
TARGET_MS, CLIENTS = 50, 8
PAGES = [
    "/riverbend/",
    "/riverbend/walks/",
    "/riverbend/program/",
    "/riverbend/gatherings/",
    "/riverbend/where-we-walk/",
    "/riverbend/follow/",
    "/es/riverbend/",
]
SERVERS = {
    "ours": "alongside.config.asgi:application",
    "peer": "django.core.asgi:get_asgi_application",
}


def main() -> None:
    options = argparse.ArgumentParser(description="Public pages, against Django's own ASGI handler.")
    options.add_argument("--rate", type=int, default=50)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    environment = demo_city()
    measured = {name: measure(app, environment, chosen) for name, app in SERVERS.items()}
    ours, peer = measured["ours"], measured["peer"]
    result = {
        "what": f"{chosen.rate} requests a second over {chosen.seconds} s on {len(ours['pages'])} public pages",
        **measured,
        "ratio_p95": round(peer["p95_ms"] / ours["p95_ms"], 2),
        "ratio_throughput": round(ours["most_a_second"] / peer["most_a_second"], 2),
        "within_target": ours["p95_ms"] <= TARGET_MS,
        "load_before": os.getloadavg()[0],
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("django", "uvicorn", "a2wsgi")},
    }
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("pages", result))


def demo_city() -> dict[str, str]:
    """A demo city of its own, built once."""
    folder = HERE / "data" / "pages-demo"
    environment = os.environ | {
        "ALONGSIDE_DATA": str(folder),
        "PYTHONPATH": str(HERE.parent / "src"),
        "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
    }
    folder.mkdir(parents=True, exist_ok=True)
    run = [sys.executable, "-m", "alongside.cli", "demo", "--build-only"]
    subprocess.run(run, check=True, env=environment, stdout=subprocess.DEVNULL)
    return environment


def measure(app: str, environment: dict[str, str], chosen: argparse.Namespace) -> dict:
    port = free_port()
    factory = ["--factory"] if app.endswith("get_asgi_application") else []
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", app, *factory, "--port", str(port), "--log-level", "error"],
        env=environment,
    )
    try:
        wait_for(port)
        pages = [*PAGES, a_walk(port)]
        for page in pages * 3:  # warm: the first of each compiles its template
            status, _body = get(http.client.HTTPConnection("localhost", port), page)
            assert status == 200, (page, status)
        weights = {page: weight(port, page) for page in pages}
        times = on_timetable(port, pages, chosen.rate, chosen.seconds)
        cuts = statistics.quantiles([ms for _page, ms in times], n=100)
        by_page = {page: [ms for asked, ms in times if asked == page] for page in pages}
        return {
            "p50_ms": round(cuts[49], 1),
            "p95_ms": round(cuts[94], 1),
            "p99_ms": round(cuts[98], 1),
            "most_a_second": round(as_fast_as_they_can(port, pages)),
            "pages": {
                page: {
                    "p95_ms": round(statistics.quantiles(spent, n=20)[18], 1),
                    "html_kB_gzipped": weights[page],
                }
                for page, spent in by_page.items()
            },
        }
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            status, _body = get(http.client.HTTPConnection("localhost", port, timeout=5), "/style/")
        except OSError:
            time.sleep(0.1)
        else:
            if status == 200:
                return
    raise SystemExit("The server did not come up.")


def get(client: http.client.HTTPConnection, page: str) -> tuple[int, bytes]:
    client.request("GET", page, headers={"Host": "localhost"})
    answer = client.getresponse()
    return answer.status, answer.read()


def a_walk(port: int) -> str:
    """The page of a walk: the first that the list leads to."""
    _status, body = get(http.client.HTTPConnection("localhost", port), "/riverbend/walks/")
    link = re.search(rb'href="(/riverbend/walks/[a-z0-9]{10}/)"', body)
    assert link
    return link.group(1).decode()


def weight(port: int, page: str) -> float:
    _status, body = get(http.client.HTTPConnection("localhost", port), page)
    return round(len(gzip.compress(body)) / 1000, 1)


def on_timetable(port: int, pages: list[str], rate: int, seconds: int) -> list[tuple[str, float]]:
    """(page, milliseconds from when it should have left until its last byte) of each request."""
    idle: Queue[http.client.HTTPConnection] = Queue()
    taken: list[tuple[str, float]] = []
    noted = threading.Lock()
    for _ in range(64):
        idle.put(http.client.HTTPConnection("localhost", port))

    def ask(page: str, due: float) -> None:
        client = idle.get()
        status, _body = get(client, page)
        idle.put(client)
        assert status == 200
        with noted:
            taken.append((page, (time.perf_counter() - due) * 1000))

    began = time.perf_counter() + 0.2
    with ThreadPoolExecutor(64) as pool:
        for number in range(rate * seconds):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            pool.submit(ask, pages[number % len(pages)], due)
    assert len(taken) == rate * seconds
    return taken


def as_fast_as_they_can(port: int, pages: list[str], seconds: float = 8) -> float:
    """Requests a second that eight clients get answered, one after the other each."""
    ends = time.perf_counter() + seconds

    def client(first: int) -> int:
        asking, done = http.client.HTTPConnection("localhost", port), 0
        while time.perf_counter() < ends:
            get(asking, pages[(first + done) % len(pages)])
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(client, range(CLIENTS))) / seconds


if __name__ == "__main__":
    main()
