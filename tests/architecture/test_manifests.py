"""Each room says once what it offers; every dotted name leads somewhere, and nobody keeps a second list."""

import inspect
import re
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from django.apps import apps
from django.template.loader import get_template

from alongside.agencies.models import Member, Role
from alongside.agencies.templatetags.doors import _views, may_open
from alongside.cli.__main__ import _loaded, alongside, offered
from alongside.core.manifest import (
    CHIEF,
    DECISIONS,
    HOME,
    NEIGHBORHOOD,
    THIS_WEEK,
    follow,
    has,
    manifests,
    page_of,
    ticks,
)
from alongside.core.news import News
from alongside.front.context import GROUPS, public_menu, workspace_menu
from alongside.gatherings.frame import every_main_act, every_tab
from alongside.gatherings.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "alongside"
ROOMS = manifests()
PANELS = [panel for room in ROOMS.values() for panel in room.panels]
NEEDS = [kind for room in ROOMS.values() for kind in room.needs]
TICKS = [tick for room in ROOMS.values() for tick in room.ticks]
A_HANDFUL = 5


def dotted() -> list[str]:
    return [
        name
        for room in ROOMS.values()
        for name in (
            *(panel.made_by for panel in room.panels),
            *(need.found_by for need in room.needs),
            *(tick.done_by for tick in room.ticks),
            *(step.done for step in room.steps),
            *(statement.bears for statement in room.statements),
            *room.hears.values(),
            *room.checks.values(),
            *(each for tab in room.tabs for each in (tab.shown, tab.count) if each),
            *(act.when for act in room.main_acts),
        )
    ] + [kind.way for kind in KINDS.values() if kind.way]


def test_every_package_with_models_or_pages_is_a_room():
    packages = {path.parent.name for path in SOURCE.glob("*/models.py")}
    packages |= {path.parent.name for path in SOURCE.glob("*/urls.py")} - {"config", "core"}
    assert packages == set(ROOMS)
    assert {f"alongside.{room}" for room in ROOMS} <= {app.name for app in apps.get_app_configs()}


@pytest.mark.parametrize("name", dotted())
def test_a_dotted_name_leads_to_a_function(name):
    assert callable(follow(name))
    assert name.split(".")[0] in ROOMS


def test_a_manifest_is_plain_data():
    """Settings and the command line read all of them before there is a model, and without what computes."""
    read = "from alongside.core.manifest import manifests; manifests(); import sys; print('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", read], capture_output=True, text=True, check=True, cwd=ROOT, env=None
    ).stdout
    ours = {name for name in loaded.split() if name.startswith("alongside.")}
    assert "alongside.walks.manifest" in ours, "the premise"
    assert {name for name in ours if not re.fullmatch(r"alongside\.\w+(\.manifest)?", name)} == set()
    assert not re.findall(r"^(?:django\.db\.models|numpy|shapely|duckdb)$", loaded, re.M)


def test_menus_lead_to_pages_in_an_order_and_name_roles():
    for menu in (public_menu(), workspace_menu()):
        assert len({line.at for line in menu}) == len(menu), "two lines have the same place"
        assert {line.view for line in menu} <= set(_views())
        assert {role for line in menu for role in line.roles} <= set(Role.values)
        groups = [group for group, _lines in groupby(line.group for line in menu)]
        assert len(set(groups)) == len(groups), "a heading stands once"
        assert set(groups) <= set(GROUPS)


def test_every_line_of_the_workspace_is_in_a_group_and_no_group_is_long():
    """Twenty equal words are no map: what one does with a page says where it stands."""
    first, *lines = workspace_menu()
    assert (first.view, first.group) == ("front:workspace", ""), "what waits for a person is no group's"
    groups = Counter(line.group for line in lines)
    assert set(groups) == set(GROUPS) - {""}
    assert max(groups.values()) <= A_HANDFUL, groups


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.made_by)
def test_a_panel_has_its_template_and_its_page(panel):
    assert panel.page in {HOME, THIS_WEEK, NEIGHBORHOOD, CHIEF, DECISIONS}
    get_template(panel.template)
    room = panel.made_by.split(".")[0]
    assert panel.template.startswith(f"{room}/")


