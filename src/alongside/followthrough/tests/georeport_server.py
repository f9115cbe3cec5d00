"""A city's Open311 of our own: a local server that answers as the specification of GeoReport v2 says, faults included.

Written from https://wiki.open311.org/GeoReport_v2 and Service_Discovery: services, definitions, reports, tokens,
errors, in XML and in JSON. It keeps every word that it was sent, so that a test can look for what should never leave.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit
from xml.sax.saxutils import escape

KINDS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
LISTS = {"services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute"}
LISTS |= {"values": "value", "endpoints": "endpoint", "formats": "format"}
NOON = "2026-06-04T12:00:00-04:00"


def a_service(code="LIGHT", name="Street light out", **more):
    usual = {"description": "A lamp that is dark or flickers.", "metadata": False, "type": "realtime"}
    return {
        "service_code": code,
        "service_name": name,
        **usual,
        "keywords": "lamp, dark",
        "group": "Streets",
        **more,
    }


def an_attribute(code="POLE", description="What is the pole made of?", **more):
    usual = {"variable": True, "datatype": "singlevaluelist", "required": True, "datatype_description": None}
    values = [{"key": "w", "name": "Wood"}, {"key": "m", "name": "Metal"}]
    return {"code": code, **usual, "order": 1, "description": description, "values": values, **more}


class City:
    """What the city takes and knows. Tests change it between one call and the next."""

    def __init__(self):
        self.asked = []  # (method, path with query, form) in the order in which they came
        self.raw = []  # every word of each, as it came, with its headers
        self.services = [a_service(), a_service("HOLE", "Pothole", group="Streets")]
        self.attributes = {}  # by service code
        self.jurisdictions = set()  # none: it serves one, and asks for none
        self.key = ""
        self.reports = {}  # by number
        self.tokens = {}  # the number of each, empty while it has none
        self.next_number = 1234
        self.formats = {"xml", "json"}
        self.faults = {}  # by (method, beginning of the path): (status, headers, body), or what writes it
        self.after = {}  # the same, but once the report was taken
        self.answers = {}  # by the beginning of a path: rows instead of the usual ones
        self.says_key_back = False

    # -- what a test does as the city --
    def takes(self, code):
        """One number, as a clerk would give it."""
        return next(n for n, row in self.reports.items() if row["service_code"] == code)

    def answer(self, number, **said):
        """It writes down what became of a report."""
        self.reports[number] |= {"updated_datetime": "2026-06-05T09:30:00-04:00", **said}

    def forms(self):
        return [form for method, _path, form in self.asked if method == "POST"]

    def paths(self, beginning=""):
        return [path for _method, path, _form in self.asked if path.startswith(beginning)]

    def words(self):
        """All that ever reached it, also as a reader of forms understands it."""
        return "\n".join([*self.raw, *map(unquote_plus, self.raw)])


class No(Exception):
    def __init__(self, status, *said):
        self.status, self.said = status, said


# -- as the specification has it ----------------------------------------------------------------------
def _answer(city, method, path, query, form):
    """The name of what is answered, and its rows."""
    if path.startswith("discovery"):
        return "discovery", _discovery(city)
    _jurisdiction(city, form if method == "POST" else query)
    first, _slash, rest = path.partition("/")
    if method == "POST" and path == "requests":
        return "service_requests", [_take(city, form)]
    if first == "services" and not rest:
        return "services", city.services
    if first == "services":
        return "service_definition", _definition(city, rest)
    if first == "tokens":
        return "service_requests", [_token(city, rest)]
    if first == "requests" and rest:
        if rest not in city.reports:
            raise No(404, "service_request_id was not found.")
        return "service_requests", [city.reports[rest]]
    if first == "requests":
        return "service_requests", _those(city, query)
    raise No(404, "The URL request is invalid.")


def _discovery(city):
    endpoint = {"specification": SPECIFICATION, "changeset": "2026-01-01 09:00"}
    formats = ["text/xml", "application/json"]
    return {
        "changeset": "2026-01-01 09:00",
        "contact": "311",
        "key_service": "Write to us.",
        "endpoints": [
            {**endpoint, "url": f"{city.site}/test/v2", "type": "test", "formats": formats},
            {**endpoint, "url": f"{city.site}/v2", "type": "production", "formats": formats},
            {**endpoint, "specification": "http://wiki.open311.org/GeoReport_v3", "url": f"{city.site}/v3"},
        ],
    }


def _jurisdiction(city, said):
    if not city.jurisdictions:
        return
    if not said.get("jurisdiction_id"):
        raise No(400, "jurisdiction_id was not provided.")
    if said["jurisdiction_id"] not in city.jurisdictions:
        raise No(404, "jurisdiction_id provided was not found.")


def _service(city, code):
    if not code:
        raise No(400, "service_code was not provided.")
    for service in city.services:
        if str(service["service_code"]) == code:
            return service
    raise No(404, "service_code was not found.")


def _definition(city, code):
    _service(city, code)
    return {"service_code": code, "attributes": city.attributes.get(code, [])}


def _take(city, form):
    if city.key and form.get("api_key") != city.key:
        said = f" {form.get('api_key')}" if city.says_key_back else ""
        raise No(403, f"Invalid api_key received{said} -- can't proceed with create_request.")
    service = _service(city, form.get("service_code", ""))
    if not (form.get("address_string") or form.get("address_id") or (form.get("lat") and form.get("long"))):
        raise No(400, "A full location parameter must be submitted.")
    for wanted in city.attributes.get(service["service_code"], []):
        names = {f"attribute[{wanted['code']}]", f"attribute[{wanted['code']}][]"}
        if wanted["required"] and not names & form.keys():
            raise No(400, f"attribute {wanted['code']} is required.")
    number, city.next_number = str(city.next_number), city.next_number + 1
    city.reports[number] = {
        "service_request_id": number,
        "status": "open",
        "status_notes": None,
        "service_name": service["service_name"],
        "service_code": service["service_code"],
        "description": form.get("description", ""),
        "agency_responsible": "Public Works",
        "service_notice": None,
        "requested_datetime": NOON,
        "updated_datetime": NOON,
        "expected_datetime": None,
        "address": form.get("address_string", ""),
        "zipcode": 40202,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    if service["type"] == "batch":
        city.tokens[f"T{number}"] = ""
        return {"token": f"T{number}", "service_notice": None, "account_id": None}
    if service["type"] == "blackbox":
        return {"service_notice": "Thank you.", "account_id": None}
    return {"service_request_id": number, "service_notice": "We look within five days.", "account_id": None}


def _token(city, token):
    if token not in city.tokens:
        raise No(404, "token not found.")
    return {"service_request_id": city.tokens[token] or None, "token": token}


def _those(city, query):
    wanted = {part for part in query.get("service_request_id", "").split(",") if part}
    codes = {part for part in query.get("service_code", "").split(",") if part}
    rows = city.reports.values()
    if wanted:
        return [row for row in rows if row["service_request_id"] in wanted]
    begins, ends = (_moment(query.get(name)) for name in ("start_date", "end_date"))
    return [
        row
        for row in rows
        if (not codes or row["service_code"] in codes)
        and (not begins or begins <= _moment(row["requested_datetime"]))
        and (not ends or _moment(row["requested_datetime"]) <= ends)
    ]


def _moment(text):
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


# -- in two forms -------------------------------------------------------------------------------------
def written(name, rows, form):
    if form == "json":
        return json.dumps(rows, ensure_ascii=False).encode()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_xml(name, rows)}'.encode()


def _xml(name, value):
    if isinstance(value, list):
        inside = "".join(_xml(LISTS[name], each) for each in value)
    elif isinstance(value, dict):
        inside = "".join(_xml(*each) for each in value.items())
    elif isinstance(value, bool):
        inside = str(value).lower()
    else:
        inside = "" if value is None else escape(str(value))
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _first(table, method, path):
    return next((v for (verb, start), v in table.items() if verb == method and path.startswith(start)), None)


def _handler(city):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._serve("GET")

        def do_POST(self):
            self._serve("POST")

        def _serve(self, method):
            said = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            parts = urlsplit(self.path)
            form = parse_qsl(said, keep_blank_values=True)
            city.asked.append((method, self.path, form))
            city.raw.append("\n".join([f"{method} {self.path}", *map(": ".join, self.headers.items()), said]))
            path = unquote(parts.path.removeprefix("/v2").lstrip("/"))
            path, _dot, kind = path.rpartition(".")
            if fault := _first(city.faults, method, path):
                return self._write(fault)
            if kind not in city.formats:
                return self._send(404, "json", "errors", [{"code": 404, "description": "no such format"}])
            try:
                name, rows = _answer(city, method, path, dict(parse_qsl(parts.query)), dict(form))
            except No as no:
                rows = [{"code": no.status, "description": said} for said in no.said]
                return self._send(no.status, kind, "errors", rows)
            if after := _first(city.after, method, path):
                return self._write(after)
            rows = next(
                (r for start, r in city.answers.items() if f"{method} {path}".startswith(start)), rows
            )
            return self._send(200, kind, name, rows)

        def _send(self, status, kind, name, rows):
            self._write((status, {"Content-Type": KINDS.get(kind, "text/plain")}, written(name, rows, kind)))

        def _write(self, answer):
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            """Silence."""

    return Handler


def never(handler):
    """It takes what it is sent, and says nothing for longer than anybody waits."""
    time.sleep(2)


def hangs_up(handler):
    handler.close_connection = True


@contextmanager
def a_city():
    """The server, on an address of its own."""
    city = City()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_):
            """A client that hangs up is what is tried here."""

    server = Server(("127.0.0.1", 0), _handler(city))
    city.site = f"http://127.0.0.1:{server.server_port}"
    city.url = f"{city.site}/v2"
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield city
    finally:
        server.shutdown()
        server.server_close()
        thread.join(2)
