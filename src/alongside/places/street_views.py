"""Where an agency brings its streets in, and sees what the map knows of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core import measures
from alongside.core.doing import status_of
from alongside.core.tables import Head, Table
from alongside.jobs import actions as jobs
from alongside.jobs.models import Job, State
from alongside.places import maps, queries, staging
from alongside.places.forms import StreetsUpload
from alongside.places.jobs import IMPORT_STREETS
from alongside.places.models import StreetNetwork

reads = staff(Role.COORDINATOR, Role.ANALYST)

KINDS = {
    "footway": gettext_lazy("Footways"),
    "sidewalk": gettext_lazy("Sidewalks"),
    "crossing": gettext_lazy("Crossings"),
    "path": gettext_lazy("Paths"),
    "pedestrian": gettext_lazy("Pedestrian streets"),
    "living": gettext_lazy("Play streets"),
    "residential": gettext_lazy("Residential streets"),
    "service": gettext_lazy("Alleys and access ways"),
    "steps": gettext_lazy("Steps"),
    "cycleway": gettext_lazy("Cycleways"),
    "track": gettext_lazy("Tracks"),
    "minor_road": gettext_lazy("Smaller roads"),
    "major_with_sidewalk": gettext_lazy("Larger roads with a sidewalk"),
    "major": gettext_lazy("Larger roads without a known sidewalk"),
    "indoor": gettext_lazy("Indoor corridors"),
    "other": gettext_lazy("Other ways"),
}
PLACES = {
    "shop": gettext_lazy("Shops"),
    "mall": gettext_lazy("Malls"),
    "park": gettext_lazy("Parks and playgrounds"),
    "library": gettext_lazy("Libraries"),
    "place_of_worship": gettext_lazy("Places of worship"),
    "school": gettext_lazy("Schools"),
    "community_center": gettext_lazy("Community centers"),
}
REASONS = {
    "motorways": gettext_lazy("Motorways"),
    "trunk roads without a sidewalk": gettext_lazy("Trunk roads without a sidewalk"),
    "private": pgettext_lazy("streets", "Private"),
    "military": gettext_lazy("Military"),
    "closed to walkers": gettext_lazy("Closed to people on foot"),
    "driveways": gettext_lazy("Driveways"),
    "parking aisles": gettext_lazy("Parking aisles"),
    "drive-throughs": gettext_lazy("Drive-throughs"),
    "emergency ways": gettext_lazy("Emergency ways"),
    "not built": gettext_lazy("Not built yet, or no more"),
    "no way for walking": gettext_lazy("No way for walking"),
    "letters that cannot be read": gettext_lazy("Words that cannot be read"),
}


@reads
def streets(request: StaffRequest) -> HttpResponse:
    """The current streets, and an import under way."""
    form = StreetsUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        _begin(request, form)
        messages.success(request, _("The file is being read. You may leave this page."))
        return redirect("places:streets", request.agency.slug)
    network = StreetNetwork.objects.visible_to(request.user, at=request.agency).current().first()
    job = Job.objects.of_agency(request.agency.pk).filter(name=IMPORT_STREETS).order_by("-pk").first()
    return render(
        request,
        "places/streets.html",
        {
            "form": form,
            "network": network,
            "running": job if job and not job.is_over else None,
            "failed": job if job and job.state == State.DEAD and _is_newer(job, network) else None,
            "attribution": StreetNetwork.ATTRIBUTION,
            "study": queries.study_area(request.agency),
            "residents": queries.residents(request.agency),
            **(_shown(request, network) if network else {}),
        },
        status=status_of(form),
    )


@transaction.atomic
def _begin(request: StaffRequest, form: StreetsUpload) -> None:
    staged = staging.keep(request.agency, form.cleaned_data["file"])
    jobs.enqueue(
        IMPORT_STREETS,
        key=staged.public_id,
        agency_id=request.agency.pk,
        staged=staged.public_id,
        by_id=request.user.pk,
    )


def _is_newer(job: Job, network: StreetNetwork | None) -> bool:
    """Whether a failure is news: not once a later import went well."""
    return network is None or (job.finished_at is not None and job.finished_at > network.imported_at)


def _shown(request: StaffRequest, network: StreetNetwork) -> dict[str, Any]:
    report = network.report
    kinds = Table(
        _("Length by kind"),
        [Head(_("Kind")), Head(_("Length"), number=True)],
        [[KINDS.get(kind, kind), _length(request, km)] for kind, km in _largest(report["km_by_kind"])],
    )
    free = report["km_step_free"]
    graph = queries.street_graph(request.agency) if network.is_whole else None
    ground = queries.study_area(request.agency).polygon
    return {
        "report": report,
        "kinds": kinds,
        "free": Table(
            _("Length without steps"),
            [Head(_("What the map says")), Head(_("Length"), number=True)],
            [
                [_("Known to be step-free"), _length(request, free["yes"])],
                [_("The map does not say"), _length(request, free["unknown"])],
                [_("Known not to be step-free"), _length(request, free["no"])],
            ],
        ),
        "places": _counted(_("Community places"), report["places"], PLACES),
        "dropped": _counted(_("Ways left out, and why"), report["dropped"], REASONS),
        "map": maps.of_streets(graph, ground, kinds) if graph is not None else None,
    }


def _length(request: StaffRequest, km: float) -> str:
    return measures.distance(1000 * km, request.agency.units)


def _counted(caption: str, counts: dict[str, int], words: dict[str, Any]) -> Table:
    return Table(
        caption,
        [Head(_("Kind")), Head(_("How many"), number=True)],
        [[words.get(kind, kind), count] for kind, count in _largest(counts)],
    )


def _largest(counts: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(counts.items(), key=lambda pair: -pair[1])


@reads
def report(request: StaffRequest, public_id: str) -> HttpResponse:
    """The import's report for programs, as the command line prints it."""
    rows = StreetNetwork.objects.visible_to(request.user, at=request.agency)
    return JsonResponse(get_object_or_404(rows, public_id=public_id).report)
