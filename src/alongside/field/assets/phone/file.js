// The way out when nothing else works: everything of this gathering in a file, and back in on a phone that can send.
// Each thing keeps its id, so it is held once, whichever phone sends it first.
import * as store from "./store.js";
import { one, page, say, words } from "./page.js";
import { state } from "./state.js";

const FORMAT = "alongside-field-1";
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PICTURE = /^data:image\/(jpeg|png|webp);base64,/;

/** Everything, sent or not, with what stands in the form. */
export async function exportAll() {
  const file = new Blob([JSON.stringify(await everything(), null, 1)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  const now = new Date().toISOString().slice(0, 16).replace(/[:T]/g, "");
  link.download = `gathering-${page.dataset.gathering}-${now}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(words("exported"));
}

async function everything() {
  const items = await store.box.items(page.dataset.gathering).catch(() => state.items);
  return {
    format: FORMAT,
    gathering: page.dataset.gathering,
    written: new Date().toISOString(),
    typing: Object.fromEntries(new FormData(one("[data-note]"))),
    items: await Promise.all(items.map(written)),
  };
}

async function written({ client_id, type, state: where, saved_at, why, follow, body }) {
  const row = { ...body, client_id, type, state: where, saved_at, why: why || undefined, follow: follow ?? undefined };
  if (type !== "photo") return row;
  const kept = await store.box.file(client_id).catch(() => null);
  return { ...row, picture: kept ? await asText(kept) : null };
}

function asText(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** The rows of a file, or null where it is none of this gathering's. What the server held already is left out. */
export function read(text) {
  try {
    const file = JSON.parse(text);
    if (file?.format !== FORMAT || file.gathering !== page.dataset.gathering) return null;
    return file.items.filter(usable).map(asItem);
  } catch {
    return null;
  }
}

const usable = (row) =>
  ID.test(row?.client_id) &&
  row.state !== "sent" &&
  (row.type === "photo" ? PICTURE.test(row.picture) : ["note", "count"].includes(row.type));

function asItem({ client_id, type, saved_at, follow, picture, state: _state, why: _why, ...body }) {
  const known = Number.isNaN(Date.parse(saved_at)) ? new Date().toISOString() : saved_at;
  const ours = typeof follow?.code === "string" && isOurs(new URL(follow.url, location.href).origin);
  return {
    client_id,
    type,
    saved_at: known,
    follow: ours ? follow : null,
    body,
    blob: picture ? asBlob(picture) : null,
  };
}

// The card leads to where the install says that it is; a phone may have come by another of its names.
const isOurs = (origin) => [location.origin, new URL(page.dataset.site).origin].includes(origin);

function asBlob(picture) {
  const [head, data] = picture.split(",");
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5, head.indexOf(";")) });
}
