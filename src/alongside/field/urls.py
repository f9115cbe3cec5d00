"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.field import phone

public: list[URLPattern] = [
    path("field/<str:gathering_id>/kit.json", phone.kit, name="kit"),
    path("field/<str:gathering_id>/items/", phone.items, name="items"),
    path("field/<str:gathering_id>/photos/<str:client_id>/", phone.photo, name="photos"),
]
workspace: list[URLPattern] = []
