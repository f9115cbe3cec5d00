"""What the last walk through every page found, small enough for a diff. Nothing of the machine, and no ids."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.browser.chromium import ROOT
from tests.browser.driver import SIZES
from tests.crawl.check import Result
from tests.doors.routes import Route, every_route

LAST = Path(__file__).parent / "last.json"

# Each route that no walk through the demo city comes by, and why.
PLACES = 6
LETTER = "opens with a link that only a letter holds"
UPLOAD = "comes after a file was given, which a walk through pages does not do"
PHONE = "answers a scribe’s phone, which shows its pass"
CARD = "opens with the code of a card that is handed out on the spot"
DRAWN = "waits for the worker to draw a season anew, and none is here"
BEFORE = "where the scribe’s phone was before: no page links to it any more"
NOT_VISITED = {
    "account_confirm_email": LETTER,
    "account_logout": "ends the sign-in",
    "account_reset_password_from_key": LETTER,
    "field:items": PHONE,
    "field:kit": PHONE,
    "field:partner-look-back": LETTER,
    "field:photos": PHONE,
    "field:way": PHONE,
    "followthrough:hand-over": "nobody of the demo city who answers for something has left",
    "followthrough:load-preview": UPLOAD,
    "front:invitation": LETTER,
    "gatherings:import-json": UPLOAD,
    "gatherings:import-preview": UPLOAD,
    "gatherings:import-report": UPLOAD,
    "gatherings:was-there": CARD,
    "healthz": "says that no worker is here, as is so in the city that is walked through",
    "hotspots:choose": "each focus area of the demo city that is listed is chosen, or its walk is planned",
    "incidents:columns": UPLOAD,
    "incidents:mapping": UPLOAD,
    "media:picture": "the demo city has no photos",
    "mfa_edit_webauthn": "needs a passkey",
    "mfa_remove_webauthn": "needs a passkey",
    "outreach:mail-again": "no letter of the demo city was lost",
    "outreach:work-again": "no work of the demo city failed",
    "outreach:work-detail": "no work of the demo city failed",
    "people:own-entry": LETTER,
    "places:area-preview": UPLOAD,
    "places:exposure-preview": UPLOAD,
    "places:venue-preview": UPLOAD,
    "records:certificate": "nothing of the demo city was disposed of",
    "rosters:import-preview": UPLOAD,
    "records:export": "is there from its writing until it is handed over",
    "season:chances": DRAWN,
    "season:every-draw": DRAWN,
    "season:public-chances": DRAWN,
    "walks:old-phone": BEFORE,
    "walks:old-phone-worker": BEFORE,
}


def unvisited(result: Result) -> dict[str, str]:
    """The routes that were not opened, each with its reason; an empty one is a finding."""
    opened = {name for name, statuses in result.answers.items() if statuses != {405}}
    return {each.name: reason(each, result) for each in every_route() if each.name not in opened}


def reason(route: Route, result: Result) -> str:
    if result.answers.get(route.name) == {405} or route.name in result.forms:
        return "takes a form"
    return NOT_VISITED.get(route.name, "")


def record(result: Result) -> dict[str, Any]:
    missed = unvisited(result)
    findings = by_kind(result)
    if forgotten := sorted(name for name, why in missed.items() if not why):
        findings["routes not visited"] = {"without a reason": forgotten}
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": commit(),
        "routes": {
            "visited": len({each.name for each in every_route()} - missed.keys()),
            "not visited": dict(sorted((name, why) for name, why in missed.items() if why)),
        },
        "answers": by_role(result.fetched),
        "pages opened": {str(size["width"]): by_role(result.opened) for size in SIZES.values()},
        "shapes asked by axe": {str(SIZES[size]["width"]): count for size, count in result.shapes.items()},
        "links asked": result.links,
        "findings": findings,
    }


def by_kind(result: Result) -> dict[str, dict[str, list[str]]]:
    """Under each kind, and what was said: where, and as whom."""
    kinds: dict[str, dict[str, list[str]]] = {}
    for (kind, said), places in sorted(result.findings.items()):
        where = [f"{address} ({', '.join(sorted(who))})" for address, who in sorted(places.items())]
        more = [f"… and {len(where) - PLACES} more"] if len(where) > PLACES else []
        kinds.setdefault(kind, {})[said] = where[:PLACES] + more
    return kinds


def by_role(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    roles = sorted({role for role, _language in counts})
    return {
        role: {language: n for (who, language), n in sorted(counts.items()) if who == role} for role in roles
    }


def commit() -> str:
    printed = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return printed.stdout.strip()


def write(recorded: Mapping[str, Any]) -> None:
    LAST.write_text(json.dumps(recorded, indent=2, ensure_ascii=False) + "\n")


def table(recorded: Mapping[str, Any]) -> Iterator[str]:
    """A short table: who was answered how often, and what was found of which kind."""
    wide, narrow = (str(SIZES[size]["width"]) for size in ("desk", "phone"))
    yield f"{'role':<10}{'language':<10}{'answers':>8}{wide:>8}{narrow:>8}"
    for role, languages in recorded["answers"].items():
        for language, answers in languages.items():
            opened = [
                recorded["pages opened"][width].get(role, {}).get(language, 0) for width in (wide, narrow)
            ]
            yield f"{role:<10}{language:<10}{answers:>8}{opened[0]:>8}{opened[1]:>8}"
    for what, places in recorded["findings"].items():
        yield f"{what}: {len(places)}"
        for said, where in places.items():
            yield f"  {said}"
            yield from (f"    {each}" for each in where)
    routes = recorded["routes"]
    yield f"{routes['visited']} routes visited, {len(routes['not visited'])} not, each with its reason"
