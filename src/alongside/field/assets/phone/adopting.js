// What older pages left on this phone: they knew a walk by its own id, and kept it in a database of their own. It comes
// over with everything not sent, so that nothing heard is lost where the page has moved.
import { asBytes, asked, ended, opened } from "../../../core/assets/outbox/outbox.js";
import { box } from "./store.js";

const OLD = "alongside-field";
const STORES = ["walks", "items", "pictures", "drafts"];

/** Take over what was kept of this gathering, and of those that are over (which leave the phone with it). */
export async function adopt(id) {
  const old = await ifThere();
  if (!old) return;
  try {
    const walks = await asked(old.transaction("walks").objectStore("walks").getAll());
    const over = ({ until }) => until && new Date(until) < new Date();
    for (const walk of walks) {
      const { gathering } = walk.way?.walk ?? {};
      if (gathering && (gathering === id || over(walk))) await move(old, walk, gathering);
    }
  } finally {
    old.close();
  }
}

/** The old database, or null where this phone has none: asking must not make one. */
const ifThere = () => opened(indexedDB.open(OLD), (_base, transaction) => transaction.abort()).catch(() => null);

/** Kept anew first, then taken out of the old: whatever dies in between, it is on this phone. */
async function move(old, walk, gathering) {
  const reading = old.transaction(STORES);
  const look = (store, question) => asked(question(reading.objectStore(store)));
  const [items, pictures, draft] = await Promise.all([
    look("items", (each) => each.index("walk").getAll(walk.id)),
    look("pictures", (each) => each.getAll()),
    look("drafts", (each) => each.get(walk.id)),
  ]);
  const files = new Map();
  for (const { client_id: id, blob } of pictures) files.set(id, await asBytes(blob));
  await box.change(async ({ gatherings, drafts }, put) => {
    if (!(await asked(gatherings.get(gathering)))) gatherings.put(asGathering(walk));
    const { walk: _id, ...typed } = draft ?? {};
    if (draft && !(await asked(drafts.get(gathering)))) drafts.put({ ...typed, gathering });
    for (const { walk: _walk, ...item } of items) await put({ ...item, about: gathering }, files.get(item.client_id));
  });
  await takeOut(old, walk.id, items);
}

function takeOut(old, id, items) {
  const transaction = old.transaction(STORES, "readwrite", { durability: "strict" });
  const remove = (store, key) => transaction.objectStore(store).delete(key);
  for (const { client_id: clientId } of items) {
    remove("items", clientId);
    remove("pictures", clientId);
  }
  remove("drafts", id);
  remove("walks", id);
  return ended(transaction);
}

function asGathering({ way: { walk, api, version, ...way }, ...row }) {
  const { gathering: id, title, at, place, area, turn_back } = walk;
  const whole = way.cues ? { version, area, turn_back, ...way } : null;
  return { ...row, id, title, at, when: "", place, api, way: whole };
}
