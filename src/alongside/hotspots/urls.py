"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.hotspots import views

public: list[URLPattern] = [
    path("where-we-walk/", views.how_we_choose, name="how-we-choose"),
    path("ask-for-a-walk/", views.ask, name="ask"),
    path("object/", views.object_to_label, name="object"),
    path("asked/<str:public_id>/", views.petition, name="petition"),
]
workspace: list[URLPattern] = [
    path("hotspots/", views.runs, name="runs"),
    path("hotspots/evaluation/", views.evaluations, name="evaluation"),
    path("hotspots/evaluation/<str:public_id>/export/", views.evaluation_export, name="evaluation-export"),
    path("hotspots/<str:public_id>/", views.run_detail, name="run"),
    path("hotspots/<str:public_id>/publish/", views.run_publish, name="run-publish"),
    path("hotspots/<str:public_id>/export/", views.run_export, name="run-export"),
    path("hotspots/<str:public_id>/keep/", views.site_keep, name="site-keep"),
    path("focus-areas/", views.focus_areas, name="focus-areas"),
    path("focus-areas/elsewhere/", views.choose_elsewhere, name="choose-elsewhere"),
    path("focus-areas/<str:public_id>/choose/", views.choose, name="choose"),
    path("criteria/", views.criteria, name="criteria"),
    path("petitions/", views.petitions, name="petitions"),
    path("petitions/<str:public_id>/", views.petition_answer, name="petition-answer"),
    path("petitions/<str:public_id>/erase/", views.petition_erase, name="petition-erase"),
]
