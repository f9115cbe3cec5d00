// Checks a ledger as docs/reference/ledger.md tells it. In a browser and in Node alike; it asks nobody.
const MEMBERS = "about,at,body,hash,kind,n,previous";
const [KIND, MOMENT, HASH] = [/^[a-z]+([._][a-z]+)*$/, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, /^[0-9a-f]{64}$/];
const SIGNATURE = /^[0-9a-f]{128}$/;
// What the ledger says of itself: the names in each body, and how their texts look.
const BODIES = {
  "ledger.begun": { agency: /^[a-z0-9-]{1,40}$/, format: /^alongside-ledger-1$/, key: HASH, name: /^.{1,200}$/su },
  "ledger.sealed": { day: /^\d{4}-\d\d-\d\d$/, signature: SIGNATURE },
  "ledger.key_changed": { key: HASH, signature: SIGNATURE },
  "ledger.key_lost": { key: HASH },
  "ledger.key_confirmed": { key: HASH },
  "ledger.restored": { head: HASH },
};
const isText = (value, shape) => typeof value === "string" && shape.test(value);
const isObject = (value) => typeof value === "object" && !Array.isArray(value); // null is none that an entry may hold
const toHex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const sha256 = async (text) => toHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** RFC 8785, of what an entry may hold: objects with ASCII names, lists, text and whole numbers. */
export function canonical(value) {
  if (typeof value === "string" ? !/[\uD800-\uDFFF]/u.test(value) : Number.isSafeInteger(value))
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== "object" || /[^\0-\x7f]/.test(Object.keys(value).join("")))
    throw new Error("value");
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`;
}

/** Whether a signature is by this key; null where this machine knows no Ed25519. */
async function isSigned({ hash, ...entry }, key) {
  const { signature, ...body } = entry.body;
  const by = await crypto.subtle.importKey("raw", fromHex(key), "Ed25519", false, ["verify"]).catch(() => null);
  const said = new TextEncoder().encode(canonical({ ...entry, body }));
  return by && crypto.subtle.verify("Ed25519", by, fromHex(signature), said);
}

/** Whether each member has the type that it must have, and an entry of the ledger's own the body of its kind. */
function hasShape({ about, body, kind }) {
  if (typeof about !== "string" || !isObject(body) || !isText(kind, KIND)) return false;
  if (!kind.startsWith("ledger.")) return true;
  const shapes = Object.keys(BODIES).indexOf(kind) >= 0 && BODIES[kind];
  const names = Object.keys(body);
  return (
    shapes && names.join() === Object.keys(shapes).join() && names.every((name) => isText(body[name], shapes[name]))
  );
}

/** Throws { n, why } at the first entry that is wrong. `lines`: each without its end. */
export async function verify(lines, { key = "", head = "" } = {}) {
  const found = { entries: 0, head: "0".repeat(64), day: "", key: "", headAt: 0, provenTo: 0, unsigned: false };
  let [at, lastHead, vouched, known, lostAt] = ["", found.head, false, false, 0];
  const check = (so, why, n = found.entries + 1) => {
    if (!so) throw Object.assign(new Error(`${n}: ${why}`), { n, why });
  };
  for await (const line of lines) {
    let entry;
    try {
      entry = JSON.parse(line);
      check(Object.keys(entry).join() === MEMBERS && canonical(entry) === line);
    } catch {
      check(false, "spelling");
    }
    const { hash, ...rest } = entry;
    const { kind, body } = entry;
    check(entry.n === found.entries + 1, "number");
    check(entry.previous === found.head, "previous");
    check(isText(entry.at, MOMENT) && !isNaN(Date.parse(entry.at)) && entry.at >= at, "clock");
    check(hasShape(entry), "spelling");
    check((await sha256(canonical(rest))) === hash, "hash");
    check((kind === "ledger.begun") === (entry.n === 1), "beginning");
    if (kind === "ledger.sealed" || kind === "ledger.key_changed") {
      const signed = await isSigned(entry, found.key);
      check(signed !== false, "signature");
      found.unsigned ||= signed === null;
    }
    if (["ledger.begun", "ledger.key_changed", "ledger.key_lost"].includes(kind)) {
      const was = vouched;
      vouched = body.key === key || (kind === "ledger.key_changed" && vouched);
      if (was && !vouched) lostAt ||= entry.n; // anybody can write so: it counts until a proven head covers it
      known ||= body.key === key;
      found.key = body.key;
    }
    if (kind === "ledger.restored") check(body.head === lastHead, "names");
    if (kind === "ledger.key_confirmed") check(body.key === found.key, "names");
    if (kind === "ledger.sealed") {
      check(body.day > found.day && body.day <= entry.at.slice(0, 10), "day");
      [found.day, lastHead] = [body.day, hash];
      if (vouched) [found.provenTo, lostAt] = [entry.n, 0];
    }
    [found.entries, found.head, at] = [entry.n, hash, entry.at];
    if (hash === head) found.headAt = entry.n;
  }
  check(found.entries, "empty");
  check(!head || found.headAt, "head", 0);
  check(!key || known, "key", 0);
  check(!key || !lostAt, "lost", lostAt);
  check(!key || found.provenTo, "key", 0);
  return found;
}
