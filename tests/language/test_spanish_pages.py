"""Ben reads Spanish: each page he can open says so, leads to its English twin, and leaves no English behind."""

import re
import uuid
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from alongside.agencies import actions as agencies
from alongside.agencies import bearers
from alongside.agencies.models import Agency, Member, Role
from alongside.core import clock
from alongside.core.authored import Words
from alongside.field import actions as field
from alongside.field import passes
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Concern
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Rsvp
from alongside.gatherings.tests import cast
from alongside.hotspots.tests import town
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions import actions as following
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.rosters import actions as rosters
from alongside.rosters import partnering, posting
from alongside.season.tests.season_town import JANUARY, drawn
from alongside.walks import actions as walks
from alongside.walks.tests.cast import published
from tests.doors.populated import one_of_everything, the_id
from tests.doors.routes import every_route
from tests.doors.test_public_pages import OF_ROOMS, OF_THE_SHELL
from tests.language.reading import leftovers, phrases

# Calendars, pictures and what only programs read have no page around them; the rest have a test of their own.
NO_PAGE = {
    "gatherings:ics",
    "gatherings:feed",
    "gatherings:rss",
    "gatherings:area-feed",
    "gatherings:area-rss",
    "records:releases-columns",
    "records:releases-json",
    "records:releases-csv",
    "records:yours-file",
    "followthrough:promises-columns",
    "followthrough:promises-json",
    "followthrough:promises-csv",
    "followthrough:public-rss",
    "gatherings:picture",
    "ledger:file",
    "ledger:ledger-heads-csv",
    "ledger:ledger-heads-json",
    "ledger:ledger-heads-columns",
    "season:areas-csv",
    "season:areas-json",
    "season:areas-geojson",
    "season:areas-columns",
    "season:chances-csv",
    "season:chances-json",
    "season:chances-columns",
    "season:every-draw",
    "season:progress",
    "walks:old-phone-worker",
    "field:phone-worker",
    "field:phone-manifest",
    "field:way",
    "field:kit",
    "field:items",
    "field:photos",
    "media:picture",
    "demo:sign-in",
    "signs",
    "healthz",
}
FIRST_RUN = {"front:setup"}
OPEN = {route.name for route in every_route() if route.is_public and route.holes == ("agency",)} & OF_ROOMS


@pytest.fixture
def in_spanish():
    with translation.override("es"):
        yield


@pytest.fixture
def homes(riverbend):
    return town.draw(riverbend)


@pytest.fixture
def coming_walk(riverbend, homes, in_spanish):
    """A walk whose words were written in Spanish, as a coordinator who reads Spanish plans it."""
    walk = walks.plan(
        riverbend,
        walks.Meeting(riverbend.today() + timedelta(days=9), time(18, 0), town.the_mall(riverbend)),
        area=homes["Eastbank"],
        by=None,
    )
    return published(walk)


@pytest.fixture
def coffee(riverbend, homes, in_spanish):
    """A gathering that is full, with somebody in line."""
    made = cast.a_gathering(
        riverbend,
        kind="coffee",
        title="Café en la plaza",
        summary="Traiga su taza.",
        capacity=3,
        needs_by=riverbend.today() + timedelta(days=5),
    )
    cast.answer(made, 3, language="es")
    return made


@pytest.fixture
def waiting(coffee):
    """The link of the party in line."""
    ben = gatherings.Guest(email="ben@riverbend.example", language="es")
    _rsvp, token = gatherings.join(coffee, party=3, form_key=cast.form_key(), guest=ben, wait=True)
    return token


