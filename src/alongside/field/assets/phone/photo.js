// A photo of a place: drawn anew on the phone, looked at, then kept.
import * as store from "./store.js";
import { once, one, page, say, show, words, wrong } from "./page.js";
import { drawnAnew } from "./picture.js";
import { sendSoon } from "./sending.js";
import { refresh, state } from "./state.js";
import { kept, trouble } from "./trouble.js";

const MOST = 1_500_000;
const form = one("[data-photo]");
const shown = one("[data-picture]");
let picture = null;

async function taken() {
  const file = form.elements.picture.files[0];
  if (!file) return;
  const most = Math.min(state.gathering?.kit?.limits?.photo_bytes ?? MOST, MOST);
  hold(await drawnAnew(file, most));
  if (!picture) wrong(words("no-picture"), form.elements.picture);
}

function hold(blob) {
  if (shown.src) URL.revokeObjectURL(shown.src);
  picture = blob;
  shown.removeAttribute("src");
  if (blob) shown.src = URL.createObjectURL(blob);
  show(shown, Boolean(blob));
  one("button[type=submit]", form).disabled = !blob;
}

function clear() {
  form.reset();
  hold(null);
}

const save = once(async () => {
  try {
    await store.keep(page.dataset.gathering, "photo", {}, { picture });
  } catch (error) {
    trouble(error);
    return;
  }
  kept();
  clear();
  await refresh();
  say(words(navigator.onLine ? "saved" : "saved-offline"));
  sendSoon();
});

export function start() {
  form.elements.picture.addEventListener("change", taken);
  one("[data-photo-stop]").addEventListener("click", clear);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (picture) save();
  });
}
