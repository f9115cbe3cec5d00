"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.program import handover_views, pause_views, views

public: list[URLPattern] = [
    path("program/", views.program, name="program"),
    path("program/areas.geojson", views.areas_geojson, name="areas-geojson"),
]
workspace: list[URLPattern] = [
    path("pauses/", pause_views.pauses, name="pauses"),
    path("pauses/<str:public_id>/end/", pause_views.end, name="end-pause"),
    path("handover/", handover_views.handovers, name="handovers"),
    path("handover/<str:public_id>/", handover_views.pack, name="handover"),
]
