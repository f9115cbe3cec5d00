"""What `alongside check` looks at here."""

from collections.abc import Iterator

from alongside.places.models import StreetNetwork


def streets() -> Iterator[str]:
    for network in StreetNetwork.objects.everywhere().filter(current=True).select_related("agency"):
        if not network.path.exists():
            yield f"{network.agency.slug}: the streets are missing: import them again"
