// A route takes some seconds to find: the button says so, and is not pressed twice.
import { island } from "../../core/assets/js/island.js";

island("form[data-busy]", (form) => {
  const button = form.querySelector("button:not([type])");
  const label = button.textContent;
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.busy;
  });
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-disabled");
    button.textContent = label;
  });
});
