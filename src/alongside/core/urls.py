"""Addresses of the shell itself."""

from django.urls import URLPattern, path

from alongside.core import style

urlpatterns: list[URLPattern] = [path("style/", style.style_page, name="style")]
