"""Tables that anybody may take along: one shape for all of them, whatever room they come from.

A dataset has a name, columns that are explained, a license and a date. It is given as CSV and as JSON with the same
columns, as GeoJSON where its rows have shapes, and explained in a file beside the CSV (CSV on the Web, a recommendation
of the W3C), all under one address that only ends differently: `areas.csv`, `areas.json`, `areas.geojson`,
`areas.csv-metadata.json`. A room says which it has in its manifest; docs/reference/public-data.md tells of each.

Names of columns are English and stay, in whatever language they are asked for: programs read them. What they mean is
said in the reader's language; what people wrote stays in the language they wrote it in. What is public is what a
stranger sees, whoever asks, and small numbers in it follow `methods.disclosure`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import get_language
from shapely.geometry import mapping

from alongside.core import spreadsheets

IN_MEMORY = 1024 * 1024  # bytes; what is larger waits on the disk until it is sent
FRESH_SECONDS = 300
DIGITS = 5  # of a degree: about a metre, as boundary files are drawn
MEDIA = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv-metadata.json": "application/csvm+json",
}


@dataclass(frozen=True)
class License:
    """What may be done with a table."""

    name: str
    url: str


# docs/decisions/0013-public-data-is-free-to-use.md
CC_BY = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


@dataclass(frozen=True)
class Column:
    """One column. `kind`: string, integer, number, boolean, date or datetime, as CSV on the Web calls them."""

    name: str
    kind: str
    about: str | Promise


@dataclass(frozen=True)
class Dataset:
    """A table for everybody. `name`: its addresses end in it, and its file's name.

    A row is a mapping of every column to a value (None where there is none), besides `geometry` where it `has_shapes`.
    """

    name: str
    title: str | Promise
    about: str | Promise
    columns: tuple[Column, ...]
    license: License = CC_BY
    has_shapes: bool = False

    @property
    def forms(self) -> list[str]:
        return [form for form in MEDIA if self.has_shapes or form != "geojson"]

    @property
    def view_names(self) -> dict[str, str]:
        """By form: `areas-csv`, and `areas-columns` for what explains them."""
        return {form: f"{self.name}-{form.replace('csv-metadata.json', 'columns')}" for form in self.forms}

    def paths(self, folder: str, view: Callable[..., HttpResponseBase]) -> list[URLPattern]:
        """The addresses of every form; the view is told which `form` is asked for."""
        return [
            path(f"{folder}{self.name}.{form}", view, {"form": form}, name=name)
            for form, name in self.view_names.items()
        ]


@dataclass(frozen=True)
class Edition:
    """Whose table it is, and of which day. `stem` begins the file's name."""

    publisher: str
    stem: str
    as_of: date


def answer(
    request: HttpRequest, dataset: Dataset, rows: Iterable[Mapping[str, Any]], *, form: str, edition: Edition
) -> HttpResponseBase:
    """The table in the form asked for; “not modified” to whoever has it as it is.

    It is written whole before the first byte is sent, so that its tag is known and a fault halfway is a fault and no
    short table. Memory holds a megabyte of it at most.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the response
    seen = hashlib.blake2b(digest_size=16)
    for piece in _written(dataset, rows, form, edition):
        written = piece.encode()
        seen.update(written)
        file.write(written)
    etag = f'"{seen.hexdigest()}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        file.seek(0)
        name = f"{edition.stem}-{dataset.name}-{edition.as_of}.{form}"
        response = FileResponse(file, filename=name, content_type=MEDIA[form])
    else:
        file.close()
    response.headers["ETag"] = etag
    response.headers["Link"] = ", ".join(_links(request, dataset, form))
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def _links(request: HttpRequest, dataset: Dataset, form: str) -> Iterator[str]:
    yield f'<{dataset.license.url}>; rel="license"'
    if form == "csv":
        yield f'<{request.path}-metadata.json>; rel="describedby"; type="application/csvm+json"'


def _written(
    dataset: Dataset, rows: Iterable[Mapping[str, Any]], form: str, edition: Edition
) -> Iterator[str]:
    if form == "csv":
        records = (_record(dataset, row).values() for row in rows)
        return spreadsheets.lines(_names(dataset), records)
    if form == "json":
        return _object(_head(dataset, edition), "rows", (_record(dataset, row) for row in rows))
    if form == "geojson":
        head = {"type": "FeatureCollection", **_head(dataset, edition)}
        return _object(head, "features", (_feature(dataset, row) for row in rows))
    return iter([json.dumps(_csv_on_the_web(dataset, edition), ensure_ascii=False, indent=1), "\n"])


def _names(dataset: Dataset) -> list[str]:
    return [column.name for column in dataset.columns]


def _record(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Every column by its name, in order, as JSON knows values."""
    return {name: _value(row[name]) for name in _names(dataset)}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _feature(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """RFC 7946. The first column is what a row is known by."""
    properties = _record(dataset, row)
    return {
        "type": "Feature",
        "id": next(iter(properties.values())),
        "geometry": _rounded(mapping(row["geometry"])),
        "properties": properties,
    }


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, float):
        return round(geometry, DIGITS)
    if isinstance(geometry, dict):
        return {name: _rounded(value) for name, value in geometry.items()}
    return [_rounded(part) for part in geometry] if isinstance(geometry, list | tuple) else geometry


def _head(dataset: Dataset, edition: Edition) -> dict[str, Any]:
    """What is said before the rows."""
    return {
        "title": str(dataset.title),
        "about": str(dataset.about),
        "publisher": edition.publisher,
        "as_of": edition.as_of.isoformat(),
        "license": {"name": dataset.license.name, "url": dataset.license.url},
        "columns": [
            {"name": column.name, "kind": column.kind, "about": str(column.about)}
            for column in dataset.columns
        ],
    }


def _object(head: Mapping[str, Any], name: str, items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One object of JSON, an item a line: never whole in memory."""
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "{name}": ['
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + json.dumps(item, ensure_ascii=False)
    yield "\n]}\n"


def _csv_on_the_web(dataset: Dataset, edition: Edition) -> dict[str, Any]:
    """https://www.w3.org/TR/tabular-metadata/: what a reader of the CSV looks for beside it."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": get_language() or "en"}],
        "url": f"{dataset.name}.csv",
        "dc:title": str(dataset.title),
        "dc:description": str(dataset.about),
        "dc:publisher": edition.publisher,
        "dc:license": {"@id": dataset.license.url},
        "dc:modified": {"@value": edition.as_of.isoformat(), "@type": "xsd:date"},
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "datatype": column.kind,
                    "dc:description": str(column.about),
                }
                for column in dataset.columns
            ]
        },
    }
