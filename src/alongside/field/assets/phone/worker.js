// The worker of one gathering's phone page: it keeps the page's shell, and sends what waits when the phone finds a
// signal. `self.shell` (the page, its files, their version, whose gathering) is said by the few lines that import this.
// The shell is the same for everybody: what is private lives in the store, and goes when the gathering is forgotten.
import { adopt } from "./adopting.js";
import { sendAll } from "./sender.js";

const { gathering, page, files, version } = self.shell;
// Where it was put to work: the page's address, or one that the page had before. Both open the same page.
const HERE = new URL(self.registration.scope).pathname;
const FAMILY = `alongside-field:${HERE}:`;
const CACHE = FAMILY + version;
const kept = new Set([page, ...files].map((path) => new URL(path, self.location.origin).href));

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

async function fill() {
  const cache = await caches.open(CACHE);
  const fresh = (path) =>
    new Request(path, { cache: path === page ? "reload" : "default", credentials: "same-origin" });
  await cache.addAll([page, ...files].map(fresh));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

async function tidy() {
  const old = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The shell comes from the cache, at once, with or without a signal. Everything else goes its own way. */
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  address.hash = "";
  if (request.mode === "navigate") address.search = "";
  if (request.mode === "navigate" && address.pathname === HERE) address.pathname = page;
  if (kept.has(address.href)) event.respondWith(fromShell(request, address.href));
});

async function fromShell(request, address) {
  const file = await caches.match(address, { cacheName: CACHE, ignoreVary: true });
  return file ?? fetch(request);
}

self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(untilSent());
});

async function untilSent() {
  await adopt(gathering);
  const said = await sendAll(gathering);
  if (said.again) throw new Error("not yet"); // the browser tries again, with pauses of its own
}
