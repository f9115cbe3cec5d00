"""What `alongside check` looks at: each ledger in order and signed, and a database that refuses to change it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from alongside.agencies.models import Agency
from alongside.core.only_added import missing
from alongside.ledger import chain, queries
from alongside.ledger.models import Entry


def look() -> Iterator[str]:
    """Grows with the number of entries: some seconds for a million."""
    if gone := missing(connection, Entry._meta.db_table):
        yield f"the database lets entries be changed ({', '.join(gone)} gone): ask whoever looks after it, and restore"
    for agency in Agency.objects.all():
        if not Entry.objects.of(agency).exists():
            continue
        try:
            chain.verify(queries.lines(agency))
        except chain.NotInOrder as wrong:
            yield f"{agency.slug}: {wrong} docs/howto/ledger.md says what to do"
        if day := queries.wrongly_signed(agency):
            yield f"{agency.slug}: the last signed day is {day}, and should be yesterday: docs/howto/ledger.md"
