"""What this room says of itself."""

from alongside.core.manifest import Manifest

MANIFEST = Manifest(public=("media:picture",), readers={"picture": "media.drawing.PICTURE"})
