// A machine's text that a person goes on writing is theirs; what they paste may be a machine's again.
import { island } from "./island.js";

island(".boxes .box", (box) => {
  const machine = box.querySelector(".machine input");
  if (!machine) return;
  box.addEventListener("input", (event) => {
    if (event.target !== machine && event.inputType !== "insertFromPaste") machine.checked = false;
  });
});
