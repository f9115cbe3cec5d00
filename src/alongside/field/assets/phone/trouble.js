// What the page says when something could not be kept. The words in the form stay where they are.
import { NoAnswer, NoRoom, OnItsWay } from "./store.js";
import { exportAll } from "./file.js";
import { alarm, button, calm, words, wrong } from "./page.js";

export function trouble(error) {
  if (error instanceof NoRoom) {
    alarm("no-room", words("no-room"), [button(words("export"), exportAll)]);
  } else if (error instanceof NoAnswer) {
    alarm("no-answer", words("no-answer"), [button(words("export"), exportAll)]);
  } else if (error instanceof OnItsWay) {
    wrong(words("on-its-way"));
  } else {
    alarm("failed", words("failed", { why: error?.message ?? error }), [button(words("export"), exportAll)]);
  }
}

/** Something was kept: what stood in the way of it does no longer. */
export function kept() {
  for (const name of ["no-room", "no-answer"]) calm(name);
}
