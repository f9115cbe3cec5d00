"""Speak Open311 GeoReport v2 with the server of a city: what it takes, hand it a report, ask what became of it.

The specification: https://wiki.open311.org/GeoReport_v2 (and Service_Discovery). It asks for a person's name, e-mail,
phone, device and account, and takes a report without: none of them has a place here. A report has no key of its own
either, so the same one sent twice is two. Whatever leaves it open whether one arrived is `Unclear`, and nobody sends it
again but a person who has looked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NoReturn
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from alongside.core import clock
from alongside.core.care import blocks, patterns
from alongside.core.errors import Phrase, Refusal, phrase, said_by
from alongside.core.logs import discreet
from alongside.core.text import line, lines
from alongside.followthrough.passing import answers
from alongside.followthrough.passing.answers import NotOpen311, Row, rows_of
from alongside.outside import addresses, web
from alongside.outside.errors import Away, Resting, Unsure
from alongside.outside.readers import NotNow

JSON, XML = "json", "xml"
ACCEPT = {JSON: "application/json", XML: "text/xml"}
LIMITS = web.Limits(seconds=25.0, bytes=answers.MOST_BYTES, redirects=3)
LONGEST_ID, LONGEST_CODE, LONGEST_NAME, LONGEST_WHY = 100, 100, 160, 400
MOST_SERVICES = 1000
# A point is told to a hundred metres, as a place is to its block.
DIGITS = 3
# The description may have 4,000 characters; ours for the public have far fewer.
LONGEST_DESCRIPTION = 2000
# Beyond the two of the specification: what servers say of what is over.
CLOSED = frozenset({"closed", "fixed", "resolved", "completed", "done"})
DISCOVERY = re.compile(r"/discovery\.(?:xml|json)\Z")
GEOREPORT = re.compile(r"georeport_v2\b", re.IGNORECASE)
# What a service asks of whoever reports. Nobody here answers that.
OF_A_PERSON = re.compile(
    r"\b(?:(?:first|last|full|your|middle|contact|caller|customer|reporter)[ _.-]*name|e-?mail|phone|telephone|mobile"
    r"|cell|contact|account|birth|dob|ssn|license|licence|nombre|apellidos?|correo|telefono|celular)\w*",
    re.IGNORECASE,
)


# -- what goes wrong ----------------------------------------------------------------------------------
class Silent(Refusal):
    """It gave no answer, and nothing was handed over: it is asked again later. `until`: not before then."""

    passing = True

    def __init__(self, why: Phrase, *, until: datetime | None = None) -> None:
        super().__init__(why)
        self.until = until


class Unclear(Refusal):
    """A report may have arrived. Sent again, it may be there twice: a person looks first."""


class SaidNo(Refusal):
    """It has read what we said, and will not have it; in its own words, where it says any."""


class KeyRefused(SaidNo):
    """It does not know our key, or wants one."""


class NotThere(SaidNo):
    """It does not know the service, the jurisdiction or the number."""


class AnotherNumber(Refusal):
    """Asked about one report it tells of another."""

    def __init__(self, why: Phrase, *, number: str) -> None:
        super().__init__(why)
        self.number = number


class TellsOfSomebody(Refusal):
    """A report holds what tells of a person. It stays here."""


class Incomplete(Refusal):
    """A report lacks what the server has to have."""


class KeyInTheOpen(Refusal):
    """A key would be sent so that everybody on the way can read it."""


# -- what it says -------------------------------------------------------------------------------------
class Kind(StrEnum):
    """When a service gives a report its number: at once, later for a token, or never."""

    REALTIME = "realtime"
    BATCH = "batch"
    BLACKBOX = "blackbox"


@dataclass(frozen=True)
class Service:
    """One kind of trouble that a body takes reports of. `asks_more`: its definition says what."""

    code: str
    name: str
    description: str = ""
    group: str = ""
    keywords: tuple[str, ...] = ()
    kind: Kind = Kind.REALTIME
    asks_more: bool = False


@dataclass(frozen=True)
class Attribute:
    """One more question of a service. `is_asked`: False for a text that is only to be read."""

    code: str
    description: str
    datatype: str = "string"
    is_required: bool = False
    is_asked: bool = True
    hint: str = ""
    order: int = 0
    values: tuple[tuple[str, str], ...] = ()

    @property
    def of_a_person(self) -> bool:
        """Whether it asks who reports, or how to reach them."""
        asked = f"{self.code} {self.description} {self.hint}".replace("_", " ")
        return bool(OF_A_PERSON.search(patterns.plain(asked)))

    @property
    def takes_several(self) -> bool:
        return self.datatype == "multivaluelist"


@dataclass(frozen=True)
class Sent:
    """A report has arrived: under a number, a token for one, or, in a black box, neither."""

    id: str = ""
    token: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Status:
    """What became of a report, as the body says it. A moment that cannot be one is None."""

    id: str
    status: str
    notes: str = ""
    notice: str = ""
    responsible: str = ""
    requested: datetime | None = None
    updated: datetime | None = None
    expected: datetime | None = None

    @property
    def is_closed(self) -> bool:
        return self.status.partition(" ")[0] in CLOSED


@dataclass(frozen=True)
class Report:
    """All that is told to another body: what it is about, the block, and words that a person wrote for the public."""

    service: str
    description: str
    place: str = ""
    point: tuple[float, float] | None = None
    more: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def fields(self) -> list[tuple[str, str]]:
        """The form as it leaves, but for our key. Raises TellsOfSomebody, Incomplete.

        The place is rounded to its block once more, whoever typed it, and the point to as much.
        """
        place = line(blocks.rounded(self.place), LONGEST_NAME)
        said = [("service_code", self.service), ("description", lines(blocks.rounded_in(self.description)))]
        if self.point is not None:
            said += [(name, f"{at:.{DIGITS}f}") for name, at in zip(("lat", "long"), self.point, strict=True)]
        if place:
            said.append(("address_string", place))
        elif self.point is None:
            raise Incomplete(phrase("Say where it is, to the block: whoever mends it has to find it."))
        if not said[1][1]:
            raise Incomplete(phrase("Write the words for the public first: these are what leaves."))
        if len(said[1][1]) > LONGEST_DESCRIPTION:
            raise Incomplete(phrase("Say it in up to %(most)s characters.", most=f"{LONGEST_DESCRIPTION:,}"))
        said += self._more()
        _must_tell_of_nobody(text for _name, text in said[1:])
        return said

    def _more(self) -> list[tuple[str, str]]:
        """`attribute[code]=…`, and `attribute[code][]=…` for each of several."""
        said = []
        for code, values in self.more.items():
            several = "[]" if len(values) > 1 else ""
            said += [(f"attribute[{code}]{several}", lines(value)) for value in values if value.strip()]
        return said


def _must_tell_of_nobody(texts: Iterable[str]) -> None:
    for text in texts:
        signs = [sign for sign in patterns.seen_in(text) if sign.hold or sign.name == "somebodys-name"]
        if signs:
            raise TellsOfSomebody(phrase("This does not leave: %(why)s", why=signs[0].why))


# -- the server ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Server:
    """The Open311 of one body. `name` is for the workspace; `zone` is that of a moment told without one."""

    url: str
    name: str
    jurisdiction: str = ""
    format: str = JSON
    key: str = field(default="", repr=False)
    zone: tzinfo = UTC

    def services(self) -> list[Service]:
        """What it takes reports of, in its own order; each code once. Raises Silent, SaidNo, NotOpen311."""
        found: dict[str, Service] = {}
        for row in self._ask("services")[:MOST_SERVICES]:
            if service := _service(row):
                found.setdefault(service.code, service)
        return list(found.values())

    def definition(self, service: str) -> list[Attribute]:
        """What it wants to know beside, for one service. Raises Silent, SaidNo, NotOpen311."""
        said = self._ask(f"services/{quote(service, safe='')}")
        rows = rows_of(said[0].get("attributes")) if said else []
        found = {each.code: each for row in reversed(rows) if (each := _attribute(row))}
        return sorted(found.values(), key=lambda each: each.order)

    def hand_over(self, report: Report, *, kind: Kind = Kind.REALTIME) -> Sent:
        """Give it a report, once. Raises Unclear where it may have arrived; Silent where it has surely not, and
        SaidNo, TellsOfSomebody, Incomplete, KeyInTheOpen where it will not.
        """
        form = self._about() + report.fields()
        if self.key:
            self._must_be_shut()
            form.insert(0, ("api_key", self.key))
        try:
            answer = web.post(
                self._page("requests"), form, what=self._what, headers=self._headers, limits=LIMITS
            )
        except Unsure as nobody_knows:
            raise Unclear(self._may_have_arrived(said_by(nobody_knows))) from nobody_knows
        except Away as nothing:
            raise _silent(nothing) from nothing
        return self._sent(answer, kind)

    def number_of(self, token: str) -> str:
        """The number that a token became; empty while it has none yet. Raises Silent, SaidNo, NotOpen311."""
        for row in self._ask(f"tokens/{quote(token, safe='')}"):
            if number := _id(row.get("service_request_id")):
                return number
        return ""

    def status(self, id: str) -> Status:
        """What became of one report. Raises Silent, SaidNo (NotThere), AnotherNumber, NotOpen311."""
        rows = map(self._status, self._ask(f"requests/{quote(id, safe='')}"))
        told = [each for each in rows if each.id or each.status]
        ours = [each for each in told if each.id == id]
        if ours or (len(told) == 1 and not told[0].id):
            return (ours or told)[0]
        if not told:
            raise NotThere(phrase("It knows nothing of number %(number)s.", number=id))
        other = next((each.id for each in told if each.id), "?")
        raise AnotherNumber(
            phrase("Asked about number %(number)s, it tells of %(other)s.", number=id, other=other),
            number=other,
        )

    def alike(self, report: Report, *, since: datetime) -> list[str]:
        """The numbers of reports of these hours that have our words: where one may have arrived, it is among them."""
        ours = dict(report.fields())["description"]
        span = {"start_date": since - timedelta(hours=1), "end_date": since + timedelta(hours=12)}
        asked = {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in span.items()}
        rows = self._ask("requests", service_code=report.service, **asked)
        found = (_id(row.get("service_request_id")) for row in rows if row.get("description") == ours)
        return list(dict.fromkeys(number for number in found if number))

    def found_by_discovery(self) -> str:
        """Where its reports are taken, as its discovery file says it. Raises Silent, SaidNo, NotOpen311."""
        (found, *_others) = self._read(self._get(self.url)) or [{}]
        taken = [
            row
            for row in rows_of(found.get("endpoints"))
            if GEOREPORT.search(str(row.get("specification", ""))) and row.get("url")
        ]
        for wanted in ("production", ""):
            for row in taken:
                if str(row.get("type", "")).lower() == wanted or not wanted:
                    return str(row["url"]).rstrip("/")
        raise NotOpen311(phrase("Its discovery file names no place for GeoReport v2."))

    @property
    def is_discovery(self) -> bool:
        """Whether its address is that of a discovery file, which says where reports are taken."""
        return bool(DISCOVERY.search(urlsplit(self.url).path))

    # -- asking ---------------------------------------------------------------------------------------
    def _ask(self, path: str, **more: str) -> list[Row]:
        said = urlencode([*self._about(), *more.items()])
        return self._read(self._get(self._page(path) + (f"?{said}" if said else "")))

    def _get(self, url: str) -> web.Answer:
        try:
            return web.fetch(url, what=self._what, headers=self._headers, limits=LIMITS)
        except Away as nothing:
            raise _silent(nothing) from nothing

    def _read(self, answer: web.Answer) -> list[Row]:
        """The rows of an answer that is one; what an error says is raised, whatever its status."""
        if answer.status >= 500 or answer.status == 429:
            raise Silent(phrase("It answers %(status)s.", status=answer.status))
        if not 200 <= answer.status < 300:
            self._no(answer)
        rows = _rows(answer)
        if why := _errors(rows):
            raise SaidNo(self._their(why))
        return rows

    def _no(self, answer: web.Answer) -> NoReturn:
        """Its no, in its own words."""
        if 300 <= answer.status < 400:
            raise SaidNo(phrase("It sends us on to another address. Correct the one that stands here."))
        said = self._words_of(answer)
        if answer.status in {401, 403}:
            raise KeyRefused(said or phrase("It does not take our key (%(status)s).", status=answer.status))
        if answer.status in {404, 410}:
            raise NotThere(said or phrase("It knows nothing of it (%(status)s).", status=answer.status))
        raise SaidNo(said or phrase("It says no (%(status)s).", status=answer.status))

    def _words_of(self, answer: web.Answer) -> Phrase | None:
        try:
            why = _errors(_rows(answer))
        except (NotOpen311, NotNow):
            return None
        return self._their(why) if why else None

    def _sent(self, answer: web.Answer, kind: Kind) -> Sent:
        """What its answer to a report says. Only a plain no, or a number, leaves nothing open."""
        if answer.status == 429:
            raise Silent(phrase("It takes no more just now."))
        if answer.status >= 500:
            raise Unclear(self._may_have_arrived(phrase("It answers %(status)s.", status=answer.status)))
        if not 200 <= answer.status < 300:
            self._no(answer)
        try:
            rows = _rows(answer) if answer.body.strip() or kind is not Kind.BLACKBOX else []
        except (NotOpen311, NotNow) as wrong:
            raise Unclear(self._may_have_arrived(said_by(wrong))) from wrong
        if why := _errors(rows):
            raise SaidNo(self._their(why))
        return self._numbered(rows, kind)

    def _numbered(self, rows: list[Row], kind: Kind) -> Sent:
        sent = [
            Sent(_id(row.get("service_request_id")), _id(row.get("token")), self._told(row, "service_notice"))
            for row in rows
        ]
        known = [each for each in sent if each.id or each.token]
        if len({(each.id, each.token) for each in known}) > 1:
            numbers = ", ".join(each.id or each.token for each in known[:5])
            raise Unclear(
                self._may_have_arrived(phrase("It names several numbers: %(numbers)s.", numbers=numbers))
            )
        if known:
            return known[0]
        if kind is Kind.BLACKBOX:
            return sent[0] if sent else Sent()
        raise Unclear(self._may_have_arrived(phrase("It names no number.")))

    def _status(self, row: Row) -> Status:
        requested, updated, expected = (
            moment(row.get(f"{name}_datetime"), self.zone) for name in ("requested", "updated", "expected")
        )
        return Status(
            id=_id(row.get("service_request_id")),
            status=_one(row.get("status"), 40).lower().replace("_", " "),
            notes=self._told(row, "status_notes"),
            notice=self._told(row, "service_notice"),
            responsible=self._told(row, "agency_responsible"),
            requested=requested,
            updated=updated,
            expected=expected,
        )

    # -- small things ---------------------------------------------------------------------------------
    @property
    def _what(self) -> Phrase:
        return phrase("Open311 of %(name)s", name=self.name)

    @property
    def _headers(self) -> dict[str, str]:
        who = f"Alongside ({settings.ALONGSIDE.url}, {settings.ALONGSIDE.mail_from})"
        return {"User-Agent": who, "Accept": ACCEPT[self.format]}

    def _about(self) -> list[tuple[str, str]]:
        return [("jurisdiction_id", self.jurisdiction)] if self.jurisdiction else []

    def _page(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path}.{self.format}"

    def _must_be_shut(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not addresses.is_allowed(parts.hostname or "", parts.port or 80):
            raise KeyInTheOpen(phrase("A key is sent only to an address that begins with https."))

    def _may_have_arrived(self, why: Phrase) -> Phrase:
        return phrase("Whether it arrived, nobody knows. %(why)s", why=self._without_key(why))

    def _their(self, words: str) -> Phrase:
        return phrase("It says: %(words)s", words=self._shown(words))

    def _told(self, row: Row, name: str) -> str:
        said = row.get(name)
        return self._shown(said) if isinstance(said, str) else ""

    def _shown(self, words: str) -> str:
        """Its words, without our key: some say it back to us."""
        said = words.replace(self.key, "…") if self.key else words
        return lines(said[:LONGEST_DESCRIPTION])

    def _without_key(self, why: Phrase) -> Phrase:
        hidden = {
            name: self._shown(part) if isinstance(part, str) else part for name, part in why.parts.items()
        }
        return Phrase(why.words, hidden)


# -- reading rows -------------------------------------------------------------------------------------
def _rows(answer: web.Answer) -> list[Row]:
    return answers.READ.read(answer.body)


def _errors(rows: list[Row]) -> str:
    """What went wrong, where these rows are errors and nothing else; some say so with status 200."""
    is_no = [
        "description" in row
        and not {"service_code", "service_request_id", "token", "attributes", "status"} & row.keys()
        for row in rows
    ]
    if not rows or not all(is_no):
        return ""
    said = (discreet(_one(row["description"], LONGEST_WHY)) for row in rows[:3])
    return " ".join(each for each in said if each)[:LONGEST_WHY] or "?"


def _silent(nothing: Away) -> Silent:
    return Silent(said_by(nothing), until=nothing.until if isinstance(nothing, Resting) else None)


def _one(value: object, longest: int) -> str:
    return line(value, longest) if isinstance(value, str) else ""


def _id(value: object) -> str:
    """A number as it stands there. One that is cut off would be another's, so what is too long is none."""
    said = _one(value, LONGEST_ID + 1)
    return said if len(said) <= LONGEST_ID else ""


