"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.ledger import desk, views
from alongside.ledger.tables import HEADS

public: list[URLPattern] = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/entries/", views.entries, name="entries"),
    path("ledger/ledger.jsonl", views.file, name="file"),
    *HEADS.paths("ledger/", views.heads_data),
]
workspace: list[URLPattern] = [
    path("ledger/key/", desk.key, name="key"),
    path("ledger/key/confirm/", desk.confirm_key, name="confirm-key"),
]
