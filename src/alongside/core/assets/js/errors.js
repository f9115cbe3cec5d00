// The list of what went wrong takes the focus, so that nobody has to look for it.
import { island } from "./island.js";

island("[data-trouble]", (list) => list.focus());
