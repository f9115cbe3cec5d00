"""A sentence of ours is made where it is read: no verb keeps one, and every letter says who reads it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.reading import parsed

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
# What writes rows: its words may only say no, or be a letter to somebody.
WRITING = (
    "actions.py",
    "jobs.py",
    "importing/*.py",
    "planning.py",
    "posting.py",
    "partnering.py",
    "pauses.py",
)
SAYS = {"_", "gettext", "ngettext", "pgettext", "render_to_string", "date_format", "time_format"}
# Verbs that say something at once: nobody keeps it.
AT_ONCE = {
    "_too_few": "a refusal raises it",
    "_behind": "the list of links asks, and shows it",
    "behind_cards": "the list of links asks, and shows it",
}
# A language is switched on for whoever reads (`core.readers`); elsewhere for a reason that is no reader's.
SWITCHES = {
    "agencies/audit.py": "the trail keeps verbs as the catalogs know them",
    "agencies/templatetags/doors.py": "an address is looked up in the language that it stands in",
    "cli/resting.py": "every room's clock goes round as in the worker, which has one language",
    "core/languages.py": "each language is asked for its words",
    "core/links.py": "a printed code leads to the page in the first language",
    "core/phrases.py": "a label is kept as the catalogs know it",
    "core/readers.py": "this is where it is switched on for a reader",
    "core/templatetags/look.py": "a page leads to itself in the other languages",
    "gatherings/origins.py": "a link without a language",
    "followthrough/models.py": "an address kept as in the first language is read in it, to be shown in the reader’s",
    "gatherings/importing/keeping.py": "what a file says is written in the file's language",
    "hotspots/words.py": "a name that is kept as it was given",
    "outside/apart.py": "a process apart says no in the language of whoever asked it",
    "jobs/worker.py": "what one job spoke must not color the next",
}


def verbs(module: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef))


def said_outside_of_a_refusal_or_a_letter(node: ast.AST) -> Iterator[ast.Call]:
    """The translated texts that are made here, but for those of a `raise` and of what is `written_for` somebody."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise | ast.FunctionDef):
            continue
        if isinstance(child, ast.With) and any("written_for" in ast.unparse(item) for item in child.items):
            continue
        if isinstance(child, ast.Call) and name_of(child) in SAYS:
            yield child
        yield from said_outside_of_a_refusal_or_a_letter(child)


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def is_handed_to_a_refusal(function: ast.FunctionDef, said: ast.Call) -> bool:
    """A name that only a `raise` uses: `why = _("…"); raise NotNow(why)`."""
    named = [
        target.id
        for each in ast.walk(function)
        if isinstance(each, ast.Assign) and said in ast.walk(each.value)
        for target in each.targets
        if isinstance(target, ast.Name)
    ]
    raised = {
        name.id
        for each in ast.walk(function)
        if isinstance(each, ast.Raise)
        for name in ast.walk(each)
        if isinstance(name, ast.Name)
    }
    return bool(named) and set(named) <= raised


def kept_sentences(source: str) -> list[str]:
    module = parsed(source)
    return [
        f"{function.name}: {ast.unparse(said)[:70]}"
        for function in verbs(module)
        if function.name not in AT_ONCE
        for said in said_outside_of_a_refusal_or_a_letter(function)
        if not is_handed_to_a_refusal(function, said)
    ]


def test_what_writes_rows_says_nothing_but_no():
    paths = sorted({path for each in WRITING for path in SOURCE.glob(f"*/{each}")})
    assert len(paths) > 25, "the premise"
    found = {str(path.relative_to(SOURCE)): kept_sentences(path.read_text()) for path in paths}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "verb",
    [
        'def plan(area):\n    Walk.objects.create(title=_("Walk with us"))',
        'def plan(area):\n    title = _("Walk with us in %(place)s") % {"place": area}\n    save(title)',
        'def cancel(walk):\n    walk.reason = str(_("Rain"))',
        'def move(walk):\n    if wet:\n        note(render_to_string("a.txt"))',
    ],
)
def test_a_kept_sentence_is_seen(verb):
    assert len(kept_sentences(verb)) == 1


@pytest.mark.parametrize(
    "verb",
    [
        'def plan(area):\n    raise NotNow(_("It is over."))',
        'def plan(area):\n    why = _("It is over.")\n    raise NotNow(why)',
        'def plan(area):\n    Walk.objects.create(title=Words.made(phrase("Walk with us")))',
        'def tell(who):\n    with written_for(who.language):\n        send(_("It moved."))',
    ],
)
def test_what_is_said_at_once_may_be_said(verb):
    assert kept_sentences(verb) == []


def test_a_language_is_switched_on_for_a_reader_and_in_one_place():
    switching = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if {"tests", "migrations", "demo"}.isdisjoint(path.parts)
        for node in ast.walk(parsed(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"translation.override", "override", "translation.activate"}
    }
    assert switching == set(SWITCHES)
