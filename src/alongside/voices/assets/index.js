// <input type="hidden" data-device>: gets the random number by which this device is counted once.
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
