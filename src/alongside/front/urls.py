"""Addresses of this room, and of the install as a whole."""

from django.urls import URLPattern, path

from alongside.front import chief, links, members, neighborhoods, views

install: list[URLPattern] = [
    path("", views.install, name="install"),
    path("setup/", views.first_run, name="setup"),
    path("welcome/<str:token>/", members.invitation, name="invitation"),
    path("signed-in/", views.after_sign_in, name="after-sign-in"),
]
public: list[URLPattern] = [
    path("", views.home, name="home"),
    path("neighborhoods/", neighborhoods.neighborhoods, name="neighborhoods"),
    path("neighborhoods/<str:public_id>/", neighborhoods.neighborhood, name="neighborhood"),
    path("the-wall/", views.wall, name="wall"),
    path("what-we-keep/", views.what_we_keep, name="what-we-keep"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
workspace: list[URLPattern] = [
    path("", views.this_week, name="workspace"),
    path("chief/", chief.chief, name="chief"),
    path("setup/", views.checklist, name="checklist"),
    path("statements/", views.statements_page, name="statements"),
    path("you/", members.you, name="you"),
    path("settings/", views.agency_settings, name="settings"),
    path("settings/ranks/", members.ranks, name="ranks"),
    path("members/", members.members, name="members"),
    path("members/add/", members.member_add, name="member-add"),
    path("members/<str:public_id>/", members.member_edit, name="member-edit"),
    path("links/", links.links, name="links"),
    path("links/end-all/", links.end_all, name="links-end-all"),
    path("links/<str:public_id>/end/", links.end, name="link-end"),
    path("audit/", views.audit_trail, name="audit"),
    path("audit/audit.csv", views.audit_csv, name="audit-csv"),
]
