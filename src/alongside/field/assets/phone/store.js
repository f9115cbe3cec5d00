// What this phone keeps: walks that were opened, and everything heard on them until the server has said it holds it.
// A promise here is kept only when the disk has the rows ("strict"), so that "saved" on the screen is true.
const NAME = "alongside-field";
const VERSION = 1;
const ALL = ["walks", "items", "pictures", "drafts"];

/** The phone has no room left (or its browser lets us write nothing): what was typed is still on the screen. */
export class NoRoom extends Error {}

/** This item may have reached the server already: another text under its id would be lost without a word. */
export class OnItsWay extends Error {}

const heard = globalThis.BroadcastChannel ? new BroadcastChannel(NAME) : null;

/** Call `listener()` whenever rows change in another tab or in the worker. */
export function whenChanged(listener) {
  heard?.addEventListener("message", listener);
}

let opened;
function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const { result } = asked;
      result.createObjectStore("walks", { keyPath: "id" });
      result.createObjectStore("items", { keyPath: "client_id" }).createIndex("walk", "walk");
      result.createObjectStore("pictures", { keyPath: "client_id" });
      result.createObjectStore("drafts", { keyPath: "walk" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      asked.result.onclose = () => (opened = undefined);
      resolve(asked.result);
    };
    asked.onerror = () => reject(trouble(asked.error));
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

function trouble(error) {
  const noRoom = /quota|disk|space|unknownerror/i.test(`${error?.name} ${error?.message}`);
  return noRoom ? new NoRoom(error?.message, { cause: error }) : error;
}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Run `work(stores)` in one transaction; its answer comes once everything is on the disk, or nothing is. */
async function change(work) {
  const base = await database();
  const transaction = base.transaction(ALL, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(trouble(transaction.error));
  });
  const stores = Object.fromEntries(ALL.map((name) => [name, transaction.objectStore(name)]));
  let result;
  try {
    result = await work(stores);
  } catch (error) {
    done.catch(() => {});
    try {
      transaction.abort();
    } catch {
      // it has ended by itself
    }
    throw trouble(error);
  }
  await done;
  heard?.postMessage("changed");
  return result;
}

async function look(name, question) {
  const base = await database();
  return answer(question(base.transaction(name).objectStore(name)));
}

// -- walks ----------------------------------------------------------------------------------------
export const walk = (id) => look("walks", (walks) => walks.get(id));
export const walks = () => look("walks", (each) => each.getAll());

/** Change what is known of a walk; what is not named stays. */
export const keepWalk = (id, changes) =>
  change(async ({ walks }) => {
    const before = (await answer(walks.get(id))) ?? { id, cue: 0, used: [] };
    const after = { ...before, ...changes };
    walks.put(after);
    return after;
  });

/** Take everything of a walk off this phone. */
export const forget = (id) =>
  change(async ({ walks, items, pictures, drafts }) => {
    for (const key of await answer(items.index("walk").getAllKeys(id))) {
      items.delete(key);
      pictures.delete(key);
    }
    walks.delete(id);
    drafts.delete(id);
  });

/** A walk that is over: the way, the pass and what was sent go; what still waits stays, and can be exported. */
export const clearAway = (id) =>
  change(async ({ walks, items, pictures, drafts }) => {
    const all = await answer(items.index("walk").getAll(id));
    for (const each of all.filter((item) => item.state === "sent")) {
      items.delete(each.client_id);
      pictures.delete(each.client_id);
    }
    const rest = all.some((item) => item.state !== "sent");
    if (rest) {
      const { token, ended, until, way } = await answer(walks.get(id));
      walks.put({ id, token, ended, until, way: { api: way.api, walk: way.walk }, cue: 0, used: [], cleared: true });
    } else {
      walks.delete(id);
      drafts.delete(id);
    }
    return rest;
  });

// -- what was heard -------------------------------------------------------------------------------
/** Everything of a walk, the newest first. */
export async function items(walkId) {
  const rows = await look("items", (each) => each.index("walk").getAll(walkId));
  return rows.sort((a, b) => b.number - a.number);
}

