// The phone in the field: what it needs is brought once, everything heard is kept here first, then sent.
import * as store from "./store.js";
import * as browser from "./browser.js";
import * as card from "./card.js";
import * as count from "./count.js";
import * as note from "./note.js";
import * as photo from "./photo.js";
import * as screens from "./screens.js";
import * as sent from "./sent.js";
import * as tongue from "./tongue.js";
import * as here from "./here.js";
import * as way from "./way.js";
import { adopt } from "./adopting.js";
import { bring, clearOld, passInLink, why } from "./opening.js";
import { alarm, page, words } from "./page.js";
import { sendSoon, watch } from "./sending.js";
import { refresh, remember, state, unsent } from "./state.js";
import { trouble } from "./trouble.js";

const SCREENS = ["note", "count", "card", "sent"];

async function begin() {
  for (const part of [screens, here, way, note, photo, count, card, sent]) part.start();
  tongue.start();
  if (!globalThis.isSecureContext) {
    screens.closed("not-private");
    return;
  }
  standHere();
  keepShell();
  const token = passInLink();
  await adopt(page.dataset.gathering).catch(() => {}); // it stays where it was, and comes over the next time
  try {
    await clearOld();
    await refresh();
  } catch {
    screens.closed("no-store", { again: true });
    return;
  }
  // What is on the phone opens at once; what is new comes behind it.
  if (state.gathering?.kit && !token) await ready();
  const said = await bring(token).catch((error) => trouble(error) ?? "no-room");
  if (said === "no-room") return;
  await refresh();
  if (state.gathering?.kit) await ready();
  else turnedAway(said);
}

let isReady = false;
async function ready() {
  if (!isReady) {
    isReady = true;
    screens.opened([state.gathering.way ? "way" : "here", ...SCREENS]);
    await note.restore();
    store.box.onChange(refresh);
    watch();
    tellOfTheBrowser();
  }
  sendSoon();
}

function turnedAway(said) {
  if (unsent().length) {
    screens.opened(["sent"]);
    alarm("over", words("over-waiting", { n: unsent().length }));
    return;
  }
  if (state.gathering?.cleared) {
    screens.closed("over");
    return;
  }
  const more = ["closed", "early"].includes(said) ? why : "";
  screens.closed(said, { signIn: said === "closed", again: said === "no-signal", more });
}

/** A phone that opened this page by an address of before goes on at the address that it has. */
function standHere() {
  if (location.pathname !== page.dataset.page) history.replaceState(null, "", page.dataset.page + location.hash);
}

/** The shell is kept by a worker; without one (an old phone, a private window) notes are kept all the same. */
function keepShell() {
  navigator.serviceWorker?.register(page.dataset.worker, { scope: page.dataset.page }).catch(() => {});
}

/** Told once for each gathering: what was read is not said again. */
function tellOfTheBrowser() {
  const known = state.gathering.told ?? [];
  const told = (name) => remember({ told: [...known, name] });
  return browser.look({ known, told }).then(refresh);
}

begin();
