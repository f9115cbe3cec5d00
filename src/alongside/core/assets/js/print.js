// <button data-print>: the browser's own print dialog.
import { island } from "./island.js";

island("[data-print]", (button) => button.addEventListener("click", () => print()));
