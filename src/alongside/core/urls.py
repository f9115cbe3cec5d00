"""Addresses of the shell itself."""

from django.urls import URLPattern, path

from alongside.core import method_pages, style

urlpatterns: list[URLPattern] = [
    path("style/", style.style_page, name="style"),
    path("methods/<slug:name>/", method_pages.method_page, name="method"),
]
