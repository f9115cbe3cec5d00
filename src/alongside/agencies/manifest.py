"""What this room says of itself."""

from alongside.core.manifest import Command, Manifest

MANIFEST = Manifest(commands=(Command("agency", "agencies.commands"),))
