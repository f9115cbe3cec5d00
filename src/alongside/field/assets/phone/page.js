// Small tools of the page: find, say, ask. Words come from the page itself, in the scribe's language.
export const page = document.body;
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const written = new Map();
for (const each of all("[data-word]", one("template[data-words]").content)) {
  written.set(each.dataset.word, each.textContent.trim());
}

/** The words called `name`, with {holes} filled. */
export function words(name, holes = {}) {
  return (written.get(name) ?? name).replace(/\{(\w+)\}/g, (hole, key) => holes[key] ?? hole);
}

/** Show or hide; answers the element. */
export function show(element, visible = true) {
  element.hidden = !visible;
  return element;
}

/** Fill an element, and show it only where there is something to read. */
export function showText(element, text) {
  element.textContent = text ?? "";
  return show(element, Boolean(text));
}

export function button(label, press, look = "btn small") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}

/** The same work, but never twice at once: a button pressed twice in a hurry is pressed once. */
export function once(work) {
  let busy = false;
  return async (...given) => {
    if (busy) return;
    busy = true;
    try {
      await work(...given);
    } finally {
      busy = false;
    }
  };
}

let quiet;
/** What was done, for eyes and ears; it leaves by itself, and with it what was wrong before. */
export function say(text) {
  right();
  const said = one("[data-said]");
  clearTimeout(quiet);
  said.textContent = text;
  quiet = setTimeout(() => (said.textContent = ""), 5000);
}

let mended = () => {};
/** What went wrong in a form, or could not be done. It stays until it is mended, or until somebody has read it. */
export function wrong(text, field) {
  right();
  one("[data-wrong-words]").textContent = text;
  show(one("[data-wrong]"));
  document.title = `${words("error")} ${document.title}`;
  mended = field ? marked(field) : () => {};
  field?.focus();
}

/** Nothing is wrong any more. */
function right() {
  const box = one("[data-wrong]");
  if (box.hidden) return;
  show(box, false);
  document.title = document.title.slice(words("error").length + 1);
  mended();
}

/** A field says that it is wrong and why, until somebody changes it; answers how it stops to. */
function marked(field) {
  const [why, told] = [one("[data-wrong-words]").id, field.getAttribute("aria-describedby") ?? ""];
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${why} ${told}`.trim());
  field.addEventListener("input", right, { once: true });
  return () => {
    field.removeEventListener("input", right);
    field.removeAttribute("aria-invalid");
    if (told) field.setAttribute("aria-describedby", told);
    else field.removeAttribute("aria-describedby");
  };
}

/** Something a person must do something about. It stays until it is settled. */
export function alarm(name, text, ways = []) {
  const box = one("[data-alarm]");
  if (box.dataset.about !== name) {
    one("[data-alarm-ways]").replaceChildren(...ways);
    box.dataset.about = name;
  }
  one("[data-alarm-words]").textContent = text;
  show(box);
}

export function calm(name) {
  const box = one("[data-alarm]");
  if (box.dataset.about !== name) return;
  delete box.dataset.about;
  show(box, false);
}

/** A question that stands in the way until it is answered: true for yes. */
export function ask({ title, text, yes, no }) {
  const dialog = one("[data-ask]");
  one("[data-ask-title]").textContent = title;
  one("[data-ask-words]").textContent = text;
  one("[data-ask-yes]").textContent = yes;
  one("[data-ask-no]").textContent = no;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** An hour as the server writes it in this language: the browser's own habit may be another country's. */
export function time(iso) {
  const at = new Date(iso);
  const [hour, minute] = [at.getHours(), String(at.getMinutes()).padStart(2, "0")];
  const { am, pm } = page.dataset;
  return am ? `${hour % 12 || 12}:${minute} ${hour < 12 ? am : pm}` : `${String(hour).padStart(2, "0")}:${minute}`;
}

one("[data-wrong-read]").addEventListener("click", right);
