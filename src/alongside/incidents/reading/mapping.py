"""Mapping: which column means what. Guessed from the heading and the first rows; said in TOML where needed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from pathlib import Path

from alongside.core.errors import phrase
from alongside.incidents.reading import dates
from alongside.incidents.reading.refusals import MappingIsWrong
from alongside.outside.tables import apart

# What a column can mean, and the headings that say so, likeliest first. Compared as small letters and digits only.
_WORDS = {
    "id": (
        "incidentnumber incidentno incidentnum incidentid casenumber caseno casenum caseid reportnumber reportno "
        "eventnumber eventid callnumber callid cadnumber cadid cfsid drno dckey complaintnumber cmplntnum offenseid "
        "incident reportid id"
    ),
    "occurred": (
        "datetimeoccurred occurreddatetime offensedatetime offensestartdatetime incidentdatetime eventdatetime "
        "stopdatetime calldatetime dispatchdatetime crimedatetime dateoccurred dateoccured occurreddate occurredon "
        "occurred occdate occurdate dateocc offensedate incidentdate dateofincident eventdate crimedate recoverydate "
        "arrestdate stopdate calldate callreceived dispatchdate cmplntfrdt fromdate startdate datetime date timestamp "
        "occurredat"
    ),
    "time_of_day": (
        "timeoccurred timeocc occurredtime crimetime occurtime occtime incidenttime calltime cmplntfrtm eventtime "
        "stoptime time"
    ),
    "reported": (
        "datereported reporteddate reportdate reporteddatetime reportdatetime reportedon datetimereported datereceived "
        "daterptd rptdt reported entrydate"
    ),
    "category": (
        "crimetype offenseclassification primarytype offensecategory crimecategory ucrcategory callgroup category "
        "casetype calltype calltypegroup eventtype incidenttype incidentcategory offensetype crime offense naturecode "
        "highestoffensedescription highestoffense textgeneralcode offenseparentgroup "
        "nature finalcasetype crimename crmcddesc ofnsdesc nibrsgroupname kind type"
    ),
    "arrest": "arrest arrestmade arrested arrestflag isarrest wasarrestmade clearedbyarrest",
    "latitude": "latitude lat geolat ylat latitudey pointlat",
    "longitude": "longitude lon long lng geolon geolong geolng xlon longitudex pointlon",
    "x": "xcoordinate xcoordina xcoord xcoordcd x xft easting gpsx pointx coordx statex",
    "y": "ycoordinate ycoordina ycoord ycoordcd y yft northing gpsy pointy coordy statey",
    "point": "location geolocation thegeom geocodedcolumn locationpoint latlon latlong latitudelongitude point geom",
    "area": (
        "lmpdbeat beat policebeat patrolbeat beatid beatnumber reportingdistrict reportingarea neighborhood "
        "neighbourhood censustra censustract tract"
    ),
    "division": "lmpddivision division policedivision precinct policeprecinct policedistrict district sector zone",
    "address": (
        "blockaddress recoveryblockaddress block address hundredblock hundredblockaddress incidentaddress "
        "offenseaddress streetaddress fulladdress street location"
    ),
    "accuracy": "accuracytype geocodetype matchtype geocodequality geocodeaccuracy",
    "agrees": "geoinrecordeddivision geoinrecordedbeat geoinrecordedarea",
    "count": "incidents count incidentcount numincidents numberofincidents total events calls n",
}
HEADINGS = {role: tuple(words.split()) for role, words in _WORDS.items()}
ROLES = tuple(HEADINGS)
WHEN = ("date", "time")
LATER = (
    *("report", "rptd", "end", "updat", "modif", "edit", "creat", "entr", "enter", "clear", "clos", "arriv"),
    *("birth", "load", "export", "review", "publish", "approv", "valid"),
)
KNOWN = frozenset(word for words in HEADINGS.values() for word in words)
ENOUGH_KNOWN = 2
# What goes on into the lake in some form. Every other column is dropped on the way in, and listed.
KEPT_ROLES = frozenset(ROLES) - {"address", "accuracy", "agrees"}

# Headings that mean that every row of a file is an act of enforcement.
ENFORCEMENT_HEADINGS = frozenset(
    [
        "typeoffirearm",
        "arrestnumber",
        "arrestid",
        "arrestcharge",
        "citationnumber",
        "citationtype",
        "stopid",
        "stopreason",
        "useofforceid",
    ]
)

# Layouts that come without a heading, known by their width and where the dates stand.
BARE_LAYOUTS: dict[tuple[int, tuple[int, ...]], tuple[str, ...]] = {
    (16, (1, 2)): (
        "INCIDENT_NUMBER", "DATE_REPORTED", "DATE_OCCURED", "UOR_DESC", "CRIME_TYPE", "NIBRS_CODE", "UCR_HIERARCHY",
        "ATT_COMP", "LMPD_DIVISION", "LMPD_BEAT", "PREMISE_TYPE", "BLOCK_ADDRESS", "CITY", "ZIP_CODE", "ID", "ROW",
    ),
}  # fmt: skip

# What a value is can be told from its beginning.
LONGEST_LOOKED_AT = 200
MOST_SAID, LONGEST_SAID = 40, 80
LARGEST_BYTES = 2**16
LAYERS = ("investigation", "enforcement")
NOTHING = frozenset(["", "null", "na", "n/a", "none", "nan", "\\n", "(null)", "#n/a"])


@dataclass(frozen=True)
class Mapping:
    """Which column means what, and how to read it.

    `columns`: role → heading. `names`: the headings of a file that has none, in order; None where it has one.
    `layer`: the layer of every row, where the file is all of one; None where the agency's rules on category decide.
    `namespace`: keeps two systems' numbers apart, where both count from 1.
    `repeats`: whether a row that repeats another column for column, in a file without ids, is a "duplicate" or a
    "separate" incident.
    """

    columns: Dictionary[str, str]
    names: tuple[str, ...] | None = None
    crs: str | None = None
    date_order: str | None = None
    layer: str | None = None
    namespace: str = ""
    repeats: str = "duplicate"

    @property
    def undated(self) -> bool:
        """Counts without dates: their own kind of input."""
        return "count" in self.columns and not {"occurred", "reported"} & set(self.columns)

    def dropped(self, heading: Sequence[str]) -> list[str]:
        """The columns of which nothing reaches the lake."""
        kept = {name for role, name in self.columns.items() if role in KEPT_ROLES}
        return [name for name in heading if name not in kept]

    def check(self, heading: Sequence[str], where: str) -> None:
        """Refuse what cannot work with these columns."""
        for role, name in self.columns.items():
            if role not in HEADINGS:
                raise MappingIsWrong(
                    phrase(
                        "the mapping speaks of “%(role)s”, which is no role: use one of %(roles)s.",
                        role=role,
                        roles=", ".join(ROLES),
                    )
                )
            if name not in heading:
                raise MappingIsWrong(
                    phrase(
                        "%(where)s has no column “%(name)s” (for %(role)s): its columns are %(columns)s.",
                        where=where,
                        name=name,
                        role=role,
                        columns=_listed(heading),
                    )
                )
        if not {"occurred", "reported", "count"} & set(self.columns):
            raise MappingIsWrong(
                phrase(
                    "no column of %(where)s tells when or how many (%(columns)s): name one as occurred, or "
                    "as count, in a mapping.",
                    where=where,
                    columns=_listed(heading),
                )
            )


def _listed(heading: Sequence[str]) -> str:
    """The columns of a file as a sentence can bear them."""
    return ", ".join(name[:LONGEST_SAID] for name in heading[:MOST_SAID])


@dataclass(frozen=True)
class Guess:
    """A mapping as it was guessed: how sure (0 to 1), and what could not be told."""

    mapping: Mapping
    heading: tuple[str, ...]
    confidence: float
    unsure: tuple[str, ...] = ()


def plain(heading: str) -> str:
    """A heading as small letters and digits."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def is_nothing(value: str) -> bool:
    """Whether a value says that there is none: blank, NULL, NA."""
    return value.strip().lower() in NOTHING


