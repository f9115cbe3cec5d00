// <input type="hidden" data-device>: gets the random number by which this device is counted once.
// <section data-speaks="me-too:concern:abc">: whoever comes back to what this device has spoken about reads so, in the
// place of the form. The browser knows that by itself: nothing is sent, and nobody asked.
import { island } from "../../core/assets/js/island.js";

const PLACE = "alongside-device";
const SHAPE = /^[\w-]{22}$/;

function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function token() {
  try {
    if (!SHAPE.test(localStorage.getItem(PLACE) ?? "")) localStorage.setItem(PLACE, fresh());
    return localStorage.getItem(PLACE);
  } catch {
    return ""; // nothing may be stored here: the server leaves a cookie instead
  }
}

island("[data-device]", (field) => {
  field.value = token();
});

const SPOKEN = "alongside-spoken";
const ASKED = "asked";
const YEAR = 365 * 24 * 60 * 60 * 1000; // as long as the server knows it (voices.actions.YEAR)

/** What this device has spoken about, and when: milliseconds, or ASKED until the server has said that it counted. */
function spoken() {
  try {
    const kept = Object.entries(JSON.parse(localStorage.getItem(SPOKEN) ?? "{}"));
    return Object.fromEntries(kept.filter(([, at]) => at === ASKED || Date.now() - at < YEAR));
  } catch {
    return {}; // nothing is kept here, or nothing that we wrote
  }
}

function remember(matter, at) {
  try {
    localStorage.setItem(SPOKEN, JSON.stringify({ ...spoken(), [matter]: at }));
  } catch {
    // nothing may be stored here: the server's cookie says it
  }
}

island("[data-speaks]", (place) => {
  const matter = place.dataset.speaks;
  const form = place.querySelector("[data-speaking]");
  const said = place.querySelector("[data-spoken]");
  const at = spoken()[matter];
  if (at === ASKED && "counted" in place.dataset) remember(matter, Date.now());
  if (at && at !== ASKED && form && said) {
    form.hidden = true;
    said.hidden = false;
  }
  form?.addEventListener("submit", () => {
    if (!at || at === ASKED) remember(matter, ASKED);
  });
});
