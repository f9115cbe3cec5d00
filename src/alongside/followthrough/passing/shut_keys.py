"""Which of our keys the secrets of other bodies hang on."""

from collections import Counter

from alongside.core import shut
from alongside.followthrough.passing.models import Body


def uses() -> dict[str, int]:
    """How many secrets each key shuts, by its id."""
    held = Body.objects.everywhere().exclude(secret="").values_list("secret", flat=True)
    return dict(Counter(map(shut.key_of, held)))
