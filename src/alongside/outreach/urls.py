"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.outreach import views

public: list[URLPattern] = []
workspace: list[URLPattern] = [
    path("mail/", views.mail_list, name="mail"),
    path("mail/<str:public_id>/again/", views.mail_again, name="mail-again"),
    path("work/", views.work_list, name="work"),
    path("work/<str:public_id>/", views.work_detail, name="work-detail"),
    path("work/<str:public_id>/again/", views.work_again, name="work-again"),
]
