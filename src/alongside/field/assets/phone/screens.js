// One screen at a time. Each has an address of its own, so the phone's back button does what people expect.
import { all, one, page, show, words } from "./page.js";

let names = [];
let open = false;

/** Go to a screen by its name. */
export function go(name) {
  if (location.hash === `#${name}`) draw();
  else location.hash = name;
}

function draw() {
  if (!open) return;
  const asked = location.hash.slice(1);
  const name = names.includes(asked) ? asked : names[0];
  const moved = page.dataset.screen !== name;
  page.dataset.screen = name;
  for (const each of all("[data-name]")) show(each, each.dataset.name === name);
  for (const each of all("[data-ways] a")) {
    if (each.hash === `#${name}`) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
  if (!moved) return;
  window.scrollTo(0, 0);
  const title = one(`[data-name=${name}] h1`);
  title.focus({ preventScroll: true });
  document.title = `${title.textContent} · ${document.title.split(" · ").at(-1)}`;
}

/** The gathering is here: these screens open, the first of them first. */
export function opened(some) {
  open = true;
  names = some;
  show(one("[data-ways]"), names.length > 1);
  for (const each of all("[data-ways] a")) show(each, names.includes(each.hash.slice(1)));
  show(one("[data-sun]"));
  draw();
}

/** Why there is nothing to show, and what to do about it. */
export function closed(why, { signIn = false, again = false, holes = {}, more = "" } = {}) {
  open = false;
  page.dataset.screen = "start";
  show(one("[data-ways]"), false);
  show(one("[data-signal]"), false);
  for (const each of all("[data-name]")) show(each, each.dataset.name === "start");
  one("[data-start-title]").textContent = words(why, holes);
  one("[data-start-words]").textContent = [words(`${why}-words`, holes), more].filter(Boolean).join(" ");
  show(one("[data-start-ways]"), signIn || again);
  show(one("[data-start-sign-in]"), signIn);
  show(one("[data-start-again]"), again);
  one("[data-start-title]").focus();
}

export function start() {
  window.addEventListener("hashchange", draw);
  one("[data-start-again]").addEventListener("click", () => location.reload());
}
