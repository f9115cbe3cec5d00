// J and K alone, for whoever asks for them: down and up a list, or to the next concern and the one before. Off until a
// box is ticked (WCAG 2.1.4), and never while somebody writes, chooses, or holds another key: screen readers and
// speech use single letters for themselves. The links have access keys without any of this.
import { island } from "../../core/assets/js/island.js";

const KEPT = "alongside.keys";
const WRITES = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open] *";

function remembered() {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false; // a browser that keeps nothing: they are off on each page
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // as above
  }
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return document.querySelector(`[data-key="${by > 0 ? "j" : "k"}"]`)?.click();
  const at = rows.indexOf(document.activeElement);
  const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[to].focus();
}

island("[data-keys-alone]", (box) => {
  box.checked = remembered();
  box.addEventListener("change", () => remember(box.checked));
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest?.(WRITES)) return;
    const by = { j: 1, k: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });
});
