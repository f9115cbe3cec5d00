"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.field import desk, phone, phone_page, views

public: list[URLPattern] = [
    path("gatherings/<str:gathering_id>/field/", phone_page.page, name="phone"),
    path("gatherings/<str:gathering_id>/field/worker.js", phone_page.worker, name="phone-worker"),
    path("gatherings/<str:gathering_id>/field/manifest.json", phone_page.manifest, name="phone-manifest"),
    path("gatherings/<str:gathering_id>/field/way.json", phone_page.way, name="way"),
    path("gatherings/<str:gathering_id>/field/pass/", phone_page.open_pass, name="phone-pass"),
    path("field/<str:gathering_id>/kit.json", phone.kit, name="kit"),
    path("field/<str:gathering_id>/items/", phone.items, name="items"),
    path("field/<str:gathering_id>/photos/<str:client_id>/", phone.photo, name="photos"),
    path("field/look-back/<str:token>/", views.partner_look_back, name="partner-look-back"),
    path("recaps/<str:gathering_id>/", views.recap, name="recap"),
]
workspace: list[URLPattern] = [
    path("heard/", desk.desk, name="desk"),
    path("heard/photos/<str:public_id>/", desk.decide, name="decide"),
    path("heard/<str:gathering_id>/", desk.heard, name="heard"),
    path("heard/<str:gathering_id>/notes/<str:public_id>/", desk.settle, name="settle"),
    path("heard/<str:gathering_id>/came/", desk.came, name="came"),
    path("heard/<str:gathering_id>/passes/", desk.open_pass, name="open-pass"),
    path("heard/<str:gathering_id>/passes/partner/", desk.open_partner_pass, name="open-partner-pass"),
    path("heard/<str:gathering_id>/passes/<str:public_id>/", desk.revoke, name="revoke"),
    path("heard/<str:gathering_id>/photos/", desk.photos, name="photos-desk"),
    path("heard/<str:gathering_id>/cards/", desk.cards, name="cards"),
    path("heard/<str:gathering_id>/look-back/", desk.look_back, name="look-back"),
    path("heard/<str:gathering_id>/enforcement/", desk.say_exception, name="say-exception"),
    path("heard/<str:gathering_id>/recap/", desk.recap, name="recap-desk"),
]
