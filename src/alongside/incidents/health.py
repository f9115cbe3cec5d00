"""What `alongside check` looks at here."""

from collections.abc import Iterator

from alongside.agencies.models import Agency
from alongside.incidents import lake
from alongside.incidents.models import LakePart


def parts_of_the_lake() -> Iterator[str]:
    for agency in Agency.objects.all():
        for part in LakePart.objects.of(agency):
            if not (lake.folder(agency) / part.path).exists():
                yield f"{agency.slug}: {part.path} is missing: restore it, or import the file again"
