"""First run: who may set up this install, and what an agency has set up so far."""

from collections.abc import Iterator

from django.conf import settings

from alongside.agencies.models import Agency, AuditEntry, Member, Rank, User
from alongside.core import keys
from alongside.core.manifest import Step, follow, manifests


def is_open() -> bool:
    """Only an install that nobody administers can be set up by whoever holds the code."""
    return not User.objects.exists()


def code() -> str:
    """What proves that somebody can read the data folder or the terminal."""
    return keys.load(settings.DATA, "setup").hex()[:8]


def steps(agency: Agency) -> list[tuple[Step, bool]]:
    """What there is to set up, and whether it is: read from what is there, nothing to tick off by hand."""
    return [(step, follow(step.done)(agency)) for step in _offered()]


def has_to_begin(agency: Agency) -> bool:
    """Whether something that is needed is not set up yet."""
    return any(not follow(step.done)(agency) for step in _offered() if step.needed)


def _offered() -> list[Step]:
    return sorted((step for room in manifests().values() for step in room.steps), key=lambda step: step.at)


def has_ranks(agency: Agency) -> bool:
    """Whether the agency has named its own ranks."""
    return Rank.objects.of(agency).exists()


def has_chosen_languages(agency: Agency) -> bool:
    """Whether somebody has said in which languages the agency writes."""
    said = AuditEntry.objects.of(agency).filter(verb="changed", thing_kind=Agency._meta.verbose_name)
    return any("languages" in each.get("fields", []) for each in said.values_list("detail", flat=True))


def has_people(agency: Agency) -> bool:
    """Whether somebody works here beside who set it up."""
    return Member.objects.of(agency).filter(active=True).count() > 1


def nobody_yet() -> Iterator[str]:
    """What `alongside check` says while nobody administers this install."""
    if is_open():
        yield f"nobody can sign in yet: open {settings.ALONGSIDE.url}/setup/?code={code()}"
