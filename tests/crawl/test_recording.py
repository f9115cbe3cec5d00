"""What the walk through every page found is recorded without what is particular to one city."""

from tests.crawl.check import Result, fitting, forms, general, ids_by_room
from tests.crawl.record import NOT_VISITED, record, table, unvisited
from tests.doors.routes import every_route


def test_an_address_is_told_as_its_route_is_written():
    assert general("/riverbend/walks/abc/") == "/<slug:agency>/walks/<str:public_id>/"
    assert general("/es/riverbend/walks/?b=1") == "/es/<slug:agency>/walks/?…"
    assert general("/nowhere/at/all/ever/") == "/nowhere/at/all/ever/"


def test_the_things_of_a_room_are_known_by_its_addresses():
    known = {
        "/riverbend/walks/abc/",
        "/riverbend/walks/xyz/",
        "/riverbend/gatherings/abd/",
        "/nowhere/at/all/",
    }
    assert ids_by_room(known)["walks"].keys() == {"abc", "xyz"}
    assert ids_by_room(known)["gatherings"].keys() == {"abd"}
    assert not ids_by_room(known)["people"]


def test_a_door_is_tried_first_with_what_fits_it_elsewhere():
    codes = {"/riverbend/follow/code-2/", "/riverbend/follow/code-1/"}
    known = codes | {"/riverbend/workspace/concerns/abc/", "/riverbend/workspace/concerns/xyz/"}
    [stop] = [each for each in every_route() if each.name == "followthrough:stop-mail"]
    assert fitting(stop, ids_by_room(known)["followthrough"]) == ["code-1", "code-2", "abc", "xyz"]


def test_the_routes_that_a_page_sends_forms_to():
    html = '<form action="/es/riverbend/workspace/weather/abc/settle/"></form><form method="post"></form>'
    assert forms(html) == {"weather:settle"}


def test_a_route_is_visited_or_has_a_reason():
    result = Result(forms={"weather:settle"})
    result.answers["walks:list"].add(200)
    result.answers["front:ranks"] |= {405}
    missed = unvisited(result)
    assert "walks:list" not in missed
    assert missed["weather:settle"] == missed["front:ranks"] == "takes a form"
    assert missed["account_logout"] == NOT_VISITED["account_logout"]
    assert missed["walks:detail"] == "", "forgotten"
    recorded = record(result)
    assert "walks:detail" in recorded["findings"]["routes not visited"]["without a reason"]
    assert "weather:settle" not in recorded["findings"]["routes not visited"]["without a reason"]


def test_every_reason_is_a_routes():
    assert NOT_VISITED.keys() <= {each.name for each in every_route()}


def test_the_same_finding_is_told_once_and_the_table_is_short():
    result = Result(forms={each.name for each in every_route()})
    result.find("axe", "dent", "/riverbend/walks/abc/", "too pale")
    for address in ("/riverbend/walks/abc/", "/riverbend/walks/xyz/"):
        result.fetched["ada", "en"] += 1
        result.opened["ada", "en"] += 1
        result.find("axe", "ada", address, "too pale")
    recorded = record(result)
    assert recorded["findings"] == {
        "axe": {"too pale": ["/<slug:agency>/walks/<str:public_id>/ (ada, dent)"]}
    }
    assert list(table(recorded)) == [
        "role      language   answers    1280     360",
        "ada       en               2       2       2",
        "axe: 1",
        "  too pale",
        "    /<slug:agency>/walks/<str:public_id>/ (ada, dent)",
        f"0 routes visited, {len(every_route())} not, each with its reason",
    ]
