// What the page knows while it is open: the walk, and what was heard on it. Screens follow it.
import * as store from "./store.js";
import { page } from "./page.js";

export const state = { walk: null, items: [], sending: false };
const followers = [];

/** Call `draw(state)` now and whenever something changed. */
export function follow(draw) {
  followers.push(draw);
}

/** Read again what is kept, and let the screens follow. */
export async function refresh() {
  const { walk: id } = page.dataset;
  state.walk = (await store.walk(id)) ?? state.walk;
  state.items = await store.items(id);
  for (const draw of followers) draw(state);
}

/** Change something about the walk, and show it. A full phone holds it until the page is closed: the walk goes on. */
export async function remember(changes) {
  state.walk = await store.keepWalk(page.dataset.walk, changes).catch(() => ({ ...state.walk, ...changes }));
  for (const draw of followers) draw(state);
}

export const waiting = () => state.items.filter((item) => item.state === "waiting");
export const refused = () => state.items.filter((item) => item.state === "refused");
export const unsent = () => state.items.filter((item) => item.state !== "sent");
