"""Streets as arrays: what goes in comes out, and nonsense is refused by name."""

import io

import numpy as np
import pytest

from alongside.methods.routing import Edges, Nodes, Places, WalkGraph, WayKind
from alongside.methods.routing.graph import BadGraph
from alongside.methods.tests.streets import of


def corner(**changes):
    """Elm Street meets Oak Avenue: two edges, one bent, one library."""
    arrays = {
        "edge_u": [0, 0],
        "edge_v": [1, 2],
        "edge_m": [111.0, 90.0],
        "edge_name": [0, 1],
        "edge_names": ["Elm Street", "Öak Avenue"],
        "edge_kind": [WayKind.RESIDENTIAL, WayKind.FOOTWAY],
        "edge_step_free": [1, 0],
        "edge_geom_offsets": [0, 1, 1],
        "edge_geom": [[38.2505, -85.7601]],
        "place_lat": [38.2505],
        "place_lon": [-85.7602],
        "place_kind": [0],
        "place_kinds": ["library"],
        "place_name": ["Shawnee Library"],
    }
    arrays |= changes
    nodes = Nodes(lat=[38.25, 38.251, 38.25], lon=[-85.76, -85.76, -85.759])
    return WalkGraph.build(nodes, Edges(**of("edge", arrays)), Places(**of("place", arrays)))


def test_a_graph_survives_being_stored():
    file = io.BytesIO()
    np.savez(file, **corner().to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as stored:
        again = WalkGraph.from_arrays(stored)
    assert again.street(1) == "Öak Avenue"
    assert again.place_name == ["Shawnee Library"]
    assert again.shape(0).tolist() == [[38.25, -85.76], [38.2505, -85.7601], [38.251, -85.76]]
    assert again.edge_residents.tolist() == [0, 0]


def test_an_empty_graph_survives_too():
    empty = WalkGraph.build(Nodes([], []), Edges([], [], []))
    assert WalkGraph.from_arrays(empty.to_arrays()).edges == 0


def test_residents_are_handed_in_and_counted_per_edge():
    assert corner().with_residents([12, 0]).edge_residents.tolist() == [12, 0]
    with pytest.raises(BadGraph, match="edge_residents"):
        corner().with_residents([12])
    with pytest.raises(BadGraph, match="negative"):
        corner().with_residents([12, -1])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"edge_v": [1, 9]}, "outside the nodes"),
        ({"edge_m": [111.0, 0.0]}, "above zero"),
        ({"edge_m": [111.0, float("nan")]}, "above zero"),
        ({"edge_name": [0, 5]}, "edge_name"),
        ({"edge_geom_offsets": [0, 0, 0]}, "geom_offsets"),
        ({"place_kind": [3]}, "place_kind"),
        ({"place_name": []}, "place_name"),
    ],
)
def test_nonsense_is_refused_with_the_rule_it_breaks(change, reason):
    with pytest.raises(BadGraph, match=reason):
        corner(**change)


def test_another_format_is_refused():
    arrays = corner().to_arrays()
    with pytest.raises(BadGraph, match="another version"):
        WalkGraph.from_arrays(arrays | {"format": np.asarray(99)})
    with pytest.raises(BadGraph, match="missing: names"):
        WalkGraph.from_arrays({name: array for name, array in arrays.items() if name != "names"})
