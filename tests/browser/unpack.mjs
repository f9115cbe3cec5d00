// Unpacks the pinned Chromium into the folder TMPDIR names, and prints where it is.
// The package takes whatever binary an earlier program left in the temporary folder, so that folder must be ours.
import { inflate } from "@sparticuz/chromium";
import chromium from "@sparticuz/chromium";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
await inflate(join(dirname(main), "..", "bin", "al2023.tar.br")); // the libraries it needs, for a machine without them
console.log(await chromium.executablePath());
