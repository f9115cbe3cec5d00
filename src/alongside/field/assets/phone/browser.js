// What this browser is like, asked and said before the walk and not during it: whether it keeps what it is given once
// its window is closed, and whether it is one of those that this page is tried with (docs/reference/browsers.md).
import { alarm, button, calm, one, words } from "./page.js";

const NEARLY_FULL = 0.95;
/** Known to Chrome 109, Firefox 113 and Safari 16.4, and to none before them. */
const MARKS = ["MathMLElement", "CompressionStream"];

let promised = false;
/** Whether the browser has promised to keep what is saved here, also with its window closed. */
export const keeps = () => promised;

/** Ask for room, and say what a person should know. `told(name)` is called once they have read it. */
export async function look({ known, told }) {
  promised = await asksToKeep();
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
  const read = (name) => button(words("understood"), () => (calm(name), told(name)));
  if (one("[data-alarm]").dataset.about) return; // something more pressing is said already
  if (quota && usage / quota > NEARLY_FULL) alarm("little-room", words("little-room"));
  else if (MARKS.some((mark) => !(mark in globalThis)) && !known.includes("old-browser"))
    alarm("old-browser", words("old-browser"), [read("old-browser")]);
  else if (!promised && !known.includes("private-window") && (await looksPrivate(quota)))
    alarm("private-window", words("private-window"), [read("private-window")]);
}

/** Browsers throw away what nobody asked them to keep when a phone runs full. */
async function asksToKeep() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

/** No browser says that its window is private. Each lets it be seen: by workers, files or room that it has not. */
async function looksPrivate(quota) {
  if (!navigator.serviceWorker) return true; // Firefox
  const heap = performance.memory?.jsHeapSizeLimit ?? 0; // Chromium: a part of the memory instead of the disk
  if (heap && quota && quota < heap * 2) return true;
  if (!navigator.storage?.getDirectory) return false;
  return navigator.storage.getDirectory().then(
    () => false,
    () => true, // WebKit, and Firefox by its rules
  );
}
