"""A season is drawn again and again: from what it was drawn from, once, published when it is signed."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.hotspots.models import FocusArea, Run
from alongside.hotspots.tests import town
from alongside.jobs import worker
from alongside.jobs.models import Job
from alongside.methods import scheduling
from alongside.outreach.models import Mail
from alongside.season import actions, freezing, jobs, letters, needs, planning, reasons, redraws, tables
from alongside.season.models import Redraws, Rhythm, Season
from alongside.season.tests.season_town import ANNOUNCED, DECEMBER, NAMED, a_value, build

pytestmark = pytest.mark.django_db
SPRING = date(2027, 4, 3)
FEW = 40


@pytest.fixture(autouse=True)
def in_december(monkeypatch):
    monkeypatch.setattr(redraws, "DRAWS", FEW)
    with clock.at(DECEMBER):
        yield


@pytest.fixture
def season(riverbend, ada):
    build(riverbend)
    a_value(riverbend, SPRING)
    return actions.propose(riverbend, start=SPRING, weeks=4, by=ada)


def sign(season, ada, dent):
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        season = actions.approve(season, role=role, by=user)
    return season


def test_draw_nought_is_the_season_and_the_file_is_what_its_digest_says(season):
    worker.drain()
    asked = Redraws.objects.get(season=season)
    every = asked.every
    assert [week.key for week in season.weeks.all()] == list(every.draws[0])
    assert (every.public, len(every.draws)) == ("2027-04-03:3-12-15-22-30", FEW)
    assert asked.digest == hashlib.sha256(asked.file_path.read_bytes()).hexdigest() == every.sha256
    assert asked.published_at is None, "nobody has signed"
    for week in season.weeks.all():
        assert week.chance == sum(one[week.number - 1] == week.key for one in every.draws) / FEW


def test_a_week_is_said_to_be_drawn_where_chance_decided_and_nowhere_else(season):
    week = season.weeks.first()
    for chance, said in ((None, False), (0.05, False), (0.1, True), (0.9, True), (0.95, False), (1.0, False)):
        week.chance = chance
        assert any("Drawn" in sentence for sentence in reasons.because(week)) == said
        assert ("Drawn" in reasons.in_short(week)) == said
    week.chance, week.fixed = 0.5, True
    assert not reasons.is_drawn(week)


def test_a_kill_in_the_middle_loses_nothing_and_twice_is_once(season, monkeypatch):
    asked = Redraws.objects.get(season=season)

    def killed(done, total):
        if done == FEW // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        redraws.make(asked, progress=killed)
    assert Redraws.objects.get().done_at is None
    town.a_petition(season.agency, season.weeks.last().neighborhood)  # what came later decides nothing
    redraws.make(asked)
    first, text = Redraws.objects.get(), asked.file_path.read_text()
    assert scheduling.Redraws.read(text).draws[0] == tuple(week.key for week in season.weeks.all())
    redraws.make(first)
    assert (Redraws.objects.get().done_at, asked.file_path.read_text()) == (first.done_at, text)


@pytest.mark.parametrize("signed_first", [True, False])
def test_they_are_published_once_the_season_is_signed_and_they_are_made(season, ada, dent, signed_first):
    if signed_first:
        season = sign(season, ada, dent)
        assert Redraws.objects.get().published_at is None
        worker.drain()
    else:
        worker.drain()
        season = sign(season, ada, dent)
    assert Redraws.objects.get().published_at is not None


def test_draws_of_what_was_laid_aside_are_not_made(season, ada):
    actions.discard(season, by=ada)
    worker.drain()
    assert Redraws.objects.get().done_at is None


def test_whoever_drew_it_hears_that_it_is_done(season, ada):
    worker.drain()
    mail = Mail.objects.get(kind="season.redrawn")
    assert mail.to == ada.email
    assert "is drawn 40 times" in mail.subject


def test_the_one_who_has_not_signed_is_asked_and_never_the_one_who_has(season, ada, dent, administrator):
    actions.approve(season, role=Role.COORDINATOR, by=ada)
    asked = set(Mail.objects.filter(kind="season.signature").values_list("to", flat=True))
    assert dent.email in asked
    assert ada.email not in asked
    actions.approve(season, role=Role.COORDINATOR, by=ada)
    assert Mail.objects.filter(kind="season.signature").count() == len(asked), "twice is once"
    season.refresh_from_db()
    actions.approve(season, role=Role.COMMANDER, by=dent)
    mail = Mail.objects.filter(kind="season.signature").first()
    with pytest.raises(letters.Untrue):
        letters.signature(mail)


# -- each draw's own past --------------------------------------------------------------------------
def test_a_later_season_goes_on_from_each_draws_own_past(season, riverbend, ada, dent):
    season = sign(season, ada, dent)
    worker.drain()
    after = SPRING + timedelta(weeks=4)
    a_value(riverbend, after)
    later = actions.propose(riverbend, start=after, weeks=3, by=ada)
    asked = Redraws.objects.get(season=later)
    problem = freezing.thawed(asked.problem)
    before = Redraws.objects.get(season=season).every
    own = redraws.pasts(asked, problem)
    assert own is not None
    assert own[0] == {}, "what is planned in truth has the past that was"
    for number in range(1, FEW):
        assert before.last_walks(number).items() <= own[number].items()
        never = set(own[number]) - set(before.last_walks(number))
        assert all(own[number][home] is None for home in never), "what our plan did, this draw did not"
    worker.drain()
    asked.refresh_from_db()
    assert len(asked.every.draws) == FEW


# -- frozen ----------------------------------------------------------------------------------------
def test_what_it_was_drawn_from_comes_back_as_it_was(season, riverbend):
    days = planning.days_of(Rhythm.of(riverbend), SPRING, 4, today=riverbend.today())
    problem = planning.basis(riverbend, days).season
    stored = freezing.frozen(problem)
    again = freezing.thawed(stored)
    assert freezing.frozen(again) == stored
    assert again == freezing.thawed(freezing.frozen(again))
    assert (again.weeks[0], again.areas[0], again.weights) == (
        problem.weeks[0],
        problem.areas[0],
        problem.weights,
    )
    older = {name: value for name, value in stored.items() if name != "longest_wait"}
    assert freezing.thawed(older).longest_wait is None, "what an older row lacks is the default"


# -- pages -----------------------------------------------------------------------------------------
def page(name: str, *parts: object) -> str:
    return reverse(f"season:{name}", args=["riverbend", *parts])


def test_the_page_shows_how_far_the_draws_are_and_what_came_of_them(season, ada, client_for):
    browser = client_for(ada)
    shown = browser.get(page("season", season.public_id)).content.decode()
    assert "Drawing the season 40 times" in shown
    assert browser.get(page("chances", season.public_id)).status_code == 404
    assert (
        "hx-get"
        in browser.get(page("progress", season.public_id), headers={"HX-Request": "true"}).content.decode()
    )
    worker.drain()
    done = browser.get(page("progress", season.public_id), headers={"HX-Request": "true"}).content.decode()
    assert "Drawn 40 times" in done
    assert "hx-get" not in done
    table = browser.get(page("chances", season.public_id)).content.decode()
    assert "Eastbank" in table
    assert Redraws.objects.get().digest in browser.get(page("season", season.public_id)).content.decode()


def test_what_was_given_up_is_asked_for_again(season, ada, client_for, monkeypatch):
    def broken(*_args, **_words):
        raise planning.SeasonRefused("The file of the season before is gone.")

    monkeypatch.setattr(redraws, "pasts", broken)
    worker.drain()
    browser = client_for(ada)
    assert Job.objects.get(name=jobs.redraws.REDRAW).state == "dead"
    shown = browser.get(page("season", season.public_id)).content.decode()
    assert "The draws could not be made" in shown
    assert "The file of the season before is gone." in shown
    monkeypatch.undo()
    browser.post(page("draw-again", season.public_id))
    worker.drain()
    assert Redraws.objects.get().done_at is not None


def test_what_was_replaced_before_it_was_drawn_is_not_asked_for_for_ever(season, ada, client_for):
    actions.replan(season, by=ada)
    worker.drain()
    browser = client_for(ada)
    for name in ("season", "progress"):
        asked = browser.get(page(name, season.public_id), headers={"HX-Request": "true"})
        shown = asked.content.decode()
        assert "replaced or discarded before it was drawn" in shown
        assert "hx-get" not in shown
    browser.post(page("draw-again", season.public_id))
    assert Job.objects.get(key=str(Redraws.objects.get(season=season).key)).state == "done"


def test_where_no_job_is_left_a_new_one_is_asked_for(season, ada, client_for):
    Job.objects.all().delete()
    browser = client_for(ada)
    shown = browser.get(page("progress", season.public_id), headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in shown
    assert "The draws could not be made" in shown
    browser.post(page("draw-again", season.public_id))
    worker.drain()
    assert Redraws.objects.get().done_at is not None


def test_a_signature_and_the_end_of_the_draws_see_each_other(season, django_assert_max_num_queries):
    asked = Redraws.objects.get()
    with django_assert_max_num_queries(200) as asked_for:
        redraws.make(asked)
    sent = [query["sql"] for query in asked_for.captured_queries]
    done = next(
        n for n, sql in enumerate(sent) if sql.startswith('UPDATE "season_redraws"') and "done_at" in sql
    )
    begun = max(n for n, sql in enumerate(sent[:done]) if sql.startswith("SAVEPOINT"))
    assert any('FROM "season_season"' in sql for sql in sent[begun:done]), (
        "the season is held before a word is written"
    )


def test_a_publishing_that_was_lost_is_made_up_for(season, ada, dent, client_for):
    sign(season, ada, dent)
    worker.drain()
    Redraws.objects.update(published_at=None)
    redraws.make(Redraws.objects.get())
    assert Redraws.objects.get().published_at is not None
    Redraws.objects.update(published_at=None)
    browser = client_for(ada)
    assert "Publish the draws" in browser.get(page("season", season.public_id)).content.decode()
    browser.post(page("draw-again", season.public_id))
    assert Redraws.objects.get().published_at is not None


def test_an_area_of_a_run_that_is_not_published_is_called_by_a_number(
    riverbend, ada, dent, client, client_for
):
    build(riverbend)
    FocusArea.objects.filter(name__in=["Hilltop", "Shelby"]).update(neighborhood=None)
    FocusArea.objects.filter(name="Shelby").update(name="Hilltop")
    a_value(riverbend, SPRING)
    season = sign(actions.propose(riverbend, start=SPRING, weeks=4, by=ada), ada, dent)
    worker.drain()
    asked = Redraws.objects.get()
    Run.objects.update(published_at=None)
    for url in (page("public-chances", asked.public_id), page("chances-json")):
        sent = client.get(url)
        shown = (sent.getvalue() if sent.streaming else sent.content).decode()
        assert "Area 1" in shown
        assert "Area 2" in shown
        assert "Eastbank" in shown
        assert "Hilltop" not in shown
    at_the_desk = client_for(ada).get(page("chances", season.public_id)).content.decode()
    assert at_the_desk.count("Hilltop") == 2, "two areas of one name are two rows"
    Run.objects.update(published_at=clock.now())
    assert [name for name, _weeks in tables.by_home(Redraws.objects.get())].count("Hilltop") == 2


@pytest.mark.parametrize("published", [True, False])
def test_everybody_reads_who_waits_longer_than_promised_and_why(riverbend, ada, dent, client, published):
    build(riverbend)
    actions.set_rhythm(riverbend, spacing=1, longest_wait=1, by=ada)
    FocusArea.objects.filter(name="Hilltop").update(neighborhood=None)
    Run.objects.update(published_at=clock.now() if published else None)
    a_value(riverbend, SPRING)
    season = sign(actions.propose(riverbend, start=SPRING, weeks=4, by=ada), ada, dent)
    assert any("Hilltop waits" in sentence for sentence in reasons.overdue(season))
    assert "are promised:" not in client.get(page("draws")).content.decode(), "nothing is published yet"
    worker.drain()
    shown = client.get(page("draws")).content.decode()
    assert shown.count("are promised:") + shown.count("is promised:") == len(reasons.overdue(season))
    assert ("Hilltop waits" in shown) == published
    assert ("An area in no neighborhood waits" in shown) != published


def test_the_list_of_draws_reads_no_problem(season, ada, dent, client, django_assert_max_num_queries):
    worker.drain()
    sign(season, ada, dent)
    with django_assert_max_num_queries(60) as asked_for:
        client.get(page("draws"))
    assert any("season_redraws" in query["sql"] for query in asked_for.captured_queries)
    assert not any('"problem"' in query["sql"] for query in asked_for.captured_queries)


def test_everybody_can_look_up_what_draws_a_season_and_draw_it_again(season, ada, dent, client, client_for):
    shown = client.get(page("draws")).content.decode()
    assert "they take turns, and neither need nor the draw decides much" in shown
    assert "Nobody is to wait longer" not in shown, "nobody here has promised it"
    actions.set_rhythm(season.agency, by=ada, longest_wait=40)
    shown = client.get(page("draws")).content.decode()
    assert "Nobody is to wait longer than 40 weeks" in shown
    assert "3, 12, 15, 22, 30" in shown
    assert season.seed in shown
    asked = Redraws.objects.get()
    assert client.get(page("every-draw", asked.public_id)).status_code == 404
    assert client.get(page("public-chances", asked.public_id)).status_code == 404
    worker.drain()
    sign(season, ada, dent)
    shown = client.get(page("draws")).content.decode()
    asked = Redraws.objects.get()
    assert asked.digest in shown
    sent = client.get(page("every-draw", asked.public_id))
    assert hashlib.sha256(sent.getvalue()).hexdigest() == asked.digest
    assert "Eastbank" in client.get(page("public-chances", asked.public_id)).content.decode()
    data = json.loads(client.get(page("chances-json")).getvalue())["rows"]
    assert {row["digest"] for row in data} == {asked.digest}
    by_day = {}
    for row in data:
        by_day[row["day"]] = by_day.get(row["day"], 0.0) + row["chance"]
    assert by_day == {week.day.isoformat(): pytest.approx(1.0) for week in season.weeks.all()}


def test_a_value_that_waits_is_public_from_the_moment_it_is_named(riverbend, ada, client):
    build(riverbend)
    assert "No season is to be drawn yet" in client.get(page("draws")).content.decode()
    actions.propose(riverbend, start=SPRING, weeks=2, named=NAMED, by=ada)
    shown = client.get(page("draws")).content.decode()
    assert NAMED.source in shown
    assert "known on December 2, 2026" in shown or "known on Dec. 2, 2026" in shown


# -- what waits ------------------------------------------------------------------------------------
def test_a_value_to_type_in_and_draws_to_publish_wait_for_a_person(riverbend, ada, dent):
    build(riverbend)
    season = actions.propose(riverbend, start=SPRING, weeks=2, named=NAMED, by=ada)
    assert not list(needs.to_draw(riverbend)), "nobody can know it yet"
    assert not list(needs.for_the_coordinator(riverbend)), "nobody can sign it yet"
    with clock.at(DECEMBER + timedelta(days=1)):
        assert [need.key for need in needs.to_draw(riverbend)] == [f"season:{season.public_id}"]
        actions.draws.type_value(season.draw, ANNOUNCED, by=ada)
        season = actions.draw(Season.objects.get(), by=ada)
        assert not list(needs.to_draw(riverbend))
        assert list(needs.for_the_coordinator(riverbend))
        sign(season, ada, dent)
    assert not list(needs.unpublished(riverbend)), "there is time"
    with clock.at(DECEMBER + (SPRING - DECEMBER.date()) - timedelta(days=5)):
        assert [need.key for need in needs.unpublished(riverbend)] == [f"season:{season.public_id}"]
        worker.drain()
        assert not list(needs.unpublished(riverbend))
        Redraws.objects.all().delete()
        assert list(needs.unpublished(riverbend)), "it was drawn, and nobody can look it up"
        Season.objects.update(seed="")
        assert not list(needs.unpublished(riverbend)), (
            "nothing was drawn in it, so nothing is to be published"
        )
