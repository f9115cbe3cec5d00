// English or Spanish for the resident: what is read aloud, and what stands beside their code.
import { all, page } from "./page.js";

/** Show what a resident hears or reads in this language. */
export function tongue(language) {
  page.dataset.spoken = language;
  for (const each of all("[data-tongue]")) each.checked = each.value === language;
}

export function start(language) {
  tongue(language);
  for (const each of all("[data-tongue]")) each.addEventListener("change", () => tongue(each.value));
}
