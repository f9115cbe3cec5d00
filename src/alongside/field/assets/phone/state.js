// What the page knows while it is open: the gathering, and what was heard at it. Screens follow it.
import * as store from "./store.js";
import { page } from "./page.js";

export const state = { gathering: null, items: [] };
const followers = [];

/** Call `draw(state)` now and whenever something changed. */
export function follow(draw) {
  followers.push(draw);
}

/** Read again what is kept, and let the screens follow. */
export async function refresh() {
  const { gathering: id } = page.dataset;
  state.gathering = (await store.gathering(id)) ?? state.gathering;
  state.items = await store.box.items(id);
  for (const draw of followers) draw(state);
}

/** Change something about the gathering, and show it. A full phone holds it until the page is closed: it goes on. */
export async function remember(changes) {
  state.gathering = await store
    .keepGathering(page.dataset.gathering, changes)
    .catch(() => ({ ...state.gathering, ...changes }));
  for (const draw of followers) draw(state);
}

export const waiting = () => state.items.filter((item) => item.state === "waiting");
export const refused = () => state.items.filter((item) => item.state === "refused");
export const unsent = () => state.items.filter((item) => item.state !== "sent");
