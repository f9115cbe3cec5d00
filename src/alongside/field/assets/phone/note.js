// A note: ask first, then what it is, the words, what about, where, and whether they want an answer.
import * as store from "./store.js";
import { alarm, all, ask, button, calm, once, one, page, say, show, showText, words, wrong } from "./page.js";
import { nearestStreet } from "./near.js";
import { guidance, reasons } from "./signs.js";
import { sendSoon } from "./sending.js";
import { follow, refresh, state } from "./state.js";
import { kept, trouble } from "./trouble.js";
import { streetWeAreOn, whereWeAre } from "./way.js";
import { go } from "./screens.js";
import { showCard } from "./card.js";
import { tongue } from "./tongue.js";

const form = one("[data-note]");
const fields = form.elements;
let mending = null; // the id of a kept note that is being changed
let askedAt = null;

const paper = () => form.dataset.what === "paper";
const limit = () => state.gathering?.kit?.limits?.words ?? 1000;

// -- what can be chosen ---------------------------------------------------------------------------
function choices(box, name, options, drawing) {
  if (box.childElementCount === options.length) return;
  box.replaceChildren(
    ...options.map(({ value, label }) => {
      const whole = document.createElement("label");
      const input = Object.assign(document.createElement("input"), { type: "radio", name, value });
      const text = document.createElement("span");
      if (drawing) text.append(drawing(value));
      text.append(label);
      whole.append(input, text);
      return whole;
    }),
  );
}

function kindDrawing(value) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#kind-${value}`);
  svg.append(use);
  return svg;
}

const OWN = "\u0000own";

/** Streets to choose from: where we are by the cue sheet first, the way's own streets next, then all the others. */
function fillPlaces(select) {
  const here = whereWeAre(state.gathering);
  const way = [...new Set((state.gathering?.way?.cues ?? []).map((cue) => cue.street).filter(Boolean))];
  const rest = (state.gathering?.kit?.streets ?? []).filter((name) => !way.includes(name));
  const key = JSON.stringify([here, way.length, rest.length]);
  if (select.dataset.key === key) return;
  const before = select.value;
  const fresh = !select.dataset.touched;
  const option = (label, value) => new Option(label, value);
  select.replaceChildren(
    ...(here ? [option(words("here", { place: streetWeAreOn(state.gathering) }), here)] : []),
    option(words("nowhere"), ""),
    ...way.filter((name) => name !== streetWeAreOn(state.gathering)).map((name) => option(name, name)),
    ...rest.map((name) => option(name, name)),
    option(words("elsewhere"), OWN),
  );
  select.dataset.key = key;
  select.value = fresh ? here : before;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
  tellBlock();
}

/** The whole block under the list, where the list has no room for it. */
function tellBlock() {
  const { value } = fields.place;
  showText(
    one("[data-block]"),
    value !== streetWeAreOn(state.gathering) && value === whereWeAre(state.gathering) ? value : "",
  );
}

/** What a person typed themselves, and so may hold what it should not. */
const ownWords = () => `${fields.words.value}\n${fields.place.value === OWN ? fields.place_own.value : ""}`;

function draw({ gathering }) {
  const kit = gathering?.kit;
  if (!kit) return;
  choices(one("[data-kinds]"), "kind", kit.kinds, kindDrawing);
  choices(one("[data-categories]"), "category", kit.categories);
  for (const each of all("[data-consent]")) each.textContent = kit.consent[each.dataset.in] ?? kit.consent.en ?? "";
  fillPlaces(fields.place);
  show(one("[data-near]"), Boolean(navigator.geolocation) && (gathering.way?.map?.corners?.length ?? 0) > 1);
}

// -- steps ----------------------------------------------------------------------------------------
function step(name) {
  show(one("[data-step=ask]"), name === "ask");
  show(one("[data-step=write]"), name === "write");
  show(form, name !== "photo");
  show(one("[data-photo]"), name === "photo");
  for (const each of all(".phone-switch input")) each.checked = each.value === form.dataset.what;
}

function choose(what) {
  form.dataset.what = what;
  step(what === "photo" ? "photo" : what === "paper" ? "write" : askedAt ? "write" : "ask");
}

function agreed() {
  askedAt = new Date().toISOString();
  step("write");
  one("#note-title").focus();
  one("[data-kinds] input").focus();
  keepDraft();
}

/** An empty form, at the question. What was typed is gone from the draft, too. */
function clear() {
  mending = null;
  askedAt = null;
  form.reset();
  fields.place_own.value = "";
  delete fields.place.dataset.touched;
  delete fields.place.dataset.key;
  show(fields.place_own, false);
  showText(one("[data-warning]"), "");
  showText(one("[data-left]"), "");
  fillPlaces(fields.place);
  tongue(page.dataset.spoken);
}

function stop() {
  const what = form.dataset.what;
  clear();
  store.keepDraft(page.dataset.gathering, {}).catch(() => {});
  choose(what === "paper" ? "paper" : "words");
}

// -- what is typed --------------------------------------------------------------------------------
function place() {
  return fields.place.value === OWN ? fields.place_own.value.trim() : fields.place.value;
}

function typed() {
  return {
    kind: fields.kind?.value ?? "",
    category: fields.category?.value ?? "",
    words: fields.words.value,
    place: place(),
    wants_answer: fields.wants_answer.checked,
  };
}

