"""What `alongside check` looks at here."""

from collections.abc import Iterator

from alongside.outside import circuits


def calls() -> Iterator[str]:
    for circuit in circuits.down():
        yield f"{circuit} has not answered since {circuit.down_since:%Y-%m-%d %H:%M} UTC: {circuit.why}"
