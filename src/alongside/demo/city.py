"""One call makes the whole city, as the files a real agency would bring."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from alongside.demo import districts, involvement, landmarks, mapfile, naming, network, staffing, terrain
from alongside.demo.districts import District
from alongside.demo.terrain import Frame

NAME = "Riverbend"


@dataclass(frozen=True)
class CityFiles:
    """Where everything was written, and how much of it there is."""

    folder: Path
    neighborhoods: Path
    divisions: Path
    beats: Path
    tracts: Path
    tract_population: Path
    streets: Path
    investigation: Path
    enforcement: Path
    venues: Path
    partners: Path
    staff: Path
    counts: dict[str, int]


@dataclass(frozen=True)
class City:
    """Riverbend in memory: ground, streets, areas and places. Metres; `frame` gives degrees."""

    frame: Frame
    terrain: terrain.Terrain
    network: network.Network
    patchwork: districts.Patchwork
    neighborhoods: list[District]
    divisions: list[District]
    beats: list[District]
    tracts: list[District]
    landmarks: list[landmarks.Landmark]


def build_city(seed: int) -> City:
    """The city itself. The same seed gives the same city, street for street."""
    ground = terrain.survey(_chance(seed, 1))
    loom = network.Loom(ground)
    arterials = network.lay_arterials(ground, loom)
    local = network.lay_local(ground, loom, arterials, _chance(seed, 2))
    streets = network.knot(arterials + local, keep=_worn(_chance(seed, 3)))
    patchwork = districts.settle(ground, streets, _chance(seed, 4))
    areas = districts.neighborhoods(patchwork, ground)
    divisions, beats = districts.divisions(patchwork, ground)
    naming.name_streets(streets, ground, areas, _chance(seed, 5))
    places = landmarks.place_landmarks(ground, streets, areas, _chance(seed, 6))
    return City(
        frame=Frame(),
        terrain=ground,
        network=streets,
        patchwork=patchwork,
        neighborhoods=areas,
        divisions=divisions,
        beats=beats,
        tracts=districts.tracts(patchwork, ground),
        landmarks=places,
    )


def _chance(seed: int, topic: int) -> np.random.Generator:
    """Chance for one topic: a change in one part of the city leaves the others as they were."""
    return np.random.default_rng([seed, topic])


def _worn(rng: np.random.Generator) -> Any:
    """Which blocks were never built: few in the old grid, one in seven at the edge."""

    def keep(middles: np.ndarray, arterial: np.ndarray) -> np.ndarray:
        far = np.clip((np.hypot(middles[:, 0] + 300, middles[:, 1]) - 1_500) / 3_800, 0, 1)
        kept: np.ndarray = arterial | (rng.random(len(middles)) > 0.02 + 0.13 * far)
        return kept

    return keep


def generate_city(folder: Path, *, seed: int, until: date) -> CityFiles:
    """Write the city's files into `folder`; incidents end on `until`."""
    return write_city(build_city(seed), folder, seed=seed, until=until)


def write_city(city: City, folder: Path, *, seed: int, until: date) -> CityFiles:
    """The files of a city that is built already."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = _paths(folder)
    counts = _write_areas(city, paths)
    drawing = mapfile.draw(city.terrain, city.network, city.landmarks, _chance(seed, 7))
    mapfile.write(drawing, city.frame, paths["streets"])
    counts |= {"map_nodes": len(drawing.points), "map_ways": len(drawing.ways)}
    counts |= _write_incidents(city, paths, seed, until)
    counts |= _write_people(city, paths, seed, until)
    return CityFiles(folder=folder, **paths, counts=counts)


def _paths(folder: Path) -> dict[str, Path]:
    return {
        "neighborhoods": folder / "neighborhoods.geojson",
        "divisions": folder / "divisions.geojson",
        "beats": folder / "beats.geojson",
        "tracts": folder / "tracts.geojson",
        "tract_population": folder / "tract_population.csv",
        "streets": folder / "riverbend.osm.pbf",
        "investigation": folder / "incidents_investigation.csv",
        "enforcement": folder / "incidents_enforcement.csv",
        "venues": folder / "venues.csv",
        "partners": folder / "partners.csv",
        "staff": folder / "staff.csv",
    }


def _write_areas(city: City, paths: dict[str, Path]) -> dict[str, int]:
    _write_geojson(city.neighborhoods, city.frame, paths["neighborhoods"], population=True)
    _write_geojson(city.divisions, city.frame, paths["divisions"])
    _write_geojson(city.beats, city.frame, paths["beats"])
    _write_geojson(city.tracts, city.frame, paths["tracts"])
    _write_rows(paths["tract_population"], ["district", "tract", "population"], _tract_rows(city.tracts))
    return {
        "neighborhoods": len(city.neighborhoods),
        "divisions": len(city.divisions),
        "beats": len(city.beats),
        "tracts": len(city.tracts),
        "residents": sum(tract.population for tract in city.tracts),
    }


def _write_geojson(areas: list[District], frame: Frame, path: Path, *, population: bool = False) -> None:
    features = []
    for area in areas:
        properties: dict[str, Any] = {"code": area.code, "name": area.name}
        if area.parent:
            properties["division"] = area.parent
        if population:
            properties["population"] = area.population
        shape = json.loads(shapely.to_geojson(frame.shape(area.shape)))
        features.append({"type": "Feature", "properties": properties, "geometry": shape})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def _tract_rows(tracts: list[District]) -> Iterable[list[str]]:
    """Some tracts lie in two council districts and come as two rows, as census tables have them."""
    for number, tract in enumerate(tracts):
        first = tract.population if number % 4 else round(tract.population * 0.62)
        yield [str(1 + number % 9), tract.code, f"{first}.0"]
        if first != tract.population:
            yield [str(1 + (number + 1) % 9), tract.code, f"{tract.population - first}.0"]


def _write_incidents(city: City, paths: dict[str, Path], seed: int, until: date) -> dict[str, int]:
    streets = involvement.Streets(
        city.network, city.patchwork.homes, city.neighborhoods, city.beats, _chance(seed, 8)
    )
    investigated, enforced = involvement.happen(streets, until, _chance(seed, 9))
    mall = involvement.mall_of(city.landmarks)
    clerk = involvement.Clerk(streets, mall, city.frame, until, _chance(seed, 10))
    return {
        "investigation_rows": involvement.write(
            clerk.rows(investigated, enforced=False), paths["investigation"]
        ),
        "enforcement_rows": involvement.write(clerk.rows(enforced, enforced=True), paths["enforcement"]),
    }


def _write_people(city: City, paths: dict[str, Path], seed: int, until: date) -> dict[str, int]:
    people = staffing.staff(city.divisions, _chance(seed, 11))
    partners = staffing.partners(city.neighborhoods, city.landmarks, _chance(seed, 12))
    venues = staffing.venues(city.landmarks, city.frame, until, _chance(seed, 13))
    _write_table(paths["staff"], people)
    _write_table(paths["partners"], partners)
    _write_table(paths["venues"], venues)
    return {"staff": len(people), "partners": len(partners), "venues": len(venues)}


def _write_table(path: Path, rows: list[Any]) -> None:
    tables = [asdict(row) for row in rows]
    _write_rows(path, list(tables[0]), ([str(value) for value in table.values()] for table in tables))


def _write_rows(path: Path, heading: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        writer.writerows(rows)
