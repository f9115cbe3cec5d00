"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.program import pause_views, views

public: list[URLPattern] = [
    path("program/", views.program, name="program"),
    path("program/areas.geojson", views.areas_geojson, name="areas-geojson"),
]
workspace: list[URLPattern] = [
    path("pauses/", pause_views.pauses, name="pauses"),
    path("pauses/<str:public_id>/end/", pause_views.end, name="end-pause"),
]
