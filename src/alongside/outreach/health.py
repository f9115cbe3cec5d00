"""What `alongside check` looks at here."""

from collections.abc import Iterator

from django.conf import settings

from alongside.core import demo


def mail() -> Iterator[str]:
    if not settings.ALONGSIDE.smtp_url and not demo.is_on():
        yield "no mail server: notices wait until ALONGSIDE_SMTP_URL is set"
