"""What reads an incident file, each in a process apart, and what it may cost there."""

from __future__ import annotations

from datetime import timedelta

from alongside.incidents.reading import mapping, pipeline, staging
from alongside.incidents.reading.refusals import CannotImport, MappingIsWrong
from alongside.outside.readers import Reader

# An hour for each gigabyte is fifty times what it takes; the job itself may take so long and a little longer.
LONGEST = timedelta(hours=2, minutes=30)

# A page waits for it: the beginning of each file, and its fingerprint.
LOOK = Reader(
    staging.look_into_all,
    seconds=20,
    seconds_each=0.02,
    most_seconds=120,
    megabytes=512,
    refused=CannotImport,
)
# The same where no page waits.
LOOK_AT_LEISURE = Reader(
    staging.look_into_all,
    seconds=120,
    seconds_each=0.5,
    most_seconds=LONGEST.total_seconds(),
    megabytes=512,
    refused=CannotImport,
    queued=True,
)
# All of it: beside the memory that it is given, as much again for what a library holds, and some for itself.
READ = Reader(
    pipeline.run,
    seconds=300,
    seconds_each=3.5,
    most_seconds=LONGEST.total_seconds(),
    megabytes=512,
    refused=CannotImport,
    queued=True,
)
MAPPING = Reader(mapping.load, seconds=10, megabytes=64, refused=MappingIsWrong, queued=True)
