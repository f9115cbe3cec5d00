// <button data-print>: the browser's own print dialog. And what opens on paper does in every browser: those that know
// no `::details-content` (Chrome before 131, Firefox before 143, Safari before 18.4) leave a closed fold out of print,
// so it is opened while they do.
import { island } from "./island.js";

island("[data-print]", (button) => button.addEventListener("click", () => print()));

if (!CSS.supports("selector(::details-content)")) {
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details.opens-on-paper:not([open])")];
    for (const each of unfolded) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of unfolded) each.open = false;
  });
}
