"""What is done by the clock."""

from alongside.agencies.models import Agency
from alongside.jobs.registry import every, job
from alongside.ledger import actions


@job("ledger.seal")
@every(hours=1)
def seal() -> None:
    """Sign the day that is over, of each agency by its own calendar."""
    for agency in Agency.objects.all():
        actions.seal(agency)
