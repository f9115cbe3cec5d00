// Signs that a text should not be kept as it is: the same list that the server reads, so the phone can warn with no
// signal. A warning, not a wall: the person decides, and the server looks again.
import { state } from "./state.js";

const bare = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

/** Why this text gives cause for a second look, each reason once, in the scribe's language; `grave` alone if asked. */
export function reasons(text, kind, { grave = false } = {}) {
  const language = document.documentElement.lang;
  const signs = seen(text, kind).filter(({ hold }) => hold || !grave);
  return [...new Set(signs.map(({ why }) => why?.[language] ?? why?.en ?? ""))].filter(Boolean);
}

/** What the scribe is to do about such a note: the server says so too, but perhaps an hour later. */
export function guidance(text, kind) {
  const advice = state.gathering?.kit?.guidance ?? {};
  return [...new Set(seen(text, kind).map(({ hold }) => advice[hold]))].filter(Boolean).join(" ");
}

function seen(text, kind) {
  const plain = bare(text);
  const signs = state.gathering?.kit?.warnings ?? [];
  return signs.filter((sign) => !sign.not_for?.includes(kind) && expression(sign)?.test(plain));
}

const read = new Map();
function expression({ id, regex, flags }) {
  if (!read.has(id)) {
    try {
      read.set(id, new RegExp(regex, flags));
    } catch {
      read.set(id, null); // an expression of a newer server that this browser cannot read: the server still looks
    }
  }
  return read.get(id);
}
