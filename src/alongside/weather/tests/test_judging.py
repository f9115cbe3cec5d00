"""What a forecast says, in the units it says it in, against what an agency wants to know."""

from datetime import UTC, datetime, timedelta

import pytest

from alongside.weather.felt import feels_like, heat_index, wind_chill
from alongside.weather.judging import during, findings, hours, notices
from alongside.weather.models import Hazard, Level, Thresholds
from alongside.weather.service import Silent

NOON = datetime(2027, 6, 3, 16, 0, tzinfo=UTC)


def a_period(**words):
    said = {
        "startTime": "2027-06-03T12:00:00-04:00",
        "endTime": "2027-06-03T13:00:00-04:00",
        "temperature": 70,
        "temperatureUnit": "F",
        "probabilityOfPrecipitation": {"value": 10},
        "relativeHumidity": {"value": 50},
        "windSpeed": "5 mph",
        "shortForecast": "Sunny",
    }
    return said | words


def forecast(*periods, made="2027-06-03T10:00:00+00:00"):
    return {"properties": {"updateTime": made, "periods": list(periods)}}


def judged(wanted=None, official=(), **words):
    there = during(hours(forecast(a_period(**words)), now=NOON), NOON, NOON + timedelta(hours=1))
    return findings(
        there, official, starts=NOON, ends=NOON + timedelta(hours=1), wanted=wanted or Thresholds()
    )


class TestReading:
    @pytest.mark.parametrize(
        ("said", "mph"),
        [
            ("5 mph", 5),
            ("10 to 15 mph", 15),
            ("20 km/h", 12.4),
            ({"unitCode": "wmoUnit:km_h-1", "value": 20}, 12.4),
            ({"unitCode": "wmoUnit:km_h-1", "value": None, "maxValue": 40}, 24.9),
            ({"unitCode": "wmoUnit:m_s-1", "value": 10}, 22.4),
            ("", None),
            (None, None),
            ("calm", None),
        ],
    )
    def test_wind_in_every_unit(self, said, mph):
        (hour,) = hours(forecast(a_period(windSpeed=said)), now=NOON)
        assert hour.wind_mph == (None if mph is None else pytest.approx(mph, abs=0.1))

    def test_gusts_count(self):
        (hour,) = hours(forecast(a_period(windGust="40 mph")), now=NOON)
        assert hour.wind_mph == 40

    @pytest.mark.parametrize(
        ("words", "felt"),
        [
            ({"temperature": 70}, 70),
            ({"temperature": 20, "temperatureUnit": "C"}, 68),
            ({"temperature": {"unitCode": "wmoUnit:degC", "value": 20}}, 68),
            ({"temperature": None}, None),
            ({"temperature": "warm"}, None),
            ({"temperature": True}, None),
        ],
    )
    def test_degrees_in_every_unit(self, words, felt):
        (hour,) = hours(forecast(a_period(**words)), now=NOON)
        assert hour.felt_f == felt

    def test_hours_that_make_no_sense_are_left_out(self):
        odd = [
            a_period(startTime="tomorrow"),
            a_period(startTime="2027-06-03T12:00:00"),
            a_period(endTime="2027-06-03T12:00:00-04:00"),
            "a word",
            None,
        ]
        assert len(hours(forecast(a_period(), *odd), now=NOON)) == 1
        with pytest.raises(Silent):
            hours(forecast(*odd), now=NOON)

    @pytest.mark.parametrize(
        "said", [{}, {"properties": []}, {"properties": {"periods": {}}}, {"properties": None}]
    )
    def test_what_is_no_forecast_is_silence(self, said):
        with pytest.raises(Silent):
            hours(said, now=NOON)

    def test_yesterdays_forecast_is_silence_too(self):
        with pytest.raises(Silent, match="day old"):
            hours(forecast(a_period(), made="2027-06-02T10:00:00+00:00"), now=NOON)

    def test_alerts_that_are_not_meant_are_left_out(self):
        meant = {
            "event": "Heat Advisory",
            "severity": "Moderate",
            "status": "Actual",
            "messageType": "Alert",
            "onset": "2027-06-03T11:00:00-04:00",
            "ends": None,
            "expires": "2027-06-03T20:00:00-04:00",
        }
        others = [
            meant | {"status": "Test"},
            meant | {"messageType": "Cancel"},
            meant | {"severity": "Minor"},
            meant | {"severity": None},
            meant | {"expires": None},
            meant | {"event": " "},
            None,
        ]
        said = {"features": [{"properties": each} for each in [meant, *others]]}
        assert [(each.event, each.level) for each in notices(said)] == [("Heat Advisory", Level.CAUTION)]
        with pytest.raises(Silent):
            notices({"title": "an error"})


