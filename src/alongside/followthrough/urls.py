"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.followthrough import desk, intake_views, views
from alongside.followthrough.passing import desk as passing
from alongside.followthrough.promises import desk as promises
from alongside.followthrough.promises import load_desk
from alongside.followthrough.public import views as public_views
from alongside.followthrough.public.tables import PROMISES
from alongside.followthrough.triage import views as triage

public: list[URLPattern] = [
    path("follow/", views.follow, name="follow"),
    path("follow/<str:code>/", views.page, name="page"),
    path("follow/<str:code>/stop/", views.stop_mail, name="stop-mail"),
    path("follow/<str:code>/yours/", intake_views.yours, name="yours"),
    path("tell-us/", intake_views.tell_us, name="tell-us"),
    path("tell-us/elsewhere/", intake_views.elsewhere, name="elsewhere"),
    path("tell-us/write/", intake_views.write, name="write"),
    path("promises/", public_views.public_list, name="public-list"),
    path("promises/sheet/", public_views.sheet, name="public-sheet"),
    path("promises.rss", public_views.rss, name="public-rss"),
    *PROMISES.paths("promises/", public_views.table),
    path("promises/made/<str:public_id>/", public_views.promise, name="public-promise"),
    path("promises/<str:public_id>/", public_views.concern, name="public-concern"),
]
workspace: list[URLPattern] = [
    path("concerns/", triage.concerns, name="concerns"),
    path("concerns/many/", triage.many, name="many"),
    path("concerns/many/<str:public_id>/undo/", triage.undo, name="undo"),
    path("concerns/overdue/", triage.overdue, name="overdue"),
    path("concerns/left/<str:public_id>/", triage.hand_over, name="hand-over"),
    path("concerns/replies/", triage.replies, name="replies"),
    path("concerns/replies/<str:public_id>/", triage.reply, name="reply"),
    path("concerns/replies/<str:public_id>/delete/", triage.delete_reply, name="delete-reply"),
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
    path("promises/", promises.promises, name="promises"),
    path("promises/new/", promises.new, name="new-promise"),
    path("promises/<str:public_id>/", promises.promise, name="promise"),
    path("promises/<str:public_id>/<str:deed>/", promises.act, name="promise-act"),
]
