"""How heavy a first visit is, and when a resident on a slow phone sees something.

    python -m tests.browser.paint http://localhost:8000 /riverbend/ [--into bench/results/first-paint-DATE.json]

400 kilobits a second, 400 ms there and back, a processor four times slower than this one: a cheap phone at the edge of
the network. Each visit is a new browser's; of five, the middle one counts.
"""

import argparse
import json
import os
import platform
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.driver import browser, context_options
from tests.browser.screens import say

RATE = 400 * 1000 / 8  # bytes a second
ROUND_TRIP = 400
SLOWER = 4
VISITS = 5
PAINTED = """
() => new Promise((done) => {
  new PerformanceObserver((list, self) => {
    const [first] = list.getEntriesByName("first-contentful-paint");
    if (first) done(first.startTime);
  }).observe({type: "paint", buffered: true});
})
"""


def visit(opened: Browser, address: str) -> dict[str, Any]:
    """One first visit: bytes over the wire by kind, and when the first words were painted."""
    context = opened.new_context(**context_options("phone"))
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"downloadThroughput": RATE, "uploadThroughput": RATE, "latency": ROUND_TRIP, "offline": False}
    line.send("Network.emulateNetworkConditions", speed)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    kinds: dict[str, str] = {}
    weights: dict[str, int] = {}
    line.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]}))
    line.on(
        "Network.loadingFinished",
        lambda said: weights.update({said["requestId"]: round(said["encodedDataLength"])}),
    )
    page.goto(address, wait_until="networkidle", timeout=60_000)
    painted = page.evaluate(PAINTED)
    context.close()
    by_kind: dict[str, int] = {}
    for request, weight in weights.items():
        kind = kinds.get(request, "Other")
        by_kind[kind] = by_kind.get(kind, 0) + weight
    return {"first_paint_ms": round(painted), "bytes": sum(weights.values()), "by_kind": by_kind}


def measured(opened: Browser, address: str) -> dict[str, Any]:
    visits = [visit(opened, address) for _ in range(VISITS)]
    paints = [each["first_paint_ms"] for each in visits]
    return visits[-1] | {"first_paint_ms": statistics.median_low(paints), "of": sorted(paints)}


def main() -> None:
    options = argparse.ArgumentParser(description="First visits on a slow phone.")
    options.add_argument("prefix")
    options.add_argument("addresses", nargs="+")
    options.add_argument("--into", type=Path)
    chosen = options.parse_args()
    with browser() as opened:
        pages = {address: measured(opened, chosen.prefix + address) for address in chosen.addresses}
    result = {
        "what": f"first visits at 400 kbit/s, {ROUND_TRIP} ms there and back, processor {SLOWER} times slower",
        "pages": pages,
        "load": round(os.getloadavg()[0], 1),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
    }
    say(json.dumps(result, indent=2))
    if chosen.into:
        chosen.into.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
