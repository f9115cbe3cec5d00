// <details data-menu>: what it opens lies over the page, so it closes by Escape, by a press elsewhere, and when the
// focus leaves it. Without a script its own button closes it.
import { island } from "./island.js";

island("[data-menu]", (menu) => {
  const home = menu.parentElement;
  const close = () => (menu.open = false);
  const elsewhere = ({ target }) => home.contains(target) || close();
  document.addEventListener("pointerdown", elsewhere);
  document.addEventListener("focusin", elsewhere);
  window.addEventListener("pagehide", close); // coming back, nobody finds it open
  home.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary").focus();
  });
});
