"""A National Weather Service of our own: a local server that answers as the real one is documented to, faults included.

Points lead to a square of the grid, the square to its hours; alerts are asked by point. Answers carry an ETag, a
Last-Modified and a Cache-Control; who sends no User-Agent is refused; points with too many digits are redirected.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from alongside.core import clock

GRID = "/gridpoints/LMK/50,78/forecast/hourly"


class Sky:
    """What the service says now. Tests change it between one look and the next."""

    def __init__(self):
        self.asked = []  # (path, headers) in the order in which they came
        self.hours = {}  # what differs from a mild and dry day, in every hour
        self.alerts = []
        self.status = {}  # by the beginning of a path: an answer that is no forecast
        self.stumbles = 0  # how often it fails before it answers
        self.body = {}  # by the beginning of a path: words instead of JSON
        self.headers = {"Cache-Control": "public, max-age=600, s-maxage=3600"}
        self.etag = '"one"'
        self.slow = 0.0
        self.drip = False
        self.made = timedelta(minutes=-20)
        self.forecast_url = None
        self.units = "us"

    def paths(self, beginning=""):
        return [path for path, _headers in self.asked if path.startswith(beginning)]

    def document(self, path):
        if path.startswith("/points/"):
            url = self.forecast_url or f"{self.url}{GRID}"
            return {"properties": {"gridId": "LMK", "gridX": 50, "gridY": 78, "forecastHourly": url}}
        if path.startswith("/gridpoints/"):
            return {
                "type": "Feature",
                "properties": {"updateTime": self._stamp(self.made), "periods": self._periods()},
            }
        return {"type": "FeatureCollection", "features": [{"properties": each} for each in self.alerts]}

    def _stamp(self, ahead):
        return (clock.now() + ahead).isoformat(timespec="seconds")

    def _periods(self):
        first = clock.now().replace(minute=0, second=0, microsecond=0)
        return [
            {
                "number": number + 1,
                "startTime": (first + timedelta(hours=number)).isoformat(),
                "endTime": (first + timedelta(hours=number + 1)).isoformat(),
                "isDaytime": True,
                "temperature": 64,
                "temperatureUnit": "F",
                "probabilityOfPrecipitation": {"unitCode": "wmoUnit:percent", "value": 10},
                "dewpoint": {"unitCode": "wmoUnit:degC", "value": 8.3},
                "relativeHumidity": {"unitCode": "wmoUnit:percent", "value": 55},
                "windSpeed": "5 to 8 mph",
                "windDirection": "SW",
                "shortForecast": "Mostly Sunny",
                **self.hours,
            }
            for number in range(156)
        ]

    def an_alert(self, event="Heat Advisory", severity="Moderate", begins=-1, ends=200, **words):
        self.alerts.append(
            {
                "event": event,
                "severity": severity,
                "certainty": "Likely",
                "urgency": "Expected",
                "status": "Actual",
                "messageType": "Alert",
                "effective": self._stamp(timedelta(hours=begins)),
                "onset": self._stamp(timedelta(hours=begins)),
                "expires": self._stamp(timedelta(hours=ends)),
                "ends": self._stamp(timedelta(hours=ends)),
                "headline": f"{event} until later",
                **words,
            }
        )


def _first(table, path, otherwise=None):
    return next((value for beginning, value in table.items() if path.startswith(beginning)), otherwise)


def _handler(sky):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            sky.asked.append((self.path, dict(self.headers)))
            time.sleep(sky.slow)
            if "Alongside" not in self.headers.get("User-Agent", ""):
                return self._answer(403, "{}")
            if sky.stumbles:
                sky.stumbles -= 1
                return self._answer(503, '{"title": "Unavailable Resource"}', "application/problem+json")
            status = _first(sky.status, self.path)
            if isinstance(status, tuple):
                return self._redirect(*status)
            if status:
                return self._answer(status, json.dumps({"status": status}), "application/problem+json")
            if exact := self._too_exact():
                return self._redirect(301, exact)
            body = _first(sky.body, self.path)
            if body is None and self.headers.get("If-None-Match") == sky.etag:
                return self._answer(304, "")
            return self._answer(200, body if body is not None else json.dumps(sky.document(self.path)))

        def _too_exact(self):
            point = (
                urlsplit(self.path).path.removeprefix("/points/") if self.path.startswith("/points/") else ""
            )
            point = point or parse_qs(urlsplit(self.path).query).get("point", [""])[0]
            parts = [part for part in point.split(",") if part]
            exact = [
                part for part in parts if "." in part and (len(part.split(".")[1]) > 4 or part.endswith("0"))
            ]
            return "/points/" + ",".join(f"{float(part):g}" for part in parts) if exact else ""

        def _redirect(self, status, to):
            self.send_response(status)
            self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, status, text, kind="application/geo+json"):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in {
                "ETag": sky.etag,
                "Last-Modified": "Thu, 04 Jun 2026 10:00:00 GMT",
                **sky.headers,
            }.items():
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + (10 if sky.drip else 0)))
            self.end_headers()
            try:
                self.wfile.write(body)
                while sky.drip:  # a byte now and then, and never the end
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass  # who asked has given up

        def log_message(self, *_words):
            pass

    return Handler


@contextmanager
def service():
    """The server, on an address of its own."""
    sky = Sky()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(sky))
    server.daemon_threads = True
    server.block_on_close = False
    sky.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sky
    finally:
        sky.drip = False
        server.shutdown()
        server.server_close()
        thread.join(2)
