"""What a room says of itself, once: plain data and dotted names, in a file `manifest.py` of its own.

Settings, addresses, menus, the command line and the pages composed of every room read it there. No manifest imports a
model, a view or a library, so that all of them may read every one; a dotted name (`walks.queries.to_check`, without
the project's own) is followed when it is needed, and a test follows every one.

By convention, without a word in the manifest: a room's addresses in `urls.py`, its jobs in `jobs.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import import_string

SOURCE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class MenuLine:
    """One line of a menu. `at`: its place there. `roles`: who finds it of use; empty for every member of staff.

    `also`: lists that have no line of their own, whose pages stand below this one. `foot`: in public it stands at the
    foot of each page only, so that the line on top stays one line.
    """

    view: str
    label: str | Promise
    at: int
    roles: tuple[str, ...] = ()
    group: str = ""
    also: tuple[str, ...] = ()
    foot: bool = False


@dataclass(frozen=True)
class Command:
    """A command of `alongside`, or a group of them. Its module is loaded when it is asked for, and no other.

    `under`: the command of a lower room below which it hangs. `reads_files_only`: those of the group that need no data
    folder, or the command itself: strangers run them on a file that they were handed. `makes_folder`: it comes before
    anything is made, and sets Django up itself.
    """

    name: str
    module: str
    under: str = ""
    reads_files_only: tuple[str, ...] = ()
    makes_folder: bool = False


@dataclass(frozen=True)
class Detail:
    """A detail of the audit trail, whose values are read aloud, too.

    `values`: what its codes are called: dotted names of choices, of mappings, or of models whose fields they are.
    `as_typed`: it holds what people or files call something, and is shown as it stands.
    """

    label: str | Promise
    values: tuple[str, ...] = ()
    as_typed: bool = False


# The pages that are composed of every room: three for everybody or for staff, one of each neighborhood, and the
# decisions that stand first on the chief's.
HOME, THIS_WEEK, CHIEF = "home", "this week", "chief"
NEIGHBORHOOD, DECISIONS = "neighborhood", "decisions"


@dataclass(frozen=True)
class Panel:
    """A panel of a page composed of every room: who makes it (None: nothing to show), and how it is drawn.

    `at`: its place. `made_by`: a function of whoever looks and the agency; on a page about one area, of that area, too.
    """

    page: str
    at: int
    made_by: str
    template: str


@dataclass(frozen=True)
class NeedKind:
    """A sort of what waits for a person (core.needs): what each is called, and what ends it.

    `found_by`: a function of the agency that gives its needs, in a number of questions that does not grow with them.
    `counted`: so many of them, in few words (`ngettext_lazy`, its number called `n`). `view`: the page that the button
    opens. `roles`: whose it is, beside the people that a need names; each of them can open the page.
    `only_where_commanded`: a commander can do it only where they command, so that what nobody commands is no
    commander's. `names_people`: whether its needs name any. `has_own_mail`: its room writes to them itself, so that the
    morning's mail leaves it out.
    """

    name: str
    found_by: str
    title: str | Promise
    counted: Any
    button: str | Promise
    view: str
    roles: tuple[str, ...] = ()
    only_where_commanded: bool = False
    names_people: bool = False
    has_own_mail: bool = False


@dataclass(frozen=True)
class Tick:
    """What a gathering needs before its day, shown as done or not. `at`: its place; `kinds`: of which gatherings.

    `done_by`: a function of the agency and some gatherings that gives the numbers of those where it is done. Where two
    rooms have a tick of one name, it is done if one of them says so.
    """

    name: str
    label: str | Promise
    at: int
    done_by: str
    kinds: tuple[str, ...] = ()

    def is_of(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True)
class Tab:
    """A page of one gathering at the desk, in the row that stands on each of them. `at`: its place there.

    `pages`: the other views that stand below it, and those that its forms are sent to. `itself`: those that stand
    below the page of its kind, where a room above has one; here else. Whoever may not open the page is not shown it;
    `shown`: when it is of use, a function of the gathering. `count`: a number to show beside it, made of what the
    gathering knows already. `kind`: it is a page of the room that has this kind of gathering, and takes the id which
    that room gave.
    """

    view: str
    label: str | Promise
    at: int
    pages: tuple[str, ...] = ()
    itself: tuple[str, ...] = ()
    shown: str = ""
    count: str = ""
    kind: str = ""


@dataclass(frozen=True)
class MainAct:
    """What one does next with a gathering, as a button in its header: the first whose time has come, and no other.

    `when`: a function of the gathering. `posts`: the button does it at once. `kind`: as a tab has it.
    """

    view: str
    label: str | Promise
    at: int
    when: str
    posts: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Step:
    """Something that a new agency sets up: done or not, and where. `at`: its place in the list."""

    title: str | Promise
    why: str | Promise
    view: str
    at: int
    done: str
    needed: bool = True


@dataclass(frozen=True)
class Statement:
    """A sentence that stands on a public page in the agency's name, once a person has accepted it there.

    `view`: the page. `bears`: whether what is there bears it (an agency → so it is); the page asks for itself, too.
    `lacks`: why it cannot be said where it does not.
    """

    name: str
    says: str | Promise
    view: str
    bears: str
    lacks: str | Promise


@dataclass(frozen=True)
class Purpose:
    """What a link or a pass is for. `agencies.bearers` makes, checks, shows and ends those of every purpose.

    `behind`: how the room says what lies behind each (agencies.bearers.Behind). `roles`: who was given one for a role
    holds it no longer than one of these. `digested`: what its tokens are hashed for, where that is not its name.
    """

    name: str
    label: str | Promise
    behind: str
    roles: tuple[str, ...] = ()
    digested: str = ""


@dataclass(frozen=True)
class Topic:
    """What people may ask to hear of: one neighborhood, one program. Its key is its kind and an id of the room's.

    `offers`: which there are at an agency, each by its id, said as readers call it. `events`: what is told of it, by
    the names under which rooms tell (`Manifest.events`); it may be another room that tells. `named`: where
    there are too many to offer all of them, a function of the agency and some ids that says what these are called; they
    are followed from their own pages.
    """

    kind: str
    label: str | Promise
    offers: str
    events: tuple[str, ...]
    named: str = ""


@dataclass(frozen=True)
class Rows:
    """Rows of one model that are records of a kind (`RecordKind`), and by which columns they are found.

    `since`: the day or moment that they are of. `keys`: columns that hold a key (core.origins); `ids`: by the kind of a
    key, the column that holds the public id in it. Whoever holds something by its key holds these. `agency`: the way
    to whose they are. `never`: columns that leave in no export, since they open something.
    """

    model: str
    since: str = ""
    keys: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    agency: str = "agency"
    never: tuple[str, ...] = ()


# What a kind of record may be kept for: from a day to a hundred years.
A_HUNDRED_YEARS = 36500


@dataclass(frozen=True)
class RecordKind:
    """A kind of record, as a retention schedule names them: what it holds, and which rows it is.

    With a `clock` (the job that disposes of them) an agency may set other days, from `least` to `most`, counted from
    `counted`; unless something else than days decides (`by_days`). Without one nothing disposes of them, and what the
    schedule says is the law's word alone.
    """

    name: str
    label: str | Promise
    holds: str | Promise
    rows: tuple[Rows, ...]
    counted: str | Promise = ""
    clock: str = ""
    by_days: bool = True
    least: int = 1
    most: int = A_HUNDRED_YEARS

    @property
    def is_by_days(self) -> bool:
        """Whether an agency can set in how many days the clock disposes of them."""
        return bool(self.clock) and self.by_days


@dataclass(frozen=True)
class Personal:
    """One sort of thing under which we keep what one person told us or left, and how they have it and end it.

    `kind`: of its keys. `behind`: (agency, token or code) → its public id; raises a Refusal. `with_address`: (agency,
    address) → the public ids of those that this exact address was left with. `told`: (agency, public id) → all that is
    kept, in words, by what each is called; nothing where it is gone. `erase`: (agency, public id, by) → the room's own
    verb.
    """

    kind: str
    label: str | Promise
    told: str
    erase: str
    behind: str = ""
    with_address: str = ""


@dataclass(frozen=True)
class Manifest:
    """All that a room offers to those who compose every room."""

    # Menus: what a resident may visit, and where a member of staff works.
    public_menu: tuple[MenuLine, ...] = ()
    workspace_menu: tuple[MenuLine, ...] = ()
    # Views that ask for no sign-in.
    public: tuple[str, ...] = ()
    # Tables that anybody may take along (core.publicdata): every form of each is public, too.
    data: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    panels: tuple[Panel, ...] = ()
    # The page that this room has for a thing of a lower one, which links to it: {"neighborhood": "front:neighborhood"}.
    pages: Mapping[str, str] = field(default_factory=dict)
    # What waits for a person, and what a gathering needs before its day.
    needs: tuple[NeedKind, ...] = ()
    ticks: tuple[Tick, ...] = ()
    # The pages that it has of one gathering, and what it lets one do next with it (gatherings.frame).
    tabs: tuple[Tab, ...] = ()
    main_acts: tuple[MainAct, ...] = ()
    steps: tuple[Step, ...] = ()
    # What stands on public pages in the agency's name, once a person has accepted it (agencies.statements).
    statements: tuple[Statement, ...] = ()
    # News of lower rooms, and who here hears it at once: {"gatherings.on_change": "rosters.actions.…"}.
    hears: Mapping[str, str] = field(default_factory=dict)
    # Links and passes that this room hands out; and whom this room would give one of another: {"scribe": "rosters.…"}.
    bearers: tuple[Purpose, ...] = ()
    proposes: Mapping[str, str] = field(default_factory=dict)
    # What people may follow; how what happened is said to them; and to whom a room writes about a thing by itself, by
    # the kind of its key: nobody hears of one event twice (outreach.subscriptions).
    topics: tuple[Topic, ...] = ()
    events: Mapping[str, str] = field(default_factory=dict)
    writes_to: Mapping[str, str] = field(default_factory=dict)
    # Keys that rows need without keeping a digest: how many rows, by the key's id (core.key_use).
    keys: Mapping[str, str] = field(default_factory=dict)
    # Letters that this room writes, and who makes the words of each when it leaves (outreach.models.Letter):
    # {"gatherings.reminder": "gatherings.letters.reminder"}.
    letters: Mapping[str, str] = field(default_factory=dict)
    # What reads files from outside, each in a process apart (outside.readers.Reader), by what is read:
    # {"calendar": "gatherings.importing.calendar_file.CALENDAR"}.
    readers: Mapping[str, str] = field(default_factory=dict)
    # What it keeps as records, how people have their own back, and what an agency takes along beside its rows and files
    # when it leaves, by the name of the file: {"ledger.jsonl": "ledger.…"}, a function of the agency that gives bytes.
    records: tuple[RecordKind, ...] = ()
    personal: tuple[Personal, ...] = ()
    takes: Mapping[str, str] = field(default_factory=dict)
    # What `alongside check` looks at.
    checks: Mapping[str, str] = field(default_factory=dict)
    # How a detail of the audit trail is read aloud: its name, its values, and in “name: value” the words of one
    # value.
    details: Mapping[str, str | Promise | Detail] = field(default_factory=dict)
    # Which kinds of entry it writes in the public ledger (ledger.actions.record), and how each is said to a reader:
    # {"concern.received": _("A concern was received")}.
    ledger: Mapping[str, str | Promise] = field(default_factory=dict)


@cache
def manifests() -> dict[str, Manifest]:
    """Every room that has a manifest, by its name."""
    rooms = sorted(path.parent.name for path in SOURCE.glob("*/manifest.py") if path.parent.name != "core")
    return {room: import_module(f"alongside.{room}.manifest").MANIFEST for room in rooms}


@cache
def purposes() -> dict[str, Purpose]:
    """What links and passes are for, by name: of every room."""
    return {purpose.name: purpose for room in manifests().values() for purpose in room.bearers}


@cache
def letters() -> dict[str, str]:
    """Who makes the words of each kind of letter: of every room."""
    return {kind: maker for room in manifests().values() for kind, maker in room.letters.items()}


@cache
def topics() -> dict[str, Topic]:
    """What people may follow, by the kind of its key: of every room."""
    return {topic.kind: topic for room in manifests().values() for topic in room.topics}


@cache
def record_kinds() -> dict[str, RecordKind]:
    """Every kind of record, by name: of every room."""
    return {kind.name: kind for room in manifests().values() for kind in room.records}


@cache
def records_of(model: str) -> tuple[RecordKind, Rows] | None:
    """Of which kind the rows of a model are, and how they are found; None where no room says."""
    for kind in record_kinds().values():
        for rows in kind.rows:
            if rows.model == model:
                return kind, rows
    return None


@cache
def personal_kinds() -> dict[str, Personal]:
    """What is kept of one person, by the kind of its key: of every room."""
    return {each.kind: each for room in manifests().values() for each in room.personal}


@cache
def page_of(thing: str) -> str:
    """The view that a room above has for such a thing of a lower one; "" where none has."""
    return next((room.pages[thing] for room in manifests().values() if thing in room.pages), "")


@cache
def ticks() -> dict[str, list[Tick]]:
    """What a gathering needs before its day, by name, in the order in which it is shown: of every room."""
    every = sorted((tick for room in manifests().values() for tick in room.ticks), key=lambda tick: tick.at)
    by_name: dict[str, list[Tick]] = {}
    for tick in every:
        by_name.setdefault(tick.name, []).append(tick)
    return by_name


def done(name: str, agency: object, gatherings: Collection[Any]) -> set[int]:
    """The numbers of those gatherings where what this tick stands for is done, whichever room knows of it."""
    known: set[int] = set()
    for tick in ticks()[name] if gatherings else ():
        known |= follow(tick.done_by)(agency, gatherings)
    return known


def has(room: str, module: str) -> bool:
    """Whether a room has a module of that name."""
    return (SOURCE / room / f"{module}.py").exists()


def follow(dotted: str) -> Any:
    """What a dotted name of a manifest stands for."""
    return import_string(f"alongside.{dotted}")
