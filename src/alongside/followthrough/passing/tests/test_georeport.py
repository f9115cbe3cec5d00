"""The Open311 of a city: what it says is read as it is meant, and whatever goes wrong has its name and its sentence."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from alongside.core.errors import Refusal
from alongside.followthrough.passing import georeport
from alongside.followthrough.passing.answers import MOST_BYTES, NotOpen311, rows_in
from alongside.followthrough.passing.georeport import (
    AnotherNumber,
    Attribute,
    Incomplete,
    KeyInTheOpen,
    KeyRefused,
    Kind,
    NotThere,
    Report,
    SaidNo,
    Sent,
    Server,
    Silent,
    TellsOfSomebody,
    Unclear,
    moment,
)
from alongside.followthrough.tests.georeport_server import (
    NOON,
    a_service,
    an_attribute,
    hangs_up,
    never,
    written,
)
from alongside.outside import web

pytestmark = pytest.mark.django_db
LAMP = Report("LIGHT", "The lamp at the crossing is dark.", "Oak St and 5th")
PAGE = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Sign in</body></html>"
HOME = ZoneInfo("America/Kentucky/Louisville")
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><services><service><service_code>&c;</service_code></service></services>'
)
FETCHES = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><services>&a;</services>'


@pytest.fixture(params=["json", "xml"])
def server(city, request):
    return Server(city.url, "Riverbend", format=request.param, zone=HOME)


class TestServices:
    def test_they_come_in_the_citys_order(self, city, server):
        city.services = [
            a_service("007", "Pothole", metadata=True, type="batch", keywords="hole, road", group="Streets"),
            a_service("LIGHT", "Street light out", type="blackbox"),
        ]
        hole, light = server.services()
        assert (hole.code, hole.name, hole.group, hole.keywords) == (
            "007",
            "Pothole",
            "Streets",
            ("hole", "road"),
        )
        assert (hole.kind, hole.asks_more) == (Kind.BATCH, True)
        assert (light.kind, light.asks_more) == (Kind.BLACKBOX, False)
        assert city.paths() == [f"/v2/services.{server.format}"]

    def test_none_is_an_answer(self, city, server):
        city.services = []
        assert server.services() == []

    def test_a_code_said_twice_is_once_and_one_without_is_none(self, city, server):
        city.services = [a_service(), a_service(name="Lamp"), a_service(""), a_service("x" * 101)]
        assert [each.name for each in server.services()] == ["Street light out"]

    def test_what_nobody_knows_is_passed_over(self, city, server):
        city.services = [a_service(type="sometimes", priority="high", keywords=None, group=None)]
        (light,) = server.services()
        assert (light.kind, light.keywords, light.group) == (Kind.REALTIME, (), "")

    def test_it_says_who_asks(self, city, server, settings):
        server.services()
        assert settings.ALONGSIDE.url in city.raw[0]
        assert settings.ALONGSIDE.mail_from in city.raw[0]

    def test_a_jurisdiction_is_named_where_one_is_needed(self, city, server):
        city.jurisdictions = {"riverbend.gov"}
        with pytest.raises(SaidNo, match="jurisdiction_id was not provided"):
            server.services()
        with pytest.raises(NotThere, match="not found"):
            replace(server, jurisdiction="elsewhere.gov").services()
        assert len(replace(server, jurisdiction="riverbend.gov").services()) == 2

    def test_what_else_a_service_asks(self, city, server):
        city.attributes["LIGHT"] = [
            an_attribute("NOTE", "Anything else?", datatype="text", required=False, order=3, values=[]),
            an_attribute(order=2),
            an_attribute(
                "INFO", "Crews work at night.", variable=False, datatype="string", order=1, values=[]
            ),
        ]
        info, pole, note = server.definition("LIGHT")
        assert (info.is_asked, pole.is_asked, note.is_asked) == (False, True, True)
        assert (pole.is_required, note.is_required) == (True, False)
        assert pole.values == (("w", "Wood"), ("m", "Metal"))
        with pytest.raises(NotThere):
            server.definition("nothing/like ☂ it")
        assert city.paths(f"/v2/services/{quote('nothing/like ☂ it', safe='')}.")

    @pytest.mark.parametrize(
        ("code", "asked", "person"),
        [
            ("FIRST_NAME", "?", True),
            ("Q7", "What is your e-mail address?", True),
            ("Q8", "Contact phone", True),
            ("Q9", "¿Cuál es su teléfono?", True),
            ("STREETNAME", "Name of the street", False),
            ("POLE", "Pole number", False),
        ],
    )
    def test_a_question_about_whoever_reports_is_known(self, code, asked, person):
        assert Attribute(code, asked).of_a_person is person

    def test_its_discovery_file_says_where_reports_are_taken(self, city, server):
        found = replace(server, url=f"{city.site}/discovery.{server.format}")
        assert found.is_discovery
        assert not server.is_discovery
        assert found.found_by_discovery() == city.url
        city.answers["GET discovery"] = {"changeset": "1", "endpoints": []}
        with pytest.raises(NotOpen311, match="names no place"):
            found.found_by_discovery()


class TestHandingOver:
    def test_a_report_gets_its_number(self, city, server):
        sent = server.hand_over(LAMP)
        assert sent == Sent("1234", "", "We look within five days.")
        assert city.forms() == [
            [
                ("service_code", "LIGHT"),
                ("description", "The lamp at the crossing is dark."),
                ("address_string", "Oak St and 5th"),
            ]
        ]
        assert city.asked[0][1] == f"/v2/requests.{server.format}"

    def test_a_key_and_a_jurisdiction_go_along(self, city, server):
        city.key, city.jurisdictions = "k3y", {"riverbend.gov"}
        ours = replace(server, key="k3y", jurisdiction="riverbend.gov")
        assert ours.hand_over(LAMP).id == "1234"
        assert "k3y" not in repr(ours)
        assert all("k3y" not in path for path in city.paths()), "it stands in no address"

    def test_a_point_is_told_to_a_hundred_metres(self, city, server):
        server.hand_over(replace(LAMP, place="", point=(38.2527123, -85.7585456)))
        assert dict(city.forms()[0])["lat"] == "38.253"
        assert dict(city.forms()[0])["long"] == "-85.759"

    def test_its_questions_are_answered(self, city, server):
        city.attributes["LIGHT"] = [an_attribute(), an_attribute("WHEN", datatype="multivaluelist")]
        with pytest.raises(SaidNo, match="attribute POLE is required"):
            server.hand_over(LAMP)
        server.hand_over(replace(LAMP, more={"POLE": ["w"], "WHEN": ["night", "rain"]}))
        assert city.forms()[1][-3:] == [
            ("attribute[POLE]", "w"),
            ("attribute[WHEN][]", "night"),
            ("attribute[WHEN][]", "rain"),
        ]

    def test_a_token_is_kept_until_it_has_become_a_number(self, city, server):
        city.services = [a_service(type="batch")]
        sent = server.hand_over(LAMP, kind=Kind.BATCH)
        assert (sent.id, sent.token) == ("", "T1234")
        assert server.number_of(sent.token) == ""
        city.tokens[sent.token] = "1234"
        assert server.number_of(sent.token) == "1234"
        with pytest.raises(NotThere, match="token not found"):
            server.number_of("T9")

    def test_a_black_box_gives_neither(self, city, server):
        city.services = [a_service(type="blackbox")]
        assert server.hand_over(LAMP, kind=Kind.BLACKBOX) == Sent(notice="Thank you.")
        with pytest.raises(Unclear):
            server.hand_over(LAMP)

    def test_a_wrong_key_is_said_and_not_said_back(self, city, server):
        city.key, city.says_key_back = "right", True
        with pytest.raises(KeyRefused, match="Invalid api_key received … -- can't proceed") as no:
            replace(server, key="wr0ng").hand_over(LAMP)
        assert "wr0ng" not in str(no.value)

    @pytest.mark.parametrize("body", [b"", b"Forbidden", PAGE], ids=["nothing", "a word", "a page"])
    def test_a_no_without_words_has_ours(self, city, server, body):
        city.faults["POST", "requests"] = (403, {}, body)
        with pytest.raises(KeyRefused, match="403"):
            server.hand_over(LAMP)

    def test_a_key_is_not_shown_to_everybody_on_the_way(self, city, settings):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"outside_allow": []})
        with pytest.raises(KeyInTheOpen):
            Server("http://open311.example/v2", "Riverbend", key="k3y").hand_over(LAMP)

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_nobody_is_sent_on_with_it(self, city, server, status):
        city.faults["POST", "requests"] = (status, {"Location": f"{city.url}/elsewhere.json"}, b"")
        with pytest.raises(SaidNo, match="another address"):
            server.hand_over(LAMP)
        assert len(city.asked) == 1

    @pytest.mark.parametrize(("status", "wrong"), [(400, SaidNo), (404, NotThere), (410, NotThere)])
    def test_its_no_is_a_no(self, city, server, status, wrong):
        said = written("errors", [{"code": status, "description": "The CRM is down."}], server.format)
        city.faults["POST", "requests"] = (status, {}, said)
        with pytest.raises(wrong, match="It says: The CRM is down"):
            server.hand_over(LAMP)

    def test_also_with_status_200(self, city, server):
        rows = [{"code": 400, "description": "No such street."}]
        city.faults["POST", "requests"] = (200, {}, written("errors", rows, server.format))
        with pytest.raises(SaidNo, match="No such street"):
            server.hand_over(LAMP)

    def test_too_many_are_sent_later(self, city, server):
        city.faults["POST", "requests"] = (429, {}, b"")
        with pytest.raises(Silent):
            server.hand_over(LAMP)


ODD = {
    "a page": (200, {"Content-Type": "text/html"}, PAGE),
    "nothing": (200, {}, b""),
    "a word": (200, {"Content-Type": "text/plain"}, b"OK"),
    "an empty list": (200, {}, b"[]"),
    "an empty list in XML": (200, {}, b"<service_requests/>"),
    "no number": (200, {}, b'[{"service_notice": "Thank you."}]'),
    "two numbers": (200, {}, b'[{"service_request_id": 1}, {"service_request_id": 2}]'),
    "half a list": (200, {}, b'[{"service_request_id": 12'),
    "half an element": (200, {}, b"<service_requests><request><service_request_id>12"),
    "a bomb": (200, {}, BOMB),
    "a number without an end": (200, {}, b'[{"service_request_id": %s}]' % (b"9" * 101)),
    "ten megabytes": (200, {}, b"[" + b" " * 10_000_000 + b"]"),
    "an error": (500, {}, b"<errors><error><code>500</code><description>Oops</description></error></errors>"),
    "a gateway": (502, {}, b"<html>Bad gateway"),
    "no time": (504, {}, b""),
    "silence": hangs_up,
}


class TestNobodyKnows:
    """Whatever leaves it open whether a report arrived is said to be so: it is not sent again by itself."""

    @pytest.mark.parametrize("odd", ODD)
    def test_what_is_no_answer(self, city, server, odd):
        city.after["POST", "requests"] = ODD[odd]
        with pytest.raises(Unclear, match="nobody knows"):
            server.hand_over(LAMP)
        assert len(city.reports) == 1, "the premise: it has arrived"

    def test_what_takes_too_long(self, city, server, monkeypatch):
        monkeypatch.setattr(georeport, "LIMITS", web.Limits(seconds=0.3))
        city.after["POST", "requests"] = never
        with pytest.raises(Unclear, match="too long"):
            server.hand_over(LAMP)

    def test_where_nothing_was_said_it_has_not_arrived(self, server):
        with pytest.raises(Silent):
            replace(server, url="http://127.0.0.1:9/v2").hand_over(LAMP)

    def test_the_same_number_twice_is_one(self, city, server):
        rows = [{"service_request_id": 7}, {"service_request_id": 7}]
        city.after["POST", "requests"] = (200, {}, written("service_requests", rows, server.format))
        assert server.hand_over(LAMP).id == "7"

    def test_what_arrived_is_found_among_the_citys_own(self, city, server):
        with pytest.raises(Unclear):
            city.after["POST", "requests"] = hangs_up
            server.hand_over(LAMP)
        since = datetime.fromisoformat(NOON)
        assert server.alike(LAMP, since=since) == ["1234"]
        assert server.alike(replace(LAMP, description="Another lamp is dark."), since=since) == []
        assert server.alike(LAMP, since=since.replace(month=7)) == []


class TestWhatLeaves:
    """A person's name, phone, address or door has no field here, and is looked for in those that there are."""

    def test_the_block_and_no_door(self, city, server):
        server.hand_over(replace(LAMP, place="1412 Oak Street, Apt 4"))
        assert dict(city.forms()[0])["address_string"] == "1400 block of Oak Street"
        assert "1412" not in city.words()

    @pytest.mark.parametrize(
        "report",
        [
            replace(LAMP, description="Call Ben at 502-555-0134, he knows the lamp."),
            replace(LAMP, description="Write to ben@neighbors.example."),
            replace(LAMP, place="Oak St, ask ben@neighbors.example"),
            replace(LAMP, more={"NOTE": ["My name is Ben Ortiz."]}),
            replace(LAMP, more={"NOTE": ["The van is parked there, license plate 123 ABC"]}),
        ],
    )
    def test_what_tells_of_a_person_stays_here(self, city, server, report):
        with pytest.raises(TellsOfSomebody, match="does not leave"):
            server.hand_over(report)
        assert city.asked == []

    @pytest.mark.parametrize(
        "report",
        [replace(LAMP, place=" "), replace(LAMP, description=""), replace(LAMP, description="x" * 2001)],
    )
    def test_what_nobody_could_work_with_stays_here_too(self, city, server, report):
        with pytest.raises(Incomplete):
            server.hand_over(report)
        assert city.asked == []

    def test_no_field_is_of_a_person(self, city, server):
        server.hand_over(replace(LAMP, point=(38.25, -85.75), more={"POLE": ["w"]}))
        of_a_person = {"email", "first_name", "last_name", "phone", "device_id", "account_id", "media_url"}
        assert not of_a_person & {name for name, _value in city.forms()[0]}


