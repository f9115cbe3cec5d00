// Sends by itself, and gets a new pass for whoever is signed in where the old one has ended.
import { trying } from "../../../core/assets/outbox/trying.js";
import { renew } from "./opening.js";
import { page } from "./page.js";
import { sendAll } from "./sender.js";
import { refresh, waiting } from "./state.js";

const waits = () => waiting().length > 0;

async function attempt() {
  const said = await sendAll(page.dataset.gathering).catch(() => ({ again: true }));
  await refresh();
  return said.ended && waits() && (await renew()) === "ready" ? { again: true, after: 0 } : said;
}

const tries = trying({ attempt, waits });

/** Try now; `pressed` also where the browser believes that there is no signal. */
export const sendSoon = tries.now;

export function watch() {
  tries.watch();
  window.addEventListener("offline", refresh);
}
