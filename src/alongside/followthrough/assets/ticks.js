// <td data-tick-all="Tick all on this page">: one box above the boxes of a list. Without a script each is ticked alone.
import { island } from "../../core/assets/js/island.js";

island("[data-tick-all]", (cell) => {
  const boxes = () => [...cell.closest("table").querySelectorAll("tbody input[type=checkbox]")];
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", cell.dataset.tickAll);
  all.addEventListener("change", () => boxes().forEach((box) => (box.checked = all.checked)));
  cell.append(all);
});
