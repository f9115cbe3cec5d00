"""What may take seconds is done before the transaction that keeps what came of it: its lock is everybody's."""

from django.db import connection


def not_in_a_transaction(what: str) -> None:
    """A mistake of ours, found by the first test that comes by. A test's own transaction is none of them."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError(f"{what} before the transaction that keeps what it says, not in it.")
