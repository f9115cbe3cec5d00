// The way: the map, the next corner in large letters, and what to do if something happens.
import { drawMap, markPlace } from "./drawing.js";
import { all, one, page, show, showText, words } from "./page.js";
import { follow, remember, state } from "./state.js";

let drawn = null;

/** The street the group is on, as the cue sheet knows it: no satellite is asked. */
export const streetWeAreOn = (gathering) => gathering?.way?.cues?.[gathering.cue]?.street ?? "";

/** The same with the corners it lies between: no nearer than a block. */
export function whereWeAre(gathering) {
  const cues = gathering?.way?.cues ?? [];
  const at = gathering?.cue ?? 0;
  const here = cues[at];
  if (!here?.street) return "";
  const around = [cues[at - 1]?.street, cues[at + 1]?.street].filter((name) => name && name !== here.street);
  if (around.length < 2 || around[0] === around[1]) return here.street;
  return words("between", { street: here.street, one: around[0], other: around[1] });
}

function draw({ gathering }) {
  const way = gathering?.way;
  if (!way) return;
  showText(one("[data-turn-back]"), way.turn_back && words("turn-back-at", { place: way.turn_back }));
  showText(one("[data-way-notes]"), [...way.doubts, way.notes].join(" ").trim());
  show(one("[data-no-way]"), !way.cues.length);
  show(one("[data-cue]"), way.cues.length > 0);
  show(one("[data-cues]"), way.cues.length > 0);
  drawRules(way.rules ?? []);
  if (way.map) drawWay(gathering, way);
  if (way.cues.length) drawCue(gathering.cue, way);
}

function drawWay({ cue }, way) {
  const svg = one("[data-map] svg");
  show(one("[data-map]"));
  if (drawn !== way.version) {
    drawMap(svg, way.map, { title: words("map", { area: way.area }), turnBack: words("turn-back") });
    showText(one("[data-credit]"), way.map.credit);
    drawn = way.version;
  }
  const whole = one("[data-whole]").getAttribute("aria-pressed") === "true";
  markPlace(svg, way.map, { corner: cue, half: way.halfway, whole });
  show(one("[data-whole]"), way.map.corners.length > 0);
}

function drawCue(at, way) {
  const cue = way.cues[at];
  const last = at === way.cues.length - 1;
  showText(one("[data-cue-count]"), words("corner", { n: at + 1, of: way.cues.length, minute: cue.minute }));
  if (one("[data-cue-text]").textContent !== cue.text) one("[data-cue-text]").textContent = cue.text;
  showText(one("[data-cue-then]"), last ? "" : onwards(cue));
  one("[data-cue-turn] use").setAttribute("href", `#turn-${cue.turn}`);
  show(one("[data-cue-half]"), at === way.halfway);
  one("[data-cue-back]").disabled = at === 0;
  one("[data-cue-next]").disabled = last;
  drawCorners(at, way);
}

const onwards = ({ then, back }) => words(back ? "then" : "then-only", { distance: then, back });

function drawCorners(at, way) {
  const list = one("[data-cue-list]");
  if (list.childElementCount !== way.cues.length) list.replaceChildren(...way.cues.map(corner));
  all("button", list).forEach((each, i) => {
    each.toggleAttribute("aria-current", i === at);
    if (i === at) each.setAttribute("aria-current", "step");
  });
}

function corner(cue, at) {
  const line = document.createElement("li");
  const press = document.createElement("button");
  const minute = document.createElement("span");
  const text = document.createElement("b");
  const more = document.createElement("small");
  press.type = "button";
  minute.className = "number";
  minute.textContent = cue.minute;
  text.textContent = cue.text;
  more.textContent = cue.back ? words("back-only", { back: cue.back }) : "";
  press.append(minute, text, more);
  press.addEventListener("click", () => remember({ cue: at }));
  line.append(press);
  return line;
}

function drawRules(rules) {
  const box = one("[data-rules]");
  if (box.childElementCount === rules.length) return;
  box.replaceChildren(
    ...rules.map(({ title, text }) => {
      const line = document.createElement("p");
      const name = document.createElement("b");
      name.textContent = title;
      line.append(name, document.createElement("br"), text);
      return line;
    }),
  );
}

export function start() {
  const step = (by) => {
    const { way, cue } = state.gathering;
    remember({ cue: Math.max(0, Math.min(way.cues.length - 1, cue + by)) });
  };
  one("[data-cue-next]").addEventListener("click", () => step(1));
  one("[data-cue-back]").addEventListener("click", () => step(-1));
  one("[data-whole]").addEventListener("click", ({ currentTarget: pressed }) => {
    pressed.setAttribute("aria-pressed", pressed.getAttribute("aria-pressed") !== "true");
    draw(state);
  });
  new ResizeObserver(() => state.gathering?.way?.map && drawWay(state.gathering, state.gathering.way)).observe(
    one("[data-map] svg"),
  );
  follow(draw);
}
