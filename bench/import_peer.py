"""The peer: the same checks as a careful analyst writes them with pandas, a chunk at a time.

Run by `bin/bench import` in a process of its own, so that its memory is its own. Prints one JSON object.
"""

import hashlib
import hmac
import json
import resource
import sys
import time

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import shapely

KEY = b"k" * 32
ORIGIN = (36.619446397, -91.686565684)


def main(path: str, out: str, box: list[float]) -> None:
    began = time.perf_counter()
    area = shapely.box(*box)
    shapely.prepare(area)
    parts = [typed(chunk) for chunk in pd.read_csv(path, dtype=str, chunksize=400_000, on_bad_lines="skip")]
    rows = pd.concat(parts, ignore_index=True)
    del parts
    reason = judged(rows, area)
    good = rows[reason == ""].copy()
    repeated = good.duplicated("row")
    good = good[~repeated]
    events = good.groupby("id", sort=False).agg(
        t=("t", "min"), kind=("kind", "first"), beat=("beat", "first"), enforcement=("arrest", "max"),
        lat=("lat", "first"), lon=("lon", "first"),
    )  # fmt: skip
    events["cell"] = cells(events["lat"].to_numpy(), events["lon"].to_numpy())
    events.index = keyed(events.index)
    events.drop(columns=["lat", "lon"]).sort_values("cell").to_parquet(out, compression="zstd")
    lost = reason != ""
    month = rows["t"].dt.to_period("M").astype(str)
    groupings = {"kind": rows["kind"], "beat": rows["beat"], "month": month}
    losses = {
        name: lost.groupby(by).mean().sub(lost.mean()).abs().nlargest(40).to_dict()
        for name, by in groupings.items()
    }
    counts = {key: int(value) for key, value in reason[lost].value_counts().items()}
    result = {
        "read": len(rows),
        "kept": len(events),
        "merged": len(good) - len(events),
        "set_aside": counts | {"duplicate": int(repeated.sum())},
        "groups": {name: len(table) for name, table in losses.items()},
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time(),
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }
    print(json.dumps(result))


def typed(chunk: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": pd.util.hash_pandas_object(chunk, index=False),
            "id": chunk["Case Number"],
            "t": pd.to_datetime(chunk["Date"], format="%m/%d/%Y %I:%M:%S %p", errors="coerce"),
            "kind": chunk["Primary Type"].astype("category"),
            "beat": chunk["Beat"].astype("category"),
            "arrest": chunk["Arrest"].str.lower().eq("true"),
            "placeholder": chunk["Block"].str.upper().isin(["UNKNOWN", "COMMUNITY AT LARGE", "NULL"]),
            "lat": pd.to_numeric(chunk["Latitude"], errors="coerce"),
            "lon": pd.to_numeric(chunk["Longitude"], errors="coerce"),
        }
    )


def judged(rows: pd.DataFrame, area: shapely.Geometry) -> pd.Series:
    bad_date = rows["t"].isna() | (rows["t"] < "1970-01-02") | (rows["t"] > pd.Timestamp.now())
    origin = (rows["lat"] - ORIGIN[0]).abs().lt(0.01) & (rows["lon"] - ORIGIN[1]).abs().lt(0.01)
    zero = rows["lat"].eq(0) & rows["lon"].eq(0)
    inside = shapely.contains_xy(area, rows["lon"].fillna(0).to_numpy(), rows["lat"].fillna(0).to_numpy())
    reason = np.select(
        [bad_date, rows["placeholder"], zero | origin, rows["lat"].isna() | rows["lon"].isna(), ~inside],
        ["date", "placeholder", "origin", "no coordinates", "outside"],
        default="",
    )
    return pd.Series(reason, index=rows.index)


def cells(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Each distinct point once, as ours does."""
    points, back = np.unique(np.column_stack([lat, lon]), axis=0, return_inverse=True)
    distinct = np.array([h3.latlng_to_cell(a, b, 10) for a, b in points.tolist()], dtype=np.uint64)
    return distinct[back]


def keyed(ids: pd.Index) -> list[str]:
    return [hmac.digest(KEY, str(each).encode(), hashlib.sha256).hex()[:16] for each in ids]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
