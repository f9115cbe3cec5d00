// In which of our languages a resident hears what is read aloud, and reads what stands beside their code.
import { all, page, show } from "./page.js";

/** Show what a resident hears or reads in this language, if it is one of ours. */
export function tongue(language) {
  const known = all("[data-tongue]").some((each) => each.value === language);
  if (known) page.dataset.spoken = language;
  for (const each of all("[data-tongue]")) each.checked = each.value === page.dataset.spoken;
  for (const each of all("[data-in]")) show(each, each.dataset.in === page.dataset.spoken);
}

export function start() {
  tongue(document.documentElement.lang);
  for (const each of all("[data-tongue]")) each.addEventListener("change", () => tongue(each.value));
}
