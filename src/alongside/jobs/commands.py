"""`alongside worker`."""

from datetime import timedelta

import click


@click.command()
@click.option(
    "--lease", default=30.0, show_default=True, help="Seconds until the job of a dead worker is taken up."
)
@click.option("--poll", default=1.0, show_default=True, help="Seconds between looks at an empty queue.")
def worker(lease: float, poll: float) -> None:
    """Do background work until stopped: mail, imports, what is due. Any number may run."""
    from alongside.jobs.worker import Worker

    Worker(lease=timedelta(seconds=lease), poll=timedelta(seconds=poll)).run()
