"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.outreach import views
from alongside.outreach.subscriptions import views as subscriptions

public: list[URLPattern] = [
    path("news/", subscriptions.follow, name="follow"),
    path("news/asked/", subscriptions.asked, name="asked"),
    path("news/<str:token>/", subscriptions.subscriptions, name="subscriptions"),
    path("news/<str:token>/stop/", subscriptions.stop_news, name="stop-news"),
]
workspace: list[URLPattern] = [
    path("mail/", views.mail_list, name="mail"),
    path("mail/<str:public_id>/again/", views.mail_again, name="mail-again"),
    path("work/", views.work_list, name="work"),
    path("work/<str:public_id>/", views.work_detail, name="work-detail"),
    path("work/<str:public_id>/again/", views.work_again, name="work-again"),
]
