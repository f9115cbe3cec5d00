"""Addresses of the shell itself."""

from django.urls import URLPattern, path

from alongside.core import method_pages, style
from alongside.core.care import boxes

urlpatterns: list[URLPattern] = [
    path("style/", style.style_page, name="style"),
    path("signs.json", boxes.signs, name="signs"),
    path("methods/<slug:name>/", method_pages.method_page, name="method"),
]
