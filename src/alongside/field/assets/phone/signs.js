// Signs that a note should not be kept as it is: the list came with the kit, so the phone can warn with no signal.
// A warning, not a wall: the person decides, and the server looks again.
import { reasons as why, seen as seenIn } from "../../../core/assets/care/signs.js";
import { state } from "./state.js";

const seen = (text, kind) => seenIn(text, state.gathering?.kit?.warnings ?? [], { kind });

/** Why this text gives cause for a second look, each reason once, in the scribe's language; `grave` alone if asked. */
export const reasons = (text, kind, { grave = false } = {}) =>
  why(seen(text, kind).filter(({ hold }) => hold || !grave));

/** What the scribe is to do about such a note: the server says so too, but perhaps an hour later. */
export function guidance(text, kind) {
  const advice = state.gathering?.kit?.guidance ?? {};
  return [...new Set(seen(text, kind).map(({ hold }) => advice[hold]))].filter(Boolean).join(" ");
}
