"""Folders of the version before: what staff wrote for the public stays, each in the language it was written in."""

from datetime import date, time
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from alongside.cadence.models import Pause
from alongside.core.authored import NO_LANGUAGE, Text, Words
from alongside.field.models import Recap
from alongside.followthrough.models import Card, Concern, Rules, Step
from alongside.gatherings.models import PARTS, OperatingRules
from alongside.hotspots.models import Choice, Criteria, Petition
from alongside.media.models import Picture
from alongside.places.models import AreaLabel
from alongside.season.models import Week
from tests.migrating import as_before, up_to_date

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]
BEFORE = [
    ("hotspots", "0003_any_language"),
    ("cadence", "0005_any_language"),
    ("followthrough", "0003_any_language"),
    ("field", "0007_any_language"),
    ("media", "0001_initial"),
    ("places", "0001_initial"),
    ("season", "0001_initial"),
    ("gatherings", "0009_authored_words"),
    ("agencies", "0003_user_language"),
]
# As people write: longer than a column of before, with what could be taken for something else.
LONG = 'Dijimos «ya vamos», "seguro"\ny fuimos. ' * 10
TITLE = "Walk with us in Mill Row"  # as the product wrote it
DAY, NOW = date(2026, 6, 4), timezone.now()


@pytest.fixture
def before():
    apps = as_before(*BEFORE)
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")

    def make(model, **columns):
        return apps.get_model(model).objects.create(agency=agency, **columns)

    when = {"on": DAY, "at": time(18, 0), "timezone": "UTC", "title": Words.of(TITLE, language="en")}
    return SimpleNamespace(make=make, gathering=make("gatherings.Gathering", public_id="2222222222", **when))


def written(text, language="en", by=""):
    return Words.of(text, language=language, by=by)


def test_reasons_and_answers(before):
    before.make("hotspots.Criteria", version=1, why="{}", language="es", published_by="Ada")
    before.make("hotspots.Criteria", version=2, why="", published_by="Ada")
    before.make("hotspots.Choice", place_name="Here", reason=LONG, language="es", decided_by="Dent")
    asked = {"kind": "walk", "place": "Here", "answered_by": "Ada", "answered_at": NOW, "answer": "Yes."}
    before.make("hotspots.Petition", form_digest="1", language="es", answer_language="en", **asked)
    before.make("hotspots.Petition", form_digest="2", kind="walk", place="There", text="Why not?")
    pause = {"kind": "walk", "first": DAY, "cause": "mourning", "said_by": "Ada"}
    before.make("cadence.Pause", reason="Estamos de luto.", language="es", **pause)
    plan = {"minutes": 60, **dict.fromkeys(("objective", "best", "bound", "seconds"), 1.0)}
    season = before.make("season.Season", start=DAY, at=time(10), **plan)
    weeks = [
        {"kind": "pause", "reason": "Luto", "language": "es"},
        {"kind": "published", "title": "A walk"},
        {},
    ]
    for number, closed in enumerate(weeks, start=1):
        day = date(2026, 6, number)
        before.make("season.Week", season=season, number=number, day=day, closed=closed)
    up_to_date()
    assert [each.why for each in Criteria.objects.order_by("version")] == [
        written("{}", "es", "Ada"),
        Words(),
    ]
    assert Choice.objects.get().reason == written(LONG, "es", "Dent")
    assert [each.answer for each in Petition.objects.order_by("form_digest")] == [
        written("Yes.", by="Ada"),
        Words(),
    ]
    assert Pause.objects.get().reason == written("Estamos de luto.", "es", "Ada")
    paused, published, open_week = (each.closed for each in Week.objects.order_by("number"))
    assert paused == {"kind": "pause", "reason": written("Luto", "es").stored}
    assert published == {"kind": "published", "title": written("A walk", NO_LANGUAGE).stored}
    assert open_week == {}


def test_promises_recaps_and_what_a_picture_shows(before):
    closed = {"state": "done", "closed_at": NOW, "outcome": LONG, "language": "es"}
    shown = {"summary": "s" * 280, "cleared_at": NOW, "cleared_by": "Theo", "origin_label": "Café"}
    concern = before.make("followthrough.Concern", key="1", heard_on=DAY, words="¡Luz!", **closed, **shown)
    gone = {"redacted_at": NOW, "redacted_because": "It names somebody."}
    before.make("followthrough.Concern", key="2", heard_on=DAY, **gone)
    before.make("followthrough.Card", digest="1", expires_on=DAY, origin_label="Café")
    of_walk = {"origin": "gathering:2222222222", "origin_label": TITLE}
    before.make("followthrough.Card", digest="2", expires_on=DAY, **of_walk)
    for deed, text in (("closed", LONG), ("corrected", "No dije eso."), ("received", "")):
        before.make("followthrough.Step", concern=concern, deed=deed, text=text, by_name="Ada")
    before.make("followthrough.Rules", complaints="Call us.", reports="")
    before.make("field.Recap", gathering=before.gathering, words=LONG, language="es", publish_by=DAY)
    size = {"width": 4, "height": 3, "client_id": "4b1d0a6e-0d5f-4b7e-8c39-6f2a51c7e901"}
    before.make("media.Picture", state="cleared", alt="A step", origin="gathering:2222222222", **size)
    before.make("places.AreaLabel", kind="division", singular="Precinct", plural="Precincts")
    before.make(
        "gatherings.OperatingRules", version=1, language="es", set_by="Ada", **dict.fromkeys(PARTS, LONG)
    )
    up_to_date()
    told, erased = Concern.objects.order_by("key")
    assert (told.words, told.language, told.outcome.original) == ("¡Luz!", "es", LONG)
    assert told.summary == written("s" * 280, by="Theo")
    typed, of_walk = (each.origin_label for each in Card.objects.order_by("digest"))
    assert told.origin_label.original == typed.original == "Café"
    assert str(of_walk) == TITLE
    with translation.override("es"):
        assert (str(of_walk), of_walk.shown.mark) == ("Camine con nosotros en Mill Row", "")
    assert erased.redacted_because == written("It names somebody.")
    steps = {step.deed: (step.text.original, step.words) for step in Step.objects.all()}
    assert steps == {"closed": (LONG, ""), "corrected": ("", "No dije eso."), "received": ("", "")}
    assert Step.objects.get(deed="closed").text.texts == {"en": Text(LONG, by="Ada")}
    rules = Rules.objects.get()
    assert (rules.complaints, rules.reports) == (written("Call us."), Words())
    assert Recap.objects.get().words == written(LONG, "es")
    assert Picture.objects.get().alt == written("A step")
    label = AreaLabel.objects.get()
    assert (label.singular, label.plural) == (written("Precinct"), written("Precincts"))
    made = OperatingRules.objects.get()
    assert {getattr(made, part) for part in PARTS} == {written(LONG, "es", "Ada")}
