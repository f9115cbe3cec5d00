// Unpacks the oldest Chromium promised, as npm carries it, into the folder that TMPDIR names.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const bin = join(dirname(createRequire(import.meta.url).resolve("chrome-aws-lambda/package.json")), "bin");
const unpacked = (name) => brotliDecompressSync(readFileSync(join(bin, name)));
writeFileSync(join(process.env.TMPDIR, "chromium"), unpacked("chromium.br"), { mode: 0o755 });
writeFileSync(join(process.env.TMPDIR, "libraries.tar"), unpacked("aws.tar.br"));
