"""People who are there without living there, for tests of whatever keeps files."""

from __future__ import annotations

from alongside.agencies.models import Agency
from alongside.places import actions
from alongside.places.models import Exposure

TABLE = b"lat,lon,jobs\n38.205,-85.755,100\n38.206,-85.745,1000\n"


def who_is_there(agency: Agency) -> Exposure:
    """Two places of work; two jobs are one person."""
    read = actions.read_exposure(agency, TABLE, file_name="jobs.csv", weights={"jobs": 0.5})
    return actions.keep_exposure(agency, read, by=None)
