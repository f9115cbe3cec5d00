// An island is asleep until its element is on the page, now or after a fragment has come.
import htmx from "htmx.org";

/** Call `wakeUp(element)` once for each element that matches, whenever it arrives. */
export function island(selector, wakeUp) {
  const awake = new WeakSet();
  const wake = (root) => {
    const matches = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) matches.unshift(root);
    for (const element of matches) {
      if (awake.has(element)) continue;
      awake.add(element);
      wakeUp(element);
    }
  };
  wake(document);
  htmx.onLoad((element) => wake(element));
}
