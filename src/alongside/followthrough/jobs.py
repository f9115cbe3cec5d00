"""What happens by the clock: what people said is deleted long after we were done; whether it is so, is asked."""

from django.db import transaction

from alongside.agencies import retention
from alongside.followthrough import actions, asking
from alongside.followthrough.models import Concern, Step
from alongside.followthrough.passing import jobs as passing
from alongside.followthrough.passing.actions import forget_old
from alongside.jobs.registry import every, job

__all__ = ["forget", "passing"]


@job("followthrough.forget", attempts=3)
@every(day_at="04:05")
def forget() -> None:
    """Delete the words of what is closed. Every agency, by the clock and for nobody's eyes."""
    with transaction.atomic():
        retention.certify(Concern.objects.everywhere().out_of_keeping().exclude(words="", place=""))
        retention.certify(Step.objects.everywhere().out_of_keeping().exclude(text="", words=""))
        actions.forget_words()
        forget_old()


@job("followthrough.ask_again", attempts=3)
@every(day_at="10:15")
def ask_again() -> None:
    """Whoever left an address and has not said yet whether it is so is asked once more. Every agency, by the clock."""
    asking.ask_again()
