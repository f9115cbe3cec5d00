"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.rosters import desk, staff_views, views

public: list[URLPattern] = [
    path("roster/<str:token>/", views.answer, name="answer"),
    path("invited/<str:token>/", views.partner, name="partner"),
    path("invited/<str:token>/stop/", views.stop_mail, name="stop-mail"),
]
workspace: list[URLPattern] = [
    path("gatherings/<str:public_id>/roster/", desk.roster, name="roster"),
    path("gatherings/<str:public_id>/roster/do/", desk.roster_act, name="roster-act"),
    path("gatherings/<str:public_id>/partners/", desk.partners, name="partners"),
    path("gatherings/<str:public_id>/partners/do/", desk.partners_act, name="partners-act"),
    path("rosters/", desk.coming, name="coming"),
    path("rosters/mine/", views.mine, name="mine"),
    path("rosters/away/", staff_views.away, name="away"),
    path("rosters/away/calendar/", staff_views.away_calendar, name="away-calendar"),
    path("rosters/away/<str:public_id>/back/", staff_views.not_away, name="not-away"),
    path("rosters/areas/", staff_views.usual_areas, name="usual-areas"),
    path("rosters/areas/import/", staff_views.usual_import, name="usual-import"),
    path("rosters/areas/<str:public_id>/", staff_views.usual_area, name="usual-area"),
    path("rosters/trainings/", staff_views.trainings, name="trainings"),
    path("rosters/trainings/add/", staff_views.training_add, name="training-add"),
    path("rosters/trainings/import/", staff_views.training_import, name="training-import"),
    path("rosters/trainings/<str:public_id>/drop/", staff_views.training_drop, name="training-drop"),
    path("rosters/import/<str:upload_id>/", staff_views.import_preview, name="import-preview"),
    path("rosters/hosts/", staff_views.hosts, name="hosts"),
    path("rosters/hosts/<str:public_id>/", staff_views.host, name="host"),
    path("rosters/bodies/", staff_views.bodies, name="bodies"),
    path("rosters/bodies/add/", staff_views.body, name="body-add"),
    path("rosters/bodies/<str:public_id>/", staff_views.body, name="body"),
    path("rosters/bodies/<str:public_id>/drop/", staff_views.body_drop, name="body-drop"),
]
