// An outbox: what a page must not lose is kept on this device until the server has named it by its id.
//
//   const box = open("alongside-votes");                                      a database of that name, in this browser
//   const item = await box.put({ about: "forum 12", type: "vote", body });    on the disk when this resolves
//   const said = await box.send("forum 12", (items) => fetch(...));           oldest first; one tab at a time
//   const tries = trying({ attempt, waits });                                 by itself, with pauses (trying.js)
//
// An item has a `client_id` (random, the server knows it again), what it is `about` (such as the id of a gathering),
// a `type`, a `body`, and a `state`:
//
//   waiting   here, not yet at the server; once `tried`, it may be there all the same, and is no longer changed
//   sent      the server has said that it holds it
//   refused   the server cannot take it; `why` says so to a person, who changes it, sends it again or takes it back
//
// The server answers {"results": [{"client_id", "status": "stored" | "known" | "refused", "why", ...}]}, or of one item
// {"status", ...}. What it does not name is not held. Sending twice is harmless: by its id it is known.
//
// A page may keep rows of its own in the same database, as { store: key }, and change them in the same transaction.
// They are laid down once: a page that comes to need others opens an outbox by another name.
import { asked, Disk, ended, NoAnswer, NoRoom, opened } from "./disk.js";
import { sendAll } from "./sending.js";

export { asked, ended, NoAnswer, NoRoom, opened };

/**
 * A file as it is kept: its bytes and its type. A private window of WebKit keeps no Blob, and says nothing of it; and
 * a transaction does not wait for bytes, so they are asked for before it begins.
 */
export const asBytes = async (file) => file && { type: file.type, bytes: await new Response(file).arrayBuffer() };

/** The file again; rows of before hold it as it was. */
const asFile = (row) => (row?.bytes ? new Blob([row.bytes], { type: row.mime }) : row?.blob);

/** This item may have reached the server already: another text under its id would be lost without a word. */
export class OnItsWay extends Error {}

/** The outbox `name` of this browser. */
export const open = (name, own = {}) => new Outbox(name, own);

class Outbox {
  #name;
  #disk;

  constructor(name, own) {
    const rows = Object.fromEntries(Object.entries(own).map(([store, key]) => [store, { key }]));
    this.#name = name;
    this.#disk = new Disk(name, { ...rows, items: { key: "client_id", index: "about" }, files: { key: "client_id" } });
  }

  /** Call `listener()` whenever something changes in another tab or in the worker. */
  onChange(listener) {
    this.#disk.onChange(listener);
  }

  // -- reading --------------------------------------------------------------------------------------
  /** Everything about one thing, the newest first. */
  async items(about) {
    const rows = await this.#disk.look("items", (items) => items.index("about").getAll(about));
    return rows.sort((a, b) => b.number - a.number);
  }

  /** What the server does not hold: what waits and what it refused. */
  async pending(about) {
    return (await this.items(about)).filter((item) => item.state !== "sent");
  }

  /** The file that was put with an item. */
  async file(clientId) {
    return asFile(await this.#disk.look("files", (files) => files.get(clientId)));
  }

  /** A row of the page's own. */
  row(store, key) {
    return this.#disk.look(store, (rows) => rows.get(key));
  }

  /** All rows of the page's own in one store. */
  rows(store) {
    return this.#disk.look(store, (rows) => rows.getAll());
  }

  // -- keeping --------------------------------------------------------------------------------------
  /** Keep something new; with a file, it goes alone. What is here already under its id stays, and null is answered. */
  async put(item, file) {
    const bytes = await asBytes(file);
    return this.change((_stores, put) => put(item, bytes));
  }

  /**
   * One transaction over the page's own rows and the outbox: `work(stores, put)`, a file by its `asBytes`. All of it is
   * kept, or nothing.
   */
  change(work) {
    return this.#disk.change((stores) => work(stores, (item, bytes) => added(stores, item, bytes)));
  }

  /** Change what was not sent yet, or was refused, by what `changes(item, stores)` answers. It waits anew. */
  mend(clientId, changes) {
    return this.change(async (stores) => {
      const item = await still(stores.items, clientId);
      const mended = { ...item, ...(await changes(item, stores)), state: "waiting", why: "", tried: false };
      stores.items.put(mended);
      return mended;
    });
  }

  /** Somebody took back what they said, before it was sent. */
  takeBack(clientId) {
    return this.change(async (stores) => {
      await still(stores.items, clientId);
      remove(stores, clientId);
    });
  }

  /** Everything about one thing leaves this device; with `sent`, what the server holds, and no more. */
  forget(about, { sent = false } = {}) {
    return this.change(async (stores) => {
      const all = await asked(stores.items.index("about").getAll(about));
      for (const item of all) if (!sent || item.state === "sent") remove(stores, item.client_id);
    });
  }

  // -- sending --------------------------------------------------------------------------------------
  /**
   * Send what waits, until nothing does. `deliver(items, file)` asks the server and answers its Response, or null where
   * it has nothing to knock with. `learn(item, result)` says what else to keep of an answer.
   * Answers { done }, { again, after } (later; `after` milliseconds, if the server said so) or { ended } (not let in).
   */
  send(about, deliver, { learn = () => ({}) } = {}) {
    const send = () => sendAll(this, about, deliver, learn);
    return navigator.locks ? navigator.locks.request(`${this.#name}:${about}`, send) : send();
  }

  /** These are about to be sent: from now on they may be at the server, whatever we hear. Answers those still there. */
  mark(clientIds) {
    return this.change(async ({ items }) => {
      const marked = [];
      for (const clientId of clientIds) {
        const item = await asked(items.get(clientId));
        if (item?.state !== "waiting") continue;
        items.put({ ...item, tried: true });
        marked.push(item);
      }
      return marked;
    });
  }

  /** The server spoke about these. */
  settle(results, learn) {
    return this.change(async ({ items }) => {
      for (const result of results) {
        const item = await asked(items.get(result.client_id));
        if (!item) continue;
        const held = result.status !== "refused";
        items.put({
          ...item,
          ...learn(item, result),
          state: held ? "sent" : "refused",
          tried: held,
          why: result.why ?? "",
          sent_at: held ? new Date().toISOString() : null,
        });
      }
    });
  }
}

async function added({ items, files }, item, file) {
  if (item.client_id && (await asked(items.get(item.client_id)))) return null;
  const fresh = { client_id: crypto.randomUUID(), state: "waiting", tried: false, number: next() };
  const kept = { ...fresh, saved_at: new Date().toISOString(), has_file: Boolean(file), ...item };
  items.add(kept);
  if (file) files.add({ client_id: kept.client_id, mime: file.type, bytes: file.bytes });
  return kept;
}

let latest = 0;

/** By the clock, and one after another: what is put within one millisecond keeps its order, too. */
function next() {
  latest = Math.max(Date.now(), latest + 1);
  return latest;
}

async function still(items, clientId) {
  const item = await asked(items.get(clientId));
  if (!item || item.state === "sent" || (item.tried && item.state === "waiting")) throw new OnItsWay();
  return item;
}

function remove({ items, files }, clientId) {
  items.delete(clientId);
  files.delete(clientId);
}