let pausing;
function keepDraft() {
  clearTimeout(pausing);
  pausing = setTimeout(() => {
    const draft = { ...typed(), what: form.dataset.what, askedAt, mending };
    store.keepDraft(page.dataset.gathering, draft).catch(() => {}); // the form still has it, and Save will tell
  }, 300);
}

function lookAtWords() {
  const room = limit() - fields.words.value.length;
  const near = room < limit() / 5;
  showText(one("[data-left]"), near ? words(room < 0 ? "too-long" : "left", { n: Math.abs(room) }) : "");
  fields.words.setAttribute("aria-invalid", room < 0);
  showText(one("[data-warning]"), reasons(ownWords(), fields.kind?.value)[0]);
}

function fill({ kind, category, words: said, place: where, wants_answer: wants }) {
  if (kind) fields.kind.value = kind;
  if (category) fields.category.value = category;
  fields.words.value = said ?? "";
  fields.wants_answer.checked = Boolean(wants);
  fields.place.dataset.touched = "yes";
  const listed = [...fields.place.options].some((option) => option.value === where);
  fields.place.value = listed ? where : OWN;
  fields.place_own.value = listed ? "" : where;
  show(fields.place_own, !listed);
  lookAtWords();
}

/** Change a note that was not sent, or that the server could not take. */
export function mend(item) {
  clear();
  mending = item.client_id;
  askedAt = item.body.heard_at;
  form.dataset.what = item.body.source === "paper" ? "paper" : "words";
  step("write");
  fill(item.body);
  go("note");
}

// -- saving ---------------------------------------------------------------------------------------
function missing(note) {
  if (!note.kind) return [words("no-kind"), one("[data-kinds] input")];
  if (!note.words.trim()) return [words("no-words"), fields.words];
  if (note.words.length > limit()) return [words("too-long", { n: note.words.length - limit() }), fields.words];
  return null;
}

async function mayKeep(note) {
  const signs = reasons(ownWords(), note.kind, { grave: true });
  if (!signs.length) return true;
  return ask({
    title: words("ask-title"),
    text: [...signs, words("ask-words")].join("\n"),
    yes: words("ask-keep"),
    no: words("ask-change"),
  });
}

const save = once(async () => {
  const note = typed();
  const lacking = missing(note);
  if (lacking) {
    wrong(...lacking);
    return;
  }
  if (!(await mayKeep(note))) {
    fields.words.focus();
    return;
  }
  const body = {
    ...note,
    category: note.category || "other",
    language: page.dataset.spoken,
    source: paper() ? "paper" : "phone",
    consent: state.gathering.kit.consent.version ?? "",
    heard_at: askedAt ?? new Date().toISOString(),
    device: state.gathering.device,
  };
  try {
    const card = { card: note.wants_answer, guidance: guidance(ownWords(), note.kind) };
    clearTimeout(pausing);
    const kept = mending
      ? await store.mend(mending, body, card)
      : await store.keep(page.dataset.gathering, "note", body, card);
    await saved(kept);
  } catch (error) {
    if (error instanceof store.OnItsWay) mending = null; // saved again, it is a note of its own
    trouble(error);
  }
});

async function saved(item) {
  const what = form.dataset.what;
  kept();
  clear();
  await refresh();
  choose(what);
  if (item.follow) showCard(item.client_id);
  else one("#note-title").focus();
  say(
    words(
      item.follow ? "saved-card" : item.body.wants_answer ? "card-none" : navigator.onLine ? "saved" : "saved-offline",
    ),
  );
  if (item.guidance) alarm("guidance", item.guidance, [button(words("understood"), () => calm("guidance"))]);
  sendSoon();
}

async function lookAround({ currentTarget: pressed }) {
  pressed.disabled = true;
  try {
    const street = await nearestStreet(state.gathering.way.map.corners);
    fields.place.value = street;
    fields.place.dataset.touched = "yes";
    tellBlock();
    say(words("near", { street }));
  } catch {
    wrong(words("near-failed"));
  }
  pressed.disabled = false;
}

export async function start() {
  for (const each of all(".phone-switch input")) each.addEventListener("change", () => choose(each.value));
  one("[data-agreed]").addEventListener("click", agreed);
  one("[data-declined]").addEventListener("click", () => say(words("declined")));
  one("[data-stop]").addEventListener("click", stop);
  one("[data-near]").addEventListener("click", lookAround);
  fields.place.addEventListener("change", () => {
    fields.place.dataset.touched = "yes";
    show(fields.place_own, fields.place.value === OWN);
    tellBlock();
    if (fields.place.value === OWN) fields.place_own.focus();
  });
  form.addEventListener("input", () => {
    lookAtWords();
    keepDraft();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  follow(draw);
  form.dataset.what = "words";
}

/** What was being typed when the page was closed, or the phone died. */
export async function restore() {
  const draft = await store.draft(page.dataset.gathering);
  if (!draft?.words && !draft?.askedAt) return;
  if (draft.mending && !state.items.some((item) => item.client_id === draft.mending)) draft.mending = null;
  mending = draft.mending ?? null;
  askedAt = draft.askedAt;
  fill(draft);
  choose(draft.what === "photo" ? "words" : draft.what);
}