def has_heading(first: Sequence[str]) -> bool:
    """Whether the first row names columns: no dates, and two names that we know; or no numbers, and no two alike."""
    values = [value.strip() for value in first]
    if any(dates.looks_dated(value) for value in values):
        return False
    named = [value for value in values if value]
    if len(KNOWN & set(map(plain, named))) >= ENOUGH_KNOWN:
        return True
    return not any(map(_is_number, named)) and len(named) == len(set(named)) and len(named) * 2 > len(values)


def guess_mapping(rows: Sequence[Sequence[str]]) -> Guess:
    """What the columns of a file most likely mean, from its first rows.

    Raises MappingIsWrong where there is no heading and the layout is none we know.
    """
    if not rows:
        raise MappingIsWrong(phrase("there are no rows to guess from."))
    bare = not has_heading(rows[0])
    heading = _bare_names(rows) if bare else unique_headings(rows[0])
    samples = {
        name: [
            row[at].strip()[:LONGEST_LOOKED_AT]
            for row in rows[0 if bare else 1 :]
            if at < len(row) and not is_nothing(row[at])
        ]
        for at, name in enumerate(heading)
    }
    columns = _columns(heading, samples)
    mapping = Mapping(
        columns=columns,
        names=heading if bare else None,
        date_order=dates.order_of(
            v for r in ("occurred", "reported") for v in samples.get(columns.get(r, ""), ())
        ),
        layer="enforcement" if {plain(name) for name in heading} & ENFORCEMENT_HEADINGS else None,
    )
    unsure = _unsure(mapping)
    return Guess(mapping, heading, confidence=1 - len(unsure) / 3, unsure=unsure)


