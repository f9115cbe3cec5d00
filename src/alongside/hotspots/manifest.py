"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import HOME, THIS_WEEK, Command, Manifest, MenuLine, Panel

MANIFEST = Manifest(
    public_menu=(MenuLine("hotspots:how-we-choose", _("Where and why"), 40),),
    workspace_menu=(
        MenuLine(
            "hotspots:focus-areas",
            _("Where to walk next"),
            20,
            ("coordinator", "analyst", "commander"),
            "walks",
        ),
        MenuLine(
            "hotspots:petitions",
            _("What residents ask"),
            110,
            ("coordinator", "analyst", "commander", "information_officer", "records_officer"),
            "walks",
        ),
        MenuLine("hotspots:runs", _("Hot spots"), 140, ("coordinator", "analyst"), "data"),
    ),
    public=("hotspots:how-we-choose", "hotspots:ask", "hotspots:object", "hotspots:petition"),
    commands=(Command("hotspots", "hotspots.commands"),),
    panels=(
        Panel(
            THIS_WEEK,
            90,
            made_by="hotspots.panels.residents_ask",
            template="hotspots/_residents_ask.html",
            view="hotspots:petitions",
        ),
        Panel(HOME, 20, made_by="hotspots.panels.where_and_why", template="hotspots/_where_and_why.html"),
    ),
    details={
        "fairness": pgettext_lazy("detail", "turns"),
        "involvement": pgettext_lazy("detail", "police involvement"),
        "requests": pgettext_lazy("detail", "requests"),
        "waiting": pgettext_lazy("detail", "waiting"),
        "what": pgettext_lazy("detail", "what"),
        "what: cells": pgettext_lazy("detail", "cells"),
    },
)
