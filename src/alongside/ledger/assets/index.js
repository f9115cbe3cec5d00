// <div data-ledger>: checks a file of a ledger in this browser. Nothing is sent anywhere. What it says stands in the
// page: data-why-… for each fault, with {n} where the entry's number goes.
import { island } from "../../core/assets/js/island.js";
import { verify } from "./verify.js";

const LONGEST = 65536; // of a line: longer ones are no entries

async function* linesOf(file) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const reader = file.stream().getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += text.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop();
    yield* lines;
    if (done || rest.length > LONGEST) break;
  }
  if (rest) yield `${rest}\n`; // the last line has no end: no entry is spelled so
}

const digits = (box, name) => box.querySelector(`[data-${name}]`).value.trim().toLowerCase();

island("[data-ledger]", (box) => {
  const said = box.querySelector("output");
  const data = box.dataset;
  const say = (words, values = {}) => {
    said.value = words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  };
  const check = async (file, proof) => {
    const found = await verify(linesOf(file), proof);
    const proven = proof.key || proof.head ? data.proven : data.consistent;
    say([data.found, proven, found.unsigned ? data.unsigned : ""].join(" "), { ...found, day: found.day || "–" });
  };
  box.querySelector("button").addEventListener("click", async () => {
    const [file] = box.querySelector("[data-file]").files;
    const proof = { key: digits(box, "key"), head: digits(box, "head") };
    if (!globalThis.crypto?.subtle) return say(data.whySecure);
    if (!file) return say(data.whyFile);
    if (![proof.key, proof.head].every((each) => /^([0-9a-f]{64})?$/.test(each))) return say(data.whyDigits);
    say(data.working);
    try {
      await check(file, proof);
    } catch ({ why = "spelling", n = 1 }) {
      say(data[`why${why[0].toUpperCase()}${why.slice(1)}`], { n });
    }
  });
});
