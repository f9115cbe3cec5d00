// What went wrong takes the focus, so that nobody has to look for it; and a page that a button's own address answered
// with stands under its own, so that loading it again asks for nothing a second time.
import { island } from "./island.js";

island("[data-trouble]", (list) => {
  if (list === document.querySelector("[data-trouble]")) list.focus();
});
island("[data-here]", (page) => history.replaceState(null, "", page.dataset.here));
