"""We ask politely, rarely and briefly, and live with every answer that the service is known to give."""

import time
from datetime import timedelta

import pytest

from alongside.core import clock
from alongside.outside import circuits
from alongside.outside.web import Limits
from alongside.weather import service
from alongside.weather.models import Kept
from alongside.weather.service import NotCovered, Service, Silent, fresh_for

LOUISVILLE = (38.2527, -85.7585)


class TestAsking:
    def test_a_point_leads_to_its_hours(self, sky):
        said = Service().hourly(*LOUISVILLE)
        assert len(said["properties"]["periods"]) == 156
        assert sky.paths() == ["/points/38.253,-85.758", "/gridpoints/LMK/50,78/forecast/hourly"]

    def test_it_says_who_asks_and_whom_to_write_to(self, sky, settings):
        Service().hourly(*LOUISVILLE)
        _path, headers = sky.asked[0]
        assert settings.ALONGSIDE.url in headers["User-Agent"]
        assert settings.ALONGSIDE.mail_from in headers["User-Agent"]
        assert headers["Accept"] == "application/geo+json"

    def test_a_service_that_does_not_know_us_is_silent(self, sky, monkeypatch):
        monkeypatch.setattr(service, "name_of_us", lambda: "curl")
        with pytest.raises(Silent, match="403"):
            Service().hourly(*LOUISVILLE)

    def test_the_same_square_is_asked_once_a_run(self, sky):
        asked = Service()
        asked.hourly(38.2527, -85.7585)
        asked.hourly(38.2611, -85.7499)
        assert len(sky.paths("/points/")) == 2
        assert len(sky.paths("/gridpoints/")) == 1

    def test_round_points_are_asked_without_zeros(self, sky):
        Service().hourly(38.2504, -85.0001)
        assert sky.paths("/points/") == ["/points/38.25,-85"]

    def test_a_redirect_on_the_same_host_is_followed(self, sky):
        sky.status = {"/points/38.253,-85.758": (301, "/points/38.25,-85.76")}
        assert Service().hourly(*LOUISVILLE)["properties"]["periods"]

    @pytest.mark.parametrize(
        "to", ["http://127.0.0.1:9/", "https://elsewhere.example/", "file:///etc/passwd"]
    )
    def test_a_redirect_to_another_place_is_not(self, sky, to):
        sky.status = {"/points/": (302, to)}
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)

    def test_an_endless_redirect_ends(self, sky):
        sky.status = {"/points/": (302, "/points/38.253,-85.758")}
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)
        assert len(sky.asked) < 15

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:1/secret", "file:///etc/passwd", "/alerts/active", "", "/gridpoints/../x"]
    )
    def test_an_answer_does_not_choose_what_we_ask_next(self, sky, url):
        sky.forecast_url = url or "x"
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)
        assert len(sky.asked) == 1

    def test_the_paths_of_the_real_service_are_asked_of_ours(self, sky):
        sky.forecast_url = "https://api.weather.gov/gridpoints/LMK/50,78/forecast/hourly"
        assert Service().hourly(*LOUISVILLE)["properties"]["periods"]


