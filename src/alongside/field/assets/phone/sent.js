// What waits and what was sent, with the reason beside each that needs a person; the file; and forgetting.
import * as store from "./store.js";
import { bringIn } from "./bringing.js";
import { keeps } from "./browser.js";
import { alarm, ask, button, calm, one, page, say, show, showText, time, words } from "./page.js";
import { forgetFiles } from "./opening.js";
import { mend } from "./note.js";
import { sendSoon } from "./sending.js";
import { exportAll } from "./file.js";
import { follow, refresh, refused, state, unsent, waiting } from "./state.js";
import { trouble } from "./trouble.js";
import { showCard } from "./card.js";
import { closed } from "./screens.js";

const LOOKS = { waiting: "wait", sent: "good", refused: "bad" };

// -- the list -------------------------------------------------------------------------------------
function draw({ gathering, items }) {
  drawState();
  drawSignal();
  if (gathering?.ended && waiting().length) alarm("ended", words("ended"), [again()]);
  else calm("ended");
  one("[data-items]").replaceChildren(...items.map(line));
}

const again = () => button(words("open-again"), () => location.reload());

function drawState() {
  const [name, n] = summary();
  one("[data-state-words]").textContent = words(`state-${name}`, { n });
  one("[data-state-more]").textContent = words(
    name === "waiting" && keeps() ? "state-kept-more" : `state-${name}-more`,
  );
  show(one("[data-send-now]"), waiting().length > 0);
}

function summary() {
  if (refused().length) return ["refused", refused().length];
  if (waiting().length) return ["waiting", waiting().length];
  return state.items.length ? ["sent", state.items.length] : ["none", 0];
}

function drawSignal() {
  const [name, n] = summary();
  const signal = show(one("[data-signal]"), Boolean(state.gathering?.api));
  signal.dataset.state = name === "none" && !navigator.onLine ? "offline" : name;
  const label = {
    refused: "needs-you",
    waiting: "waiting",
    sent: "all-sent",
    none: navigator.onLine ? "ready" : "offline",
  };
  one("[data-signal-words]").textContent = words(label[name], { n });
  showText(one("[data-badge]"), unsent().length ? String(unsent().length) : "");
}

function line(item) {
  const made = one("template[data-item]").content.cloneNode(true).firstElementChild;
  const part = (name) => one(`[data-item-${name}]`, made);
  showText(part("title"), `${title(item)} · ${time(item.saved_at)}`);
  part("state").textContent = words(`item-${item.state}`);
  part("state").classList.add(LOOKS[item.state]);
  showText(part("words"), text(item));
  showText(part("why"), item.state === "refused" ? item.why || words("refused") : "");
  showText(part("guidance"), [item.guidance, item.card_changed ? words("card-changed") : ""].filter(Boolean).join(" "));
  part("ways").append(...ways(item));
  return made;
}

function title({ type, body }) {
  if (type !== "note") return words(`item-${type}`);
  return state.gathering?.kit?.kinds?.find(({ value }) => value === body.kind)?.label ?? body.kind;
}

function text({ type, body }) {
  if (type === "count") return words("count-words", body);
  return type === "note" ? body.words : "";
}

function ways(item) {
  const buttons = [];
  const open = item.state === "refused" || (item.state === "waiting" && !item.tried);
  if (item.follow) buttons.push(button(words("show-card"), () => showCard(item.client_id)));
  if (open && item.type === "note") buttons.push(button(words("edit"), () => mend(item)));
  if (item.state === "refused" && item.type !== "note")
    buttons.push(button(words("send-again"), () => sendAgain(item)));
  if (open) buttons.push(button(words("take-back"), () => takeBack(item), "btn small stop"));
  return buttons;
}

async function sendAgain(item) {
  await store.mend(item.client_id, item.body).catch(trouble);
  await refresh();
  sendSoon();
}

async function takeBack(item) {
  const sure = await ask({
    title: words("back-title"),
    text: words("back-words"),
    yes: words("back-yes"),
    no: words("forget-no"),
  });
  if (!sure) return;
  await store.box.takeBack(item.client_id).catch(trouble);
  await refresh();
}

// -- forgetting -----------------------------------------------------------------------------------
async function forget() {
  const left = unsent().length;
  const sure = await ask({
    title: words("forget-title"),
    text: [words("forget-words"), left ? words("forget-waiting", { n: left }) : ""].join(" "),
    yes: words("forget-yes"),
    no: words("forget-no"),
  });
  if (!sure) return;
  await store.forget(page.dataset.gathering).catch(trouble);
  await forgetFiles();
  state.gathering = null;
  state.items = [];
  closed("forgotten");
}

export function start() {
  one("[data-send-now]").addEventListener("click", async () => {
    await sendSoon({ pressed: true });
    say(words(waiting().length ? "offline" : "sent-now"));
  });
  one("[data-export]").addEventListener("click", exportAll);
  one("[data-bring]").addEventListener("change", bringIn);
  one("[data-forget]").addEventListener("click", forget);
  follow(draw);
}
