"""Folders of the versions before keep what they hold when they are brought up to date."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation
from tests.migrating import as_before, up_to_date

from alongside.agencies.models import Agency
from alongside.core.authored import Words
from alongside.core.origins import Origin
from alongside.gatherings.models import Gathering, Notice, Rsvp, Series
from alongside.outreach import actions as outreach
from alongside.outreach.models import FirstMail, Mail, State, Subscription
from alongside.outreach.subscriptions import limits

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]


def test_what_has_a_walks_page_is_a_walk_again():
    apps = as_before(("gatherings", "0002_other_gatherings"))
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")

    def write(title, **columns):
        apps.get_model("gatherings.Gathering").objects.create(
            agency=agency, title=title, on=date(2026, 6, 4), at=time(18, 0), timezone="UTC", **columns
        )

    page = {"page_view": "walks:detail", "page_id": "wwwwwwwwww"}
    write("a walk", kind="walk", public_id="2222222222", **page)
    write("called a coffee", kind="coffee", public_id="3333333333", **page)
    write("a coffee", kind="coffee", public_id="4444444444")
    up_to_date()
    kinds = {str(each): each.kind for each in Gathering.objects.all()}
    assert kinds == {"a walk": "walk", "called a coffee": "walk", "a coffee": "coffee"}
    assert Gathering.objects.filter(page_id="wwwwwwwwww").count() == 2


def test_every_text_is_in_the_language_of_its_gathering():
    apps = as_before(("gatherings", "0008_errors_are_phrases"), ("agencies", "0003_user_language"))
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")
    when = {"on": date(2026, 6, 4), "at": time(18, 0), "timezone": "UTC", "agency": agency}

    def write(public_id, **columns):
        return apps.get_model("gatherings.Gathering").objects.create(public_id=public_id, **when, **columns)

    long = 'Ocho horas «quietas» con "comillas" y\nun renglón más. ' * 30
    texts = {"summary": long, "meeting_point": "La fuente", "access_notes": "", "photo_notes": "Sin fotos"}
    write("2222222222", title="Café", language="es", languages="Spanish and english, ASL, Klingon", **texts)
    moved = write(
        "3333333333", title='{"source": 1}', language="en", change_reason="Rain", previous_place="Here"
    )
    notice = {"kind": "moved", "told": 0, "untold": 0, "agency": agency, "gathering": moved}
    apps.get_model("gatherings.Notice").objects.create(text="Rain", **notice)
    apps.get_model("gatherings.Series").objects.create(agency=agency, name="Walks", description="Every week")
    up_to_date()

    coffee, moved = (Gathering.objects.get(public_id=each) for each in ("2222222222", "3333333333"))
    assert coffee.title == Words.of("Café", language="es")
    assert {name: getattr(coffee, name).original for name in texts} == texts
    assert coffee.languages == ["es", "en", "ase", "Klingon"]
    assert (coffee.change_reason, moved.languages) == (Words(), [])
    assert moved.title == Words.of('{"source": 1}', language="en"), "whatever it looks like"
    assert (moved.change_reason, moved.previous_place) == tuple(
        Words.of(each, language="en") for each in ("Rain", "Here")
    )
    assert Notice.objects.get().text == Words.of("Rain", language="en")
    assert Series.objects.get().description == Words.of("Every week", language="en")


def test_what_the_product_had_said_is_facts_again_and_what_people_wrote_stays():
    apps = as_before(("gatherings", "0009_authored_words"))
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")
    when = {"on": date(2026, 6, 4), "at": time(18, 0), "timezone": "UTC", "agency": agency}

    def write(public_id, title, reason=""):
        apps.get_model("gatherings.Gathering").objects.create(
            public_id=public_id, title=title, change_reason=reason, **when
        )

    rain = Words.of("Around 6:30 p.m., a 80 % chance of rain or snow.", language="en")
    write("2222222222", Words.of("Walk with us in Eastbank", language="en"), rain)
    write("3333333333", Words.of("Camine con nosotros en Eastbank", language="es"))
    write("4444444444", Words.of("Walk with us in Eastbank", language="en").written("Vengan", language="es"))
    by_hand = Words.of("Around noon, it will rain.", language="en")
    write("5555555555", Words.of("Come and walk with us in Eastbank", language="en"), by_hand)
    wind = Words.of("Around 6:30 p.m., wind up to 31 mph.", language="en")
    write("6666666666", Words.of("Come", language="en"), wind)
    up_to_date()
    made, spanish, half, ours, windy = Gathering.objects.order_by("public_id")
    with translation.override("es"):
        assert str(made.title) == "Camine con nosotros en Eastbank"
        assert str(made.change_reason) == "Hacia las 6:30 p.m., un 80 % de probabilidad de lluvia o nieve."
        assert str(windy.change_reason) == "Hacia las 6:30 p.m., viento de hasta 31 mph."
    assert str(spanish.title) == "Walk with us in Eastbank"
    assert half.title.told_in("es").text == "Vengan"
    assert "made" not in half.title.stored
    assert ours.title == Words.of("Come and walk with us in Eastbank", language="en")
    assert ours.change_reason == by_hand


def test_what_is_there_gets_its_moments():
    apps = as_before(("gatherings", "0012_bearers"))
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")
    apps.get_model("gatherings.Gathering").objects.create(
        agency=agency,
        public_id="2222222222",
        title=Words.of("A walk at night", language="en"),
        on=date(2026, 11, 28),
        at=time(22, 30),
        minutes=240,
        timezone="America/Anchorage",
    )
    up_to_date()
    walk = Gathering.objects.get()
    assert (walk.starts_at, walk.ends_at) == (walk.starts, walk.ends)
    assert walk.ends_at.isoformat() == "2026-11-29T11:30:00+00:00"


def test_addresses_of_before_are_known_and_what_follows_goes_out():
    """A series called off right after an upgrade reaches whoever answered, also somebody with eight answers."""
    apps = as_before(
        ("outreach", "0004_language_of_mails_of_before"),
        ("followthrough", "0004_authored_words"),
        ("gatherings", "0011_made_by_the_product"),
    )
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")
    day, now = date(2026, 6, 4), timezone.now()
    for number in range(8):
        walk = apps.get_model("gatherings.Gathering").objects.create(
            agency=agency, public_id=f"gggggggg{number + 22}", on=day, at=time(18, 0), timezone="UTC",
            title=Words.of("Walk", language="en"),
        )  # fmt: skip
        rsvp = apps.get_model("gatherings.Rsvp").objects.create(
            agency=agency, gathering=walk, public_id=f"rrrrrrrr{number + 22}", party=1, joined_at=now,
            form_digest=f"{number}",
        )  # fmt: skip
        to = {"rsvp": rsvp, "email": f"ben+{number}@neighbors.example"}
        apps.get_model("gatherings.Contact").objects.create(**to)
    apps.get_model("outreach.Mail").objects.create(
        agency=agency, public_id="mmmmmmmmmm", message_id="<1@x>", to="ben+0@neighbors.example", text="See you.",
        key="rsvp:rrrrrrrr22:1111111111", subject="You’re coming", language="en",
    )  # fmt: skip
    ways = [("cleo@neighbors.example", ""), ("", "555 0100"), ("dora@neighbors.example", "555 0101")]
    for number, (email, phone) in enumerate(ways):
        contact = apps.get_model("people.Contact").objects.create(
            agency=agency, public_id=f"cccccccc{number + 22}", email=email, phone=phone, language="es",
            expires_on=now.date() + timedelta(days=30),
        )  # fmt: skip
        apps.get_model("followthrough.Concern").objects.create(
            agency=agency, key=f"note:{number}", public_id=f"kkkkkkkk{number + 22}", kind="question",
            category="lighting", heard_on=day, words="The lamp", contact=contact,
        )  # fmt: skip
    up_to_date()

    assert FirstMail.objects.count() == 10
    for number in range(8):
        assert limits.may_write("ben@neighbors.example", about=f"rsvp:rrrrrrrr{number + 22}")
    assert not limits.may_write("ben@neighbors.example", about="rsvp:of-a-stranger"), "today is full"
    assert limits.may_write("cleo@neighbors.example", about="concern:kkkkkkkk22")
    rows = Subscription.objects.all()
    assert len({row.reader for row in rows}) == len(rows) == 8 + 4
    assert all(len(row.reader) == 10 for row in rows)

    old = Mail.objects.get()
    assert (old.about, old.reads) == ("gathering:gggggggg22", "See you.")
    facts = {"subject": "Later", "text": "It is off.", "token": "x"}
    new = Mail(
        kind="gatherings.cancelled", whose=old.whose, agency=Agency.objects.get(), to=old.to, facts=facts
    )
    new.save()
    outreach.look_at(old.agency_id, Origin.of(old.about))
    old.refresh_from_db()
    assert old.state == State.WITHDRAWN, "a later mail to the same reader says how things stand"


def test_the_address_of_an_answer_is_a_subscription_and_nothing_of_it_is_lost():
    before = (("outreach", "0007_mails_stand_in_line"), ("gatherings", "0016_addresses_of_before"))
    apps = as_before(*before)
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")
    walk = apps.get_model("gatherings.Gathering").objects.create(
        agency=agency, public_id="2222222222", on=date(2026, 6, 4), at=time(18), timezone="UTC",
        title=Words.of("Walk", language="en"),
    )  # fmt: skip
    left = {"rrrrrrrr22": "Ben@People.example", "rrrrrrrr33": "ben@people.example", "rrrrrrrr44": ""}
    first = None
    for number, (public_id, email) in enumerate(left.items()):
        rsvp = apps.get_model("gatherings.Rsvp").objects.create(
            agency=agency, gathering=walk, public_id=public_id, party=1, form_digest=f"{number}", language="es",
            amends=first if email else None, joined_at=timezone.now() - timedelta(days=3), state="going",
        )  # fmt: skip
        first = first or rsvp
        if email:
            apps.get_model("gatherings.Contact").objects.create(rsvp=rsvp, email=email)
    up_to_date()

    assert {rsvp.public_id: rsvp.address for rsvp in Rsvp.objects.all()} == left
    assert {rsvp.public_id: rsvp.address for rsvp in Rsvp.objects.with_addresses()} == left
    assert {rsvp.public_id for rsvp in Rsvp.objects.reachable()} == {"rrrrrrrr22", "rrrrrrrr33"}
    for row in Subscription.objects.all():
        rsvp = Rsvp.objects.get(public_id=row.topic.removeprefix("rsvp:"))
        assert (row.language, row.ends_on, row.confirmed_at) == ("es", None, rsvp.joined_at)
    as_it_was = MigrationExecutor(connection)
    as_it_was.migrate(list(before))
    contacts = as_it_was.loader.project_state(list(before)).apps.get_model("gatherings.Contact").objects
    back = contacts.values_list("rsvp__public_id", "email")
    assert dict(back) == {public_id: email for public_id, email in left.items() if email}