class TestKeeping:
    def test_what_is_fresh_is_not_asked_again(self, sky):
        Service().hourly(*LOUISVILLE)
        with clock.at(clock.now() + timedelta(minutes=9)):
            Service().hourly(*LOUISVILLE)
        assert len(sky.asked) == 2

    def test_what_is_not_is_asked_whether_it_changed(self, sky):
        Service().hourly(*LOUISVILLE)
        with clock.at(clock.now() + timedelta(minutes=11)):
            assert Service().hourly(*LOUISVILLE)["properties"]["periods"]
            assert Service().hourly(*LOUISVILLE)["properties"]["periods"]
        assert len(sky.asked) == 4
        headers = sky.asked[-1][1]
        assert headers["If-None-Match"] == '"one"'
        assert headers["If-Modified-Since"] == "Thu, 04 Jun 2026 10:00:00 GMT"

    def test_what_changed_is_taken(self, sky):
        Service().hourly(*LOUISVILLE)
        sky.hours, sky.etag = {"temperature": 99}, '"two"'
        with clock.at(clock.now() + timedelta(minutes=11)):
            said = Service().hourly(*LOUISVILLE)
        assert said["properties"]["periods"][0]["temperature"] == 99
        assert Kept.objects.filter(etag='"two"').count() == 2

    @pytest.mark.parametrize(
        ("headers", "minutes"),
        [
            ({"Cache-Control": "public, max-age=600"}, 10),
            ({"Cache-Control": "max-age=1"}, 5),
            ({"Cache-Control": "max-age=999999999"}, 1440),
            ({"Cache-Control": "no-cache, max-age=6000"}, 5),
            ({"Expires": "words"}, 5),
            ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 5),
            ({}, 5),
        ],
    )
    def test_how_long_it_keeps(self, headers, minutes):
        assert fresh_for(headers) == timedelta(minutes=minutes)

    def test_expires_is_read_where_nothing_else_is_said(self):
        ahead = (clock.now() + timedelta(minutes=30)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        assert timedelta(minutes=29) < fresh_for({"Expires": ahead}) <= timedelta(minutes=30)


class TestFailing:
    def test_one_stumble_is_forgiven(self, sky):
        sky.stumbles = 1
        assert Service().hourly(*LOUISVILLE)["properties"]["periods"]

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_service_that_is_down_is_asked_twice_and_then_left_alone(self, sky, status):
        sky.status = {"/": status}
        asked = Service()
        for _ in range(3):
            with pytest.raises(Silent, match=str(status)):
                asked.hourly(*LOUISVILLE)
        assert len(sky.asked) == 2

    @pytest.mark.parametrize("status", [400, 403, 429])
    def test_who_is_refused_does_not_insist(self, sky, status):
        sky.status = {"/": status}
        with pytest.raises(Silent, match=str(status)):
            Service().hourly(*LOUISVILLE)
        assert len(sky.asked) == 1

    def test_a_service_that_is_down_makes_nobody_wait_for_long(self, sky):
        sky.status = {"/": 503}
        asked = Service()
        for number in range(50):
            with pytest.raises(Silent):
                asked.hourly(38 + number / 10, -85)
        assert len(sky.asked) == circuits.OPENS_AFTER
        with pytest.raises(Silent, match="does not answer at the moment"):
            Service().hourly(*LOUISVILLE)
        assert len(sky.asked) == circuits.OPENS_AFTER, "not by the next look either"

    def test_one_that_refuses_is_left_alone_in_this_run(self, sky):
        sky.status = {"/": 403}
        asked = Service()
        for number in range(50):
            with pytest.raises(Silent):
                asked.hourly(38 + number / 10, -85)
        assert len(sky.asked) == service.PATIENCE

    def test_an_older_answer_is_better_than_none_for_six_hours(self, sky):
        Service().hourly(*LOUISVILLE)
        sky.status = {"/": 503}
        with clock.at(clock.now() + timedelta(hours=5)):
            assert Service().hourly(*LOUISVILLE)["properties"]["periods"]
        with clock.at(clock.now() + timedelta(hours=7)), pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)

    def test_a_point_outside_the_country_is_remembered(self, sky):
        sky.status = {"/points/": 404}
        for _ in range(2):
            with pytest.raises(NotCovered):
                Service().hourly(52.52, 13.405)
        assert len(sky.asked) == 1
        with clock.at(clock.now() + timedelta(days=2)), pytest.raises(NotCovered):
            Service().hourly(52.52, 13.405)
        assert len(sky.asked) == 2

    @pytest.mark.parametrize(
        "body", ["", "<html>", "[1]", "null", '{"properties"', "[" * 100_000, "\x00\xff"]
    )
    def test_what_is_no_answer_is_not_kept(self, sky, body):
        sky.body = {"/points/": body}
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)
        assert not Kept.objects.exists()

    def test_a_slow_service_is_given_up(self, sky, monkeypatch):
        monkeypatch.setattr(service, "LIMITS", Limits(seconds=0.2))
        sky.slow = 1.0
        began = time.monotonic()
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)
        assert time.monotonic() - began < 0.9

    def test_so_is_one_that_drips(self, sky, monkeypatch):
        monkeypatch.setattr(service, "LIMITS", Limits(seconds=0.3))
        sky.drip = True
        began = time.monotonic()
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)
        assert time.monotonic() - began < 2

    def test_and_one_that_pours(self, sky, monkeypatch):
        monkeypatch.setattr(service, "LIMITS", Limits(bytes=10_000))
        sky.body = {"/points/": '{"x": "' + "y" * 20_000 + '"}'}
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)

    def test_and_one_that_is_not_there(self, sky, settings):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"weather_url": "http://127.0.0.1:9"})
        with pytest.raises(Silent):
            Service().hourly(*LOUISVILLE)
