// Heads, without names: residents, officers, partners.
import * as store from "./store.js";
import { all, once, one, page, say, showText, time, words, wrong } from "./page.js";
import { sendSoon } from "./sending.js";
import { follow, refresh, state } from "./state.js";
import { kept, trouble } from "./trouble.js";

const MOST = 2000;
const form = one("form[data-count]");
const NAMES = ["residents", "officers", "partners"];
let touched = false;

const number = (name) => Number(form.elements[name].value.trim() || NaN);

function change(name, by) {
  const now = number(name);
  form.elements[name].value = Math.max(0, Math.min(MOST, (Number.isInteger(now) ? now : 0) + by));
  touched = true;
}

const save = once(async () => {
  const counted = Object.fromEntries(NAMES.map((name) => [name, number(name)]));
  const odd = NAMES.find((name) => !(Number.isInteger(counted[name]) && counted[name] >= 0 && counted[name] <= MOST));
  if (odd) {
    wrong(words("no-count"), form.elements[odd]);
    return;
  }
  try {
    const body = { ...counted, at: new Date().toISOString(), device: state.gathering.device };
    await store.keep(page.dataset.gathering, "count", body);
  } catch (error) {
    trouble(error);
    return;
  }
  kept();
  touched = false;
  await refresh();
  say(words(navigator.onLine ? "saved" : "saved-offline"));
  sendSoon();
});

/** The last count is where the next one begins. */
function draw({ items }) {
  const last = items.find((item) => item.type === "count");
  if (!last) return;
  showText(one("p[data-counted]"), words("counted", { ...last.body, time: time(last.saved_at) }));
  if (!touched) for (const name of NAMES) form.elements[name].value = last.body[name];
}

export function start() {
  for (const each of all("[data-more]")) each.addEventListener("click", () => change(each.dataset.more, 1));
  for (const each of all("[data-less]")) each.addEventListener("click", () => change(each.dataset.less, -1));
  form.addEventListener("input", () => (touched = true));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  follow(draw);
}
