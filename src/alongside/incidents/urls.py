"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.incidents import views

public: list[URLPattern] = []
workspace: list[URLPattern] = [
    path("incidents/", views.imports, name="imports"),
    path("incidents/add/", views.upload, name="upload"),
    path("incidents/rules/", views.rules, name="rules"),
    path("incidents/<str:public_id>/", views.one_import, name="import"),
    path("incidents/<str:public_id>/columns/", views.columns, name="columns"),
    path("incidents/<str:public_id>/mapping.toml", views.mapping_file, name="mapping"),
    path("incidents/<str:public_id>/progress/", views.progress, name="progress"),
    path("incidents/<str:public_id>/report.json", views.report_file, name="report"),
    path("incidents/<str:public_id>/set-aside.csv", views.set_aside_file, name="set-aside"),
    path("incidents/<str:public_id>/remove/", views.remove, name="remove"),
]
