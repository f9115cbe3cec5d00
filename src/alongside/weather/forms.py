"""Forms of this room."""

from __future__ import annotations

from alongside.core.forms import ModelForm
from alongside.weather.models import Thresholds


class ThresholdsForm(ModelForm[Thresholds]):
    """From where on the coordinators are warned."""

    class Meta:
        model = Thresholds
        fields = ["active", "rain_percent", "wind_mph", "heat_f", "cold_f", "thunder", "official"]

    def _post_clean(self) -> None:
        """The action checks the whole, in the transaction that writes it; the form reads the fields."""
