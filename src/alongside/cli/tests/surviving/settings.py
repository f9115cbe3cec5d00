"""The real settings, jobs to be killed in the middle of, and pages that never return."""

from alongside.config.settings import *  # noqa: F403 - a settings module takes all of another
from alongside.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "alongside.cli.tests.surviving"]
ROOT_URLCONF = "alongside.cli.tests.surviving.urls"
