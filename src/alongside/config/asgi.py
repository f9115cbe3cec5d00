"""The one door of the web process: an ASGI application that hands pages to Django on a fixed pool of threads."""

from importlib import import_module
from typing import Any, cast

from django.conf import settings

from alongside.config import wsgi
from alongside.config.doorstep import MEGABYTE, Doorstep, Limits, pages_of
from alongside.core.pulse import PULSE

# Pieces of an answer kept for a slow reader, so that a page's thread is free again while the page still travels.
PIECES = 256

# Django and a2wsgi each describe the one standard in types of their own.
PAGES = cast(Any, wsgi.application)

import_module(settings.ROOT_URLCONF)  # now, so that the first visitor does not wait for it

LIMITS = Limits(
    upload=settings.ALONGSIDE.upload_mb * MEGABYTE,
    threads=settings.ALONGSIDE.web_threads,
    proxies=settings.ALONGSIDE.proxies,
    stuck=3 * PULSE.patience,
)

application = Doorstep(pages_of(PAGES, LIMITS, PIECES), LIMITS)