def unique_headings(first: Sequence[str]) -> tuple[str, ...]:
    """The headings, each once: an empty one is called column N, a repeated one gets its number."""
    named = (value.strip().strip("\ufeff").strip() for value in first)
    return tuple(apart(name or f"column {at}" for at, name in enumerate(named, start=1)))


def _bare_names(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    width = len(rows[0])
    dated = tuple(
        at for at in range(width) if all(dates.looks_dated(row[at]) for row in rows[:20] if len(row) == width)
    )
    names = BARE_LAYOUTS.get((width, dated))
    if names is None:
        raise MappingIsWrong(
            phrase(
                "the first line does not name the columns: put a line of names above it, or give “names” "
                "in a mapping."
            )
        )
    return names


def _columns(heading: Sequence[str], samples: Dictionary[str, list[str]]) -> dict[str, str]:
    by_word: dict[str, str] = {}
    for name in heading:
        by_word.setdefault(plain(name), name)
    columns: dict[str, str] = {}
    for role, words in HEADINGS.items():
        fits = FITS.get(role, _anything)
        free = [by_word[word] for word in words if word in by_word and by_word[word] not in columns.values()]
        named = next((name for name in free if _fits(samples[name], fits)), None)
        if named is None and free and role in BY_NAME_ALONE:
            named = free[0]
        if named is not None:
            columns[role] = named
    if "occurred" not in columns and (dated := _called_a_date(samples, columns)):
        columns["occurred"] = dated
    return _without_contradictions(columns, samples)


def _called_a_date(samples: Dictionary[str, list[str]], columns: dict[str, str]) -> str | None:
    """The first column that holds dates and is called one, and not the date of something that came later."""
    for name, values in samples.items():
        words = plain(name)
        is_when = any(word in words for word in WHEN) and not any(word in words for word in LATER)
        if is_when and name not in columns.values() and values and _fits(values, dates.looks_dated):
            return name
    return None


def _without_contradictions(columns: dict[str, str], samples: Dictionary[str, list[str]]) -> dict[str, str]:
    """A pair is whole or absent; a count matters only where nothing is dated; one way to say where is enough."""
    for one, other in [("latitude", "longitude"), ("x", "y")]:
        if (one in columns) != (other in columns):
            columns.pop(one, None)
            columns.pop(other, None)
    if "latitude" in columns:
        columns.pop("point", None)
    if "occurred" not in columns or any(map(dates.has_a_clock, samples[columns["occurred"]])):
        columns.pop("time_of_day", None)
    if {"occurred", "reported"} & set(columns):
        columns.pop("count", None)
    return columns


def _unsure(mapping: Mapping) -> tuple[str, ...]:
    have = set(mapping.columns)
    unsure = []
    if not have & {"occurred", "reported", "count"}:
        unsure.append("when")
    if not have & {"category", "count"}:
        unsure.append("what")
    if not have & {"latitude", "x", "point"}:
        unsure.append("where")
    return tuple(unsure)


def _anything(value: str) -> bool:
    return True


def _is_number(value: str) -> bool:
    try:
        float(value.replace(",", "."))
    except ValueError:
        return False
    return True


def _is_point(value: str) -> bool:
    return bool(re.search(r"-?\d+\.\d+[,\s]+-?\d+\.\d+", value))


def _is_flag(value: str) -> bool:
    return value.lower() in {"true", "false", "t", "f", "yes", "no", "y", "n", "0", "1", "arrest", "arrested"}


def _is_clock(value: str) -> bool:
    return bool(re.match(r"^\d{1,4}$|^\d{1,2}:\d{2}", value))


def _is_place_text(value: str) -> bool:
    return not _is_point(value)


FITS: dict[str, Callable[[str], bool]] = {
    "occurred": dates.looks_dated,
    "reported": dates.looks_dated,
    "time_of_day": _is_clock,
    "latitude": _is_number,
    "longitude": _is_number,
    "x": _is_number,
    "y": _is_number,
    "point": _is_point,
    "address": _is_place_text,
    "arrest": _is_flag,
    "count": _is_number,
}

# What is called so is so, even where most of its values are faulty: the report will say how many.
BY_NAME_ALONE = frozenset({"occurred", "reported", "latitude", "longitude", "x", "y"})


def _fits(values: Sequence[str], fits: Callable[[str], bool]) -> bool:
    """Whether most of the values are what the heading says. A column without a value contradicts nothing."""
    return sum(map(fits, values)) * 2 >= len(values)


def load(path: Path) -> Mapping:
    """A mapping from a TOML file. Raises MappingIsWrong for anything it does not know."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise MappingIsWrong(
                phrase(
                    "the mapping %(file)s is larger than 64 kB: it need only name the columns.",
                    file=path.name,
                )
            )
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MappingIsWrong(
            phrase("the mapping %(file)s cannot be read: check its name.", file=path.name)
        ) from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # no TOML, no UTF-8, a number without end, brackets without end
        raise MappingIsWrong(
            phrase("%(file)s is no TOML (%(trouble)s).", file=path.name, trouble=str(error).splitlines()[0])
        ) from error
    return from_dict(document, path.name)


def from_dict(document: Dictionary[str, object], where: str = "the mapping") -> Mapping:
    """A mapping from the tables of a TOML document."""
    rest = dict(document)
    columns = rest.pop("columns", None)
    if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns.values()):
        raise MappingIsWrong(
            phrase('%(where)s needs a table [columns] such as: occurred = "Date".', where=where)
        )
    for role in columns:
        if role not in HEADINGS:
            raise MappingIsWrong(
                phrase(
                    "%(where)s speaks of “%(role)s”, which is no role: use one of %(roles)s.",
                    where=where,
                    role=role,
                    roles=", ".join(ROLES),
                )
            )
    names = rest.pop("names", None)
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise MappingIsWrong(phrase("%(where)s: names must be a list of headings.", where=where))
    settings = {key: rest.pop(key) for key in list(rest) if key in CHOICES}
    if rest:
        raise MappingIsWrong(
            phrase(
                "%(where)s has “%(rest)s”, which means nothing here: see the how-to on incidents.",
                where=where,
                rest=next(iter(rest)),
            )
        )
    for key, value in settings.items():
        if not isinstance(value, str) or (CHOICES[key] and value not in CHOICES[key]):
            raise MappingIsWrong(
                phrase(
                    "%(where)s: %(key)s must be %(choices)s, not %(value)s.",
                    where=where,
                    key=key,
                    choices=" or ".join(CHOICES[key]) or "text",
                    value=repr(value),
                )
            )
    chosen = {key: str(value) for key, value in settings.items()}
    if any("\0" in text for text in (*columns.values(), *(names or ()), *chosen.values())):
        raise MappingIsWrong(phrase("%(where)s holds a null byte, which no heading has.", where=where))
    return Mapping(
        dict(columns),
        names=tuple(names) if names else None,
        crs=chosen.get("crs"),
        date_order=chosen.get("date_order"),
        layer=chosen.get("layer"),
        namespace=chosen.get("namespace", ""),
        repeats=chosen.get("repeats", "duplicate"),
    )


CHOICES: dict[str, tuple[str, ...]] = {
    "crs": (),
    "date_order": (dates.MONTH_FIRST, dates.DAY_FIRST),
    "layer": LAYERS,
    "namespace": (),
    "repeats": ("duplicate", "separate"),
}


def to_dict(mapping: Mapping) -> dict[str, object]:
    """The tables of the TOML document that says the same."""
    settings: dict[str, object] = {
        key: getattr(mapping, key) for key in CHOICES if getattr(mapping, key) not in (None, "")
    }
    if mapping.names:
        settings["names"] = list(mapping.names)
    return settings | {"columns": dict(mapping.columns)}


def to_toml(mapping: Mapping) -> str:
    """A mapping as TOML, to keep beside the files and to edit."""
    settings = to_dict(mapping)
    del settings["columns"]
    lines = ["# Which column means what. Columns that are not named here are dropped on the way in."]
    lines += [f"{key} = {_toml(value)}" for key, value in settings.items()]
    lines += ["", "[columns]"]
    lines += [f"{role} = {_toml(name)}" for role, name in mapping.columns.items()]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    written = json.dumps(str(value), ensure_ascii=False)  # escapes are the same in both, but for one
    return written.replace("\x7f", "\\u007f")


__all__ = ["ROLES", "Guess", "Mapping", "from_dict", "guess_mapping", "load", "to_dict", "to_toml"]
