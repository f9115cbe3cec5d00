"""What the process that readers are forked from has loaded: Django, and every room's parsers."""

import django
from django.apps import apps

from alongside.core.manifest import follow, manifests

if not apps.ready:
    django.setup()

for room in manifests().values():
    for dotted in room.readers.values():
        follow(dotted)
