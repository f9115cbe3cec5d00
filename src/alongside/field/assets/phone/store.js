// What this phone keeps: gatherings that were opened, what is being typed, and in its outbox everything heard, until
// the server has said that it holds it.
import { asBytes, asked, NoAnswer, NoRoom, OnItsWay, open } from "../../../core/assets/outbox/outbox.js";

export { NoAnswer, NoRoom, OnItsWay };

export const box = open("alongside-phone", { gatherings: "id", drafts: "gathering" });

// -- gatherings -----------------------------------------------------------------------------------
export const gathering = (id) => box.row("gatherings", id);
export const gatherings = () => box.rows("gatherings");

/** Change what is known of a gathering; what is not named stays. */
export const keepGathering = (id, changes) =>
  box.change(async ({ gatherings }) => {
    const before = (await asked(gatherings.get(id))) ?? { id, cue: 0, used: [] };
    const after = { ...before, ...changes };
    gatherings.put(after);
    return after;
  });

/** Take everything of a gathering off this phone. */
export async function forget(id) {
  await box.forget(id);
  await box.change(({ gatherings, drafts }) => {
    gatherings.delete(id);
    drafts.delete(id);
  });
}

/** One that is over: the way, the cards and what was sent go; what still waits stays, and can be exported. */
export async function clearAway(id) {
  await box.forget(id, { sent: true });
  if (!(await box.pending(id)).length) return forget(id);
  return box.change(async ({ gatherings }) => {
    const { token, ended, until, title, at, when, place, api } = await asked(gatherings.get(id));
    const left = { id, token, ended, until, title, at, when, place, api };
    gatherings.put({ ...left, way: null, cue: 0, used: [], cleared: true });
  });
}

// -- what was heard -------------------------------------------------------------------------------
/** Keep something new. With `card`, the next unused code goes with it, in the same transaction. */
export async function keep(id, type, body, { card = false, guidance = "", picture } = {}) {
  const bytes = await asBytes(picture);
  return box.change(async ({ gatherings, drafts }, put) => {
    const code = card ? await takeCode(gatherings, id) : null;
    if (type === "note") drafts.delete(id);
    return put({ about: id, type, body: code ? { ...body, code: code.code } : body, follow: code, guidance }, bytes);
  });
}

/** The next code that no card has, or null. It is used from now on. */
async function takeCode(gatherings, id) {
  const known = await asked(gatherings.get(id));
  const next = known?.kit?.codes?.find(({ code }) => !known.used.includes(code)) ?? null;
  if (next) gatherings.put({ ...known, used: [...known.used, next.code] });
  return next;
}

/** Take over what another phone wrote into a file. What is known here stays as it is; answers how many were new. */
export async function takeOver(id, rows) {
  const files = await Promise.all(rows.map(({ blob }) => asBytes(blob)));
  return box.change(async (_stores, put) => {
    let count = 0;
    for (const [at, { blob: _blob, ...row }] of rows.entries()) {
      const item = { ...row, about: id, state: "waiting", tried: true, number: Date.now() + count };
      if (await put(item, files[at])) count += 1;
    }
    return count;
  });
}

/** Change a note that was not sent yet, or was refused. What may be at the server already is left as it is. */
export const mend = (clientId, body, { card = false, guidance = "" } = {}) =>
  box.mend(clientId, async ({ about, body: before, follow }, { gatherings, drafts }) => {
    const code = card && !follow ? await takeCode(gatherings, about) : null;
    drafts.delete(about);
    return {
      body: { ...body, ...(before.code || code ? { code: before.code ?? code.code } : {}) },
      follow: follow ?? code,
      guidance,
    };
  });

// -- what is being typed --------------------------------------------------------------------------
export const draft = (id) => box.row("drafts", id);
export const keepDraft = (id, words) => box.change(({ drafts }) => asked(drafts.put({ gathering: id, ...words })));
