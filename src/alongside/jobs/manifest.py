"""What this room says of itself."""

from alongside.core.manifest import Command, Manifest

MANIFEST = Manifest(
    commands=(Command("jobs", "jobs.commands"), Command("worker", "jobs.commands")),
    checks={"background work": "jobs.health.work"},
)
