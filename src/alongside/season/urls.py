"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.season import desk, views
from alongside.season.areas import AREAS
from alongside.season.tables import CHANCES

public: list[URLPattern] = [
    path("program/", views.program, name="program"),
    *AREAS.paths("program/", views.areas_data),
    path("program/draws/", views.draws, name="draws"),
    path("program/draws/<str:public_id>/", views.chances, name="public-chances"),
    path("program/draws/<str:public_id>/every.txt", views.every_draw, name="every-draw"),
    *CHANCES.paths("program/", views.chances_data),
]
workspace: list[URLPattern] = [
    path("pauses/", views.pauses, name="pauses"),
    path("pauses/<str:public_id>/end/", views.end_pause, name="end-pause"),
    path("seasons/", desk.seasons, name="seasons"),
    path("seasons/how/", desk.rhythm, name="rhythm"),
    path("seasons/<str:public_id>/", desk.season, name="season"),
    path("seasons/<str:public_id>/again/", desk.replan, name="replan"),
    path("seasons/<str:public_id>/name/", desk.name_value, name="name-value"),
    path("seasons/<str:public_id>/value/", desk.type_value, name="type-value"),
    path("seasons/<str:public_id>/value/right/", desk.put_right, name="put-right"),
    path("seasons/<str:public_id>/draw/", desk.draw, name="draw"),
    path("seasons/<str:public_id>/draws/", desk.chances, name="chances"),
    path("seasons/<str:public_id>/draws/progress/", desk.progress, name="progress"),
    path("seasons/<str:public_id>/draws/again/", desk.draw_again, name="draw-again"),
    path("seasons/<str:public_id>/approve/", desk.approve, name="approve"),
    path("seasons/<str:public_id>/drafts/", desk.draft_walks, name="draft-walks"),
    path("seasons/<str:public_id>/discard/", desk.discard, name="discard"),
    path("seasons/<str:public_id>/weeks/<int:number>/", desk.week, name="week"),
]
