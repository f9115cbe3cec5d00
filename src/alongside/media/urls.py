"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.media import views

# The first pictures were of walks, and recaps that are published name them so.
public: list[URLPattern] = [path("field/photos/<str:public_id>.jpg", views.picture, name="picture")]
workspace: list[URLPattern] = []
