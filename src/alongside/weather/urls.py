"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.weather import views

public: list[URLPattern] = []
workspace: list[URLPattern] = [
    path("weather/", views.alerts, name="alerts"),
    path("weather/thresholds/", views.thresholds, name="thresholds"),
    path("weather/<str:public_id>/settle/", views.settle, name="settle"),
]
