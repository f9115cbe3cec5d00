"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.followthrough import desk, views

public: list[URLPattern] = [
    path("follow/", views.follow, name="follow"),
    path("follow/<str:code>/", views.page, name="page"),
    path("follow/<str:code>/stop/", views.stop_mail, name="stop-mail"),
]
workspace: list[URLPattern] = [
    path("concerns/", desk.concerns, name="concerns"),
    path("concerns/cards/", desk.cards, name="cards"),
    path("concerns/rules/", desk.rules, name="rules"),
    path("concerns/<str:public_id>/", desk.concern, name="concern"),
    path("concerns/<str:public_id>/<str:deed>/", desk.act, name="act"),
]
