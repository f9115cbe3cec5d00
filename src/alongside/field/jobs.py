"""What happens by the clock: quarters are published together, and old words are deleted."""

from alongside.agencies.models import Agency
from alongside.field import actions
from alongside.jobs.registry import every, job


@job("field.draw_quarters", attempts=3)
@every(day_at="04:20")
def draw_quarters() -> None:
    """Publish together what was too few to publish alone. Every agency, by the clock and for nobody's eyes."""
    for agency in Agency.objects.all():
        actions.draw_quarters(agency)


@job("field.forget_words", attempts=3)
@every(day_at="04:10")
def forget_words() -> None:
    """Delete what was heard and written so long ago that nobody needs it. Every agency, for nobody's eyes."""
    actions.forget_words()
