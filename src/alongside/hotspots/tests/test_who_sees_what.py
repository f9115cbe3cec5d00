"""What the public reads, what a commander reads, and what nobody but analysts gets."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.cast import staff_member

from alongside.agencies.models import AuditEntry
from alongside.hotspots import actions, queries
from alongside.hotspots.models import Band, Campus, Run
from alongside.hotspots.tests import town
from alongside.jobs import worker

pytestmark = pytest.mark.django_db


def url(name, *args, language="en"):
    with translation.override(language):
        return reverse(f"hotspots:{name}", args=["riverbend", *args])


@pytest.fixture
def homes(riverbend):
    return town.draw(riverbend)


def a_row(name, population, rate, interval, smoothed):
    row = {"name": name, "events": 300, "population": population, "rate": rate, "rate_interval": interval}
    return row | {"smoothed_rate": smoothed}


@pytest.fixture
def run(riverbend, homes):
    made = town.a_run(
        riverbend,
        single_sites=[{"events": 500, "share": 0.9, "cell": "8a2a93000007fff", "set_apart": "before"}],
        only_beside=[{"neighborhood": "Shelby", "cells": 2, "events": 9}],
        neighborhoods=[
            a_row("Shelby", 40, None, None, 80.2),
            a_row("Eastbank", 1500, 200.0, [178.0, 224.0], 197.0),
        ],
        sensitivity=[
            {"window": "before", "from": "2024-01-01", "to": "2024-12-31", "significant": 3, "areas": 2,
             "same_neighborhoods": 0.5},
            {"resolution": 8, "edge_m": 531, "significant": 4, "areas": 1, "same_neighborhoods": None},
        ],
        stability={"top_share": 0.31, "interval": [0.28, 0.33], "by_chance": 0.05, "pai": 6, "pei": 0.9, "months": 12},
    )  # fmt: skip
    town.a_focus_area(made, homes["Eastbank"], name="Eastbank, south-west", rate=211.7, rate_low=178.3)
    town.a_focus_area(made, homes["Mill Row"], name="Mill Row, east", band=Band.FOUR_TIMES)
    town.a_focus_area(
        made, homes["Old Market"], name="Old Market", site_share=0.8, site_cell="8a2a93000007fff"
    )
    return made


# -- the public -------------------------------------------------------------------------------------
def test_cleo_reads_neighborhoods_by_band_and_no_more(run, homes):
    page = Client().get(url("how-we-choose"))
    assert page.status_code == 200
    words = page.text
    assert re.search(r"At least four times.*>Mill Row</a>.*At least twice.*>Eastbank</a>", words, re.S)
    assert "What this is not" in words
    for area in run.areas.all():
        secrets = [area.public_id, area.name, *area.cells, f"{area.peak_z}", "211.7", "178.3", "0.0004"]
        outline = list(area.shape.exterior.coords)
        secrets += [f"{x:.4f}" for x, _ in outline] + [f"{y:.4f}" for _, y in outline]
        if area.name == area.neighborhood.name:
            secrets.remove(area.name)
        for secret in secrets:
            assert secret not in words, f"{secret} is finer than a neighborhood"
    assert "8a2a93" not in words


def test_single_sites_give_no_neighborhood_a_band(riverbend, run):
    bands = queries.neighborhoods_by_band(run.published_by or _nobody(), riverbend)
    assert [(each.band, each.names) for each in bands] == [
        (Band.FOUR_TIMES, ["Mill Row"]),
        (Band.TWICE, ["Eastbank"]),
    ]


def _nobody():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def test_names_within_a_band_follow_the_alphabet_not_the_rate(riverbend, homes):
    made = town.a_run(riverbend)
    town.a_focus_area(made, homes["Shelby"], rate=900.0, rate_high=999.0)
    town.a_focus_area(made, homes["Hilltop"])
    (only,) = queries.neighborhoods_by_band(_nobody(), riverbend)
    assert only.names == ["Hilltop", "Shelby"]


def test_nothing_shows_before_it_is_published(riverbend, homes, ada, client_for):
    made = town.a_run(riverbend, published=False)
    town.a_focus_area(made, homes["Eastbank"])
    before = Client().get(url("how-we-choose")).text
    assert "We have not published any data" in before
    assert "Eastbank" not in before

    client_for(ada).post(url("run-publish", made.public_id))

    assert "Eastbank" in Client().get(url("how-we-choose")).text
    assert AuditEntry.objects.filter(verb="published", actor=ada).exists()


def test_a_published_run_that_found_nothing_is_shown_as_such(riverbend, homes):
    town.a_run(riverbend)
    page = Client().get(url("how-we-choose")).text
    assert "no named neighborhood" in page
    assert "We have not published any data" not in page


def test_an_older_run_gives_way_to_the_newest_published(riverbend, run, homes):
    newest = town.a_run(riverbend)
    town.a_focus_area(newest, homes["Riverside"])
    later = town.a_run(riverbend, published=False)
    town.a_focus_area(later, homes["Shelby"])
    page = Client().get(url("how-we-choose")).text
    assert "Riverside" in page
    for name in ("Mill Row", "Shelby"):
        assert f"<p>{name}" not in page


def test_every_stranger_reads_the_same_bytes(run, settings):
    one, other = (Client().get(url("how-we-choose"), REMOTE_ADDR=a) for a in ("10.0.0.1", "10.0.0.2"))
    assert one.content == other.content
    assert not one.cookies


def test_the_page_speaks_spanish_at_its_own_address(run):
    page = Client().get(url("how-we-choose", language="es"))
    assert page.status_code == 200
    assert 'lang="es"' in page.text


def test_the_method_is_open_to_anybody():
    page = Client().get("/methods/hot-spots/")
    assert page.status_code == 200
    assert "The promise" in page.text
    assert 'href="/methods/rates/"' in page.text
    assert "not a patrol plan" in page.text
    assert Client().get("/methods/../secrets/").status_code == 404
    assert Client().get("/methods/nothing/").status_code == 404
    assert '<article class="prose" lang="en">' in Client().get("/es/methods/stability/").text


# -- staff ------------------------------------------------------------------------------------------
ANALYSTS_ONLY = ["runs", "run"]


def test_nia_and_ada_read_a_run_whole(run, ada, analyst, client_for):
    for who in (ada, analyst):
        desk = client_for(who)
        assert desk.get(url("runs")).status_code == 200
        page = desk.get(url("run", run.public_id)).text
        for sentence in (
            "Not for patrol, targeting or enforcement",
            "/methods/hot-spots/",
            "Eastbank, south-west",
            "police were involved about 212 times a year for each 1,000 residents, likely between 178 and",  # 211.7
            "It is no prediction",
            "/methods/stability/",
            "As long a time before",
            "Cells with edges of 0.3 mi",
            "quiet place beside busy ones",
            "Looks that find ground in it",
            "What we say",
            "500 incidents, 90% of those around it",
            "Peak z and q describe an area’s strongest cell",
            "Weeks since the last walk",
        ):
            assert sentence in page, sentence
        assert "8a2a93000007fff" in page  # only as the value that “People live there” sends
        assert run.areas.get(name="Eastbank, south-west").cells[0] not in page


def test_major_dent_sees_areas_but_no_run_no_cell_and_no_export(run, dent, client_for):
    actions.set_criteria(run.agency, weights=town.WEIGHTS, by=dent)
    phone = client_for(dent)
    assert "Eastbank, south-west" in phone.get(url("focus-areas")).text
    for closed in (url("runs"), url("run", run.public_id), url("criteria")):
        assert phone.get(closed).status_code == 403
    for act in ("run-export", "run-publish", "site-keep"):
        assert phone.post(url(act, run.public_id), {"what": "cells"}).status_code == 403
    assert not AuditEntry.objects.filter(verb="exported").exists()


def test_an_officer_sees_neither(run, officer, client_for):
    car = client_for(officer)
    area = run.areas.first()
    for closed in (
        url("runs"),
        url("run", run.public_id),
        url("focus-areas"),
        url("choose", area.public_id),
        url("choose-elsewhere"),
        url("criteria"),
        url("petitions"),
    ):
        assert car.get(closed).status_code == 403, closed


def test_to_eve_none_of_it_exists(run, eve, client_for, elsewhere):
    area, petition = run.areas.first(), town.a_petition(run.agency, place="The park")
    elsewhere_door = client_for(eve)
    for name, args in [
        ("runs", []),
        ("run", [run.public_id]),
        ("focus-areas", []),
        ("choose", [area.public_id]),
        ("petition-answer", [petition.public_id]),
    ]:
        assert elsewhere_door.get(url(name, *args)).status_code == 404
        ours = reverse(f"hotspots:{name}", args=["elsewhere", *args])  # through her own agency's door
        assert elsewhere_door.get(ours).status_code == (404 if args else 200)
    assert elsewhere_door.post(url("run-export", run.public_id)).status_code == 404
    theirs = Client().get(reverse("hotspots:petition", args=["elsewhere", petition.public_id]))
    assert theirs.status_code == 404
    mine = Client().get(reverse("hotspots:petition", args=["riverbend", petition.public_id]))
    assert mine.status_code == 200
    assert "noindex" in mine["X-Robots-Tag"], "its address is a key"


def test_taking_numbers_along_is_written_down(run, analyst, client_for):
    desk = client_for(analyst)
    areas = json.loads(desk.post(url("run-export", run.public_id), {"what": "areas"}).content)
    assert {area["name"] for area in areas["areas"]} == {"Eastbank, south-west", "Mill Row, east"}
    cells = (
        desk.post(url("run-export", run.public_id), {"what": "cells"})
        .getvalue()
        .decode("utf-8-sig")
        .splitlines()
    )
    assert cells[0] == "cell,count,z,p,q"
    taken = AuditEntry.objects.filter(verb="exported", actor=analyst)
    assert sorted(each.detail["what"] for each in taken) == ["areas", "cells"]
    assert desk.get(url("run-export", run.public_id)).status_code == 405


def test_cells_that_are_gone_are_said_and_no_export_is_written_down(run, analyst, client_for):
    run.table_path.unlink()
    landed = client_for(analyst).post(url("run-export", run.public_id), {"what": "cells"}, follow=True)
    assert "not here any more" in landed.text
    assert not AuditEntry.objects.filter(verb="exported").exists()


def test_people_live_there_is_kept_for_a_place_of_this_run_only(run, analyst, client_for):
    desk = client_for(analyst)
    desk.post(url("site-keep", run.public_id), {"cell": "8a2a93000007fff", "name": "Park Homes"})
    assert Campus.objects.get().name == "Park Homes"
    assert desk.post(url("site-keep", run.public_id), {"cell": "8a2a9300000ffff"}).status_code == 404
    assert Campus.objects.count() == 1


def test_nia_runs_it_in_the_browser(riverbend, homes, analyst, client_for, tmp_path):
    desk = client_for(analyst)
    assert "The lake is empty" in desk.get(url("runs")).text
    town.fill_the_lake(riverbend, tmp_path)
    assert "from Jan. 1, 2024" in desk.get(url("runs")).text
    question = {"window_from": "2025-01-01", "window_to": "2025-12-31", "layer": "both", "resolution": ""}
    waits = desk.post(url("runs"), question, follow=True)
    assert "Looking at the data" in waits.text
    assert "A look is under way" in desk.get(url("runs")).text
    worker.drain()
    made = Run.objects.get()
    assert made.made_by == analyst
    assert waits.redirect_chain == [(url("run", made.public_id), 302)]
    assert "Eastbank" in desk.get(url("run", made.public_id)).text
    for wrong in (
        {"window_to": ""},
        {"window_to": "2024-01-01"},
        {"window_from": "1999-01-01", "window_to": "1999-02-01"},
    ):
        page = desk.post(url("runs"), question | wrong)
        assert page.status_code == 422
        assert 'role="alert"' in page.text
    assert worker.drain() == []
    assert Run.objects.count() == 1


def test_a_look_that_finds_nothing_to_compare_says_why_where_it_was_asked_for(
    riverbend, homes, analyst, client_for, tmp_path
):
    desk = client_for(analyst)
    town.fill_the_lake(riverbend, tmp_path, town.calls(enforcement=False))
    question = {"window_from": "", "window_to": "", "layer": "enforcement", "resolution": ""}
    landed = desk.post(url("runs"), question, follow=True)
    worker.drain()
    page = desk.get(landed.redirect_chain[-1][0]).text
    assert "no incidents of this layer" in page
    assert "Ask again" in page
    assert not Run.objects.exists()


@pytest.mark.parametrize("areas", [2, 12])
def test_queries_do_not_grow_with_the_areas(
    riverbend, homes, ada, client_for, django_assert_max_num_queries, areas
):
    made = town.a_run(riverbend)
    for number in range(areas):
        town.a_focus_area(made, list(homes.values())[number % 6], name=f"Part {number}")
    actions.set_criteria(riverbend, weights=town.WEIGHTS, by=ada)
    for home in homes.values():
        town.a_petition(riverbend, home)
    desk, stranger = client_for(ada), Client()
    with django_assert_max_num_queries(15):
        assert desk.get(url("focus-areas")).status_code == 200
    with django_assert_max_num_queries(12):
        assert desk.get(url("run", made.public_id)).status_code == 200
    with django_assert_max_num_queries(9):
        assert desk.get(url("petitions")).status_code == 200
    with django_assert_max_num_queries(8):
        assert stranger.get(url("how-we-choose")).status_code == 200


def test_a_partner_is_no_planner(riverbend, run, client_for):
    from alongside.agencies.models import Role

    reverend = staff_member(riverbend, "Rev. Partner", Role.PARTNER)
    assert client_for(reverend).get(url("focus-areas")).status_code == 403
