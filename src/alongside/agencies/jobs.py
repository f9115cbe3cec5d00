"""What this room does by itself."""

from alongside.agencies import bearers
from alongside.agencies.accounts import NEW_PASSWORD, mail_new_password
from alongside.jobs.registry import every, job


@job("agencies.forget_bearers", attempts=3)
@every(day_at="03:50")
def forget_bearers() -> None:
    """Delete the links and passes that are over for a month. Running twice deletes nothing more."""
    bearers.forget_old()


@job(NEW_PASSWORD, attempts=3, atomic=True)
def new_password(*, accounts: list[int], language: str) -> None:
    """Somebody typed an address on the page of forgotten passwords: these accounts have it, or none has."""
    mail_new_password(accounts, language=language)
