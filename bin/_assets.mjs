// Bundles every room's assets/ into build/static: one style sheet, one script, one map module with its worker.
// Core comes first; then each room that has an assets/index.css or assets/index.js, in the order of its name.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";

const OUT = "build/static";
const FRESH = "build/static.new"; // a half-made build is never served
const ROOMS = "src/alongside";

const rooms = (await readdir(ROOMS, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const inOrder = ["core", ...rooms.filter((room) => room !== "core").sort()];
const entry = (file) =>
  inOrder
    .filter((room) => existsSync(`${ROOMS}/${room}/assets/${file}`))
    .map((room) => `./${ROOMS}/${room}/assets/${file}`);

// The browsers that we promise (docs/reference/browsers.md), by bundle. What residents and staff share has the oldest.
const PROMISED = JSON.parse(await readFile("bin/browsers.json", "utf8"));
const targets = (bundle) => Object.entries(PROMISED[bundle]).map(([name, version]) => name + version);

const options = {
  bundle: true,
  minify: true,
  outdir: FRESH,
  charset: "utf8",
  legalComments: "linked",
  target: targets("pages"),
  logLevel: "warning",
};

async function styles() {
  const contents = entry("index.css")
    .map((path) => `@import "${path}";`)
    .join("\n");
  await build({
    ...options,
    stdin: { contents, loader: "css", resolveDir: ".", sourcefile: "alongside.css" },
    outdir: undefined,
    outfile: `${FRESH}/alongside.css`,
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]",
  });
}

async function scripts() {
  const contents = entry("index.js")
    .map((path) => `import "${path}";`)
    .join("\n");
  await build({
    ...options,
    stdin: { contents, loader: "js", resolveDir: ".", sourcefile: "alongside.js" },
    outdir: undefined,
    outfile: `${FRESH}/alongside.js`,
    format: "esm",
  });
}

// MapLibre weighs more than everything else together, so it comes only where a map asks for it.
async function map() {
  await build({
    ...options,
    entryPoints: { map: "src/alongside/core/assets/map/map.js", "map-style": "src/alongside/core/assets/map/map.css" },
    format: "esm",
  });
  const worker = await readFile("node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", "utf8");
  // Its map is not served.
  await writeFile(`${FRESH}/map-worker.js`, worker.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
}

// The phone in the field opens with no signal, so its page stands alone: a script, a sheet and a worker of its own.
// Of core it takes along the outbox and the styles that it names.
async function phone() {
  const own = `${ROOMS}/field/assets/phone`;
  const ours = { ...options, target: targets("phone") };
  const page = { ...ours, loader: { ".woff2": "file" }, assetNames: "fonts/[name]", format: "esm" };
  await build({ ...page, entryPoints: { phone: `${own}/phone.js` } });
  await build({ ...page, entryPoints: { phone: `${own}/phone.css` } });
  await build({ ...ours, entryPoints: { "phone-worker": `${own}/worker.js` }, format: "iife" });
}

await rm(FRESH, { recursive: true, force: true });
await mkdir(FRESH, { recursive: true });
await Promise.all([styles(), scripts(), map(), phone()]);
await rm(OUT, { recursive: true, force: true });
await rename(FRESH, OUT);
