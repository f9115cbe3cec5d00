// When to try: after each save, when the signal comes back, when the page is looked at again, and by itself with
// pauses that grow. Two phones that lost the signal together do not come back in the same second.
import { sendAll } from "./sender.js";
import { page } from "./page.js";
import { refresh, state, waiting } from "./state.js";
import { renew } from "./opening.js";

const FIRST = 2_000;
const LONGEST = 60_000;
let tries = 0;
let timer;
let running = null;

/** Try now; `pressed` also where the browser believes that there is no signal. */
export function sendSoon({ pressed = false } = {}) {
  clearTimeout(timer);
  if (!pressed && navigator.onLine === false) {
    askTheBrowser();
    return Promise.resolve();
  }
  running ??= attempt().finally(() => (running = null));
  return running;
}

async function attempt() {
  state.sending = true;
  const said = await sendAll(page.dataset.walk).catch(() => ({ again: true }));
  state.sending = false;
  await refresh();
  if (said.ended && waiting().length && (await renew())) return later(0);
  if (said.done) tries = 0;
  else if (said.again) later(said.after ?? pause());
  // What was saved while the last answer was on its way.
  if (said.done && waiting().length) later(0);
}

function later(milliseconds) {
  askTheBrowser();
  clearTimeout(timer);
  timer = setTimeout(sendSoon, milliseconds);
}

function pause() {
  tries += 1;
  return Math.min(LONGEST, FIRST * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
}

/** Some browsers wake the worker when the signal is back, even with the page closed. */
async function askTheBrowser() {
  if (!waiting().length) return;
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register("send").catch(() => {});
}

export function watch() {
  const again = () => {
    tries = 0;
    sendSoon();
  };
  window.addEventListener("online", again);
  window.addEventListener("offline", refresh);
  window.addEventListener("pageshow", (event) => event.persisted && again());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
}
