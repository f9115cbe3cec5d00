"""Addresses of the demo city's sign-in page."""

from django.urls import URLPattern, path

from alongside.demo import views

install: list[URLPattern] = [path("demo/", views.sign_in, name="sign-in")]
public: list[URLPattern] = []
workspace: list[URLPattern] = []
