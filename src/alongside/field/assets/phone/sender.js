// Sends what waits, oldest first, until the server has said of each id that it holds it. The page and its worker
// share this; a lock lets one of all tabs send at a time. Sending twice is harmless: the server knows each id.
import * as store from "./store.js";

const AT_ONCE = 20;
const PATIENCE = { items: 20_000, photo: 60_000 };

/** What came of it: `done` (nothing waits), `again` (later; `after` ms if the server said so) or `ended` (the pass). */
export function sendAll(walkId) {
  const send = () => rounds(walkId);
  return navigator.locks ? navigator.locks.request(`alongside-field:${walkId}`, send) : send();
}

async function rounds(walkId) {
  let most = AT_ONCE;
  for (;;) {
    const waiting = (await store.items(walkId)).filter((item) => item.state === "waiting").reverse();
    if (!waiting.length) return { done: true };
    const known = await store.walk(walkId);
    if (!known?.token || !known.way) return { ended: true };
    const words = waiting.filter((item) => item.type !== "photo").slice(0, most);
    const chosen = words.length ? words : waiting.slice(0, 1);
    const said = await one(known, chosen);
    if (said.smaller) most = Math.max(1, Math.floor(chosen.length / 2));
    else if (!said.settled) return said;
  }
}

async function one(known, chosen) {
  const sending = await marked(chosen);
  if (!sending.length) return { settled: true };
  let response;
  try {
    response = await (sending[0].type === "photo" ? photo(known, sending[0]) : words(known, sending));
  } catch {
    return { again: true }; // no signal, no answer, or an answer that was lost: the ids make the next try safe
  }
  if (response.status === 401 || response.status === 403) {
    await store.keepWalk(known.id, { ended: true });
    return { ended: true };
  }
  if (response.ok) return acknowledged(sending, response);
  if (response.status === 413 && sending.length > 1) return { smaller: true };
  if (response.status === 400 && sending.length > 1) return { smaller: true };
  if ([400, 413, 415, 422].includes(response.status)) return refused(sending[0], response);
  const after = Number(response.headers.get("Retry-After")) * 1000;
  return { again: true, after: after > 0 ? Math.min(after, 600_000) : undefined };
}

/** A phone too full to write that it sends may still send: that is how it gets rid of what it holds. */
function marked(chosen) {
  return store.mark(chosen.map((item) => item.client_id)).catch((error) => {
    if (error instanceof store.NoRoom) return chosen;
    throw error;
  });
}

function words(known, sending) {
  const items = sending.map(({ client_id, type, body }) => ({ ...body, type, client_id }));
  return fetch(known.way.api.items, request(known, "items", "application/json", JSON.stringify({ items })));
}

async function photo(known, item) {
  const kept = await store.picture(item.client_id);
  const address = known.way.api.photos.replace("client-id", item.client_id);
  return fetch(address, request(known, "photo", kept.blob.type, kept.blob));
}

function request(known, kind, type, body) {
  return {
    method: "POST",
    headers: { Authorization: `Bearer ${known.token}`, "Content-Type": type },
    credentials: "omit",
    redirect: "error", // a hotel's or a bus's sign-in page is no acknowledgement
    signal: AbortSignal.timeout(PATIENCE[kind]),
    body,
  };
}

/** Only what the server names by its id is held; silence about one, or a page that is not ours, settles nothing. */
async function acknowledged(sending, response) {
  const said = await response.json().catch(() => null);
  const ids = new Set(sending.map((item) => item.client_id));
  const single = said?.status ? [{ client_id: sending[0].client_id, ...said }] : [];
  const results = (said?.results ?? single).filter(
    (each) => ids.has(each.client_id) && ["stored", "known", "refused"].includes(each.status),
  );
  if (!results.length) return { again: true };
  await store.settle(results);
  return { settled: true };
}

async function refused(item, response) {
  const said = await response.json().catch(() => null);
  const why = said?.why ?? said?.error ?? "";
  await store.settle([{ client_id: item.client_id, status: "refused", why }]);
  return { settled: true };
}