class TestWhatBecameOfIt:
    @pytest.fixture
    def number(self, server):
        return server.hand_over(LAMP).id

    def test_it_is_told(self, city, server, number):
        city.answer(
            number, status="closed", status_notes="New lamp.", expected_datetime="2026-06-09T00:00:00Z"
        )
        told = server.status(number)
        assert (told.id, told.status, told.is_closed) == ("1234", "closed", True)
        assert (told.notes, told.responsible) == ("New lamp.", "Public Works")
        assert told.requested == datetime(2026, 6, 4, 16, tzinfo=UTC)
        assert told.updated == datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
        assert told.expected == datetime(2026, 6, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("said", "status", "closed"),
        [
            ("OPEN", "open", False),
            (" Closed ", "closed", True),
            ("In_Progress", "in progress", False),
            ("Fixed", "fixed", True),
            (None, "", False),
        ],
    )
    def test_in_whatever_letters(self, city, server, number, said, status, closed):
        city.answer(number, status=said)
        assert (server.status(number).status, server.status(number).is_closed) == (status, closed)

    def test_a_number_with_a_slash_and_an_umbrella(self, city, server, number):
        city.reports["24/☂ 7?#"] = {**city.reports[number], "service_request_id": "24/☂ 7?#"}
        assert server.status("24/☂ 7?#").status == "open"

    def test_of_two_ours(self, city, server, number):
        other = {**city.reports[number], "service_request_id": "77", "status": "closed"}
        city.answers["GET requests/"] = [other, city.reports[number], city.reports[number]]
        assert server.status(number).status == "open"

    def test_another_number_is_not_taken_for_ours(self, city, server, number):
        city.answer(number, service_request_id="77", status="closed")
        with pytest.raises(AnotherNumber, match=r"1234.*77") as other:
            server.status(number)
        assert other.value.number == "77"

    def test_one_that_it_knows_no_more(self, city, server, number):
        city.answers["GET requests/"] = []
        with pytest.raises(NotThere, match="1234"):
            server.status(number)
        city.answers.clear()
        city.reports.clear()
        with pytest.raises(NotThere, match="was not found"):
            server.status(number)

    @pytest.mark.parametrize("odd", sorted(set(ODD) - {"an empty list", "an empty list in XML"}))
    def test_what_is_no_answer_says_nothing_of_it(self, city, server, number, odd):
        city.faults["GET", "requests"] = ODD[odd]
        with pytest.raises((Silent, NotOpen311, AnotherNumber, NotThere)) as no:
            server.status(number)
        assert str(no.value)

    def test_an_endless_way_ends(self, city, server, number):
        city.faults["GET", "requests"] = (302, {"Location": f"/v2/requests/{number}.json"}, b"")
        with pytest.raises(Silent):
            server.status(number)

    @pytest.mark.parametrize(
        ("text", "known"),
        [
            ("2010-04-14T06:37:38-08:00", datetime(2010, 4, 14, 14, 37, 38, tzinfo=UTC)),
            ("1994-11-05T13:15:30Z", datetime(1994, 11, 5, 13, 15, 30, tzinfo=UTC)),
            ("2026-06-04T12:00:00", datetime(2026, 6, 4, 16, tzinfo=UTC)),
            ("2026-06-04 12:00:00", datetime(2026, 6, 4, 16, tzinfo=UTC)),
            ("2026-06-04", datetime(2026, 6, 4, 4, tzinfo=UTC)),
            ("0001-01-01T00:00:00", None),
            ("9999-12-31T23:59:59-12:00", None),
            ("soon", None),
            ("", None),
            (None, None),
        ],
    )
    def test_a_moment(self, text, known):
        assert moment(text, HOME) == known


