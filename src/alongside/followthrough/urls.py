"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.followthrough import desk, intake_views, views
from alongside.followthrough.passing import desk as passing
from alongside.followthrough.promises import load_desk

public: list[URLPattern] = [
    path("follow/", views.follow, name="follow"),
    path("follow/<str:code>/", views.page, name="page"),
    path("follow/<str:code>/stop/", views.stop_mail, name="stop-mail"),
    path("follow/<str:code>/yours/", intake_views.yours, name="yours"),
    path("tell-us/", intake_views.tell_us, name="tell-us"),
    path("tell-us/elsewhere/", intake_views.elsewhere, name="elsewhere"),
    path("tell-us/write/", intake_views.write, name="write"),
]
workspace: list[URLPattern] = [
    path("concerns/", desk.concerns, name="concerns"),
    path("concerns/new/", intake_views.hand_in, name="hand-in"),
    path("concerns/cards/", desk.cards, name="cards"),
    path("promises/load/", load_desk.upload, name="load"),
    path("promises/load/<str:public_id>/look/", load_desk.preview, name="load-preview"),
    path("promises/load/<str:public_id>/", load_desk.report, name="load-report"),
    path("promises/load/<str:public_id>/report.json", load_desk.report_json, name="load-json"),
    path("promises/load/<str:public_id>/undo/", load_desk.undo, name="load-undo"),
    path("concerns/rules/", desk.rules, name="rules"),
    path("concerns/<str:public_id>/", desk.concern, name="concern"),
    path("concerns/<str:public_id>/pass-on/", passing.pass_on, name="pass-on"),
    path("concerns/<str:public_id>/<str:deed>/", desk.act, name="act"),
    path("passed-on/", passing.passed, name="passed"),
    path("passed-on/bodies/new/", passing.body, name="body-add"),
    path("passed-on/bodies/<str:public_id>/", passing.body, name="body"),
    path("passed-on/bodies/<str:public_id>/ask/", passing.ask_body, name="body-ask"),
    path("passed-on/<str:public_id>/", passing.passing, name="passing"),
    path("passed-on/<str:public_id>/<str:act>/", passing.act, name="passing-act"),
]
