"""Members and partners stand in the same states, and the page of a gathering names the members its roster names."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone

FIELDS = {"host": ("host_member", "typed_host"), "deputy": ("deputy_member", "typed_deputy")}
STANDING = ["proposed", "invited", "coming", "came"]


def one_vocabulary(apps: Any, schema_editor: Any) -> None:
    """Who was thanked came; that they were thanked is a fact beside it."""
    invitations = apps.get_model("rosters", "PartnerInvitation").objects
    invitations.filter(state="accepted").update(state="coming")
    invitations.filter(state="thanked").update(state="came", thanked=True)


def hosts_from_rosters(apps: Any, schema_editor: Any) -> None:
    """The page of a date that is over stays as people read it, also where it named somebody else."""
    posts = apps.get_model("rosters", "Post").objects.filter(part__in=FIELDS, state__in=STANDING)
    ahead = timezone.now().date() - timedelta(days=1)
    for post in posts.select_related("gathering", "member__rank"):
        member, typed = FIELDS[post.part]
        said = getattr(post.gathering, typed)
        if said in {"", _called(post.member)} or post.gathering.on >= ahead:
            rows = apps.get_model("gatherings", "Gathering").objects.filter(pk=post.gathering_id)
            rows.update(**{member: post.member, typed: ""})


def no_slot_waits(apps: Any, schema_editor: Any) -> None:
    """The job that looked for changes is no more: a slot of it would wait for ever, and every check would say so."""
    apps.get_model("jobs", "Job").objects.filter(name="rosters.tell_changes").delete()


def _called(member: Any) -> str:
    return f"{member.rank.name} {member.name}" if member.rank else str(member.name)


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0005_who_hosts"),
        ("jobs", "0001_initial"),
        ("rosters", "0002_one_way_of_asking"),
    ]

    operations = [
        migrations.RunPython(one_vocabulary, migrations.RunPython.noop),
        migrations.RunPython(hosts_from_rosters, migrations.RunPython.noop),
        migrations.RunPython(no_slot_waits, migrations.RunPython.noop),
    ]
