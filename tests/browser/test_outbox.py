"""The outbox by itself, on a page that knows nothing else: what is put stays until the server has named it."""

import json
import time
from typing import Any

import pytest

from tests.browser import chromium as pinned
from tests.browser import field as the

pytestmark = pytest.mark.browser

OUTBOX = pinned.ROOT / "src" / "alongside" / "core" / "assets" / "outbox"
HOME = "http://localhost"
PAGE = """
<!doctype html><title>Votes</title>
<script type="module">
  import { open } from "/outbox/outbox.js";
  import { trying } from "/outbox/trying.js";
  const box = open("alongside-votes", { rolls: "id" });
  const say = ({ client_id, body }) => ({ client_id, ...body });
  const deliver = (items, file) =>
    fetch("/votes/", { method: "POST", body: file ?? JSON.stringify(items.map(say)), redirect: "error" });
  let heard = 0;
  box.onChange(() => (heard += 1));
  let left = 0;
  const waits = () => left > 0;
  const attempt = async () => {
    const said = await box.send("forum", deliver);
    left = (await box.pending("forum")).length;
    return said;
  };
  const tries = trying({ attempt, waits });
  tries.watch();
  window.votes = {
    box,
    put: (vote) => box.put({ about: "forum", type: "vote", body: { vote } }),
    photo: (bytes) => box.put({ about: "forum", type: "photo", body: {} }, new Blob(["x".repeat(bytes)])),
    send: () => box.send("forum", deliver),
    begin: () => tries.now(),
    states: async () => (await box.items("forum")).map(({ state }) => state).reverse(),
    heard: () => heard,
    refusal: (work) => work().then(() => "", (error) => error.constructor.name),
  };
</script>
"""