@pytest.fixture
def of_the_program(riverbend, homes, coming_walk, coffee, ada, dent):
    """The pages of a walk's whole life: who is asked, what was heard and promised, what came of it."""
    gathering = coming_walk.gathering
    mosque = people.save_partner(
        Partner(
            agency=riverbend,
            name="Mezquita Al-Nur",
            kind="clergy",
            language="es",
            email="nur@riverbend.example",
        ),
        areas=[],
        by=ada,
    )
    post = posting.add(gathering, member=dent.membership_at(riverbend), part="leader", by=ada)
    asked = partnering.add(gathering, partner=mosque, by=ada)
    rosters.invite(post, by=ada)
    rosters.invite(asked, by=ada)
    with clock.at(clock.now() - timedelta(days=3)):
        held = cast.a_gathering(
            riverbend,
            title="Caminata por la plaza",
            summary="Una hora con sus vecinos.",
            on=riverbend.today() + timedelta(days=1),
            meeting_point="La fuente",
        )
    noted = field.write_note(
        held,
        field.Jotting(kind="concern", category="lighting", words="El callejón está oscuro.", language="es"),
        by=ada,
        client_id=str(uuid.uuid4()),
    )
    [code] = followthrough.issue_cards(riverbend, count=1, by=ada)
    said = followthrough.receive(
        riverbend,
        followthrough.Intake(
            kind="concern",
            category="noise",
            words="Hay ruido de noche.",
            heard_on=riverbend.today(),
            origin_label=noted.concern.origin_label,
            origin_link="",
            language="es",
        ),
        key="a card",
        code=code,
    )
    return {
        "walks:old-phone": [coming_walk.public_id],
        "followthrough:page": [said.code],
        "followthrough:yours": [said.code],
        "field:partner-look-back": [passes.open_pass(held, by=ada, to=mosque)],
        "field:recap": [held.public_id],
        "gatherings:say-who-came": [held.public_id],
        "gatherings:was-there": gatherings.make_cards(held, count=1, by=ada),
        "rosters:answer": [last_link("roster")],
        "rosters:partner": [last_link("invited")],
        "rosters:stop-mail": [last_link("invited")],
        "followthrough:stop-mail": [said.code],
        "season:public-chances": [published_draws(riverbend)],
        "records:yours": ["concern", said.code],
    }


def published_draws(agency: Agency) -> str:
    """Draws of a season that everybody may look at."""
    made = drawn(agency)
    made.chances = {"names": {"a": ["Eastbank", "Eastbank"]}, "weeks": {"a": [0.5]}}
    made.problem = {
        "weeks": [{"day": JANUARY.isoformat()}],
        "areas": [{"id": each, "neighborhood": f"n{each}"} for each in "ab"],
    }
    made.published_at = clock.now()
    made.save()
    return made.public_id


def last_link(door: str) -> str:
    """The token of the latest link to this door that a mail carries."""
    links = [re.search(rf"/{door}/([^/\s]+)/", mail.text) for mail in Mail.objects.order_by("-pk")]
    return next(link[1] for link in links if link)


def second_answer(gathering: Gathering) -> str:
    """The link by which somebody says that their second answer counts."""
    first, second = (
        Rsvp(
            agency=gathering.agency, gathering=gathering, party=1, state="going", form_digest=cast.form_key()
        )
        for _each in range(2)
    )
    first.save()
    second.amends = first
    second.save()
    token, _bearer = bearers.issue("rsvp-again", second.key, agency=gathering.agency)
    return token


def what_everybody_reads(agency, ada):
    """A concern on the public list, and a promise made aloud."""
    told = ben_says(agency, key="told", words="Un farol está apagado.", language="es").concern
    both = Words().written("A lamp is out.", language="en").written("Un farol está apagado.", language="es")
    followthrough.clear(told, summary=both, by=ada)
    Concern.objects.filter(pk=told.pk).update(heard_on=agency.today() - timedelta(days=30))
    said = promising.Said(both, ada.membership_at(agency), agency.today() + timedelta(days=9))
    return told, promising.make(agency, said, by=ada, public=True)