class TestReading:
    @pytest.mark.parametrize(
        "content",
        [
            b'[{"service_code": 1, "service_name": "Se\\u00f1al"}]',
            b'{"services": [{"service_code": "1", "service_name": "Se\xc3\xb1al"}]}',
            b'{"services": {"service": {"service_code": "1", "service_name": "Se\xf1al"}}}',
            b'\xef\xbb\xbf{"SERVICES": [{"SERVICE_CODE": "1", "Service_Name": " Se\xc3\xb1al "}]}',
            "<services><service><service_code>1</service_code><service_name>Señal</service_name></service></services>".encode(
                "utf-16"
            ),
            b'<?xml version="1.0" encoding="ISO-8859-1"?><o:services xmlns:o="http://wiki.open311.org/GeoReport_v2">'
            b"<o:service><o:service_code>1</o:service_code><o:service_name><![CDATA[Se\xf1al]]></o:service_name>"
            b"</o:service></o:services>",
        ],
        ids=["numbers", "in an object", "alone", "in capitals", "UTF-16", "Latin-1"],
    )
    def test_however_it_is_written(self, content):
        assert rows_in(content) == [{"service_code": "1", "service_name": "Señal"}]

    @pytest.mark.parametrize(
        "content",
        [
            b"", b" \n", b"\x00\x00", b"OK", b"null", b"<", b"<services>", PAGE, BOMB, FETCHES, b"[" * 100_000,
            b"<a>" * 100_000, b"[" + b"0," * 300_000 + b"0]", b'{"service_code": 001}', b"\xff\xfe<",
            b"<services/><services/>", b'[{"a": "b"}',
        ],
    )  # fmt: skip
    def test_what_is_none(self, content):
        with pytest.raises(NotOpen311) as no:
            rows_in(content)
        assert str(no.value).startswith("The answer ")

    def test_numbers_stay_as_they_are(self):
        """A number of a report is a name: nobody rounds it, and nobody counts with it."""
        (row,) = rows_in(b'[{"a": 12345678901234567890, "b": 1.50, "c": NaN, "d": true, "e": null}]')
        assert row == {"a": "12345678901234567890", "b": "1.50", "c": "NaN", "d": "true", "e": ""}

    def test_nothing_hides_in_it(self):
        (row,) = rows_in(b'[{"a": "one\\u0000\\ud800 \\u202etwo"}]')
        assert row["a"] == "one � two"

    def test_what_is_very_long_is_cut(self):
        (row,) = rows_in(b"<services><service><a>" + b"x" * 100_000 + b"</a></service></services>")
        assert len(row["a"]) == 4_000

    def test_every_refusal_is_one(self, server, city):
        for content in (BOMB, PAGE, b"["):
            city.faults["GET", "services"] = (200, {}, content)
            with pytest.raises(Refusal, match="The answer"):
                server.services()

    def test_more_than_was_asked_for_is_not_read(self, city, server):
        city.faults["GET", "services"] = (200, {}, b"[" + b" " * MOST_BYTES + b"]")
        with pytest.raises(Silent, match="too large"):
            server.services()
