// Which gathering this is: its name above every screen, and where nobody walks a way, a screen of its own. And the sun.
import { one, page, showText } from "./page.js";
import { follow, remember, state } from "./state.js";

const joined = (...parts) => parts.filter(Boolean).join(" · ");

function draw({ gathering }) {
  if (!gathering?.title) return;
  const { title, at, when, place, way } = gathering;
  showText(one("[data-gathering-name]"), way?.area || title);
  showText(one("[data-gathering-when]"), joined(at, place));
  showText(one("[data-here-title]"), title);
  showText(one("[data-here-when]"), when || at);
  showText(one("[data-here-place]"), place);
}

function drawSun({ gathering }) {
  const bright = Boolean(gathering?.sun);
  for (const each of [page, document.documentElement]) each.toggleAttribute("data-bright", bright);
  one("[data-sun]").setAttribute("aria-pressed", bright);
}

export function start() {
  one("[data-sun]").addEventListener("click", () => remember({ sun: !state.gathering?.sun }));
  follow(draw);
  follow(drawSun);
}