@pytest.fixture
def addresses(riverbend, homes, coming_walk, coffee, waiting, of_the_program, ada):
    """Each public page, under its name."""
    run = town.a_run(riverbend)
    town.a_focus_area(run, homes["Eastbank"])
    asked = town.a_petition(riverbend, homes["Shelby"], text="Vengan un sábado.")
    church = people.save_partner(
        Partner(agency=riverbend, name="Iglesia Gracia", kind="clergy"), areas=[], by=ada
    )
    told, made = what_everybody_reads(riverbend, ada)
    newcomer = agencies.add_member(riverbend, name="Ana", roles=[Role.OFFICER], by=None)
    following.ask(riverbend, about=["program:walk"], email="lea@people.example", language="es")
    news = last_link("news")
    of_agency = {
        # Whatever needs no id is asked without a word about it.
        **{name: [] for name in OPEN - NO_PAGE},
        "front:neighborhood": [homes["Eastbank"].public_id],
        "followthrough:public-concern": [told.public_id],
        "followthrough:public-promise": [made.public_id],
        "walks:detail": [coming_walk.public_id],
        "hotspots:petition": [asked.public_id],
        "people:own-entry": [people.link_partner(church, by=ada)],
        "gatherings:detail": [coffee.public_id],
        "gatherings:join": [coffee.public_id],
        "gatherings:flyer": [coffee.public_id],
        "gatherings:share": [coffee.public_id],
        "gatherings:answer": [waiting],
        "gatherings:cannot-come": [waiting],
        "gatherings:stop-mail": [waiting],
        "gatherings:answer-again": [second_answer(coffee)],
        "outreach:subscriptions": [news],
        "outreach:stop-news": [news],
        **of_the_program,
        "field:phone": [coffee.public_id],
    }
    of_install = {
        "front:install": [],
        "front:invitation": [agencies.invite(newcomer, email="ana@riverbend.example", by=None)],
        "style": [],
        "method": ["hot-spots"],
    }
    return {
        **{name: reverse(name, args=[riverbend.slug, *rest]) for name, rest in of_agency.items()},
        **{name: reverse(name, args=rest) for name, rest in of_install.items()},
    }


def test_every_public_page_speaks_spanish_names_its_english_twin_and_leads_on_in_spanish(addresses):
    """No page is forgotten, and no link but those to the English twin leads out of Spanish."""
    assert set(addresses) == (OF_THE_SHELL | OF_ROOMS) - NO_PAGE - FIRST_RUN
    for name, address in addresses.items():
        assert address.startswith("/es/"), name
        page = Client().get(address, follow=True)
        assert page.status_code == 200, name
        assert '<html lang="es"' in page.text, name
        twin = address.removeprefix("/es")
        # The install's page leads on to its only agency; the scribe's phone shows no menu at all.
        if name not in {"front:install", "field:phone", "walks:old-phone"}:
            assert f'hreflang="en" href="{twin}"' in page.text, name
        assert leftovers(page.text) == [], name
        for link in re.findall(r"<a [^>]*>", page.text):
            leads = re.search(r'href="(/[^"]*)"', link)
            if leads and "hreflang" not in link:
                assert leads[1].startswith("/es/"), (name, link)


def test_the_english_twin_is_english(addresses):
    """The premise: what is looked for is there to be found."""
    leftover = {
        name: leftovers(Client().get(address.removeprefix("/es"), follow=True).text.replace('lang="en"', ""))
        for name, address in addresses.items()
    }
    assert all(leftover.values()), [name for name, english in leftover.items() if not english]


def test_the_first_run_speaks_spanish(db):
    page = Client().get("/es/setup/")
    assert page.status_code == 200
    assert leftovers(page.text) == []


@pytest.mark.parametrize("path", ["accounts/login/", "accounts/password/reset/", "no/such/page/"])
def test_the_door_and_the_way_back_speak_spanish(db, path):
    page = Client().get(f"/es/{path}")
    assert '<html lang="es"' in page.text
    assert leftovers(page.text) == []


