// A drawn map grows into a MapLibre map where `data-map` asks, and a draw box where `data-draw` asks.
// The big module comes only then, and only when the map nears the screen; without it the drawing stays.
import { island } from "./island.js";

let loading;
function load(element) {
  loading ??= import(new URL(element.dataset.mapModule, document.baseURI));
  return loading;
}

function whenNear(element, wakeUp) {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      wakeUp();
    },
    { rootMargin: "200px" },
  );
  watch.observe(element);
}

// A hint, not a promise: someone who asked for less data gets the drawing.
const sparing = () => navigator.connection?.saveData === true;

island("[data-map]", (frame) => {
  if (!sparing()) whenNear(frame, async () => (await load(frame)).show(frame));
});
island("[data-draw]", (box) => {
  whenNear(box, async () => (await load(box.querySelector("[data-map-module]"))).draw(box));
});