def test_a_thing_has_one_page_and_it_is_one_that_everybody_may_open():
    things = [thing for room in ROOMS.values() for thing in room.pages]
    assert things, "the premise"
    assert len(set(things)) == len(things), "two rooms have a page for one thing"
    assert {page_of(thing) for thing in things} <= {name for room in ROOMS.values() for name in room.public}
    assert page_of("nothing of ours") == ""


@pytest.mark.parametrize("kind", NEEDS, ids=lambda kind: kind.name)
def test_a_need_says_whose_it_is_and_each_of_them_may_open_its_page(kind):
    assert kind.name.split(".")[0] == kind.found_by.split(".")[0], "it is named after the room that finds it"
    assert kind.roles or kind.names_people, "it is somebody's"
    assert set(kind.roles) <= set(Role.values)
    for role in kind.roles:
        member = Member(active=True)
        member.__dict__["roles"] = frozenset({role})
        assert may_open(member, kind.view), f"{role} is shown {kind.name} and may not open {kind.view}"


def test_needs_and_ticks_are_told_apart():
    assert len({kind.name for kind in NEEDS}) == len(NEEDS)
    # Two rooms may know of one thing: then they speak of it alike, and have functions of their own.
    assert len({tick.at for tick in TICKS}) == len({tick.name for tick in TICKS})
    assert len({(tick.name, str(tick.label), tick.at, tick.kinds) for tick in TICKS}) == len(ticks())
    assert len({tick.done_by for tick in TICKS}) == len(TICKS)
    assert {kind for tick in TICKS for kind in tick.kinds} <= set(KINDS)


def test_two_panels_of_a_page_have_different_places():
    assert len({(panel.page, panel.at) for panel in PANELS}) == len(PANELS)


def test_tabs_and_main_acts_lead_to_pages_in_an_order_and_name_kinds():
    for row in (every_tab(), every_main_act()):
        assert {each.view for each in row} <= set(_views())
        assert {each.kind for each in row} <= {"", *KINDS}
        places = Counter((each.at, kind) for each in row for kind in ([each.kind] if each.kind else KINDS))
        assert max(places.values()) == 1, "two have the same place in the row of one gathering"
    pages = [page for tab in every_tab() for page in (tab.view, *tab.pages, *tab.itself)]
    assert len(set(pages)) == len(pages), "a page stands below one tab"
    assert {kind.list_at_desk for kind in KINDS.values()} <= {line.view for line in workspace_menu()}
    assert {kind.list_of_pages for kind in KINDS.values()} <= {line.view for line in public_menu()}


@pytest.mark.parametrize("command", offered(), ids=lambda command: command.name)
def test_a_command_is_where_its_room_says(command):
    assert _loaded(command).name == command.name
    assert not command.under or command.under in alongside.list_commands(None)


def told() -> dict[str, News]:
    """All news that any room tells, by the variable it stands in."""
    return {
        f"{room}.{name}": value
        for room in ROOMS
        if has(room, "actions")
        for name, value in vars(follow_module(f"{room}.actions")).items()
        if isinstance(value, News) and value.name.startswith(f"{room}.")
    }


def follow_module(name: str):
    return __import__(f"alongside.{name}", fromlist=["actions"])


def test_news_is_named_after_where_it_stands_and_heard_by_those_who_take_it():
    known = told()
    assert {name: news.name for name, news in known.items()} == {name: name for name in known}
    for room, manifest in ROOMS.items():
        for name, listener in manifest.hears.items():
            assert name in known, f"{room} listens to {name}, which nobody tells"
            teller = name.partition(".")[0]
            takes = next(iter(get_type_hints(follow(listener)).values()))
            declared = get_type_hints(follow_module(f"{teller}.actions"))[name.partition(".")[2]]
            assert takes in get_args(declared), f"{listener} does not take what {name} tells"
            assert len(inspect.signature(follow(listener)).parameters) == 1


def test_no_room_hears_by_signals():
    """News between rooms has one way. Django's signals say nothing of what they carry, and of nobody who listens."""
    used = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"django\.dispatch|django\.db\.models\.signals", path.read_text())
    ]
    assert used == []
