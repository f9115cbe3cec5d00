"""The real settings, and three jobs to be killed in the middle of."""

from alongside.config.settings import *  # noqa: F403 - a settings module takes all of another
from alongside.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "alongside.cli.tests.surviving"]
