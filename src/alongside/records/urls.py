"""Addresses of this room."""

from django.urls import URLPattern, path

from alongside.records import desk, views
from alongside.records.releases import RELEASES

public: list[URLPattern] = [
    path("releases/", views.released, name="releases"),
    *RELEASES.paths("releases/", views.releases_data),
    path("your-data/<str:kind>/<str:code>/", views.yours, name="yours"),
    path("your-data/<str:kind>/<str:code>/download/", views.yours_file, name="yours-file"),
]
workspace: list[URLPattern] = [
    path("records/", desk.requests, name="requests"),
    path("records/new/", desk.request_new, name="request-new"),
    path("records/person/", desk.person, name="person"),
    path("records/holds/", desk.all_holds, name="holds"),
    path("records/holds/<str:public_id>/lift/", desk.lift, name="lift"),
    path("records/schedule/", desk.schedule, name="schedule"),
    path("records/schedule/schedule.csv", desk.schedule_csv, name="schedule-csv"),
    path("records/schedule/<str:kind>/", desk.schedule_kind, name="schedule-kind"),
    path("records/disposals/", desk.certificates, name="certificates"),
    path("records/disposals/disposals.csv", desk.certificates_csv, name="certificates-csv"),
    path("records/disposals/<str:public_id>/", desk.certificate, name="certificate"),
    path("records/releases/", desk.releases, name="log"),
    path("records/requests/<str:public_id>/", desk.request_page, name="request"),
    path("records/requests/<str:public_id>/accept/", desk.accept, name="accept"),
    path("records/requests/<str:public_id>/finish/", desk.finish, name="finish"),
    path("records/requests/<str:public_id>/hand-over/", desk.hand_over, name="hand-over"),
    path("records/requests/<str:public_id>/withdraw/", desk.withdraw, name="withdraw"),
    path("records/requests/<str:public_id>/export.zip", desk.export, name="export"),
    path("records/requests/<str:public_id>/<int:number>/", desk.record, name="record"),
]