class Server:
    """Holds what it is sent, each id once. `mood`: how it is today."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}
        self.asked: list[list[str]] = []
        self.files: list[int] = []
        self.mood = "well"

    def __call__(self, route: Any) -> None:
        path = route.request.url.removeprefix(HOME)
        if path.startswith("/outbox/"):
            script = (OUTBOX / path.removeprefix("/outbox/")).read_text()
            route.fulfill(body=script, content_type="text/javascript")
        elif path == "/votes/":
            self.votes(route)
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    def votes(self, route: Any) -> None:
        if self.mood == "away":
            route.abort("connectionrefused")
            return
        body = route.request.post_data or ""
        if body.startswith("x"):
            self.files.append(len(body))
            route.fulfill(json={"status": "stored"})
            return
        sent = json.loads(body)
        self.asked.append([each["client_id"] for each in sent])
        if self.mood == "busy":
            route.fulfill(status=503, headers={"Retry-After": "30"}, body="")
        elif self.mood == "a hotel":
            route.fulfill(body="<h1>Sign in to our network</h1>", content_type="text/html")
        elif self.mood == "strict":
            route.fulfill(status=401, json={"error": "Who are you?"})
        elif self.mood == "narrow" and len(sent) > 2:
            route.fulfill(status=413, json={"error": "Too much at once."})
        else:
            results = [self.result(each) for each in sent]
            if self.mood == "unheard":
                route.abort("connectionreset")  # taken, and the answer is lost on the way
            else:
                route.fulfill(json={"results": results})

    def result(self, sent: dict[str, Any]) -> dict[str, Any]:
        client_id = sent["client_id"]
        if sent["vote"] == "perhaps":
            return {"client_id": client_id, "status": "refused", "why": "Yes or no."}
        status = "known" if client_id in self.held else "stored"
        self.held[client_id] = sent["vote"]
        return {"client_id": client_id, "status": status}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def tab(chromium: Any, server: Server) -> Any:
    """tab(): another tab of one browser."""
    context = chromium.new_context()
    context.route(f"{HOME}/**", server)

    def opened() -> Any:
        return at_home(context.new_page())

    yield opened
    context.close()


def at_home(page: Any) -> Any:
    page.goto(HOME)
    page.wait_for_function("() => 'votes' in window")
    return page


def put(page: Any, *votes: str) -> list[str]:
    return [page.evaluate("(vote) => votes.put(vote)", vote)["client_id"] for vote in votes]


def send(page: Any) -> dict[str, Any]:
    return page.evaluate("() => votes.send()")


def states(page: Any) -> list[str]:
    return page.evaluate("() => votes.states()")


def pending(page: Any) -> list[dict[str, Any]]:
    return page.evaluate("() => votes.box.pending('forum')")


def test_what_is_put_outlives_the_browser_and_goes_when_it_can(chromium, server, tmp_path):
    server.mood = "away"
    with the.lasting(chromium.browser_type, tmp_path / "browser", HOME) as context:
        context.route(f"{HOME}/**", server)
        page = at_home(context.pages[0])
        ids = put(page, "yes", "no")
        assert send(page) == {"again": True}
        assert states(page) == ["waiting", "waiting"]
    server.mood = "well"
    with the.lasting(chromium.browser_type, tmp_path / "browser", HOME) as context:
        context.route(f"{HOME}/**", server)
        page = at_home(context.pages[0])
        assert [each["client_id"] for each in reversed(pending(page))] == ids
        assert send(page) == {"done": True}
        assert states(page) == ["sent", "sent"]
        assert server.asked == [ids], "the oldest first"
        assert send(page) == {"done": True}
        assert len(server.asked) == 1, "what the server holds is not sent again"
    assert list(server.held.values()) == ["yes", "no"]


def test_an_answer_that_is_lost_makes_no_second_vote(tab, server):
    page = tab()
    ids = put(page, "yes")
    server.mood = "unheard"
    assert send(page) == {"again": True}
    assert states(page) == ["waiting"], "it may be there; nobody said so"
    server.mood = "well"
    assert send(page) == {"done": True}
    assert server.asked == [ids, ids]
    assert list(server.held.values()) == ["yes"]


def test_what_is_put_in_one_moment_goes_in_its_order(tab, server):
    page = tab()
    votes = ["yes", "no", "no", "yes", "no", "yes", "yes", "yes", "no", "no"]
    page.evaluate("() => { const now = Date.now(); Date.now = () => now }")
    put(page, *votes)
    assert send(page) == {"done": True}
    assert list(server.held.values()) == votes


def test_what_the_server_refuses_is_kept_with_its_reason_until_a_person_changes_it(tab, server):
    page = tab()
    put(page, "yes", "perhaps", "no")
    assert send(page) == {"done": True}
    assert states(page) == ["sent", "refused", "sent"], "a bad one keeps no good one back"
    (refused,) = pending(page)
    assert refused["why"] == "Yes or no."
    send(page)
    assert len(server.asked) == 1, "it is not sent again by itself"
    page.evaluate("(id) => votes.box.mend(id, () => ({ body: { vote: 'no' } }))", refused["client_id"])
    assert send(page) == {"done": True}
    assert states(page) == ["sent"] * 3


@pytest.mark.parametrize(
    ("mood", "said"),
    [("a hotel", {"again": True}), ("busy", {"again": True, "after": 30_000}), ("strict", {"ended": True})],
)
def test_only_what_is_named_is_held(tab, server, mood, said):
    page = tab()
    put(page, "yes")
    server.mood = mood
    assert send(page) == said
    assert states(page) == ["waiting"]
    server.mood = "well"
    assert send(page) == {"done": True}


def test_what_is_too_much_at_once_goes_in_smaller_parts(tab, server):
    page = tab()
    put(page, *["yes"] * 7)
    server.mood = "narrow"
    assert send(page) == {"done": True}
    assert len(server.held) == 7


def test_a_file_goes_alone_and_after_the_words(tab, server):
    page = tab()
    page.evaluate("() => votes.photo(3000)")
    page.evaluate("() => votes.photo(20)")
    put(page, "yes")
    assert send(page) == {"done": True}
    assert server.files == [3000, 20]
    assert len(server.asked) == 1


def test_two_tabs_send_each_thing_once_and_hear_of_each_other(tab, server):
    one, other = tab(), tab()
    ids = put(one, "yes") + put(other, "no") + put(one, "yes")
    other.wait_for_function("() => votes.heard() >= 2")
    one.evaluate("() => { window.sending = votes.send(); }")
    assert send(other) == {"done": True}
    assert one.evaluate("() => window.sending") == {"done": True}
    assert sorted(each for batch in server.asked for each in batch) == sorted(ids)
    assert states(one) == states(other) == ["sent"] * 3


def test_what_may_be_at_the_server_is_neither_changed_nor_taken_back(tab, server):
    page = tab()
    first, second = put(page, "yes", "no")
    page.evaluate("(id) => votes.box.takeBack(id)", second)
    server.mood = "unheard"
    send(page)
    back = "(id) => votes.refusal(() => votes.box.takeBack(id))"
    change = "(id) => votes.refusal(() => votes.box.mend(id, () => ({ body: { vote: 'no' } })))"
    assert page.evaluate(back, first) == page.evaluate(change, first) == "OnItsWay"
    assert list(server.held.values()) == ["yes"]


def test_rows_of_the_page_and_the_outbox_change_together_or_not_at_all(tab):
    page = tab()
    work = """(fails) => votes.refusal(() => votes.box.change(async ({ rolls }, put) => {
      rolls.put({ id: "forum", voted: true });
      await put({ about: "forum", type: "vote", body: { vote: "yes" } });
      if (fails) throw new RangeError();
    }))"""
    assert page.evaluate(work, True) == "RangeError"
    assert (states(page), page.evaluate("() => votes.box.rows('rolls')")) == ([], [])
    assert page.evaluate(work, False) == ""
    assert states(page) == ["waiting"]
    assert page.evaluate("() => votes.box.row('rolls', 'forum')") == {"id": "forum", "voted": True}


def test_it_is_forgotten_by_parts_or_whole(tab, server):
    page = tab()
    put(page, "yes", "perhaps")
    send(page)
    page.evaluate("() => votes.box.forget('forum', { sent: true })")
    assert states(page) == ["refused"]
    page.evaluate("() => votes.box.forget('forum')")
    assert states(page) == []


def test_it_tries_by_itself_until_the_server_is_back(tab, server):
    page = tab()
    put(page, "yes")
    server.mood = "away"
    page.evaluate("() => votes.begin()")
    assert states(page) == ["waiting"]
    server.mood = "well"
    deadline = time.monotonic() + 10
    while states(page) != ["sent"]:
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)
    assert list(server.held.values()) == ["yes"]


# -- browsers that keep less ----------------------------------------------------------------------
NO_BLOBS = """
const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (row) {
  if (Object.values(row).some((each) => each instanceof Blob)) throw new Error("no Blob is kept here");
  return add.call(this, row);
};
null
"""
OF_BEFORE = """
async () => {
  const base = await new Promise((done) => {
    const opening = indexedDB.open("alongside-votes");
    opening.onsuccess = () => done(opening.result);
  });
  const all = base.transaction(["items", "files"], "readwrite");
  const row = {client_id: "of-before", about: "forum", type: "photo", body: {}, state: "waiting", number: 1};
  all.objectStore("items").put({...row, tried: false, has_file: true});
  all.objectStore("files").put({client_id: "of-before", blob: new Blob(["x".repeat(70)])});
  await new Promise((done) => (all.oncomplete = done));
  base.close();
}
"""


def test_a_file_is_kept_as_bytes_and_one_of_before_is_sent_all_the_same(tab, server):
    page = tab()
    page.evaluate(NO_BLOBS)
    page.evaluate("votes.photo(300)")
    page.evaluate(OF_BEFORE)
    page.evaluate("votes.send()")
    assert sorted(server.files) == [70, 300]
    assert page.evaluate("votes.states()") == ["sent", "sent"]


SILENT = {
    "a request": "IDBFactory.prototype.open = () => ({}); null",
    "a transaction": "Object.defineProperty(IDBTransaction.prototype, 'oncomplete', {set() {}}); null",
}


@pytest.mark.parametrize("silent", SILENT)
def test_a_disk_that_never_answers_ends_the_wait_with_a_word(tab, silent):
    page = tab()
    page.clock.install()
    page.evaluate(SILENT[silent])
    page.evaluate("() => void votes.refusal(() => votes.put(1)).then((name) => (window.said = name))")
    page.wait_for_timeout(200)
    assert not page.evaluate("'said' in window"), "the premise"
    page.clock.fast_forward(16_000)
    page.wait_for_function("'said' in window")
    assert page.evaluate("window.said") == "NoAnswer"
