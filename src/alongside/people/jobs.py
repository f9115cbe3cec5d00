"""What this room does by itself."""

from alongside.jobs.registry import every, job
from alongside.people import actions


@job("people.forget_contacts")
@every(day_at="03:20")
def forget_contacts() -> None:
    """Delete the addresses whose day has passed. Running twice deletes nothing more."""
    actions.forget_contacts()
