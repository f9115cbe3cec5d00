// Draws what the server computed: the map of the way, and codes to scan. No tiles, no fonts, no network.
import { correction, generate } from "lean-qr";

const SVG = "http://www.w3.org/2000/svg";
const AROUND = 360; // metres across, when one looks at what is near
const LETTERS = 15; // pixels, however large the map is drawn

function draw(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** Put the map into `svg`, once. `map` is what walks tells of a way: its shapes, names and corners. */
export function drawMap(svg, map, { title, turnBack }) {
  svg.replaceChildren(draw("title", { id: svg.getAttribute("aria-labelledby") }, title));
  for (const { kind, path, x, y, radius } of map.drawn) {
    svg.append(
      path
        ? draw("path", { class: `map-${kind}`, d: path })
        : draw("circle", { class: `map-${kind}`, cx: x, cy: y, r: radius }),
    );
  }
  svg.append(
    draw("polyline", { class: "map-walked" }),
    draw("circle", { class: "map-half" }),
    draw("text", { class: "map-label half" }, turnBack),
  );
  for (const { x, y, label } of map.labels) svg.append(draw("text", { class: "map-label", x, y }, label));
  svg.append(draw("circle", { class: "map-here" }));
}

/** Mark where the group is: the corner, what was walked already, and where to turn back. */
export function markPlace(svg, map, { corner, half, whole }) {
  const here = map.corners[corner];
  const box = svg.getBoundingClientRect();
  const shape = (box.height || 240) / (box.width || 360);
  const view = here && !whole ? around(map, here, shape) : { x: 0, y: 0, width: map.width, height: map.height };
  const pixel = Math.max(view.width / (box.width || 360), view.height / (box.height || 240));
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  svg.setAttribute("font-size", LETTERS * pixel);
  const from = here ? map.line.slice(0, here.at + 1) : [];
  svg.querySelector(".map-walked").setAttribute("points", from.map((point) => point.join(",")).join(" "));
  const turn = half === null ? null : map.corners[half];
  for (const dot of svg.querySelectorAll(".map-start, .map-place")) dot.setAttribute("r", 6 * pixel);
  place(svg.querySelector(".map-here"), here, 11 * pixel);
  place(svg.querySelector(".map-half:not(text)"), turn, 7 * pixel);
  const label = svg.querySelector("text.half");
  label.setAttribute("display", turn && turn !== here ? "inline" : "none");
  label.setAttribute("x", turn?.x ?? 0);
  label.setAttribute("y", (turn?.y ?? 0) + 24 * pixel);
}

function place(dot, spot, radius) {
  dot.setAttribute("display", spot ? "inline" : "none");
  if (!spot) return;
  dot.setAttribute("cx", spot.x);
  dot.setAttribute("cy", spot.y);
  dot.setAttribute("r", radius);
}

/** What is near a corner, in the shape of the screen's box; never more than the whole map. */
function around(map, { x, y }, shape) {
  const width = Math.min(AROUND * map.metre, map.width);
  const height = width * shape;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** A code that a stranger's camera reads from an arm away, in sun and with a scratch on the glass. */
export function drawCode(svg, text, title) {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const margin = 3;
  const size = code.size + 2 * margin;
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x + margin} ${y + margin}h1v1h-1z`;
  }
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.replaceChildren(draw("title", {}, title), draw("path", { d: path }));
}
