// How this phone speaks to the server: with its pass and nothing else, notes and counts together, a photo alone. The
// page and its worker share this.
import { patience } from "../../../core/assets/js/patience.js";
import { box, gathering, keepGathering } from "./store.js";

const PATIENCE = { items: 20_000, photo: 60_000 };

/** Send all that waits of one gathering; answers as the outbox does. */
export async function sendAll(id) {
  const said = await box.send(id, (items, file) => deliver(id, items, file), { learn });
  if (said.ended && (await gathering(id))) await keepGathering(id, { ended: true });
  return said;
}

async function deliver(id, items, file) {
  const known = await gathering(id);
  if (!known?.token || !known.api) return null;
  if (file) {
    const address = known.api.photos.replace("client-id", items[0].client_id);
    return fetch(address, request(known, "photo", file.type, file));
  }
  const sent = items.map(({ client_id, type, body }) => ({ ...body, type, client_id }));
  return fetch(known.api.items, request(known, "items", "application/json", JSON.stringify({ items: sent })));
}

function request({ token }, kind, type, body) {
  return {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": type },
    credentials: "omit",
    redirect: "error", // a hotel's or a bus's sign-in page is no acknowledgement
    signal: patience(PATIENCE[kind]),
    body,
  };
}

/** A card may get another code at the server than the phone gave it, and a note advice that the phone did not know. */
function learn({ follow: before, guidance: advice }, { follow, guidance }) {
  return {
    follow: follow ?? before,
    guidance: guidance ?? advice,
    card_changed: Boolean(follow && before && follow.code !== before.code),
  };
}
