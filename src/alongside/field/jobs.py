"""What happens by the clock: quarters are published together."""

from alongside.agencies.models import Agency
from alongside.field import actions
from alongside.jobs.registry import every, job


@job("field.draw_quarters", attempts=3)
@every(day_at="04:20")
def draw_quarters() -> None:
    """Publish together what was too few to publish alone. Every agency, by the clock and for nobody's eyes."""
    for agency in Agency.objects.all():
        actions.draw_quarters(agency)