class TestFelt:
    @pytest.mark.parametrize(
        ("degrees", "humidity", "felt"), [(90, 70, 106), (100, 40, 109), (86, 90, 105), (80, 40, 80)]
    )
    def test_the_heat_index_of_the_weather_services_chart(self, degrees, humidity, felt):
        assert heat_index(degrees, humidity) == pytest.approx(felt, abs=1)

    @pytest.mark.parametrize(
        ("degrees", "mph", "felt"), [(0, 15, -19), (30, 10, 21), (-10, 35, -41), (40, 5, 36)]
    )
    def test_the_wind_chill_of_its_chart(self, degrees, mph, felt):
        assert wind_chill(degrees, mph) == pytest.approx(felt, abs=0.6)

    def test_in_between_it_feels_as_it_is(self):
        assert feels_like(65, humidity=90, wind_mph=30) == 65
        assert feels_like(95, humidity=None, wind_mph=None) == 95
        assert feels_like(20, humidity=None, wind_mph=1) == 20


class TestThresholds:
    @pytest.mark.parametrize(
        ("words", "hazard", "level"),
        [
            ({"probabilityOfPrecipitation": {"value": 60}}, Hazard.RAIN, Level.CAUTION),
            ({"probabilityOfPrecipitation": {"value": 100}}, Hazard.RAIN, Level.CAUTION),
            ({"windSpeed": "30 mph"}, Hazard.WIND, Level.CAUTION),
            ({"windSpeed": "25 to 45 mph"}, Hazard.WIND, Level.DANGER),
            ({"temperature": 92, "relativeHumidity": {"value": 50}}, Hazard.HEAT, Level.CAUTION),
            ({"temperature": 100, "relativeHumidity": {"value": 50}}, Hazard.HEAT, Level.DANGER),
            ({"temperature": 25, "windSpeed": "10 mph"}, Hazard.COLD, Level.CAUTION),
            ({"temperature": 10, "windSpeed": "15 mph"}, Hazard.COLD, Level.DANGER),
            ({"shortForecast": "Slight Chance T-storms"}, Hazard.THUNDER, Level.DANGER),
            ({"shortForecast": "Showers And Thunderstorms Likely"}, Hazard.THUNDER, Level.DANGER),
        ],
    )
    def test_beyond(self, words, hazard, level):
        assert [(each.hazard, each.level) for each in judged(**words)] == [(hazard, level)]

    @pytest.mark.parametrize(
        "words",
        [
            {},
            {"probabilityOfPrecipitation": {"value": 59}},
            {"probabilityOfPrecipitation": {"value": None}},
            {"probabilityOfPrecipitation": None},
            {"windSpeed": "29 mph"},
            {"temperature": 94, "relativeHumidity": {"value": 20}},
            {"temperature": 32, "windSpeed": "5 mph"},
            {"temperature": None, "windSpeed": None, "relativeHumidity": None, "shortForecast": None},
        ],
    )
    def test_not_beyond(self, words):
        assert judged(**words) == []

    def test_an_agency_chooses_its_own(self):
        tough = Thresholds(
            rain_percent=100, wind_mph=60, heat_f=120, cold_f=-20, thunder=False, official=False
        )
        storm = {
            "probabilityOfPrecipitation": {"value": 90},
            "windSpeed": "45 mph",
            "shortForecast": "Thunderstorms",
        }
        assert judged(tough, **storm) == []
        assert len(judged(**storm)) == 3

    def test_only_the_hours_of_the_gathering_count(self):
        dry, wet = (
            a_period(),
            a_period(
                startTime="2027-06-03T13:00:00-04:00",
                endTime="2027-06-03T14:00:00-04:00",
                probabilityOfPrecipitation={"value": 100},
            ),
        )
        both = hours(forecast(dry, wet), now=NOON)
        assert len(during(both, NOON, NOON + timedelta(minutes=60))) == 1
        assert len(during(both, NOON, NOON + timedelta(minutes=61))) == 2
