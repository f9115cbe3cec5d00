// How a gathering comes onto this phone: by the pass in the link, by the pass it kept, or by a member's own sign-in.
// All of it is fetched once; from then on the page needs nothing from outside.
import { patience } from "../../../core/assets/js/patience.js";
import * as store from "./store.js";
import { page } from "./page.js";

const PASS = /^#([\w.~-]{20,200})$/;
const PATIENCE = 15_000;
const FILES = "alongside-field:"; // then the address that the files are kept for, and their version
const CARDS = 12; // codes to have at hand, so that an evening without a signal does not run out

/** The pass in the address, which then leaves the address: it is nobody's business over the shoulder. */
export function passInLink() {
  const match = location.hash.match(PASS);
  if (!match) return null;
  history.replaceState(null, "", location.pathname);
  return match[1];
}

const ask = (address, options = {}) =>
  fetch(address, { redirect: "error", cache: "no-store", signal: patience(PATIENCE), ...options });

const bearing = (token) => ({ headers: { Authorization: `Bearer ${token}` }, credentials: "omit" });

/**
 * Bring the gathering onto this phone, or bring it up to date.
 * Answers "ready", or why not: "no-signal", "closed" (no pass, no sign-in), "early" (none yet) or "not-here"; and what
 * the server said.
 */
export async function bring(token) {
  const id = page.dataset.gathering;
  why = "";
  try {
    for (const pass of [token, (await store.gathering(id))?.token]) {
      if (!pass) continue;
      const way = await ask(page.dataset.way, bearing(pass));
      if (way.ok) return await take(id, pass, way);
      if (way.status === 404) return "not-here";
      if (way.status !== 401 && way.status !== 403) return "no-signal";
      await listen(way);
    }
    const said = await renew();
    if (said !== "ready" && (await store.gathering(id))) await store.keepGathering(id, { ended: true });
    return said;
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

async function take(id, token, answer) {
  const { gathering, api, way } = await answer.json();
  const before = await store.gathering(id);
  const left = (before?.kit?.codes ?? []).filter(({ code }) => !before.used.includes(code));
  const kit = await ask(`${api.kit}?codes=${Math.max(0, CARDS - left.length)}`, bearing(token));
  if (!kit.ok) return kit.status === 401 ? "closed" : "no-signal";
  const fresh = await kit.json();
  await store.keepGathering(id, {
    ...gathering,
    token,
    cue: before?.way?.version === way?.version ? (before?.cue ?? 0) : 0,
    device: before?.device ?? crypto.randomUUID().slice(0, 8),
    ended: false,
    cleared: false,
    api,
    way,
    kit: { ...fresh, codes: [...left, ...(fresh.codes ?? [])] },
  });
  return "ready";
}

/** A new pass for whoever is signed in on this phone: "ready" if there is one now, else "early" or "closed". */
export async function renew() {
  try {
    const said = await ask(page.dataset.pass, { method: "POST", redirect: "manual" });
    if (said.status === 409) await listen(said);
    if (!said.ok) return "closed";
    const { token, why: early } = await said.json();
    if (!token) {
      why = early;
      return "early";
    }
    const way = await ask(page.dataset.way, bearing(token));
    if (!way.ok) await listen(way);
    return way.ok && (await take(page.dataset.gathering, token, way)) === "ready" ? "ready" : "closed";
  } catch {
    return "closed";
  }
}

/** What is over leaves the phone by itself, whichever gathering is opened next. */
export async function clearOld() {
  for (const each of await store.gatherings()) {
    if (each.until && !each.cleared && new Date(each.until) < new Date()) await store.clearAway(each.id);
  }
}

/** The page's own files leave too, wherever a worker keeps them: for somebody who gives the phone back. */
export async function forgetFiles() {
  for (const name of (await globalThis.caches?.keys()) ?? []) {
    if (!name.startsWith(FILES) || !(await (await caches.open(name)).match(page.dataset.page))) continue;
    const worker = await navigator.serviceWorker?.getRegistration(name.slice(FILES.length).split(":")[0]);
    await worker?.unregister();
    await caches.delete(name);
  }
}
