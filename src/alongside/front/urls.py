"""Addresses of this room, and of the install as a whole."""

from django.urls import URLPattern, path

from alongside.front import views

install: list[URLPattern] = [
    path("", views.install, name="install"),
    path("after-sign-in/", views.after_sign_in, name="after-sign-in"),
]
public: list[URLPattern] = [path("", views.home, name="home")]
workspace: list[URLPattern] = [path("", views.this_week, name="workspace")]
