"""A small town to walk in: seven by seven corners of 100 metres, two neighborhoods, a library and a mall."""

import io
from datetime import time, timedelta

import numpy as np
import shapely

from alongside.core import clock
from alongside.gatherings import rules
from alongside.hotspots.models import Band, FocusArea, Layer, Run
from alongside.methods.tests.streets import box, grid, spot
from alongside.places.models import Area, AreaKind, Known, Permission, StreetNetwork, Venue, VenueKind
from alongside.walks import actions

BLOCK, CORNERS = 100, 7
EDGE = BLOCK * (CORNERS - 1)


def lay_streets(agency):
    """What an import of an OpenStreetMap file would leave behind."""
    graph = grid(CORNERS, CORNERS, block=BLOCK)
    row = StreetNetwork.objects.create(
        agency=agency,
        file_name="town.osm.pbf",
        nodes=graph.nodes,
        edges=graph.edges,
        west=-0.01,
        south=-0.01,
        east=spot(EDGE, EDGE)[1] + 0.01,
        north=spot(EDGE, EDGE)[0] + 0.01,
    )
    packed = io.BytesIO()
    np.savez(packed, **graph.to_arrays())
    row.path.parent.mkdir(parents=True, exist_ok=True)
    row.path.write_bytes(packed.getvalue())
    return row


def an_area(agency, name, shape, kind=AreaKind.NEIGHBORHOOD, population=400):
    return Area.objects.create(
        agency=agency, kind=kind, name=name, population=population, **Area.columns_of(shape)
    )


def a_venue(agency, name, east, north, **words):
    words = {"kind": VenueKind.LIBRARY, "step_free": Known.YES, "permission": Permission.NOT_NEEDED} | words
    lat, lon = spot(east, north)
    return Venue.objects.create(agency=agency, name=name, lat=lat, lon=lon, **words)


def a_town(agency):
    """(Eastbank, Mill Row, the library in Eastbank) of a town with streets."""
    eastbank = an_area(agency, "Eastbank", box(250, -20, EDGE + 20, EDGE + 20))
    mill_row = an_area(agency, "Mill Row", box(-20, -20, 250, EDGE + 20))
    lay_streets(agency)
    return eastbank, mill_row, a_venue(agency, "Eastbank Library", 400, 300, address="12 River Street")


def a_focus_area(agency, home, shape, name="Eastbank"):
    run = Run.objects.create(
        agency=agency, layer=Layer.BOTH, resolution=9, cells=40, significant=4, published_at=clock.now()
    )
    return FocusArea.objects.create(
        agency=agency,
        run=run,
        neighborhood=home,
        name=name,
        band=Band.TWICE,
        events=40,
        peak_z=4.2,
        peak_q=0.001,
        outline=shapely.to_wkb(shape),
    )


def a_draft(agency, area=None, **words):
    """A walk in ten days at six."""
    words = {"on": agency.today() + timedelta(days=10), "at": time(18, 0), "by": None} | words
    met = {
        name: words.pop(name) for name in ("on", "at", "venue", "meeting_point", "minutes") if name in words
    }
    return actions.plan(agency, actions.Meeting(**met), area=area, **words)


def confirmed(walk, *, by=None, name="Ada Coordinator"):
    """Somebody hosts it, and has read the plan and the rules."""
    walk = actions.prepare(walk, host=walk.gathering.host or "Chief Moreno", by=by)
    actions.confirm_plan(walk, rules_version=rules.in_force(walk.agency).version, by=by, name=name)
    return walk


def published(walk, *, by=None):
    return actions.publish(confirmed(walk, by=by), by=by)
