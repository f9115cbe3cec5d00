// A drawn map grows into a MapLibre map when somebody presses its button, or at once where the page says
// `data-map-now`; a draw box where `data-draw` asks. The big module comes only then; without it the drawing stays.
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

const show = async (frame) => (await load(frame)).show(frame);

island("[data-map]", (frame) => {
  if ("mapNow" in frame.dataset) whenNear(frame, () => show(frame));
  frame.querySelector("[data-map-wake]")?.addEventListener("click", (event) => {
    event.currentTarget.remove();
    show(frame).then(() => frame.querySelector("canvas")?.focus());
  });
});
island("[data-draw]", (box) => {
  whenNear(box, async () => (await load(box.querySelector("[data-map-module]"))).draw(box));
});