def _is_true(value: object) -> bool:
    return _one(value, 10).lower() in {"true", "1", "yes", "t", "y"}


def _service(row: Row) -> Service | None:
    code = _one(row.get("service_code"), LONGEST_CODE + 1)
    if not code or len(code) > LONGEST_CODE:
        return None
    said = _one(row.get("type"), 20).lower()
    listed = row.get("keywords")
    words = listed if isinstance(listed, list) else _one(listed, LONGEST_WHY).split(",")
    return Service(
        code=code,
        name=_one(row.get("service_name"), LONGEST_NAME) or code,
        description=_one(row.get("description"), LONGEST_WHY),
        group=_one(row.get("group"), LONGEST_NAME),
        keywords=tuple(word.strip() for word in words if isinstance(word, str) and word.strip()),
        kind=Kind(said) if said in set(Kind) else Kind.REALTIME,
        asks_more=_is_true(row.get("metadata")),
    )


def _attribute(row: Row) -> Attribute | None:
    code = _one(row.get("code"), LONGEST_CODE + 1)
    if not code or len(code) > LONGEST_CODE:
        return None
    order = _one(row.get("order"), 6)
    values = [
        (_one(each.get("key"), 100), _one(each.get("name"), 160)) for each in rows_of(row.get("values"))
    ]
    return Attribute(
        code=code,
        description=_one(row.get("description"), LONGEST_WHY) or code,
        datatype=_one(row.get("datatype"), 20).lower() or "string",
        is_required=_is_true(row.get("required")),
        is_asked=_is_true(row.get("variable", "true")),
        hint=_one(row.get("datatype_description"), LONGEST_WHY),
        order=int(order) if order.isascii() and order.isdigit() else 0,
        values=tuple((key, name or key) for key, name in values if key),
    )


def moment(text: object, zone: tzinfo) -> datetime | None:
    """A date and time as servers write it; without a zone, in that of the body. None for what cannot be one."""
    said = _one(text, 40)
    try:
        told = datetime.fromisoformat(said)
    except ValueError:
        return None
    if told.tzinfo is None:
        told = told.replace(tzinfo=zone)
    try:
        told = told.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return told if 1990 <= told.year <= clock.now().year + 20 else None
