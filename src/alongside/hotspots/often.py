"""How often police are involved in one place beside the whole city, as a resident reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.core.tables import number

TIMES = {
    1.0: gettext_lazy("about as often"),
    1.5: gettext_lazy("about one and a half times as often"),
    2.0: gettext_lazy("about two times as often"),
    2.5: gettext_lazy("about two and a half times as often"),
    3.0: gettext_lazy("about three times as often"),
    4.0: gettext_lazy("about four times as often"),
    5.0: gettext_lazy("about five times as often"),
    6.0: gettext_lazy("about six times as often"),
    7.0: gettext_lazy("about seven times as often"),
    8.0: gettext_lazy("about eight times as often"),
    9.0: gettext_lazy("about nine times as often"),
    10.0: gettext_lazy("about ten times as often"),
}


def sentence(relative: Mapping[str, Sequence[float]]) -> str:
    """One sentence of layer → [risk against the whole, the low and the high end]; none where nothing is known."""
    said = {layer: _parts(*values) for layer, values in relative.items()}
    investigated, enforced = said.get("investigation"), said.get("enforcement")
    if investigated and enforced:
        return _(
            "Police investigate here %(times)s as in the city as a whole (likely between %(low)s and %(high)s times) "
            "and enforce %(other_times)s (likely between %(other_low)s and %(other_high)s times)."
        ) % {**investigated, **{f"other_{key}": value for key, value in enforced.items()}}
    if investigated:
        return (
            _(
                "Police investigate here %(times)s as in the city as a whole, likely between %(low)s and %(high)s "
                "times."
            )
            % investigated
        )
    if enforced:
        return (
            _(
                "Police enforce the law here %(times)s as in the city as a whole, likely between %(low)s and %(high)s "
                "times."
            )
            % enforced
        )
    return ""


def _parts(relative: float, low: float, high: float) -> dict[str, str]:
    return {"times": in_words(relative, low, high), "low": rounded(low), "high": rounded(high)}


def in_words(relative: float, low: float, high: float) -> str:
    """2.2 → “about two times as often”, where two lies within its range; else the number itself."""
    near = min(TIMES, key=lambda known: (abs(known - relative), -known))
    if relative > max(TIMES) + 0.5 or not low <= near <= high:
        return _("about %(n)s times as often") % {"n": rounded(relative)}
    return str(TIMES[near])


def rounded(times: float) -> str:
    """1.63 → “1.6”, 12.4 → “12”: a figure more would pretend."""
    return number(times, 0 if times >= 10 else 1)
