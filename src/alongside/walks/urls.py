"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.walks import plan_views, views

public: list[URLPattern] = [
    path("walks/", views.walk_list, name="list"),
    path("walks/<str:public_id>/", views.detail, name="detail"),
    path("walks/<str:public_id>/field/", views.old_phone, name="old-phone"),
    path("walks/<str:public_id>/field/worker.js", views.old_phone_worker, name="old-phone-worker"),
]
workspace: list[URLPattern] = [
    path("walks/", views.workspace, name="workspace"),
    path("walks/plan/", views.plan, name="plan"),
    path("walks/<str:public_id>/", views.walk, name="walk"),
    path("walks/<str:public_id>/plan/", plan_views.plan_page, name="plan-page"),
    path("walks/<str:public_id>/plan/confirm/", plan_views.confirm, name="confirm-plan"),
    path("walks/<str:public_id>/route/", views.lay_route, name="lay-route"),
    path("walks/<str:public_id>/better-corner/", views.meet_at_better_corner, name="better-corner"),
    path("walks/<str:public_id>/check/", views.check_route, name="check-route"),
    path("walks/<str:public_id>/publish/", views.publish, name="publish"),
    path("walks/<str:public_id>/cues/", views.cue_sheet, name="cue-sheet"),
]
