// Sends what waits in an outbox, oldest first, until the server has said of each id that it holds it. Those without a
// file go first, some at once; one with a file goes alone.
import { NoRoom } from "./disk.js";

const AT_ONCE = 20;
const LONGEST_WAIT = 600_000;
const STATUSES = ["stored", "known", "refused"];

/** Round after round; what is saved meanwhile goes with the next. Answers as `Outbox.send` says. */
export async function sendAll(box, about, deliver, learn) {
  let most = AT_ONCE;
  for (;;) {
    const waiting = (await box.items(about)).filter((item) => item.state === "waiting").reverse();
    if (!waiting.length) return { done: true };
    const bare = waiting.filter((item) => !item.has_file).slice(0, most);
    const chosen = bare.length ? bare : waiting.slice(0, 1);
    const said = await once(box, chosen, deliver, learn);
    if (said.smaller) most = Math.max(1, Math.floor(chosen.length / 2));
    else if (!said.settled) return said;
  }
}

async function once(box, chosen, deliver, learn) {
  const sending = await marked(box, chosen);
  if (!sending.length) return { settled: true };
  let response;
  try {
    response = await deliver(sending, sending[0].has_file ? await box.file(sending[0].client_id) : undefined);
  } catch {
    return { again: true }; // no signal, no answer, or an answer that was lost: the ids make the next try safe
  }
  if (!response || [401, 403].includes(response.status)) return { ended: true };
  if (response.ok) return acknowledged(box, sending, response, learn);
  if ([400, 413].includes(response.status) && sending.length > 1) return { smaller: true };
  if ([400, 413, 415, 422].includes(response.status)) return refused(box, sending[0], response, learn);
  const after = Number(response.headers.get("Retry-After")) * 1000;
  return { again: true, after: after > 0 ? Math.min(after, LONGEST_WAIT) : undefined };
}

/** A device too full to write that it sends may still send: that is how it gets rid of what it holds. */
function marked(box, chosen) {
  return box.mark(chosen.map((item) => item.client_id)).catch((error) => {
    if (error instanceof NoRoom) return chosen;
    throw error;
  });
}

/** Only what the server names by its id is held; silence about one, or a page that is not ours, settles nothing. */
async function acknowledged(box, sending, response, learn) {
  const said = await response.json().catch(() => null);
  const ids = new Set(sending.map((item) => item.client_id));
  const single = said?.status ? [{ client_id: sending[0].client_id, ...said }] : [];
  const results = (said?.results ?? single).filter((each) => ids.has(each.client_id) && STATUSES.includes(each.status));
  if (!results.length) return { again: true };
  await box.settle(results, learn);
  return { settled: true };
}

async function refused(box, { client_id }, response, learn) {
  const said = await response.json().catch(() => null);
  await box.settle([{ client_id, status: "refused", why: said?.why ?? said?.error }], learn);
  return { settled: true };
}
