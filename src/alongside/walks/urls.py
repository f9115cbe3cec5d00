"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.walks import views

public: list[URLPattern] = [
    path("walks/", views.walk_list, name="list"),
    path("walks/<str:public_id>/", views.detail, name="detail"),
]
workspace: list[URLPattern] = [
    path("walks/", views.workspace, name="workspace"),
    path("walks/plan/", views.plan, name="plan"),
    path("walks/<str:public_id>/", views.walk, name="walk"),
    path("walks/<str:public_id>/route/", views.lay_route, name="lay-route"),
    path("walks/<str:public_id>/check/", views.check_route, name="check-route"),
    path("walks/<str:public_id>/publish/", views.publish, name="publish"),
    path("walks/<str:public_id>/cues/", views.cue_sheet, name="cue-sheet"),
]
