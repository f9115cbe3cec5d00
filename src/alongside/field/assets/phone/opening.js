// How a walk comes onto this phone: by the pass in the link, by the pass it kept, or by a member's own sign-in.
// All of it is fetched once; from then on the page needs nothing from outside.
import * as store from "./store.js";
import { page } from "./page.js";

const PASS = /^#([\w.~-]{20,200})$/;
const PATIENCE = 15_000;
const CARDS = 12; // codes to have at hand, so that a walk without a signal does not run out

/** The pass in the address, which then leaves the address: it is nobody's business over the shoulder. */
export function passInLink() {
  const match = location.hash.match(PASS);
  if (!match) return null;
  history.replaceState(null, "", location.pathname);
  return match[1];
}

const ask = (address, options = {}) =>
  fetch(address, { redirect: "error", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });

const bearing = (token) => ({ headers: { Authorization: `Bearer ${token}` }, credentials: "omit" });

/**
 * Bring the walk onto this phone, or bring it up to date.
 * Answers "ready", or why not: "no-signal", "closed" (no pass, no sign-in) or "no-walk"; and what the server said.
 */
export async function bring(token) {
  const id = page.dataset.walk;
  why = "";
  try {
    for (const pass of [token, (await store.walk(id))?.token]) {
      if (!pass) continue;
      const way = await ask(page.dataset.way, bearing(pass));
      if (way.ok) return await take(id, pass, way);
      if (way.status === 404) return "no-walk";
      if (way.status !== 401 && way.status !== 403) return "no-signal";
      await listen(way);
    }
    if (await renew()) return "ready";
    if (await store.walk(id)) await store.keepWalk(id, { ended: true });
    return "closed";
  } catch (error) {
    if (error instanceof store.NoRoom) throw error;
    return "no-signal";
  }
}

/** What the server last said against a pass. */
export let why = "";
async function listen(response) {
  why = (await response.json().catch(() => null))?.error ?? "";
}

async function take(id, token, way) {
  const plan = await way.json();
  const before = await store.walk(id);
  const left = (before?.kit?.codes ?? []).filter(({ code }) => !before.used.includes(code));
  const kit = await ask(`${plan.api.kit}?codes=${Math.max(0, CARDS - left.length)}`, bearing(token));
  if (!kit.ok) return kit.status === 401 ? "closed" : "no-signal";
  const fresh = await kit.json();
  await store.keepWalk(id, {
    token,
    cue: before?.way?.version === plan.version ? before.cue : 0,
    device: before?.device ?? crypto.randomUUID().slice(0, 8),
    ended: false,
    cleared: false,
    way: plan,
    kit: { ...fresh, codes: [...left, ...(fresh.codes ?? [])] },
    until: plan.walk.until,
  });
  return "ready";
}

/** A new pass for whoever is signed in on this phone. True if there is one now. */
export async function renew() {
  try {
    const said = await ask(page.dataset.pass, { method: "POST", redirect: "manual" });
    if (said.status === 409) await listen(said);
    if (!said.ok) return false;
    const { token } = await said.json();
    const way = await ask(page.dataset.way, bearing(token));
    if (!way.ok) await listen(way);
    return way.ok && (await take(page.dataset.walk, token, way)) === "ready";
  } catch {
    return false;
  }
}

/** Walks that are over leave the phone by themselves, whichever walk is opened next. */
export async function clearOld() {
  for (const each of await store.walks()) {
    if (each.until && !each.cleared && new Date(each.until) < new Date()) await store.clearAway(each.id);
  }
}

/** The page's own files leave too: for somebody who gives the phone back. */
export async function forgetFiles() {
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.unregister();
  const ours = `alongside-field:${location.pathname}:`;
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.filter((name) => name.startsWith(ours)).map((name) => caches.delete(name)));
}
