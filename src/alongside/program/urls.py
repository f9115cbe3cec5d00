"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.program import desk, handover_views, pause_views, views

public: list[URLPattern] = [
    path("program/", views.program, name="program"),
    path("program/areas.geojson", views.areas_geojson, name="areas-geojson"),
]
workspace: list[URLPattern] = [
    path("pauses/", pause_views.pauses, name="pauses"),
    path("pauses/<str:public_id>/end/", pause_views.end, name="end-pause"),
    path("handover/", handover_views.handovers, name="handovers"),
    path("handover/<str:public_id>/", handover_views.pack, name="handover"),
    path("seasons/", desk.seasons, name="seasons"),
    path("seasons/how/", desk.rhythm, name="rhythm"),
    path("seasons/<str:public_id>/", desk.season, name="season"),
    path("seasons/<str:public_id>/again/", desk.replan, name="replan"),
    path("seasons/<str:public_id>/approve/", desk.approve, name="approve"),
    path("seasons/<str:public_id>/drafts/", desk.draft_walks, name="draft-walks"),
    path("seasons/<str:public_id>/discard/", desk.discard, name="discard"),
    path("seasons/<str:public_id>/weeks/<int:number>/", desk.week, name="week"),
]
