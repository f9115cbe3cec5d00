// A drawn map grows into a MapLibre map when somebody presses its button, or at once where the page says
// `data-map-now`; a draw box where `data-draw` asks. The big module comes only then; without it the drawing stays.
import { island } from "./island.js";

let loading;
function load(element) {
  loading ??= import(new URL(element.dataset.mapModule, document.baseURI)).catch((error) => {
    loading = undefined; // the next who asks tries again
    throw error;
  });
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

/** True once the map lives. Where it cannot, its drawing stays, and a sentence leads to the same as a table. */
async function show(frame) {
  try {
    (await load(frame)).show(frame);
    return true;
  } catch {
    const figure = frame.closest("figure");
    tell(figure.querySelector("[data-map-lost]"));
    figure.querySelector("details").open = true;
    return false;
  }
}

function tell(place) {
  place.textContent = place.dataset.mapLost;
}

island("[data-map]", (frame) => {
  if ("mapNow" in frame.dataset) whenNear(frame, () => show(frame));
  const wake = frame.querySelector("[data-map-wake]");
  wake?.addEventListener("click", async () => {
    const lives = await show(frame);
    const next = lives ? frame.querySelector("canvas") : frame.closest("figure").querySelector("summary");
    wake.remove();
    next.focus();
  });
});
island("[data-draw]", (box) => {
  const frame = box.querySelector("[data-map-module]");
  whenNear(box, () =>
    load(frame)
      .then((module) => module.draw(box))
      .catch(() => tell(box.querySelector("[data-map-lost]"))),
  );
});
