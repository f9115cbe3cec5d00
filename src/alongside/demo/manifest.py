"""What this room says of itself."""

from alongside.core.manifest import Command, Manifest

MANIFEST = Manifest(
    public=("demo:sign-in",),
    commands=(Command("demo", "demo.commands"),),
)
