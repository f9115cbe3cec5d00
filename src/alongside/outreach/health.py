"""What `alongside check` looks at here."""

from collections.abc import Iterator

from django.conf import settings

from alongside.agencies.models import Agency
from alongside.core import demo


def mail() -> Iterator[str]:
    if not settings.ALONGSIDE.smtp_url and not demo.is_on():
        yield "no mail server: notices wait until ALONGSIDE_SMTP_URL is set"


def is_set_up(agency: Agency) -> bool:
    """Whether mail leaves this install, which is one for all its agencies."""
    return bool(settings.ALONGSIDE.smtp_url)
