"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.places import area_views, exposure_views, street_views, venue_views

public: list[URLPattern] = []
workspace: list[URLPattern] = [
    path("areas/", area_views.areas, name="areas"),
    path("areas/draw/", area_views.area_draw, name="area-draw"),
    path("areas/words/", area_views.area_words, name="area-words"),
    path("areas/import/", area_views.area_import, name="area-import"),
    path("areas/import/<str:public_id>/", area_views.area_preview, name="area-preview"),
    path("areas/<str:public_id>/", area_views.area, name="area"),
    path("streets/", street_views.streets, name="streets"),
    path("streets/<str:public_id>.json", street_views.report, name="streets-report"),
    path("exposure/", exposure_views.exposure, name="exposure"),
    path("exposure/withdraw/", exposure_views.exposure_withdraw, name="exposure-withdraw"),
    path("exposure/<str:public_id>/", exposure_views.exposure_preview, name="exposure-preview"),
    path("venues/", venue_views.venues, name="venues"),
    path("venues/add/", venue_views.venue, name="venue-add"),
    path("venues/import/", venue_views.venue_import, name="venue-import"),
    path("venues/import/<str:public_id>/", venue_views.venue_preview, name="venue-preview"),
    path("venues/<str:public_id>/", venue_views.venue, name="venue"),
]
