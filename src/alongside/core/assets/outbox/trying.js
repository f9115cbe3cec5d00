// When to try: after each save, when the signal comes back, when the page is looked at again, and by itself with
// pauses that grow. Two devices that lost the signal together do not come back in the same second.
const FIRST = 2_000;
const LONGEST = 60_000;

/**
 * Try by itself. `attempt()` sends and answers as `Outbox.send` does; `waits()` says whether something waits.
 * Answers { now, watch }: try now, and watch for the signal. A page with a worker is tried there, too: it hears "sync"
 * with the tag "send".
 */
export function trying({ attempt, waits }) {
  let tries = 0;
  let timer;
  let running = null;

  /** Try now; `pressed` also where the browser believes that there is no signal. */
  function now({ pressed = false } = {}) {
    clearTimeout(timer);
    if (!pressed && navigator.onLine === false) {
      askTheBrowser();
      return Promise.resolve();
    }
    running ??= once().finally(() => (running = null));
    return running;
  }

  async function once() {
    const said = await attempt().catch(() => ({ again: true }));
    if (said.done) tries = 0;
    else if (said.again) later(said.after ?? pause());
    // What was saved while the last answer was on its way.
    if (said.done && waits()) later(0);
  }

  function later(milliseconds) {
    askTheBrowser();
    clearTimeout(timer);
    timer = setTimeout(now, milliseconds);
  }

  function pause() {
    tries += 1;
    return Math.min(LONGEST, FIRST * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  }

  /** Some browsers wake the worker when the signal is back, even with the page closed. */
  async function askTheBrowser() {
    if (!waits()) return;
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("send").catch(() => {});
  }

  function watch() {
    const again = () => {
      tries = 0;
      now();
    };
    window.addEventListener("online", again);
    window.addEventListener("pageshow", (event) => event.persisted && again());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  }

  return { now, watch };
}
