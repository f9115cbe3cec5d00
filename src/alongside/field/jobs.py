"""What happens by the clock: quarters are published together, and files that no row knows are swept."""

from alongside.agencies.models import Agency
from alongside.field import actions, photos
from alongside.jobs.registry import every, job


@job("field.draw_quarters", attempts=3)
@every(day_at="04:20")
def draw_quarters() -> None:
    """Publish together what was too few to publish alone. Every agency, by the clock and for nobody's eyes."""
    for agency in Agency.objects.all():
        actions.draw_quarters(agency)


@job("field.sweep_photos", attempts=3)
@every(day_at="04:40")
def sweep_photos() -> None:
    """Delete pictures that were refused or never came to be."""
    photos.sweep()