def test_a_walk_says_its_day_as_people_do(coming_walk):
    Gathering.objects.update(on=date(2036, 6, 5))
    page = Client().get(f"/es/riverbend/walks/{coming_walk.public_id}/")
    assert "jueves, 5 de junio, 6 p.m." in phrases(page.text)
    assert "Camine con nosotros en Eastbank" in phrases(page.text)
    english = Client().get(f"/riverbend/walks/{coming_walk.public_id}/")
    assert "Thursday, June 5, 6 p.m." in phrases(english.text, "en")


def test_what_was_written_in_english_says_so(riverbend):
    """Nobody's own words are translated by the machine; they are marked, so that a screen reader says them well."""
    with translation.override("en"):
        written = cast.a_gathering(riverbend, title="Coffee on the square", languages=["en", "ase"])
    page = Client().get(f"/es/riverbend/gatherings/{written.public_id}/").text
    assert "Coffee on the square" not in phrases(page[page.index("<main") :])
    assert "Coffee on the square" in phrases(page, "en")
    assert "Escrito en inglés" in phrases(page)
    assert "inglés, lengua de señas americana (ASL)" in phrases(page)
    assert "Escrito" not in Client().get(f"/riverbend/gatherings/{written.public_id}/").text


def test_what_is_wrong_with_a_form_is_said_in_spanish(coffee):
    ben = Client(headers={"origin": "http://testserver"})
    address = f"/es/riverbend/gatherings/{coffee.public_id}/join/"
    for party, said in (
        ("0", "Viene al menos una persona: escriba 1 o más."),
        ("many", "Escriba cuántas personas vienen, con un número como 2."),
        ("-3", "Viene al menos una persona: escriba 1 o más."),
    ):
        page = ben.post(address, {"form_key": cast.form_key(), "party": party})
        assert any(said in phrase for phrase in phrases(page.text)), party
        assert leftovers(page.text) == []


def test_mail_comes_in_the_language_of_the_answer(coffee, waiting):
    mail = Mail.objects.latest("pk")
    assert mail.subject.startswith("En la fila: Café en la plaza")
    assert "No quedan cupos suficientes" in mail.text
    assert "/es/riverbend/answer/" in mail.text
    assert leftovers(f"<p>{mail.text}</p>") == []


@pytest.mark.parametrize("deed", ["cancel", "move"])
def test_news_come_in_the_language_of_the_answer(coffee, waiting, deed):
    words = {"reason": "Llueve.", "stand_in": "Omar", "by": None}
    if deed == "move":
        words |= {
            "on": coffee.on + timedelta(days=1),
            "at": coffee.at,
            "venue": None,
            "meeting_point": "La fuente",
        }
    getattr(gatherings, deed)(coffee, **words)
    mail = Mail.objects.latest("pk")
    assert "Llueve." in mail.text
    assert leftovers(f"<p>{mail.subject} {mail.text}</p>") == []


def test_the_whole_workspace_speaks_spanish(riverbend, ada, client_for):
    """Every page of the workspace, with one of everything on it, for somebody who may see it all."""
    one_of_everything(riverbend)
    agencies.change_member(Member.objects.get(user=ada), name="Ada", rank=None, roles=list(Role), by=None)
    client = client_for(ada)
    closed = [route for route in every_route() if route.of_agency and not route.is_public]
    closed = [route for route in closed if route.name not in NO_PAGE]
    pages = {route.name: page for route in closed if (page := _page(client, route, riverbend))}
    assert len(pages) > 30
    for name, page in pages.items():
        assert '<html lang="es"' in page, name
        assert leftovers(page) == [], name


def _page(client, route, agency):
    """The page at this address in Spanish, or nothing where the address gives no page."""
    with translation.override("es"):
        address = route.address(agency.slug, the_id(agency))
    answer = client.get(address)
    is_page = answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")
    return answer.text if is_page else ""
