"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.followthrough import views

public: list[URLPattern] = [
    path("follow/", views.follow, name="follow"),
    path("follow/<str:code>/", views.page, name="page"),
]
workspace: list[URLPattern] = [
    path("concerns/<str:public_id>/", views.concern, name="concern"),
]
