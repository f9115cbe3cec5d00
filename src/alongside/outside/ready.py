"""What the process that readers are forked from has loaded: Django, and every room's parsers."""

import atexit
import os
import sys

import django
from django.apps import apps

from alongside.core.manifest import follow, manifests

if not apps.ready:
    django.setup()

for room in manifests().values():
    for dotted in room.readers.values():
        follow(dotted)

# It holds nothing that has to be put away, and libraries that are taken apart in the end complain in the log.
if any("multiprocessing.forkserver" in word for word in sys.orig_argv):
    atexit.register(os._exit, 0)