export const picture = (clientId) => look("pictures", (pictures) => pictures.get(clientId));

/** Keep something new. With `card`, the next unused code goes with it, in the same transaction. */
export const keep = (walkId, type, body, { card = false, guidance = "", picture: blob = null } = {}) =>
  change(async ({ walks, items, pictures, drafts }) => {
    const known = await answer(walks.get(walkId));
    const code = card ? nextCode(known) : null;
    const item = {
      client_id: crypto.randomUUID(),
      walk: walkId,
      type,
      body: code ? { ...body, code: code.code } : body,
      state: "waiting",
      tried: false,
      follow: code,
      guidance,
      number: Date.now(),
      saved_at: new Date().toISOString(),
    };
    items.add(item);
    if (blob) pictures.add({ client_id: item.client_id, blob });
    if (code) walks.put({ ...known, used: [...known.used, code.code] });
    if (type === "note") drafts.delete(walkId);
    return item;
  });

function nextCode(known) {
  return known?.kit?.codes?.find(({ code }) => !known.used.includes(code)) ?? null;
}

/** Take over what another phone wrote into a file. What is known here stays as it is; answers how many were new. */
export const takeOver = (walkId, rows) =>
  change(async ({ items, pictures }) => {
    let count = 0;
    for (const { blob, ...row } of rows) {
      if (await answer(items.get(row.client_id))) continue;
      items.add({ ...row, walk: walkId, state: "waiting", tried: true, number: Date.now() + count });
      if (blob) pictures.add({ client_id: row.client_id, blob });
      count += 1;
    }
    return count;
  });

/** Change what was not sent yet, or was refused. What may be at the server already is left as it is. */
export const mend = (clientId, body, { card = false, guidance = "" } = {}) =>
  change(async ({ walks, items, drafts }) => {
    const item = await still(items, clientId);
    const known = await answer(walks.get(item.walk));
    const code = card && !item.follow ? nextCode(known) : null;
    const mended = {
      ...item,
      body: { ...body, ...(item.body.code || code ? { code: item.body.code ?? code.code } : {}) },
      state: "waiting",
      why: "",
      guidance,
      tried: false,
      follow: item.follow ?? code,
    };
    items.put(mended);
    if (code) walks.put({ ...known, used: [...known.used, code.code] });
    drafts.delete(item.walk);
    return mended;
  });

/** Somebody took back what they said, before it was sent. */
export const takeBack = (clientId) =>
  change(async ({ items, pictures }) => {
    await still(items, clientId);
    items.delete(clientId);
    pictures.delete(clientId);
  });

async function still(items, clientId) {
  const item = await answer(items.get(clientId));
  if (!item || item.state === "sent" || (item.tried && item.state === "waiting")) throw new OnItsWay();
  return item;
}

// -- on the way -----------------------------------------------------------------------------------
/** These are about to be sent: from now on they may be at the server, whatever we hear. Answers those still there. */
export const mark = (clientIds) =>
  change(async ({ items }) => {
    const marked = [];
    for (const clientId of clientIds) {
      const item = await answer(items.get(clientId));
      if (item?.state !== "waiting") continue;
      items.put({ ...item, tried: true });
      marked.push(item);
    }
    return marked;
  });

/** The server spoke about these. */
export const settle = (results) =>
  change(async ({ items }) => {
    for (const { client_id: clientId, status, why, follow, guidance } of results) {
      const item = await answer(items.get(clientId));
      if (!item) continue;
      const held = status === "stored" || status === "known";
      items.put({
        ...item,
        state: held ? "sent" : "refused",
        tried: held,
        why: why ?? "",
        guidance: guidance ?? item.guidance,
        follow: follow ?? item.follow,
        card_changed: Boolean(follow && item.follow && follow.code !== item.follow.code),
        sent_at: held ? new Date().toISOString() : null,
      });
    }
  });

// -- what is being typed --------------------------------------------------------------------------
export const draft = (walkId) => look("drafts", (drafts) => drafts.get(walkId));
export const keepDraft = (walkId, words) => change(({ drafts }) => answer(drafts.put({ walk: walkId, ...words })));
