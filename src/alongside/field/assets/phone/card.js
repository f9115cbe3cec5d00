// A resident's card: a code and its drawing, large enough for another phone's camera.
import { drawCode } from "./drawing.js";
import { one, show, showText, words } from "./page.js";
import { follow, state } from "./state.js";
import { go } from "./screens.js";
import { tongue } from "./tongue.js";

let shown = null; // the id of the note whose card is on show

const cards = () => state.items.filter((item) => item.follow);

/** Show the card of one note. */
export function showCard(clientId) {
  shown = clientId;
  const item = state.items.find((each) => each.client_id === clientId);
  if (item) tongue(item.body.language);
  draw();
  go("card");
}

function draw() {
  const all = cards();
  const at = Math.max(
    0,
    all.findIndex((item) => item.client_id === shown),
  );
  const item = all[at];
  show(one("[data-no-card]"), !item);
  show(one("[data-card]"), Boolean(item));
  if (!item) return;
  shown = item.client_id;
  const { code, url } = item.follow;
  const address = new URL(url, location.href);
  drawCode(one("[data-qr]"), address.href, words("qr", { code }));
  showText(one("[data-code]"), code);
  showText(one("[data-address]"), address.host + address.pathname.slice(0, address.pathname.lastIndexOf(code)));
  showText(one("[data-card-count]"), all.length > 1 ? words("card-of", { n: all.length - at, of: all.length }) : "");
  showText(one("[data-card-about]"), item.body.words ? `“${start80(item.body.words)}”` : "");
  one("[data-card-before]").disabled = at === all.length - 1;
  one("[data-card-after]").disabled = at === 0;
  show(one("[data-card-before]").parentElement, all.length > 1);
}

const start80 = (text) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function step(by) {
  const all = cards();
  const at = all.findIndex((item) => item.client_id === shown) + by;
  shown = all[Math.max(0, Math.min(all.length - 1, at))].client_id;
  draw();
}

export function start() {
  one("[data-card-before]").addEventListener("click", () => step(1));
  one("[data-card-after]").addEventListener("click", () => step(-1));
  follow(draw);
}
