"""What this room says of itself."""

from alongside.core.manifest import Manifest

MANIFEST = Manifest(checks={"calls outside": "outside.health.calls"})
