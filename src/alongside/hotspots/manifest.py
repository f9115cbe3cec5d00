"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import (
    NEIGHBORHOOD,
    Command,
    Manifest,
    MenuLine,
    NeedKind,
    Panel,
    Personal,
    RecordKind,
    Rows,
    Statement,
)

MANIFEST = Manifest(
    public_menu=(MenuLine("hotspots:how-we-choose", _("Where and why"), 40),),
    workspace_menu=(
        MenuLine(
            "hotspots:focus-areas",
            _("Where to walk next"),
            10,
            ("coordinator", "analyst", "commander"),
            "plan",
            also=("hotspots:criteria",),
        ),
        MenuLine(
            "hotspots:petitions",
            _("What residents ask"),
            120,
            ("coordinator", "analyst", "commander", "information_officer", "records_officer"),
            "follow",
        ),
        MenuLine("hotspots:runs", _("Hot spots"), 210, ("coordinator", "analyst"), "data"),
    ),
    public=("hotspots:how-we-choose", "hotspots:ask", "hotspots:object", "hotspots:petition"),
    statements=(
        Statement(
            "enforcement-first",
            _(
                "We walk first where people meet police mostly through enforcement. Those are the places that are owed "
                "another kind of meeting."
            ),
            "hotspots:how-we-choose",
            bears="hotspots.queries.shows_enforcement",
            lacks=_(
                "No published look at the data tells enforcement apart and shows an area that stands out."
            ),
        ),
    ),
    commands=(Command("hotspots", "hotspots.commands"),),
    panels=(
        Panel(NEIGHBORHOOD, 50, made_by="hotspots.panels.asking", template="hotspots/panels/asking.html"),
        Panel(NEIGHBORHOOD, 90, made_by="hotspots.panels.band", template="hotspots/panels/band.html"),
    ),
    needs=(
        NeedKind(
            "hotspots.asked",
            "hotspots.needs.asked",
            title=_("A resident asks, and waits for an answer"),
            counted=ngettext_lazy("%(n)d request", "%(n)d requests", "n"),
            button=pgettext_lazy("need", "Answer"),
            view="hotspots:petitions",
            roles=("coordinator", "commander", "information_officer"),
        ),
    ),
    details={
        "fairness": pgettext_lazy("detail", "turns"),
        "involvement": pgettext_lazy("detail", "police involvement"),
        "requests": pgettext_lazy("detail", "requests"),
        "waiting": pgettext_lazy("detail", "waiting"),
        "what": pgettext_lazy("detail", "what"),
        "what: cells": pgettext_lazy("detail", "cells"),
        "what: lists": pgettext_lazy("detail", "lists"),
        "years": pgettext_lazy("detail", "years"),
    },
    records=(
        RecordKind(
            "hotspots.petitions",
            pgettext_lazy("records", "Requests and objections"),
            _("What residents wrote who ask for a walk or object to a label, and what we answered."),
            (
                Rows(
                    "hotspots.Petition",
                    since="received_at",
                    ids={"petition": "public_id", "area": "neighborhood__public_id"},
                    never=("public_id",),  # a code: whoever has it reads the answer
                ),
            ),
            counted=_("the day of our answer"),
            clock="hotspots.jobs.forget",
            least=30,
        ),
        RecordKind(
            "hotspots.choices",
            pgettext_lazy("records", "Where we walk, and why"),
            _("The rules by which neighborhoods are chosen, and each choice with its reason."),
            (Rows("hotspots.Choice", since="decided_at"), Rows("hotspots.Criteria", since="published_at")),
        ),
    ),
    personal=(
        Personal(
            "petition",
            _("What you asked or objected to"),
            told="hotspots.records.told",
            erase="hotspots.records.erase",
            behind="hotspots.records.behind",
        ),
    ),
)
