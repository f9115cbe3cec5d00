"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.gatherings import desk, import_desk, promised_desk, rules_desk, views

public: list[URLPattern] = [
    path("gatherings/", views.coming, name="coming"),
    path("gatherings.rss", views.rss, name="rss"),
    path("gatherings/<str:public_id>/", views.detail, name="detail"),
    path("gatherings/<str:public_id>/join/", views.join, name="join"),
    path("gatherings/<str:public_id>/who-came/", views.say_who_came, name="say-who-came"),
    path("was-there/", views.say_who_came, name="type-card"),
    path("was-there/<str:token>/", views.was_there, name="was-there"),
    path("who-came/", views.who_came, name="who-came"),
    path("gatherings/<str:public_id>/calendar.ics", views.ics, name="ics"),
    path("gatherings/<str:public_id>/flyer/", views.flyer, name="flyer"),
    path("gatherings/<str:public_id>/picture.png", views.picture, name="picture"),
    path("gatherings/<str:public_id>/share/", views.share, name="share"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("answer/<str:token>/cannot-come/", views.cannot_come, name="cannot-come"),
    path("answer/<str:token>/stop-mail/", views.stop_mail, name="stop-mail"),
    path("answer-again/<str:token>/", views.answer_again, name="answer-again"),
    path("calendar/", views.follow, name="follow"),
    path("calendar.ics", views.feed, name="feed"),
    path("calendar/<str:area_id>.ics", views.area_feed, name="area-feed"),
    path("calendar/<str:area_id>.rss", views.area_rss, name="area-rss"),
]
workspace: list[URLPattern] = [
    path("gatherings/", desk.desk, name="desk"),
    path("gatherings/plan/", desk.plan, name="plan"),
    path("gatherings/series/", desk.all_series, name="all-series"),
    path("gatherings/series/new/", desk.series, name="series-new"),
    path("gatherings/series/<str:public_id>/", desk.series, name="series"),
    path("gatherings/series/<str:public_id>/dates/", desk.series_dates, name="series-dates"),
    path("gatherings/import/", import_desk.upload, name="import"),
    path("gatherings/import/<str:public_id>/look/", import_desk.preview, name="import-preview"),
    path("gatherings/import/<str:public_id>/", import_desk.report, name="import-report"),
    path("gatherings/import/<str:public_id>/report.json", import_desk.report_json, name="import-json"),
    # Before the page of a walk, whose id is any word: addresses are tried in the order of the rooms' names.
    path("walks/rules/", rules_desk.rules_page, name="rules"),
    path("walks/rules/change/", rules_desk.edit_rules, name="edit-rules"),
    path("gatherings/<str:public_id>/", desk.overview, name="overview"),
    path("gatherings/<str:public_id>/edit/", desk.edit, name="edit"),
    path("gatherings/<str:public_id>/publish/", desk.publish, name="publish"),
    path("gatherings/<str:public_id>/discard/", desk.discard, name="discard"),
    path("gatherings/<str:public_id>/cancel/", desk.cancel, name="cancel"),
    path("gatherings/<str:public_id>/move/", desk.move, name="move"),
    path("gatherings/<str:public_id>/word/", desk.word, name="word"),
    path("gatherings/<str:public_id>/held/", desk.held, name="held"),
    path("gatherings/<str:public_id>/cards/", desk.came_cards, name="came-cards"),
    path("gatherings/<str:public_id>/heads/", desk.heads, name="heads"),
    path("gatherings/<str:public_id>/needs/<str:answer_id>/", desk.arrange, name="arrange"),
    path("gatherings/<str:public_id>/list/", desk.roll, name="roll"),
    path("gatherings/<str:public_id>/promised/", promised_desk.promised, name="promised"),
]
