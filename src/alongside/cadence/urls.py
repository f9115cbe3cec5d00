"""Addresses of this room. The account and the pauses of what was promised are served by the room that promised it."""

from django.urls import URLPattern, path

from alongside.cadence import handover_views

public: list[URLPattern] = []
workspace: list[URLPattern] = [
    path("handover/", handover_views.handovers, name="handovers"),
    path("handover/<str:public_id>/", handover_views.pack, name="handover"),
]
