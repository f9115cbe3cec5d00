// The page in another language, once: to whoever's browser asks for that first, and has not put it away.
import { island } from "./island.js";

const PLACE = "alongside-languages-put-away";

function putAway() {
  try {
    return (localStorage.getItem(PLACE) ?? "").split(" ").filter(Boolean);
  } catch {
    return []; // nothing may be stored here: it is offered on the next page again
  }
}

function remember(code) {
  try {
    localStorage.setItem(PLACE, [...new Set([...putAway(), code])].join(" "));
  } catch {
    // as above
  }
}

/** The first language that the browser asks for and that this page is in, or is offered in. */
function wanted(offered) {
  const here = document.documentElement.lang.toLowerCase();
  for (const asked of navigator.languages ?? [navigator.language]) {
    const whole = asked.toLowerCase();
    for (const code of [whole, whole.split("-")[0]]) {
      if (code === here) return undefined;
      if (offered.has(code)) return offered.get(code);
    }
  }
  return undefined;
}

island("[data-offers]", (offers) => {
  const each = [...offers.querySelectorAll("[data-offer]")];
  const offer = wanted(new Map(each.map((one) => [one.dataset.offer.toLowerCase(), one])));
  if (!offer || putAway().includes(offer.dataset.offer)) return;
  offer.hidden = offers.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    remember(offer.dataset.offer);
    offers.hidden = true;
    const main = document.querySelector("main");
    main?.setAttribute("tabindex", "-1"); // the button that had the focus is gone
    main?.focus();
  });
});
