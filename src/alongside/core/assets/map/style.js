// The map's look comes from the page's own tokens: light, dark and high contrast follow without a second palette.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const level = [
  "match",
  ["get", "kind"],
  "level-1",
  token("--cool-1"),
  "level-2",
  token("--cool-2"),
  "level-3",
  token("--cool-3"),
  "walked-1",
  token("--walked-1"),
  "walked-2",
  token("--walked-2"),
  "walked-3",
  token("--walked-3"),
];
const kinds = (...names) => ["in", ["get", "kind"], ["literal", names]];
const polygon = ["==", ["geometry-type"], "Polygon"];
const line = ["==", ["geometry-type"], "LineString"];
const point = ["==", ["geometry-type"], "Point"];

/** A MapLibre style for a collection of shapes whose `kind` is one of core.svgmap's kinds. */
export function style(shapes) {
  const fill = [
    ...level,
    "chosen",
    token("--marigold"),
    "quiet",
    token("--green"),
    "water",
    token("--map-water"),
    "park",
    token("--green"),
    token("--map-area"),
  ];
  const opacity = [
    "match",
    ["get", "kind"],
    "chosen",
    0.4,
    "quiet",
    0.22,
    "park",
    0.22,
    "outline",
    0,
    "water",
    1,
    0.75,
  ];
  return {
    version: 8,
    sources: { shapes: { type: "geojson", data: shapes, promoteId: "id" } },
    layers: [
      { id: "land", type: "background", paint: { "background-color": token("--map-land") } },
      {
        id: "fill",
        type: "fill",
        source: "shapes",
        filter: polygon,
        paint: { "fill-color": fill, "fill-opacity": opacity },
      },
      {
        id: "edge",
        type: "line",
        source: "shapes",
        filter: ["all", polygon, ["!", kinds("quiet", "water", "park")]],
        paint: {
          "line-color": ["match", ["get", "kind"], "chosen", token("--cool-3"), token("--map-edge")],
          "line-width": ["match", ["get", "kind"], "chosen", 2, 1],
        },
      },
      {
        id: "street",
        type: "line",
        source: "shapes",
        filter: ["all", line, kinds("street")],
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": token("--map-street"), "line-width": 2.5 },
      },
      {
        id: "left-out",
        type: "line",
        source: "shapes",
        filter: ["all", line, kinds("left-out")],
        paint: { "line-color": token("--clay"), "line-width": 2, "line-dasharray": [2, 2] },
      },
      {
        id: "route",
        type: "line",
        source: "shapes",
        filter: ["all", line, kinds("route")],
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": token("--map-route"), "line-width": 4.5, "line-dasharray": [0.2, 1.8] },
      },
      {
        id: "place",
        type: "circle",
        source: "shapes",
        filter: point,
        paint: {
          "circle-radius": ["match", ["get", "kind"], "start", 8, 5],
          "circle-color": ["match", ["get", "kind"], "start", token("--marigold"), token("--card")],
          "circle-stroke-color": token("--map-route"),
          "circle-stroke-width": ["match", ["get", "kind"], "start", 3, 2],
        },
      },
    ],
  };
}
