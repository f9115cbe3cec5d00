"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.people import views

public: list[URLPattern] = [
    path("partner/<str:token>/", views.own_entry, name="own-entry"),
]
workspace: list[URLPattern] = [
    path("staff/", views.staff_list, name="staff"),
    path("staff/import/", views.staff_import, name="staff-import"),
    path("staff/command/<str:public_id>/", views.command, name="command"),
    path("partners/", views.partners, name="partners"),
    path("partners/add/", views.partner, name="partner-add"),
    path("partners/import/", views.partner_import, name="partner-import"),
    path("partners/<str:public_id>/", views.partner, name="partner"),
    path("partners/<str:public_id>/link/", views.partner_link, name="partner-link"),
]
