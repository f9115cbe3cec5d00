"""Ada hears of the weather in time, once for each turn for the worse; and nothing is ever moved by itself."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import staff_member

from alongside.agencies import actions as agencies
from alongside.agencies.models import AuditEntry, Role
from alongside.core import clock
from alongside.core.authored import Words
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests import cast
from alongside.gatherings.tests.cast import a_draft, a_gathering
from alongside.jobs.models import Job
from alongside.jobs.registry import scheduled
from alongside.outreach.models import Mail
from alongside.places.models import Permission, VenueKind
from alongside.weather import actions, queries
from alongside.weather.models import Alert, Hazard, Level, Outlook, Sight, Stage, Thresholds
from alongside.weather.tests.conftest import a_square

pytestmark = pytest.mark.django_db
WET = {"probabilityOfPrecipitation": {"value": 80}, "shortForecast": "Rain"}
ALERTS = reverse("weather:alerts", args=["riverbend"])


def notified():
    """Who was written to, and about what."""
    return [(mail.to, mail.subject) for mail in Mail.objects.order_by("pk")]


def seen(walk):
    return [(a.hazard, a.stage, a.level) for a in queries.alerts_for([walk]).get(walk.pk, [])]


def later(**words):
    return clock.at(clock.now() + timedelta(**words))


class TestWarning:
    def test_rain_in_two_days_is_sent_once(self, sky, walk, ada):
        sky.hours = WET
        assert actions.watch() == 1
        assert seen(walk) == [(Hazard.RAIN, Stage.DAYS, Level.CAUTION)]
        (mail,) = Mail.objects.all()
        assert mail.to == ada.email
        assert "Around 6 p.m., a 80 % chance of rain or snow." in mail.text
        assert "Nothing was changed" in mail.text
        for minutes in (30, 60, 600):
            with later(minutes=minutes):
                actions.watch()
        assert len(notified()) == 1

    def test_a_fine_day_writes_to_nobody(self, sky, walk, ada):
        actions.watch()
        assert notified() == []
        assert Outlook.objects.get().said == "Mostly clear, feels like 64 °F, rain 10 %, wind 8 mph"

    def test_three_hours_ahead_it_is_sent_again(self, sky, walk, ada):
        sky.hours = WET
        actions.watch()
        sky.made, sky.etag = walk.starts - clock.now() - timedelta(hours=5), '"two"'
        with clock.at(walk.starts - timedelta(hours=4)):
            actions.watch()
            assert len(notified()) == 1
        with clock.at(walk.starts - timedelta(hours=3, minutes=20)):
            actions.watch()
            assert len(notified()) == 2
            assert seen(walk) == [(Hazard.RAIN, Stage.HOURS, Level.CAUTION)]
        with clock.at(walk.starts - timedelta(minutes=20)):
            actions.watch()
            assert len(notified()) == 2

    def test_worse_is_sent_and_better_is_shown(self, sky, walk, ada):
        sky.hours = {"windSpeed": "35 mph"}
        actions.watch()
        sky.hours, sky.etag = {"windSpeed": "60 mph"}, '"two"'
        with later(hours=1):
            actions.watch()
            assert seen(walk) == [(Hazard.WIND, Stage.DAYS, Level.DANGER)]
        assert len(notified()) == 2
        for hour, wind in enumerate(("35 mph", "5 mph", "60 mph"), start=2):
            sky.hours, sky.etag = {"windSpeed": wind}, f'"{wind}"'
            with later(hours=hour):
                actions.watch()
                assert len(seen(walk)) == (wind != "5 mph")
        assert len(notified()) == 2  # up and down again is no news

    def test_an_official_alert_has_its_own_name(self, sky, walk, ada):
        sky.an_alert("Winter Storm Watch", "Severe", begins=30, ends=90)
        sky.an_alert("Dense Fog Advisory", "Moderate", begins=-1, ends=2)
        sky.an_alert("Tornado Warning", "Extreme", status="Test")
        actions.watch()
        (alert,) = Alert.objects.all()
        assert (alert.event, alert.level) == ("Winter Storm Watch", Level.DANGER)
        assert "The National Weather Service says: Winter Storm Watch." in Mail.objects.get().text

    def test_every_coordinator_and_nobody_else(self, sky, walk, ada, dent, officer, riverbend, elsewhere):
        staff_member(riverbend, "Bea Coordinator2", Role.COORDINATOR)
        gone = staff_member(riverbend, "Gus Gone", Role.COORDINATOR)
        gone.is_active = False
        gone.save()
        staff_member(elsewhere, "Zoe Coordinator3", Role.COORDINATOR)
        sky.hours = WET
        actions.watch()
        assert sorted(to for to, _subject in notified()) == [
            "coordinator2@riverbend.example",
            "coordinator@riverbend.example",
        ]

    def test_each_coordinator_in_their_own_language(self, sky, walk, ada, riverbend):
        bea = staff_member(riverbend, "Bea Coordinator2", Role.COORDINATOR)
        agencies.set_language(bea, language="es")
        sky.hours = WET
        actions.watch()
        mails = {mail.to: mail for mail in Mail.objects.all()}
        assert "Nothing was changed" in mails[ada.email].text
        assert mails[bea.email].language == "es"
        assert "No se cambió nada" in mails[bea.email].text
        assert "/es/riverbend/workspace/" in mails[bea.email].text
        assert "/es/" not in mails[ada.email].text

    def test_nothing_is_changed_by_itself(self, sky, walk, ada):
        before = Gathering.objects.values().get()
        sky.hours = {"shortForecast": "Severe Thunderstorms", "windSpeed": "90 mph"}
        sky.an_alert("Tornado Warning", "Extreme")
        actions.watch()
        assert Alert.objects.count() == 3
        assert Gathering.objects.values().get() == before


class TestWhatIsLookedAt:
    def test_only_what_is_published_outdoors_and_near(self, sky, riverbend, square, ada):
        day = riverbend.today() + timedelta(days=2)
        mall = a_square(riverbend, "Mall", kind=VenueKind.MALL)
        a_draft(riverbend, on=day, venue=square)
        a_gathering(riverbend, on=day, venue=mall)
        a_gathering(riverbend, on=riverbend.today() + timedelta(days=5), venue=square)
        off = a_gathering(riverbend, on=day, venue=square)
        gatherings.cancel(off, reason="Ice on every corner.", by=ada)
        sky.hours = WET
        assert actions.watch() == 0
        assert sky.asked == []

    def test_a_square_is_asked_once_for_many_gatherings(self, sky, riverbend, elsewhere, square):
        day = riverbend.today() + timedelta(days=2)
        for hour in range(9, 15):
            a_gathering(riverbend, on=day, at=time(hour, 0), venue=square)
        a_gathering(
            elsewhere, on=day, at=time(12, 0), venue=a_square(elsewhere, "Across the street", lat=38.2541)
        )
        assert actions.watch() == 7
        assert len(sky.paths("/gridpoints/")) == 1
        assert len(sky.paths("/points/")) == len(sky.paths("/alerts/")) == 2

    def test_an_agency_that_does_not_want_to_know(self, sky, walk, riverbend, ada):
        actions.set_thresholds(riverbend, by=ada, active=False)
        sky.hours = WET
        assert actions.watch() == 0
        assert sky.asked == []

    def test_an_install_that_asks_nobody(self, sky, walk, settings):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"weather_url": ""})
        assert actions.watch() == 0
        assert sky.asked == []

    def test_a_place_without_a_point(self, sky, riverbend, ada):
        a_gathering(riverbend, on=riverbend.today() + timedelta(days=2))
        assert actions.watch() == 1
        assert Outlook.objects.get().sight == Sight.NO_POINT
        assert sky.asked == []

    def test_what_was_moved_is_seen_anew(self, sky, walk, ada, riverbend):
        sky.hours = WET
        actions.watch()
        mall = a_square(riverbend, "Mall", kind=VenueKind.MALL)
        gatherings.move(walk, reason="It will rain.", stand_in="Ada", venue=mall, by=ada)
        assert queries.alerts_for([Gathering.objects.with_places().get()]) == {}
        assert actions.watch() == 0


class TestFailures:
    @pytest.mark.parametrize(
        ("fault", "sight"),
        [
            ({"status": {"/": 503}}, Sight.SILENT),
            ({"status": {"/gridpoints": 500}}, Sight.SILENT),
            ({"status": {"/alerts": 503}}, Sight.SILENT),
            ({"status": {"/points": 404}}, Sight.NOT_COVERED),
            ({"body": {"/gridpoints": "<html>"}}, Sight.SILENT),
            ({"made": timedelta(days=-2)}, Sight.SILENT),
        ],
    )
    def test_not_to_know_is_no_all_clear(self, sky, walk, ada, fault, sight):
        for name, value in fault.items():
            setattr(sky, name, value)
        actions.watch()
        assert Outlook.objects.get().sight == sight
        assert notified() == []

    def test_while_it_is_silent_what_stands_stays(self, sky, walk, ada):
        sky.hours = WET
        actions.watch()
        sky.status = {"/": 503}
        with later(hours=8):
            actions.watch()
            assert seen(walk) == [(Hazard.RAIN, Stage.DAYS, Level.CAUTION)]
            assert Outlook.objects.get().sight == Sight.SEEN

    def test_bad_luck_of_one_is_not_the_next_ones(self, sky, walk, riverbend, square, ada, monkeypatch):
        a_gathering(riverbend, on=walk.on, at=time(20, 0), venue=square)
        sky.hours = WET
        real = actions._write

        def unlucky(gathering, *words):
            if gathering.pk == walk.pk:
                raise RuntimeError("a bug")
            return real(gathering, *words)

        monkeypatch.setattr(actions, "_write", unlucky)
        actions.watch()
        assert Alert.objects.count() == 1

    def test_the_clock_looks_every_half_hour(self, sky, walk):
        due = {kind.name: kind for kind in scheduled()}
        assert due["weather.watch"].schedule.period == timedelta(minutes=30)
        due["weather.watch"].function()
        assert Outlook.objects.exists()
        assert not Job.objects.filter(name="weather.watch").exists()
        with later(days=9):
            due["weather.forget"].function()


class TestPages:
    def test_the_page_leads_to_forms_and_changes_nothing(self, sky, walk, riverbend, ada, client_for):
        a_square(riverbend, "Locked mall", kind=VenueKind.MALL, permission=Permission.ASKED)
        mall = a_square(riverbend, "Near mall", kind=VenueKind.MALL, lat=38.26)
        sky.hours = WET
        actions.watch()
        browser = client_for(ada)
        page = browser.get(ALERTS)
        assert "Move indoors: Near mall…" in page.text
        (forecast,) = page.context["forecasts"]
        form = browser.get(forecast.move_url)
        assert f'<option value="{mall.pk}" selected>' in form.text
        assert "chance of rain or snow" in form.text
        assert "chance of rain or snow" in browser.get(forecast.cancel_url).text
        assert Gathering.objects.get().status == "published"

    def test_its_reason_is_read_in_the_language_of_each_reader(self, sky, walk, ada, client_for):
        """The reason that the product proposed is kept as what was forecast; the mail about it is in two languages."""
        for email, language in (("ben@riverbend.example", "en"), ("luz@riverbend.example", "es")):
            cast.answer(walk, language=language, email=email)
        sky.hours = WET
        actions.watch()
        form = queries.forecast_of(walk).cancel_url
        page = client_for(ada).get(form).text
        assert "80 % chance of rain or snow" in page
        assert "80 % de probabilidad de lluvia o nieve" in page
        reason = {
            f"reason_{code}": each.text for code, each in Words.made(Alert.objects.get().said).texts.items()
        }
        client_for(ada).post(form, {**reason, "stand_in": "Ada", "cause": "rain"})
        walk.refresh_from_db()
        assert walk.is_cancelled
        assert "made" in walk.change_reason.stored
        mails = {mail.to: mail.text for mail in Mail.objects.filter(kind="gatherings.cancelled")}
        assert "80 % chance of rain or snow" in mails["ben@riverbend.example"]
        assert "80 % de probabilidad de lluvia o nieve" in mails["luz@riverbend.example"]
        spanish = Client().get(f"/es{walk.get_absolute_url()}").text
        assert "80 % de probabilidad de lluvia o nieve" in spanish
        assert "chance of rain" not in spanish

    def test_no_link_puts_words_of_its_own_into_our_mouth(self, walk, ada, client_for):
        page = reverse("gatherings:cancel", args=["riverbend", walk.public_id])
        assert client_for(ada).get(f"{page}?because=eyJ3b3JkcyI6IkhhIn0:1:x").status_code == 200

    def test_a_place_that_was_settled_goes_before_the_nearest(self, sky, walk, riverbend, ada):
        a_square(riverbend, "Near mall", kind=VenueKind.MALL)
        hall = a_square(riverbend, "Their hall", kind=VenueKind.WORSHIP, lat=38.4)
        actions.set_shelter(walk, venue=hall, by=ada)
        actions.set_shelter(walk, venue=hall, by=ada)
        sky.hours = WET
        actions.watch()
        assert queries.forecast_of(walk).shelter == hall
        assert "Move it indoors, to Their hall" in Mail.objects.get().text
        assert AuditEntry.objects.filter(verb__startswith="settled").count() == 1

    def test_somebody_says_that_it_goes_ahead(self, sky, walk, ada, client_for):
        sky.hours = WET
        actions.watch()
        browser = client_for(ada)
        address = reverse("weather:settle", args=["riverbend", walk.public_id])
        page = browser.post(address, follow=True)
        assert "Seen by Ada Coordinator: it goes ahead." in page.text
        browser.post(address)
        assert AuditEntry.objects.filter(verb__startswith="left as planned").count() == 1
        assert "Nothing is forecast" not in page.text

    def test_officers_read_it_and_decide_nothing(self, sky, walk, officer, client_for):
        sky.hours = WET
        actions.watch()
        browser = client_for(officer)
        page = browser.get(ALERTS).text
        assert "chance of rain" in page
        assert "It goes ahead" not in page
        assert browser.post(reverse("weather:settle", args=["riverbend", walk.public_id])).status_code == 403
        assert browser.get(reverse("weather:thresholds", args=["riverbend"])).status_code == 403

    def test_strangers_and_eve_see_nothing(self, sky, walk, eve, client_for):
        sky.hours = WET
        actions.watch()
        assert "/accounts/login/" in Client().get(ALERTS).url
        assert client_for(eve).get(ALERTS).status_code == 404
        address = reverse("weather:settle", args=["elsewhere", walk.public_id])
        assert client_for(eve).post(address).status_code == 404
        assert not Alert.objects.filter(settled_at__isnull=False).exists()

    def test_this_week_says_it_too(self, sky, walk, ada, client_for):
        sky.hours = WET
        actions.watch()
        assert "chance of rain or snow" in client_for(ada).get("/riverbend/workspace/").text

    def test_it_asks_few_questions(
        self, sky, riverbend, square, ada, client_for, django_assert_max_num_queries
    ):
        sky.hours = WET
        for hour in range(8, 20):
            a_gathering(riverbend, on=riverbend.today() + timedelta(days=2), at=time(hour, 0), venue=square)
        actions.watch()
        browser = client_for(ada)
        browser.get(ALERTS)
        with django_assert_max_num_queries(24):
            assert browser.get(ALERTS).text.count("chance of rain or snow") >= 12


class TestThresholds:
    def test_an_agency_sets_its_own(self, riverbend, ada, client_for):
        address = reverse("weather:thresholds", args=["riverbend"])
        said = {"active": "on", "rain_percent": "90", "wind_mph": "40", "heat_f": "100", "cold_f": "0"}
        assert client_for(ada).post(address, said).status_code == 302
        kept = Thresholds.objects.get()
        assert (kept.rain_percent, kept.thunder, kept.official) == (90, False, False)

    @pytest.mark.parametrize(
        "words",
        [
            {"rain_percent": "0"},
            {"rain_percent": "101"},
            {"wind_mph": "calm"},
            {"heat_f": "60", "cold_f": "59"},
            {"cold_f": "200"},
            {"heat_f": ""},
            {"heat_f": "9" * 30},
        ],
    )
    def test_what_cannot_be_is_refused(self, riverbend, ada, client_for, words):
        address = reverse("weather:thresholds", args=["riverbend"])
        said = {"active": "on", "rain_percent": "90", "wind_mph": "40", "heat_f": "100", "cold_f": "0"}
        answer = client_for(ada).post(address, said | words)
        ok = words == {"heat_f": "60", "cold_f": "59"}
        assert answer.status_code == (302 if ok else 422)
        assert Thresholds.objects.exists() == ok

    def test_nothing_at_all_is_no_setting(self, riverbend, ada, client_for):
        assert client_for(ada).post(reverse("weather:thresholds", args=["riverbend"]), {}).status_code == 422
