"""Addresses of this room."""

from django.urls import URLPattern

public: list[URLPattern] = []
workspace: list[URLPattern] = []
