"""`alongside worker` and `alongside jobs`."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from django.utils.translation import gettext as _

from alongside.core.errors import Refusal

if TYPE_CHECKING:  # the command line is listed before Django is ready
    from alongside.jobs.models import Job


class NoSuchJob(Refusal):
    """A job was asked for by an id that none has."""


@click.command()
@click.option(
    "--lease", default=30.0, show_default=True, help="Seconds until a dead worker's job is taken up."
)
@click.option("--poll", default=1.0, show_default=True, help="Seconds between looks at an empty queue.")
def worker(lease: float, poll: float) -> None:
    """Do background work until stopped: mail, imports, what is due. Any number may run."""
    from alongside.jobs.worker import Worker

    Worker(lease=timedelta(seconds=lease), poll=timedelta(seconds=poll)).run()


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def jobs(context: click.Context, as_json: bool) -> None:
    """What waits, what runs and what failed, of the whole install."""
    if context.invoked_subcommand:
        return
    from alongside.jobs.models import Job

    listed = [*Job.objects.open().order_by("run_after", "pk"), *Job.objects.dead().order_by("finished_at")]
    if as_json:
        click.echo(json.dumps({"jobs": [_as_json(job) for job in listed]}))
        return
    for job in listed:
        last_words = str(job.error).strip().rpartition("\n")[2]
        click.echo(f"{job.public_id}  {job.state:<8} {job.name}  {last_words}".rstrip())
    if not listed:
        click.echo("Nothing waits and nothing failed.")


def _as_json(job: "Job") -> dict[str, object]:
    return {
        "id": job.public_id,
        "name": job.name,
        "state": job.state,
        "attempts": job.attempts,
        "run_after": job.run_after.isoformat(),
        "percent": job.percent,
        "error": str(job.error),
    }


@jobs.command()
@click.argument("public_id", metavar="ID")
def again(public_id: str) -> None:
    """Run a failed job again."""
    from alongside.jobs import actions
    from alongside.jobs.models import Job

    job = Job.objects.filter(public_id=public_id).first()
    if job is None:
        raise NoSuchJob(_("No job has the id %(id)s: `alongside jobs` lists them.") % {"id": public_id})
    actions.run_again(job)
    click.echo(f"{job.name} will be tried again in a moment.")
