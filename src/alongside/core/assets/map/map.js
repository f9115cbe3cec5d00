// The live map and the draw box. Shapes come from the page itself, as a JSON data block: no second request, no tiles.
import { Map, Marker, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
import { style } from "./style.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

function addStyles(href) {
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  document.head.append(link);
}

function bounds(shapes) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (coordinates) => {
    if (typeof coordinates[0] !== "number") return coordinates.forEach(visit);
    const [x, y] = coordinates;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  };
  for (const shape of shapes.features) visit(shape.geometry.coordinates);
  return box;
}

function open(frame, { cooperative = true } = {}) {
  setWorkerUrl(new URL(frame.dataset.mapWorker, document.baseURI).href);
  addStyles(frame.dataset.mapStyle);
  const shapes = JSON.parse(document.getElementById(frame.dataset.map ?? frame.dataset.shapes).textContent);
  const canvas = Object.assign(document.createElement("div"), { className: "map-canvas" });
  frame.append(canvas);
  const map = new Map({
    container: canvas,
    style: style(shapes),
    bounds: shapes.bbox ?? bounds(shapes),
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    cooperativeGestures: cooperative, // a page scrolls past a map; two fingers or Ctrl move the map
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: STILL.matches ? 0 : 200,
    locale: JSON.parse(frame.dataset.mapWords || "{}"),
  });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute("aria-label", frame.dataset.mapLabel || "");
  DARK.addEventListener("change", () => map.setStyle(style(shapes)));
  map.once("load", () => frame.classList.add("live"));
  return { map, shapes };
}

// Names are the page's own letters, over the map: no font server is asked for glyphs.
function write(map, shapes) {
  for (const { properties } of shapes.features.filter(({ properties }) => properties.at)) {
    const element = Object.assign(document.createElement("span"), {
      className: "map-written",
      textContent: properties.label,
    });
    new Marker({ element }).setLngLat(properties.at).addTo(map);
    element.removeAttribute("aria-label");
    element.setAttribute("aria-hidden", "true"); // the table says it
    element.removeAttribute("tabindex");
    element.removeAttribute("role");
  }
}

function nameOnClick(map) {
  const layers = ["fill", "route", "place"];
  map.on("click", (event) => {
    const [shape] = map.queryRenderedFeatures(event.point, { layers }).filter(({ properties }) => properties.label);
    if (!shape) return;
    const { label, url } = shape.properties;
    const popup = new Popup({ closeButton: false }).setLngLat(event.lngLat);
    if (url) popup.setDOMContent(Object.assign(document.createElement("a"), { href: url, textContent: label }));
    else popup.setText(label);
    popup.addTo(map);
  });
}

/** Redraw a map frame as a live map. Throws where the browser cannot, and the drawing stays. */
export function show(frame) {
  try {
    const { map, shapes } = open(frame);
    write(map, shapes);
    nameOnClick(map);
  } catch (error) {
    frame.querySelector(".map-canvas")?.remove();
    throw error;
  }
}

const polygonOf = (corners) => ({ type: "Polygon", coordinates: [[...corners, corners[0]]] });

function cornersOf(text) {
  try {
    const shape = JSON.parse(text);
    const geometry = shape.geometry ?? shape.features?.[0]?.geometry ?? shape;
    return geometry.type === "Polygon" ? geometry.coordinates[0].slice(0, -1) : [];
  } catch {
    return [];
  }
}

/** Let someone draw one area: click, or move the map under the cross and press "Add a corner". */
export function draw(box) {
  const frame = box.querySelector("[data-map-module]");
  const field = document.getElementById(box.dataset.draw);
  const said = box.querySelector("[data-corners]");
  let corners = cornersOf(field.value);
  let map;
  box.classList.add("live"); // a map needs a frame that has a size
  try {
    ({ map } = open(frame, { cooperative: false }));
  } catch (error) {
    box.classList.remove("live"); // the text box remains
    throw error;
  }
  const drawn = () => ({
    type: "FeatureCollection",
    features: [
      ...(corners.length > 2
        ? [{ type: "Feature", properties: { kind: "chosen" }, geometry: polygonOf(corners) }]
        : []),
      ...(corners.length > 1
        ? [
            {
              type: "Feature",
              properties: { kind: "left-out" },
              geometry: { type: "LineString", coordinates: corners },
            },
          ]
        : []),
      ...corners.map((corner) => ({
        type: "Feature",
        properties: { kind: "place" },
        geometry: { type: "Point", coordinates: corner },
      })),
    ],
  });
  const refresh = () => {
    map.getSource("drawn")?.setData(drawn());
    field.value = corners.length > 2 ? JSON.stringify(polygonOf(corners)) : "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    said.textContent = box.dataset.said.replace("{n}", corners.length);
  };
  const add = ({ lng, lat }) => {
    corners.push([Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
    refresh();
  };
  const addLayers = () => {
    if (map.getSource("drawn")) return;
    const look = style(drawn());
    map.addSource("drawn", { type: "geojson", data: drawn() });
    for (const layer of look.layers.filter(({ id }) => ["fill", "edge", "left-out", "place"].includes(id))) {
      map.addLayer({ ...layer, id: `drawn-${layer.id}`, source: "drawn" });
    }
  };
  map.on("styledata", addLayers);
  map.once("load", refresh);
  map.on("click", (event) => add(event.lngLat));
  const press = (name, action) => box.querySelector(`[data-draw-${name}]`)?.addEventListener("click", action);
  press("add", () => add(map.getCenter()));
  press("undo", () => {
    corners.pop();
    refresh();
  });
  press("clear", () => {
    corners = [];
    refresh();
  });
}
