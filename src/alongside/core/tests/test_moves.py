"""What migrations share."""

from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from alongside.core.moves import into_words, made_of_rows


@pytest.mark.parametrize(
    "moved",
    [
        into_words("hall.Choice", "reason", language="language"),
        made_of_rows("hall.New", "hall.Old", MagicMock()),
    ],
)
@pytest.mark.parametrize(
    ("vendor", "said"), [("postgresql", ["SET CONSTRAINTS ALL IMMEDIATE"]), ("sqlite", [])]
)
def test_what_was_written_is_looked_at_before_tables_change(moved, vendor, said):
    """PostgreSQL refuses to change a table whose rows were written twice in the same migration."""
    executed: list[str] = []
    editor = SimpleNamespace(connection=SimpleNamespace(vendor=vendor), execute=executed.append)
    moved.code(MagicMock(), editor)
    assert executed == said
